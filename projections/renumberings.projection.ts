import {
  parseInstant,
  type RenumberingState,
  type CustomerId,
  type Ipv6Prefix,
  type ServerId,
} from '../events/index.js';
import { type EventsOf, type Projection, unreachable } from './projection.js';
import { type RenumberingOrder, renumberingTable, type RenumberingWord } from './renumbering-table.js';

/** A server on its way from one prefix to another, as operators ordered it and as it was last found. */
export interface RenumberingRow {
  readonly renumberingId: string;
  readonly serverId: ServerId;
  readonly customerId?: CustomerId;
  readonly from: Ipv6Prefix;
  readonly to: Ipv6Prefix;
  readonly quietSeconds: number;
  readonly order: RenumberingOrder;
  /** As it was found last; `renumberingState` says how it is now. */
  readonly noted: RenumberingState;
  /** When it began, and when an operator or a found state changed it last; ms since 1970. */
  readonly startedAt: number;
  readonly notedAt: number;
  /** Who gave the last order, and why where that was said. */
  readonly by: string;
  readonly reason?: string;
  /** Since when both prefixes are granted and the new one is announced without a break, ms since 1970. */
  readonly bothLiveAt?: number;
  /** Frames with an address of the old prefix, as far as they were written down; the newest of them, ms since 1970. */
  readonly heard: number;
  readonly lastHeard?: number;
  /** Ordinal of the last order. */
  readonly orderedAt: number;
}

const handles = ['RenumberingStarted', 'RenumberingAdvanced', 'RenumberingTakenBack', 'RenumberingProgressed'] as const;
type RenumberingEvent = EventsOf<(typeof handles)[number]>;

/** In log order: the conductor writes each event at the revision that it had looked at. */
export const renumberings: Projection<RenumberingRow, (typeof handles)[number]> = {
  name: 'renumberings',
  handles,
  key: (event) => event.data.renumberingId,
  evolve(row, event) {
    if (event.type === 'RenumberingStarted') return row ?? begun(event);
    if (row === undefined) return row;
    switch (event.type) {
      case 'RenumberingAdvanced':
        return ordered(row, 'next', event);
      case 'RenumberingTakenBack':
        return ordered(row, 'back', event);
      case 'RenumberingProgressed':
        return found(row, event);
      default:
        return unreachable(event);
    }
  },
};

function begun({ data, time, ordinal }: EventsOf<'RenumberingStarted'>): RenumberingRow {
  return { ...data, order: 'planned', noted: 'planned', startedAt: time, notedAt: time, heard: 0, orderedAt: ordinal };
}

function ordered(
  row: RenumberingRow,
  word: RenumberingWord,
  { data, time, ordinal }: Extract<RenumberingEvent, { type: 'RenumberingAdvanced' | 'RenumberingTakenBack' }>,
): RenumberingRow {
  const cell = renumberingTable[row.order][word];
  if ('refused' in cell) return row;
  const { reason: _before, ...kept } = row;
  const { by, reason } = data;
  const noted = cell.to === 'rolled-back' ? { noted: 'rolled-back' as const, notedAt: time } : {};
  return { ...kept, ...noted, order: cell.to, by, ...(reason !== undefined && { reason }), orderedAt: ordinal };
}

function found(row: RenumberingRow, { data, time }: EventsOf<'RenumberingProgressed'>): RenumberingRow {
  const { state, heard = 0 } = data;
  const lastHeard = Math.max(row.lastHeard ?? 0, parseInstant(data.lastHeard) ?? 0);
  const counted = { heard: row.heard + heard, ...(lastHeard > 0 && { lastHeard }) };
  if (state === row.noted) return { ...row, ...counted };
  const { bothLiveAt = time, ...rest } = row;
  const live = bothAreLive(state) ? { bothLiveAt } : {};
  return { ...rest, ...counted, ...live, order: orderAfter(row, state), noted: state, notedAt: time };
}

/** Also while the old prefix waits to be released: it is granted still. */
function bothAreLive(state: RenumberingState): boolean {
  return state === 'both-live' || state === 'safe-to-remove' || state === 'waiting-for-release';
}

function orderAfter({ order }: RenumberingRow, state: RenumberingState): RenumberingOrder {
  if (state !== 'finished' && state !== 'rolled-back' && state !== 'void') return order;
  const cell = renumberingTable[order][state];
  return 'refused' in cell ? order : cell.to;
}
