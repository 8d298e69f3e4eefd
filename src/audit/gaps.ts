import { parseInstant } from '../../events/index.js';
import type { FactRef } from './fact.js';
import type { OnDevice } from './how-sure.js';
import type { KnownLog } from './known-log.js';
import { linkGaps } from './link-gaps.js';
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
   * link of its port was down; `link-unknown`: it had not been reported yet, and no route is announced before. `moved`: its
   * server had come to another port, whose link was not up yet. `drift`: the device had changed by itself, and was put
   * right at `to`.
   */
  readonly why: 'unsold' | 'suspended' | 'conflicted' | 'pending' | 'link-down' | 'link-unknown' | 'moved' | 'drift';
  readonly serverId?: string;
  readonly port?: string;
  /** Of a move: the port it came from, where that is known, and how the link of the new one was. */
  readonly movedFrom?: string;
  readonly link?: 'down' | 'unknown';
  readonly device?: string;
  /** The facts that began and ended it, as far as any did. */
  readonly began: readonly FactRef[];
  readonly ended: readonly FactRef[];
}

/** An interval, and when it was really on devices. */
export type Shown = Interval & { readonly sure?: { readonly pushed: readonly OnDevice[] } };

/** What is known of who had it: all of it, and the part that is asked for. */
export interface Known {
  readonly all: readonly Interval[];
  readonly meant: readonly Shown[];
  /** Only what the network had told by then, ms since 1970; default: all that is known. */
  readonly at?: number | undefined;
}

/** The gaps in what is known of a subject, in order of time. Costs the streams of the ports. */
export async function gapsIn(log: KnownLog, subject: Subject, { all, meant, at }: Known): Promise<Gap[]> {
  const isWhole = subject.kind === 'server';
  const ofHoldings = new Map<string, Gap[]>();
  const shown = meant.filter(({ role, serverId }) => serverId !== undefined && (role === 'holder' || isWhole));
  for (const one of shown) {
    const key = `${one.serverId} ${one.what}`;
    const before = ofHoldings.get(key) ?? [];
    const isPlaced = one.state === 'active' && one.port !== undefined;
    const links = isPlaced ? await log.stream(`port-${one.port}`) : [];
    const ofLink = isPlaced ? linkGaps(one, { moved: movedInto(one, all, subject), events: links, at }) : [];
    ofHoldings.set(key, joined([...before, ...ofState(one), ...ofLink]));
  }
  const gaps = [
    ...unsold(all.filter(({ role }) => role !== 'waiting' || isWhole)),
    ...[...ofHoldings.values()].flat(),
    ...shown.flatMap(drifts),
  ];
  // Of a wide prefix a server may hold several parts, which are dark together.
  const once = new Map(gaps.map((gap) => [JSON.stringify(gap), gap]));
  return [...once.values()].sort((x, y) => startOf(x) - startOf(y));
}

/** A gap goes on where nothing but another change of its server lies between two of the same kind. */
function joined(gaps: readonly Gap[]): Gap[] {
  const list: Gap[] = [];
  for (const gap of gaps) {
    const last = list.at(-1);
    const isSame = last?.why === gap.why || (last?.link !== undefined && gap.why === `link-${last.link}`);
    if (last?.to === undefined || last.to !== gap.from || last.port !== gap.port || !isSame) list.push(gap);
    else {
      const { to: _, ended: __, ...begun } = last;
      list[list.length - 1] = { ...begun, ...(gap.to === undefined ? {} : { to: gap.to }), ended: gap.ended };
    }
  }
  return list;
}

/** Only gaps that contain an instant of the stretch, both ends included; ms since 1970. */
export function gapsWithin(gaps: readonly Gap[], from: number, to: number): Gap[] {
  return gaps.filter((gap) => startOf(gap) <= to && (gap.to === undefined || from < (parseInstant(gap.to) ?? 0)));
}

/** Where one who had it let go and the next one had not begun. What was before the first is no gap. */
function unsold(had: readonly Interval[]): Gap[] {
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
  return [{ from, ...(to === undefined ? {} : { to }), why: state, ...who(serverId), began: opened, ended: closed }];
}

/** Whether an interval begins with the server's coming from another port, and from which. */
function movedInto(one: Interval, all: readonly Interval[], { kind }: Subject): { readonly from?: string } | undefined {
  const before = all.find(
    ({ serverId, what, to }) => serverId === one.serverId && what === one.what && to === one.from,
  );
  if (before?.port !== undefined) return before.port === one.port ? undefined : { from: before.port };
  // Of a port itself nothing is told of where the server was before.
  return kind === 'port' && one.opened.some(({ type }) => type === 'ServerMoved') ? {} : undefined;
}

function drifts({ serverId, sure }: Shown): Gap[] {
  return (sure?.pushed ?? []).flatMap(({ device, neighbour, route }) =>
    [...new Set([...neighbour, ...route].flatMap(({ until, lost }) => (lost === true ? (until ?? []) : [])))].map(
      (to): Gap => ({ to, why: 'drift', ...who(serverId), device, began: [], ended: [] }),
    ),
  );
}

const who = (serverId: string | undefined): { serverId?: string } => (serverId === undefined ? {} : { serverId });

const startOf = ({ from, to }: Gap): number => parseInstant(from ?? to) ?? 0;
