import { useEffect, useState } from 'preact/hooks';
import { ask } from '../api.js';
import type { Counted } from './counted.js';

const againMs = 15_000;
const nextMs = 50;

/** Asks until the whole log is counted, and then every 15 seconds while the page is looked at. */
export function useCounts(buckets: number): Counted | undefined {
  const [counted, setCounted] = useState<Counted>();
  useEffect(() => {
    const ending = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const round = async (): Promise<void> => {
      let isWhole = true;
      try {
        if (!document.hidden) {
          const answer = await ask<Counted>(`/v1/log/density?buckets=${buckets}`, { signal: ending.signal });
          setCounted(answer);
          isWhole = answer.counted >= answer.size;
        }
      } catch {
        // What was counted stays; the page says elsewhere that the engine is away.
      }
      if (!ending.signal.aborted) timer = setTimeout(() => void round(), isWhole ? againMs : nextMs);
    };
    void round();
    return () => {
      ending.abort();
      clearTimeout(timer);
    };
  }, [buckets]);
  return counted;
}
