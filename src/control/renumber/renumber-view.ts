import { formatInstant, type RenumberingState } from '../../../events/index.js';
import {
  awaitedOf,
  backStep,
  type BillingAsk,
  isEnded,
  nextStep,
  type PrefixWatch,
  quietAt,
  renumberingState,
  type RenumberingStep,
  type RenumberingRow,
} from '../../../projections/index.js';
import type { SeenWorld } from './renumber-world.js';

/** A renumbering as the API and the command line show it. Times are RFC 3339. */
export interface RenumberingView {
  readonly renumberingId: string;
  /** What If-Match needs of it: another one after every order, and in every other state. */
  readonly etag: string;
  readonly serverId: string;
  readonly customerId?: string;
  readonly from: string;
  readonly to: string;
  readonly state: RenumberingState;
  /** Since when it was found so; absent where that is not written down yet. */
  readonly since?: string;
  /** Who has to do something; `quiet`: nobody, the old prefix has to be silent for long enough. */
  readonly waitsFor: 'operator' | 'billing' | 'network' | 'quiet' | 'nobody';
  /** What is so, and what comes next. */
  readonly detail: string;
  /** The event that billing must publish next; absent while nothing of billing is waited for. */
  readonly awaited?: { readonly type: string; readonly serverId: string; readonly prefix: string };
  /** What an operator may order now, and what billing is asked for by it; `despite`: although it is not known to be quiet. */
  readonly orders: { readonly next?: Ordered; readonly despite?: Ordered; readonly back?: Ordered };
  /** The server whose earlier claim keeps the new prefix waiting. */
  readonly newHeldBy?: string;
  /** Of a device, why a granted route is not announced just now. */
  readonly whyNot?: string;
  readonly granted: { readonly from: boolean; readonly to: boolean };
  /** Read back from a device. */
  readonly announced: { readonly from: boolean; readonly to: boolean };
  readonly startedAt: string;
  /** Who gave the last order, and why where that was said. */
  readonly by: string;
  readonly reason?: string;
  readonly quietSeconds: number;
  /** Use of the old prefix, heard by neighbour discovery alone. */
  readonly heard: {
    readonly frames: number;
    readonly last?: string;
    /** Since when a sensor hears the server's port without a gap; absent while none does. */
    readonly watchedSince?: string;
    /** When the old prefix will have been quiet for long enough, if it is not heard again. */
    readonly quietAt?: string;
  };
}

/** An order that may be given: the event that billing is asked for by it, and of which prefix; empty where it asks nothing. */
type Ordered = Partial<BillingAsk>;

/** What is known of a renumbering at one moment. */
export interface LookedAt {
  readonly row: RenumberingRow;
  readonly world: SeenWorld;
  readonly watch: PrefixWatch;
  /** Frames counted that the log does not have yet. */
  readonly unwritten: number;
  /** ms since 1970. */
  readonly now: number;
}

/** How it is at that moment. */
export function stateOf({ row, world, watch, now }: LookedAt): RenumberingState {
  const quiet = quietAt(row, watch);
  return renumberingState(row.order, { ...world, isQuiet: quiet !== undefined && quiet <= now });
}

export function etagOf({ orderedAt }: RenumberingRow, state: RenumberingState): string {
  return `${orderedAt}-${state}`;
}

export function renumberingView(at: LookedAt): RenumberingView {
  const { row, world, watch, unwritten } = at;
  const state = stateOf(at);
  const awaited = awaitedOf(row, state);
  const last = Math.max(row.lastHeard ?? 0, watch.lastHeard ?? 0);
  const quiet = isEnded(row.order) ? undefined : quietAt(row, watch);
  const { renumberingId, serverId, customerId, from, to, by, reason, quietSeconds } = row;
  return {
    renumberingId,
    etag: etagOf(row, state),
    serverId,
    ...(customerId !== undefined && { customerId }),
    from,
    to,
    state,
    ...(state === row.noted && { since: formatInstant(row.notedAt) }),
    waitsFor: waitsFor[state],
    detail: detailOf(at, state),
    ...(awaited !== undefined && { awaited: { type: awaited.asked, serverId, prefix: awaited.prefix } }),
    orders: ordersOf(row, state),
    ...(world.newHeldBy !== undefined && { newHeldBy: world.newHeldBy }),
    ...(world.whyNot !== undefined && { whyNot: world.whyNot }),
    granted: { from: world.oldGranted, to: world.newGranted },
    announced: { from: world.oldAnnounced, to: world.newAnnounced },
    startedAt: formatInstant(row.startedAt),
    by,
    ...(reason !== undefined && { reason }),
    quietSeconds,
    heard: {
      frames: row.heard + unwritten,
      ...(last > 0 && { last: formatInstant(last) }),
      ...(watch.since !== undefined && { watchedSince: formatInstant(watch.since) }),
      ...(quiet !== undefined && { quietAt: formatInstant(quiet) }),
    },
  };
}

