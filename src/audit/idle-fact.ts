import { decodeEvent, parseInstant, type StoredEvent } from '../../events/index.js';
import { effectOf, type LogFold } from '../../projections/index.js';
import { type FactRef, factOf } from './fact.js';
import { holdingsOf } from './holding.js';
import { foldTo } from './maps-in-time.js';
import type { Subject } from './subject.js';
import type { Interval } from './who-had.js';

/** A fact that names the subject and gave it to nobody. */
export interface IdleFact {
  readonly fact: FactRef;
  /**
   * `corrected`: another fact of the same time put it right. `restated`: the server had it already. `pending`: the server
   * was not sold then. `held`: its stream is frozen.
   */
  readonly why: 'corrected' | 'restated' | 'pending' | 'held';
  /** The fact that put it right. */
  readonly by?: FactRef;
}

interface Told {
  readonly events: readonly StoredEvent[];
  readonly naming: readonly StoredEvent[];
  readonly subject: Subject;
  readonly intervals: readonly Interval[];
}

export function idleFacts({ events, naming, subject, intervals }: Told): IdleFact[] {
  const counted = new Set(
    intervals.flatMap(({ opened, namedBy }) =>
      [...opened, ...(namedBy === undefined ? [] : [namedBy])].map((f) => f.id),
    ),
  );
  return naming
    .filter((stored) => !counted.has(stored.id))
    .map((stored) => ({ fact: factOf(stored), ...whyIdle(events, stored, subject) }));
}

function whyIdle(events: readonly StoredEvent[], stored: StoredEvent, subject: Subject): Omit<IdleFact, 'fact'> {
  const at = parseInstant(stored.metadata.time);
  const decoded = decodeEvent(stored);
  const fold = foldTo(events, at);
  if (decoded.readable) {
    const { effect } = effectOf(fold, decoded.event);
    if (effect === 'held' || effect === 'pending') return { why: effect };
  }
  const hasIt = (map: LogFold): boolean => holdingsOf(map.map, subject).some((one) => streamOf(one) === stored.stream);
  if (hasIt(fold)) return { why: 'restated' };
  const later = events.filter(
    (one) => one.stream === stored.stream && one.ordinal > stored.ordinal && parseInstant(one.metadata.time) === at,
  );
  const righted = (one: StoredEvent): boolean =>
    hasIt(
      foldTo(
        events.filter((other) => other !== one),
        at,
      ),
    );
  const by = later.find(righted) ?? later.at(-1);
  return { why: 'corrected', ...(by === undefined ? {} : { by: factOf(by) }) };
}

function streamOf(holding: { readonly serverId?: string; readonly switch?: string }): string {
  return holding.serverId === undefined ? `gateway-${holding.switch}` : `server-${holding.serverId}`;
}
