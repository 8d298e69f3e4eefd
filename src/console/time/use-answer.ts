import { useEffect, useState } from 'preact/hooks';
import { ask, sentenceOf } from '../api.js';

/** An answer that may take long: it can be left. */
export interface Answer<Value> {
  readonly value: Value | undefined;
  /** Of which question the value is the answer. */
  readonly of: string | undefined;
  readonly why: string | undefined;
  /** Since when it is waited for, ms since 1970. */
  readonly since: number | undefined;
  readonly isStopped: boolean;
  readonly stop: () => void;
  readonly again: () => void;
}

type Known<Value> = Omit<Answer<Value>, 'stop' | 'again'>;

/** Who steps through the log fast asks only where they stop. */
const settleMs = 150;

/** Asks a path of the API, once for each; what was answered stays until the next answer. Undefined asks nothing. */
export function useAnswer<Value>(path: string | undefined): Answer<Value> {
  const nothing: Known<Value> = { value: undefined, of: undefined, why: undefined, since: undefined, isStopped: false };
  const [known, setKnown] = useState<Known<Value>>(nothing);
  const [turn, setTurn] = useState(0);
  const [stop, setStop] = useState<() => void>(() => () => {});
  useEffect(() => {
    if (path === undefined) {
      setKnown(nothing);
      return undefined;
    }
    const ending = new AbortController();
    setStop(() => () => {
      ending.abort();
      setKnown((before) => ({ ...before, since: undefined, isStopped: true }));
    });
    setKnown((before) => ({ ...before, since: Date.now(), why: undefined, isStopped: false }));
    const timer = setTimeout(() => {
      ask<Value>(path, { signal: ending.signal }).then(
        (value) => setKnown({ ...nothing, value, of: path }),
        (error: unknown) => {
          if (!ending.signal.aborted) setKnown({ ...nothing, why: sentenceOf(error) });
        },
      );
    }, settleMs);
    return () => {
      clearTimeout(timer);
      ending.abort();
    };
  }, [path, turn]);
  return { ...known, stop, again: () => setTurn((count) => count + 1) };
}
