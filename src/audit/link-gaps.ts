import { decodeEvent, formatInstant, parseInstant, type StoredEvent } from '../../events/index.js';
import { type FactRef, factOf } from './fact.js';
import type { Gap } from './gaps.js';
import type { Interval } from './who-had.js';

/** What the network told of the place of a server. */
export interface Place {
  /** Where the server came from another port when the interval began, and from which, if that is known. */
  readonly moved: { readonly from?: string } | undefined;
  /** The stream of its port. */
  readonly events: readonly StoredEvent[];
  /** Only facts up to this time, ms since 1970. */
  readonly at: number | undefined;
}

/**
 * When an active server was not reached because the link of its port was not up: as the map has it at each moment, that is of the
 * facts up to then the one that stands last in the log. A gap that begins with a move is told as that.
 */
export function linkGaps({ from, to, serverId, port, opened, closed }: Interval, { moved, events, at }: Place): Gap[] {
  const told = linksTold(events, at);
  const start = parseInstant(from) ?? 0;
  const end = to === undefined ? Number.POSITIVE_INFINITY : (parseInstant(to) ?? 0);
  const who = { ...(serverId === undefined ? {} : { serverId }), ...(port === undefined ? {} : { port }) };
  const movedFrom = moved?.from === undefined ? {} : { movedFrom: moved.from };
  const gaps: Gap[] = [];
  let now: Told | undefined;
  let since: number | undefined = start;
  let began: FactRef[] = [];
  const close = (until: number, ended: readonly FactRef[]): void => {
    if (since === undefined || since >= until) return;
    const span = {
      from: formatInstant(since),
      ...(until === Number.POSITIVE_INFINITY ? {} : { to: formatInstant(until) }),
    };
    const link = now === undefined ? 'unknown' : 'down';
    if (moved !== undefined && since === start)
      gaps.push({ ...span, why: 'moved', ...who, ...movedFrom, link, began: opened, ended });
    else gaps.push({ ...span, why: `link-${link}`, ...who, began, ended });
  };
  for (const one of told) {
    if (one.time >= end) break;
    if (now !== undefined && one.stored.ordinal < now.stored.ordinal) continue;
    if (now?.isUp !== one.isUp) {
      close(one.time, [factOf(one.stored)]);
      since = one.isUp ? undefined : Math.max(start, one.time);
      began = [factOf(one.stored)];
    }
    now = one;
  }
  close(end, to === undefined ? [] : closed);
  return gaps;
}

interface Told {
  readonly stored: StoredEvent;
  readonly time: number;
  readonly isUp: boolean;
}

function linksTold(events: readonly StoredEvent[], at = Number.POSITIVE_INFINITY): Told[] {
  const told = events.flatMap((stored) => {
    const decoded = decodeEvent(stored);
    const isLink = decoded.readable && (decoded.event.type === 'LinkUp' || decoded.event.type === 'LinkDown');
    if (!isLink || decoded.event.time > at) return [];
    return [{ stored, time: decoded.event.time, isUp: decoded.event.type === 'LinkUp' }];
  });
  return told.sort((a, b) => a.time - b.time || a.stored.ordinal - b.stored.ordinal);
}
