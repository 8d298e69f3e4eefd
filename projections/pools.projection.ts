import type { AddressPoolAdded, PoolId } from '../events/index.js';
import { type EventsOf, type Projection, unreachable } from './projection.js';
import { type Register, write } from './register.js';

/** The latest word on one pool of addresses; `undefined` as value means retired. */
export interface PoolRow {
  readonly poolId: PoolId;
  readonly declaration: Register<AddressPoolAdded | undefined>;
}

type PoolEventType = 'AddressPoolAdded' | 'AddressPoolRetired';

export const pools: Projection<PoolRow, PoolEventType> = {
  name: 'pools',
  handles: ['AddressPoolAdded', 'AddressPoolRetired'],
  key: (event) => event.data.poolId,
  evolve(row, event) {
    const declaration = write(row?.declaration, declarationIn(event), event);
    return declaration === row?.declaration ? row : { poolId: event.data.poolId, declaration };
  },
};

function declarationIn(event: EventsOf<PoolEventType>): AddressPoolAdded | undefined {
  switch (event.type) {
    case 'AddressPoolAdded':
      return event.data;
    case 'AddressPoolRetired':
      return undefined;
    default:
      return unreachable(event);
  }
}
