import { isDeepStrictEqual } from 'node:util';
import { grantLines, type LogFold } from '../../projections/index.js';

const positions = new Set(['ordinal', 'changedAt', 'since', 'position', 'soldAt', 'freedAt']);

/** A value without what says where in the log it came from. */
export function withoutPositions(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPositions);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => !positions.has(key));
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutPositions(inner)]));
}

/** The rows of servers and gateways, by key, without positions and without the claims' line: what any delivery order must give. */
export function rowsOf({ map }: LogFold): unknown {
  const assignments = [...map.assignments.values()].map((row) => withoutPositions({ ...row, claims: claimed(row) }));
  const plain = (rows: Iterable<unknown>): unknown[] => byJson([...rows].map(withoutPositions));
  return {
    assignments: byJson(assignments),
    gateways: plain(map.gateways.values()),
    exceptions: plain(map.exceptions.values()),
    pools: plain(map.pools.values()),
    delegations: plain([...map.delegations.values()].map((row) => ({ ...row, claims: claimed(row) }))),
    surveys: plain(map.surveys.values()),
  };
}

function claimed(row: { readonly claims: readonly { readonly key: string }[] }): string[] {
  return row.claims.map((claim) => claim.key);
}

/** Everything a fold knows, positions included: what a restart and a rebuild must give. */
export function everythingOf(fold: Pick<LogFold, 'map' | 'ordinal' | 'frozenStreams'>): unknown {
  const { map } = fold;
  return {
    ordinal: fold.ordinal,
    frozen: fold.frozenStreams(),
    assignments: byJson([...map.assignments.values()]),
    gateways: byJson([...map.gateways.values()]),
    links: byJson([...map.links.values()]),
    seenMacs: byJson([...map.seenMacs.values()]),
    violations: byJson([...map.violations.values()]),
    exceptions: byJson([...map.exceptions.values()]),
    surveys: byJson([...map.surveys.values()]),
    pools: byJson([...map.pools.values()]),
    delegations: byJson([...map.delegations.values()]),
    mutes: byJson([...map.mutes.values()]),
    renumberings: byJson([...map.renumberings.values()]),
    bindings: [...map.bindings()],
    grants: grantLines(map),
  };
}

function byJson(rows: readonly unknown[]): unknown[] {
  return [...rows].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

/** `toEqual` for properties that compare thousands of folds: looks fast, and explains only where the two differ. */
export function expectSame(actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected)) expect(actual).toEqual(expected);
}
