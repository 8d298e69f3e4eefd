import type { EventType, LedgerEvent } from '../events/index.js';

/** The events of the given types. */
export type EventsOf<Type extends EventType> = Extract<LedgerEvent, { type: Type }>;

/**
 * A pure fold: rows keyed by entity, one small immutable row each.
 * `evolve` is total and deterministic, and returns the very same row object when the event changes nothing.
 */
export interface Projection<Row, Type extends EventType> {
  readonly name: string;
  /** Exactly the types `evolve` understands; all others pass by. */
  readonly handles: readonly Type[];
  key(event: EventsOf<Type>): string;
  evolve(row: Row | undefined, event: EventsOf<Type>): Row | undefined;
}

/** Makes the compiler list the cases a switch forgot. */
export function unreachable(value: never): never {
  throw new TypeError(`Unhandled case: ${JSON.stringify(value)}`);
}
