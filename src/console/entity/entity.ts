import { ask } from '../api.js';
import type { EntityKind } from '../find/find-place.js';
import { type Found, type Hit, questionOf } from '../find/found.js';
import { may, type Session } from '../session.js';
import type { Pair } from './pair.js';

export interface FactRef {
  readonly ordinal: number;
  readonly type: string;
  /** Who told it. */
  readonly source: string;
  readonly time: string;
  readonly recordedAt: string;
  readonly backDated: boolean;
  readonly correction: boolean;
}

/** A stretch in which a device held it, as read-back showed. */
export interface Stretch {
  readonly since: string;
  readonly until?: string;
  /** It was found gone at `until`, and written again. */
  readonly lost?: true;
}

/** Of an interval: where its entries and routes stood, or what is known of that. */
export interface Sure {
  readonly pushed: readonly {
    readonly device: string;
    readonly neighbour: readonly Stretch[];
    readonly route: readonly Stretch[];
  }[];
  readonly notPushed?: 'never' | 'unknown';
}

export interface Interval {
  readonly role: string;
  readonly what: string;
  readonly from: string;
  readonly to?: string;
  readonly serverId?: string;
  readonly customerId?: string;
  readonly state?: string;
  readonly switch?: string;
  readonly port?: string;
  readonly opened: readonly FactRef[];
  readonly closed: readonly FactRef[];
  /** Absent of one that waited. */
  readonly sure?: Sure;
}

export interface ChainFact {
  readonly fact: FactRef;
  readonly effect: string;
  readonly lines: readonly { readonly device: string; readonly line: string; readonly outcome: string }[];
}

export interface EntityFacts {
  /** What stands there now; undefined where the map does not know it. */
  readonly hit: Hit | undefined;
  /** Undefined where this reader may not ask the log; an empty list where it tells nothing. */
  readonly intervals: readonly Interval[] | undefined;
  /** The events that made it so, with what each wrote to devices. */
  readonly chain: readonly ChainFact[];
  /** Of a customer. */
  readonly servers: readonly { readonly serverId: string; readonly port?: string; readonly state: string }[];
  /** Of a server, for whom may ask for it. */
  readonly pair?: Pair | undefined;
}

const marks: Readonly<Record<string, string>> = { address: 'ip', prefix: 'prefix', mac: 'mac', server: 'server' };

export const mayAskLog = (session: Session): boolean => may(session, 'GET /v1/audit/who-had');

interface Wanted {
  readonly kind: EntityKind;
  readonly name: string;
  readonly knownAt?: string | undefined;
}

/** Reads what there is about a thing, as far as the roles of this reader go. Rejects as `ask` does. */
export async function readEntity(
  { kind, name, knownAt }: Wanted,
  session: Session,
  signal: AbortSignal,
): Promise<EntityFacts> {
  const mayAsk = mayAskLog(session);
  const found = await ask<Found>(questionOf(name, { limit: 50 }), { signal });
  const hit = found.groups.flatMap(({ hits }) => hits).find((one) => one.kind === kind && one.name === name);
  const mark = marks[kind];
  const subject = new URLSearchParams({ subject: `${mark}:${name}`, ...(knownAt === undefined ? {} : { knownAt }) });
  const known = async <Answer>(route: string): Promise<Answer | undefined> => {
    if (mark === undefined || !mayAsk) return undefined;
    return ask<Answer>(`/v1/audit/${route}?${subject.toString()}`, { signal }).catch((error: unknown) => {
      if ((error as { code?: string }).code === 'subject-unknown') return undefined;
      throw error;
    });
  };
  const [had, explained, map, paired] = await Promise.all([
    kind === 'server' ? undefined : known<{ readonly intervals: readonly Interval[] }>('who-had'),
    known<{ readonly servers: readonly { readonly chain: readonly ChainFact[] }[] }>('explain'),
    kind === 'customer'
      ? ask<{ readonly bindings: EntityFacts['servers'] }>(
          `/v1/map?${new URLSearchParams({ customer: name, limit: '200' }).toString()}`,
          { signal },
        )
      : undefined,
    kind === 'server' && may(session, 'GET /v1/pairs')
      ? ask<{ readonly pairs: readonly Pair[] }>(`/v1/pairs?${new URLSearchParams({ server: name }).toString()}`, {
          signal,
        })
      : undefined,
  ]);
  const chain = (explained?.servers ?? []).flatMap((one) => one.chain);
  return {
    hit,
    intervals: mayAsk && mark !== undefined && kind !== 'server' ? (had?.intervals ?? []) : undefined,
    chain: [...chain].sort((a, b) => b.fact.ordinal - a.fact.ordinal).slice(0, 100),
    servers: map?.bindings ?? [],
    pair: paired?.pairs[0],
  };
}

/** Where intervals are drawn: parts of the whole stretch, 0 to 1. */
export interface Bar {
  readonly row: number;
  readonly from: number;
  readonly width: number;
}

/** Each server in a row of its own, in the order in which they had it; what goes on reaches to the end. */
export function barsOf(
  intervals: readonly Interval[],
  now: number,
): { readonly rows: readonly string[]; readonly bars: readonly Bar[] } {
  const rows = [...new Set(intervals.map(rowOf))];
  const times = intervals.flatMap(({ from, to }) => [Date.parse(from), to === undefined ? now : Date.parse(to)]);
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const span = Math.max(1, last - first);
  const bars = intervals.map((one): Bar => {
    const start = (Date.parse(one.from) - first) / span;
    const end = ((one.to === undefined ? last : Date.parse(one.to)) - first) / span;
    return { row: rows.indexOf(rowOf(one)), from: start, width: Math.max(0.004, end - start) };
  });
  return { rows, bars };
}

export const rowOf = ({ serverId, switch: name, role }: Interval): string => serverId ?? `${role} ${name ?? ''}`.trim();
