import { formatInstant, parseInstant } from '../../../events/index.js';
import { exceptionGrants, type ExceptionRow, longestExceptionMs } from '../../../projections/index.js';
import type { ExceptionHits } from './exception-hits.js';

/** In the order in which a list shows them. */
const states = ['active', 'expired', 'ended'] as const;
export type ExceptionState = (typeof states)[number];

/** An exception as it is shown. Instants are RFC 3339. */
export interface ExceptionView {
  readonly exceptionId: string;
  readonly state: ExceptionState;
  readonly rule: string;
  /** Every field that is given must fit a frame. */
  readonly scope: {
    readonly port?: string;
    readonly mac?: string;
    readonly prefix?: string;
    readonly serverId?: string;
  };
  readonly owner: string;
  readonly reason: string;
  readonly granted: string;
  /** 30 days after the grant at the latest, whatever the grant says. */
  readonly expires: string;
  readonly ended?: string;
  /** Findings that it excused since the engine started, and when the newest of their frames came. */
  readonly hits: number;
  readonly lastHit?: string;
}

/** Every exception that was granted, as of `now` (ms since 1970): those in force first, of them the one that ends first. */
export function exceptionViews(rows: Iterable<ExceptionRow>, hits: ExceptionHits, now: number): ExceptionView[] {
  const views = [...rows].flatMap((row) => exceptionView(row, hits, now) ?? []);
  return views.sort(
    (a, b) =>
      states.indexOf(a.state) - states.indexOf(b.state) ||
      compare(a.expires, b.expires) ||
      compare(a.exceptionId, b.exceptionId),
  );
}

/** Undefined for one that was ended and never granted. */
function exceptionView(row: ExceptionRow, hits: ExceptionHits, now: number): ExceptionView | undefined {
  const grants = exceptionGrants(row);
  if (row.granted === undefined || grants === undefined) return undefined;
  const { exceptionId, rule, port, mac, prefix, serverId, owner, reason, expires } = row.granted.value;
  const longest = row.granted.time + longestExceptionMs;
  const expiry = Math.min(parseInstant(expires) ?? longest, longest);
  const isEnded = grants.until < expiry;
  const counted = hits.of(exceptionId);
  return {
    exceptionId,
    state: now < grants.until ? 'active' : isEnded ? 'ended' : 'expired',
    rule,
    scope: {
      ...(port !== undefined && { port }),
      ...(mac !== undefined && { mac }),
      ...(prefix !== undefined && { prefix }),
      ...(serverId !== undefined && { serverId }),
    },
    owner,
    reason,
    granted: formatInstant(row.granted.time),
    expires: formatInstant(expiry),
    ...(isEnded && { ended: formatInstant(grants.until) }),
    hits: counted?.hits ?? 0,
    ...(counted !== undefined && { lastHit: formatInstant(counted.lastHit) }),
  };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
