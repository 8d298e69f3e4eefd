import { decodeEvent, formatInstant, parseInstant, type StoredEvent } from '../../events/index.js';
import type { SureInterval } from './audit.js';
import { type FactRef, factOf } from './fact.js';
import type { KnownLog } from './known-log.js';
import type { Subject } from './subject.js';
import type { Interval } from './who-had.js';

/** A stretch [from, to) in which nobody could be reached under an address, or nobody had the subject, and why. */
export interface Gap {
  /** Absent for a drift: since when the device had changed is not known. */
  readonly from?: string;
  /** Absent while nothing that is known ends it. */
  readonly to?: string;
  /**
   * `unsold`: nobody was sold it. `suspended`, `conflicted`, `pending`: that was the state of its server. `link-down`: the
   * link of its port was down; `link-unknown`: it had not been reported yet, and no route is announced before. `drift`: the
   * device had changed by itself, and was put right at `to`.
   */
  readonly why: 'unsold' | 'suspended' | 'conflicted' | 'pending' | 'link-down' | 'link-unknown' | 'drift';
  readonly serverId?: string;
  readonly port?: string;
  readonly device?: string;
  /** The facts that began and ended it, as far as any did. */
  readonly began: readonly FactRef[];
  readonly ended: readonly FactRef[];
}

/** What is known of who had it: all of it, and the part that is asked for with how sure it is. */
export interface Known {
  readonly all: readonly Interval[];
  readonly meant: readonly SureInterval[];
}

/**
 * The gaps in what is known of a subject, in order of time. A MAC and a port are announced by no route, so of them only
 * that nobody had them is told. Costs the streams of the ports, which `how-sure` reads anyway.
 */
export async function gapsIn(log: KnownLog, subject: Subject, { all, meant }: Known): Promise<Gap[]> {
  const gaps = unsold(all);
  if (subject.kind === 'ip' || subject.kind === 'prefix') {
    for (const one of meant) {
      if (one.role !== 'holder' || one.serverId === undefined) continue;
      gaps.push(...ofState(one), ...drifts(one));
      if (one.state === 'active' && one.port !== undefined)
        gaps.push(...ofLink(one, await log.stream(`port-${one.port}`)));
    }
  }
  return gaps.sort((a, b) => startOf(a) - startOf(b));
}

/** Only gaps that contain an instant of the stretch, both ends included; ms since 1970. */
export function gapsWithin(gaps: readonly Gap[], from: number, to: number): Gap[] {
  return gaps.filter((gap) => startOf(gap) <= to && (gap.to === undefined || from < (parseInstant(gap.to) ?? 0)));
}

/** Where one who had it let go and the next one had not begun. What was before the first is no gap. */
function unsold(intervals: readonly Interval[]): Gap[] {
  const had = intervals.filter(({ role }) => role !== 'waiting');
  const gaps: Gap[] = [];
  let last = had[0];
  for (const next of had.slice(1)) {
    if (last?.to === undefined) return gaps;
    if (next.from > last.to) gaps.push(gapAfter(last, next));
    if (next.to === undefined || next.to > last.to) last = next;
  }
  return last?.to === undefined ? gaps : [...gaps, gapAfter(last)];
}

function gapAfter({ to, closed }: Interval, next?: Interval): Gap {
  const end = next === undefined ? {} : { to: next.from };
  return { ...(to === undefined ? {} : { from: to }), ...end, why: 'unsold', began: closed, ended: next?.opened ?? [] };
}

function ofState({ from, to, state, serverId, opened, closed }: Interval): Gap[] {
  if (state !== 'suspended' && state !== 'conflicted' && state !== 'pending') return [];
  return [
    { from, ...(to === undefined ? {} : { to }), why: state, ...who({ serverId }), began: opened, ended: closed },
  ];
}

/** As the map has it at each moment: of the facts up to then, the one that stands last in the log. */
function ofLink({ from, to, serverId, port, closed }: Interval, events: readonly StoredEvent[]): Gap[] {
  const told = events.flatMap((stored) => {
    const decoded = decodeEvent(stored);
    const isLink = decoded.readable && (decoded.event.type === 'LinkUp' || decoded.event.type === 'LinkDown');
    return isLink ? [{ stored, time: decoded.event.time, isUp: decoded.event.type === 'LinkUp' }] : [];
  });
  told.sort((a, b) => a.time - b.time || a.stored.ordinal - b.stored.ordinal);
  const end = to === undefined ? Number.POSITIVE_INFINITY : (parseInstant(to) ?? 0);
  const start = parseInstant(from) ?? 0;
  const gaps: Gap[] = [];
  let now: (typeof told)[number] | undefined;
  let since: number | undefined = start;
  let began: FactRef[] = [];
  const close = (at: number, ended: readonly FactRef[]): void => {
    if (since === undefined || since >= at) return;
    const span = { from: formatInstant(since), ...(at === Number.POSITIVE_INFINITY ? {} : { to: formatInstant(at) }) };
    const why = now === undefined ? 'link-unknown' : 'link-down';
    gaps.push({ ...span, why, ...who({ serverId, port }), began, ended });
  };
  for (const one of told) {
    if (one.time >= end) break;
    if (now !== undefined && one.stored.ordinal < now.stored.ordinal) continue;
    if (now?.isUp === one.isUp) {
      now = one;
      continue;
    }
    if (one.isUp) {
      close(one.time, [factOf(one.stored)]);
      since = undefined;
    } else {
      close(one.time, [factOf(one.stored)]);
      [since, began] = [Math.max(start, one.time), [factOf(one.stored)]];
    }
    now = one;
  }
  close(end, to === undefined ? [] : closed);
  return gaps;
}

function drifts({ serverId, sure }: SureInterval): Gap[] {
  return (sure?.pushed ?? []).flatMap(({ device, neighbour, route }) =>
    [...new Set([...neighbour, ...route].flatMap(({ until, lost }) => (lost === true ? (until ?? []) : [])))].map(
      (to): Gap => ({ to, why: 'drift', ...who({ serverId }), device, began: [], ended: [] }),
    ),
  );
}

function who({ serverId, port }: { readonly serverId?: string | undefined; readonly port?: string | undefined }) {
  return { ...(serverId === undefined ? {} : { serverId }), ...(port === undefined ? {} : { port }) };
}

const startOf = ({ from, to }: Gap): number => parseInstant(from ?? to) ?? 0;
