import { status } from '@grpc/grpc-js';
import type { FaultName } from './faults.js';
import { refusal } from './messages.js';

/** Where the leader is, for a node that is not. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** The error with which a fault ends calls, or undefined for a fault that ends none. */
export function errorOf(fault: FaultName | undefined, leader: Address): ReturnType<typeof refusal> | undefined {
  switch (fault) {
    case 'UNAVAILABLE':
      return refusal(status.UNAVAILABLE, 'The node is switched to UNAVAILABLE');
    case 'CANCELLED':
      return refusal(status.CANCELLED, 'The node is switched to CANCELLED');
    case 'not leader':
      return notLeader(leader);
    case 'clean end':
    case 'silent':
    case 'slow':
    case 'lost answer':
    case 'duplicate delivery':
    case 'wrong revision':
    case undefined:
      return undefined;
  }
}

export function notLeader({ host, port }: Address): ReturnType<typeof refusal> {
  return refusal(status.NOT_FOUND, 'Leader info available', {
    exception: 'not-leader',
    'leader-endpoint-host': host,
    'leader-endpoint-port': String(port),
  });
}
