import { comparePositions } from './position.js';

const key = (who: string): string => `portledger last visit ${who}`;

/**
 * Up to where this reader had read when the visit began: what `newSince` takes. A visit is a tab; a reload goes on with it.
 * Undefined at the first visit, and where the browser keeps nothing.
 */
export function lastVisit(who: string): string | undefined {
  try {
    const begun = sessionStorage.getItem(key(who)) ?? localStorage.getItem(key(who));
    if (begun === null || !/^\d{1,40}$/.test(begun)) return undefined;
    sessionStorage.setItem(key(who), begun);
    return begun;
  } catch {
    return undefined;
  }
}

/** Keeps how far this reader has read, for the next visit; it never goes back. */
export function keepVisit(who: string, position: string): void {
  if (!/^\d{1,40}$/.test(position)) return;
  try {
    const known = localStorage.getItem(key(who));
    if (known === null || comparePositions(position, known) > 0) localStorage.setItem(key(who), position);
  } catch {
    // A browser that keeps nothing has no last visit.
  }
}
