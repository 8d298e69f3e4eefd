import type { PortState, StateCounts } from './port-states.js';

/** A port as `GET /v1/switches/{switch}/ports` tells it. */
export interface FrontPort {
  readonly port: string;
  readonly interface: string;
  readonly state: PortState;
  readonly why: string;
  readonly also: readonly { readonly state: PortState; readonly why: string }[];
  readonly link: string;
  readonly servers: readonly {
    readonly serverId: string;
    readonly state: string;
    readonly customerId?: string;
    readonly vlan?: number;
    readonly mac?: string;
    readonly addresses: readonly string[];
    readonly moreAddresses?: number;
  }[];
  readonly moreServers?: number;
  readonly violationId?: string;
}

export interface FrontBlock {
  readonly label?: string;
  readonly uplinks: boolean;
  readonly rows: number;
  readonly group: number;
  readonly ports: readonly string[];
}

export interface Front {
  readonly switch: string;
  readonly site: string;
  readonly devices: readonly { readonly device: string; readonly mode: string; readonly state: string }[];
  readonly counts: StateCounts;
  readonly panel: { readonly from: string; readonly layout?: string; readonly blocks: readonly FrontBlock[] };
  readonly ports: readonly FrontPort[];
}

/** What was read anew, with every part of what was shown before that says the same: what stays is drawn once. Pure. */
export function keptSame(before: Front | undefined, now: Front): Front {
  if (before === undefined) return now;
  const known = new Map(before.ports.map((port) => [port.port, port]));
  const ports = now.ports.map((port) => {
    const old = known.get(port.port);
    return old !== undefined && isSame(old, port) ? old : port;
  });
  const stays = ports.length === before.ports.length && ports.every((port, at) => port === before.ports[at]);
  return {
    ...now,
    panel: isSame(before.panel, now.panel) ? before.panel : now.panel,
    counts: isSame(before.counts, now.counts) ? before.counts : now.counts,
    ports: stays ? before.ports : ports,
  };
}

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