function ordersOf(row: RenumberingRow, state: RenumberingState): RenumberingView['orders'] {
  const [next, despite] = [allowed(nextStep(row, state, false)), allowed(nextStep(row, state, true))];
  const back = allowed(backStep(row, state));
  return {
    ...(next && { next }),
    ...(despite !== undefined && next === undefined && { despite }),
    ...(back && { back }),
  };
}

const allowed = (step: RenumberingStep): Ordered | undefined => ('refused' in step ? undefined : (step.ask ?? {}));

const waitsFor: Readonly<Record<RenumberingState, RenumberingView['waitsFor']>> = {
  planned: 'operator',
  'waiting-for-grant': 'billing',
  'waiting-for-route': 'network',
  'both-live': 'quiet',
  'safe-to-remove': 'operator',
  'waiting-for-release': 'billing',
  'waiting-for-withdrawal': 'network',
  finished: 'nobody',
  'waiting-for-return': 'billing',
  'rolled-back': 'nobody',
  'waiting-for-old': 'billing',
  void: 'nobody',
};

function detailOf({ row, world, watch }: LookedAt, state: RenumberingState): string {
  const { renumberingId: id, from, to, serverId, quietSeconds } = row;
  switch (state) {
    case 'planned':
      return `Nothing was asked yet. portledger renumber next ${id} asks billing for ${to}.`;
    case 'waiting-for-grant':
      if (world.newHeldBy !== undefined) return `${to} is sold to ${serverId}, and ${world.newHeldBy} holds it before.`;
      return `Billing must publish Ipv6PrefixAssigned ${to} for ${serverId}. Keep ${from} until then.`;
    case 'waiting-for-route':
      if (!world.routesAreRead) return `${to} is granted, and no device of its switch reads routes back.`;
      if (world.newAnnounced)
        return `${from} is granted and not announced${world.whyNot === undefined ? '' : `: ${world.whyNot}`}.`;
      return `${to} is granted and not announced yet${world.whyNot === undefined ? '' : `: ${world.whyNot}`}.`;
    case 'both-live':
      if (watch.since === undefined)
        return `Both are live, and no sensor of this engine hears the port of ${serverId}: whether ${from} is quiet cannot be said. portledger renumber next ${id} --not-quiet --reason TEXT goes on all the same.`;
      return `Both are live. ${from} is safe to remove once neighbour discovery did not name it for ${spokenTime(quietSeconds)}.`;
    case 'safe-to-remove':
      return `${from} was not heard by neighbour discovery for ${spokenTime(quietSeconds)}. portledger renumber next ${id} asks billing to release it.`;
    case 'waiting-for-release':
      return `Billing must publish Ipv6PrefixReleased ${from} for ${serverId}.`;
    case 'waiting-for-withdrawal':
      return `The route is on its way out: devices were not read back without it yet.`;
    case 'finished':
      return world.oldGranted
        ? `It was finished; billing has assigned ${from} again since.`
        : `${from} is released, and ${serverId} lives on ${to}.`;
    case 'waiting-for-return':
      return `Billing must publish Ipv6PrefixReleased ${to} for ${serverId}: it is being rolled back.`;
    case 'rolled-back':
      return `${serverId} keeps ${from}.`;
    case 'waiting-for-old':
      return `Billing must publish Ipv6PrefixAssigned ${from} for ${serverId} again.`;
    case 'void':
      return `${serverId} is not sold any more.`;
  }
}

/** Seconds as a person says them: `72 h`, `90 min`, `5 s`. */
export function spokenTime(seconds: number): string {
  if (seconds > 0 && seconds % 3_600 === 0) return `${seconds / 3_600} h`;
  return seconds > 0 && seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}
