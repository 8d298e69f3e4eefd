import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Line } from './grouped.js';
import { nextStanding } from './next-standing.js';

/** The line that the reader is on. */
export interface Cursor {
  readonly key: string | undefined;
  /** In the lines; -1 for none. */
  readonly index: number;
  readonly line: Line | undefined;
  readonly set: (key: string | undefined) => void;
  /** The line it went on from by itself a moment ago: what is pressed now may be meant for that one. */
  readonly justLeft: () => string | undefined;
}

/** As long as people take to see a change and press a key, ms. */
const momentMs = 300;

/**
 * Keeps the reader's place in lines that come and go: when theirs leaves, they are on the one that comes next.
 * @param onMoved told of the line it went on to by itself
 */
export function useCursor(lines: readonly Line[], start: string | undefined, onMoved: (line: Line) => void): Cursor {
  const [key, set] = useState(start);
  const before = useRef<readonly Line[]>(lines);
  const left = useRef({ key: '', at: Number.NEGATIVE_INFINITY });
  const tell = useRef(onMoved);
  tell.current = onMoved;
  const index = lines.findIndex((line) => line.key === key);
  useLayoutEffect(() => {
    const { current } = before;
    before.current = lines;
    if (key === undefined || index >= 0 || lines.length === 0) return;
    const next = nextStanding(current, lines, key);
    if (next === undefined) return;
    left.current = { key, at: performance.now() };
    set(next.key);
    tell.current(next);
  }, [lines, key, index]);
  const justLeft = (): string | undefined =>
    performance.now() - left.current.at < momentMs ? left.current.key : undefined;
  return { key, index, line: lines[index], set, justLeft };
}
