import { useEffect, useState } from 'preact/hooks';
import { Problem, sentenceOf } from './api.js';

/** What was read last, and whether the last try failed. */
export interface Polled<Value> {
  readonly value: Value | undefined;
  /** Why the last try failed; undefined when it did not. */
  readonly why: string | undefined;
  /** True where the engine does not understand what is asked: it is not asked again. */
  readonly isRefused: boolean;
  /** When it was read, ms since 1970. */
  readonly readAt: number | undefined;
  readonly again: () => void;
}

const usualMs = 3_000;

/**
 * Reads again every three seconds, or as often as is said, while the page is looked at. What was read stays while the
 * engine does not answer.
 */
export function usePolled<Value>(
  read: (signal: AbortSignal) => Promise<Value>,
  key: string,
  everyMs = usualMs,
): Polled<Value> {
  const [known, setKnown] = useState<Omit<Polled<Value>, 'again'>>({
    value: undefined,
    why: undefined,
    isRefused: false,
    readAt: undefined,
  });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const ending = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isReading = false;
    const round = async (): Promise<void> => {
      isReading = true;
      try {
        if (!document.hidden) {
          const value = await read(ending.signal);
          setKnown({ value, why: undefined, isRefused: false, readAt: Date.now() });
        }
      } catch (error) {
        if (ending.signal.aborted || (error instanceof Problem && error.status === 401)) return;
        const isRefused = error instanceof Problem && error.status === 400;
        setKnown((before) => ({ ...before, why: sentenceOf(error), isRefused }));
        if (isRefused) return void document.removeEventListener('visibilitychange', look);
      } finally {
        isReading = false;
      }
      if (!ending.signal.aborted) timer = setTimeout(() => void round(), everyMs);
    };
    const look = (): void => {
      // One round at a time: a second would never end.
      if (document.hidden || isReading) return;
      clearTimeout(timer);
      void round();
    };
    document.addEventListener('visibilitychange', look);
    void round();
    return () => {
      ending.abort();
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [key, turn, everyMs]);
  return { ...known, again: () => setTurn((count) => count + 1) };
}
