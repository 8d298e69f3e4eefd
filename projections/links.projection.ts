import type { PortId } from '../events/index.js';
import type { Projection } from './projection.js';

/** The last link state stored for a port. A level that is re-read: log order alone decides. */
export interface LinkRow {
  readonly port: PortId;
  readonly up: boolean;
  /** When the link went to this state, ms since 1970, as its source said. */
  readonly time: number;
  readonly ordinal: number;
}

export const links: Projection<LinkRow, 'LinkUp' | 'LinkDown'> = {
  name: 'links',
  handles: ['LinkUp', 'LinkDown'],
  key: (event) => event.data.port,
  evolve(row, event) {
    const up = event.type === 'LinkUp';
    return row?.up === up ? row : { port: event.data.port, up, time: event.time, ordinal: event.ordinal };
  },
};
