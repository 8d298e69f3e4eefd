import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { scrollToRow, virtualWindow } from './virtual-window.js';

/** How high the rows of a list are, in px; below a width they take two lines. */
export interface RowHeights {
  readonly wide: number;
  readonly narrow: number;
  readonly narrowBelow: number;
}

/** A long list of rows of one height, of which only those in sight are drawn. */
export interface RowWindow {
  /** The element that scrolls: its head, then the rows. */
  readonly box: RefObject<HTMLDivElement | null>;
  readonly width: number;
  readonly isNarrow: boolean;
  readonly rowHeight: number;
  /** The first row that is drawn, and one past the last. */
  readonly first: number;
  readonly end: number;
  readonly scrolled: (element: HTMLDivElement) => void;
  /** Scrolls on by so many rows, so that the others stay where they are seen. */
  readonly moveBy: (rows: number) => void;
  /** Scrolls no further than until the row is wholly in sight. */
  readonly reveal: (index: number) => void;
}

/** Height of the line with the names of the columns, px. */
const head = 30;

/**
 * Where somebody is in a long list.
 * @param onEnd told when the end of what is here comes into sight
 */
export function useRowWindow(
  rows: number,
  heights: RowHeights,
  { onEnd, onScroll }: { readonly onEnd: () => void; readonly onScroll: (scrollTop: number) => void },
): RowWindow {
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ scrollTop: 0, height: 800, width: 1200 });
  const isNarrow = view.width < heights.narrowBelow;
  const rowHeight = isNarrow ? heights.narrow : heights.wide;
  const { first, end } = virtualWindow({ rows, rowHeight }, view);

  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const measure = (): void =>
      setView({ scrollTop: element.scrollTop, height: element.clientHeight - head, width: element.clientWidth });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    if (rows > 0 && end >= rows) onEnd();
  }, [end, rows, onEnd]);

  return {
    ...{ box, isNarrow, rowHeight, first, end },
    width: view.width,
    scrolled: (element) => {
      setView((known) => ({ ...known, scrollTop: element.scrollTop }));
      onScroll(element.scrollTop);
    },
    moveBy: (count) => {
      if (box.current !== null) box.current.scrollTop += count * rowHeight;
    },
    reveal: (index) => {
      const element = box.current;
      if (element === null) return;
      const place = { scrollTop: element.scrollTop, height: element.clientHeight - head };
      element.scrollTop = scrollToRow(index, rowHeight, place);
    },
  };
}
