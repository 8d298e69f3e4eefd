import type { Ipv6Prefix, PrefixFact, RenumberingState } from '../events/index.js';
import { unreachable } from './projection.js';
import { type RenumberingOrder, renumberingTable } from './renumbering-table.js';
import type { RenumberingRow } from './renumberings.projection.js';

/** What is so of the server and its two prefixes at one moment. */
export interface RenumberingWorld {
  /** Billing sells the server. */
  readonly sold: boolean;
  readonly oldGranted: boolean;
  /** Granted, and not waiting behind another server's claim. */
  readonly newGranted: boolean;
  /** Their routes were read back from a device; of one that is not granted any more, they may still be there. */
  readonly oldAnnounced: boolean;
  readonly newAnnounced: boolean;
  /** See `quietAt`. */
  readonly isQuiet: boolean;
}

/** How much of the old prefix could be heard. */
export interface PrefixWatch {
  /** Since when somebody listens without a gap, ms since 1970; absent while nobody does. */
  readonly since?: number;
  /** The newest frame with an address of the old prefix, ms since 1970. */
  readonly lastHeard?: number;
}

/**
 * When the old prefix will have been quiet for long enough, ms since 1970: neither heard, nor unwatched, nor alone.
 * Undefined while that cannot be said.
 */
export function quietAt(
  { bothLiveAt, lastHeard = 0, quietSeconds }: RenumberingRow,
  watch: PrefixWatch,
): number | undefined {
  if (bothLiveAt === undefined || watch.since === undefined) return undefined;
  return Math.max(bothLiveAt, watch.since, lastHeard, watch.lastHeard ?? 0) + quietSeconds * 1000;
}

/** How a renumbering is now: what was ordered, held against what is so. An end, once found, stays. */
export function renumberingState(order: RenumberingOrder, world: RenumberingWorld): RenumberingState {
  const { sold, oldGranted, newGranted, oldAnnounced, newAnnounced, isQuiet } = world;
  if (order === 'finished' || order === 'rolled-back' || order === 'void') return order;
  if (!sold) return 'void';
  switch (order) {
    case 'planned':
      return 'planned';
    case 'reverting':
      // First the server is given what it is to keep.
      if (!oldGranted) return 'waiting-for-old';
      if (newGranted) return 'waiting-for-return';
      return newAnnounced ? 'waiting-for-withdrawal' : 'rolled-back';
    case 'granting':
    case 'restoring':
    case 'releasing':
      if (order === 'restoring' && !oldGranted) return 'waiting-for-old';
      if (!newGranted) return 'waiting-for-grant';
      if (!newAnnounced || (oldGranted && !oldAnnounced)) return 'waiting-for-route';
      if (oldGranted && order === 'releasing') return 'waiting-for-release';
      if (oldGranted) return isQuiet ? 'safe-to-remove' : 'both-live';
      return oldAnnounced ? 'waiting-for-withdrawal' : 'finished';
    default:
      return unreachable(order);
  }
}

/** A fact of billing, and the prefix it is about. */
export interface BillingAsk {
  readonly asked: PrefixFact;
  readonly prefix: Ipv6Prefix;
}

/** The fact that billing must publish before a renumbering goes on; undefined while it waits for somebody else. */
export function awaitedOf(row: Pick<RenumberingRow, 'from' | 'to'>, state: RenumberingState): BillingAsk | undefined {
  const { from, to } = row;
  if (state === 'waiting-for-grant') return { asked: 'Ipv6PrefixAssigned', prefix: to };
  if (state === 'waiting-for-old') return { asked: 'Ipv6PrefixAssigned', prefix: from };
  if (state === 'waiting-for-release') return { asked: 'Ipv6PrefixReleased', prefix: from };
  return state === 'waiting-for-return' ? { asked: 'Ipv6PrefixReleased', prefix: to } : undefined;
}

export type RenumberingStep =
  | { readonly ask?: BillingAsk }
  /** It may not be done now, and why. */
  | { readonly refused: string };

/**
 * What an operator's `next` asks of billing. The old prefix may be released once it is quiet; `despite` is the operator's
 * word that it need not be known to be.
 */
export function nextStep(row: RenumberingRow, state: RenumberingState, despite: boolean): RenumberingStep {
  const cell = renumberingTable[row.order].next;
  if ('refused' in cell) return cell;
  if (state === 'void') return { refused: 'the server is not sold any more' };
  if (cell.to === 'granting') return { ask: { asked: 'Ipv6PrefixAssigned', prefix: row.to } };
  const release = { ask: { asked: 'Ipv6PrefixReleased', prefix: row.from } } as const;
  if (state === 'safe-to-remove') return release;
  if (state === 'both-live') return despite ? release : { refused: `${row.from} is not known to be quiet` };
  return { refused: `${row.to} has to be granted and announced beside ${row.from} first` };
}

/** What an operator's `back` asks of billing: nothing, where billing was asked for nothing. */
export function backStep(row: RenumberingRow, state: RenumberingState): RenumberingStep {
  const cell = renumberingTable[row.order].back;
  if ('refused' in cell) return cell;
  if (state === 'void') return { refused: 'the server is not sold any more' };
  if (cell.to === 'rolled-back') return {};
  if (cell.to === 'restoring') return { ask: { asked: 'Ipv6PrefixAssigned', prefix: row.from } };
  if (state === 'waiting-for-old') return { refused: `${row.from} has to be granted again first` };
  return { ask: { asked: 'Ipv6PrefixReleased', prefix: row.to } };
}
