import { useEffect, useState } from 'preact/hooks';
import { ask, sentenceOf } from '../api.js';
import { type Found, questionOf } from './found.js';

export interface Finding {
  /** The text that this is the answer to. */
  readonly text: string;
  readonly found?: Found;
  readonly why?: string;
}

const typingMs = 120;
const makingMs = 1_000;

/** What is found by a text: asked when the typing stops; an older question is given up. */
export function useFound(text: string, limit = 8): Finding {
  const [finding, setFinding] = useState<Finding>({ text: '' });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const wanted = text.trim();
    if (wanted === '') return setFinding({ text: '' });
    const ending = new AbortController();
    const timers = new Set<ReturnType<typeof setTimeout>>();
    const read = async (): Promise<void> => {
      try {
        const found = await ask<Found>(questionOf(wanted, { limit }), { signal: ending.signal });
        setFinding({ text: wanted, found });
        // Beginnings are found once the index is made.
        if (found.indexed < 1) timers.add(setTimeout(() => setTurn((count) => count + 1), makingMs));
      } catch (error) {
        if (!ending.signal.aborted) setFinding({ text: wanted, why: sentenceOf(error) });
      }
    };
    timers.add(setTimeout(() => void read(), typingMs));
    return () => {
      ending.abort();
      for (const timer of timers) clearTimeout(timer);
    };
  }, [text, limit, turn]);
  return finding;
}
