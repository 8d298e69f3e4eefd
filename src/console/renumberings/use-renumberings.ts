import { useRef } from 'preact/hooks';
import { ask, call } from '../api.js';
import { type Polled, usePolled } from '../use-polled.js';
import { keptSame, type Renumbering, type RenumberingList } from './renumbering.js';

/** Every renumbering, kept up to date; those that say the same stay the same objects. */
export function useRenumberings(): Polled<readonly Renumbering[]> {
  const known = useRef<{ readonly tag: string | undefined; readonly all: readonly Renumbering[] } | undefined>(
    undefined,
  );
  return usePolled(async (signal) => {
    const before = known.current;
    const response = await call('/v1/renumberings', { signal, ifNoneMatch: before?.tag });
    if (response.status === 304 && before !== undefined) return before.all;
    const { renumberings } = (await response.json()) as RenumberingList;
    const all = keptSame(before?.all, renumberings);
    known.current = { tag: response.headers.get('etag') ?? undefined, all };
    return all;
  }, 'renumberings');
}

/** One of them. */
export const useRenumbering = (renumberingId: string): Polled<Renumbering> =>
  usePolled(
    (signal) => ask<Renumbering>(`/v1/renumberings/${encodeURIComponent(renumberingId)}`, { signal }),
    renumberingId,
  );
