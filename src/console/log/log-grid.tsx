import type { VNode } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Instant, Name } from '../text.js';
import { scrollToRow, virtualWindow } from '../virtual-window.js';
import { lineOf } from './event-words.js';
import type { LogEvent } from './log-list.js';

interface GridProps {
  readonly rows: readonly LogEvent[];
  /** Ordinal of the row that the reader is on. */
  readonly cursor: number | undefined;
  readonly onPick: (event: LogEvent) => void;
  /** The end of what is here comes into sight. */
  readonly onEnd: () => void;
  readonly onScroll: (scrollTop: number) => void;
}

const wideRow = 30;
const narrowRow = 54;
const narrowBelow = 640;
const head = 30;
const columns = [
  ['#', 'log-ordinal'],
  ['Recorded', 'log-when'],
  ['Type', 'log-type'],
  ['Stream', 'log-stream'],
  ['Says', 'log-says'],
] as const;

/** Events as a grid of rows of one height, of which only those in sight are drawn. */
export function LogGrid({ rows, cursor, onPick, onEnd, onScroll }: GridProps): VNode {
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ scrollTop: 0, height: 800, width: 1200 });
  const isNarrow = view.width < narrowBelow;
  const rowHeight = isNarrow ? narrowRow : wideRow;
  const shown = virtualWindow({ rows: rows.length, rowHeight }, view);
  const index = cursor === undefined ? -1 : rows.findIndex(({ ordinal }) => ordinal === cursor);

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

  // The rows in sight stay where they are when others come in above them.
  const top = useRef(rows[0]?.ordinal);
  useLayoutEffect(() => {
    const before = top.current;
    top.current = rows[0]?.ordinal;
    const element = box.current;
    if (element === null || before === undefined || before === top.current || element.scrollTop === 0) return;
    const added = rows.findIndex(({ ordinal }) => ordinal === before);
    if (added > 0) element.scrollTop += added * rowHeight;
  }, [rows, rowHeight]);

  const on = useRef(cursor);
  useLayoutEffect(() => {
    const isMoved = on.current !== cursor;
    on.current = cursor;
    const element = box.current;
    if (!isMoved || element === null || index < 0) return;
    const place = { scrollTop: element.scrollTop, height: element.clientHeight - head };
    element.scrollTop = scrollToRow(index, rowHeight, place);
  }, [cursor, index, rowHeight]);

  useEffect(() => {
    if (rows.length > 0 && shown.end >= rows.length) onEnd();
  }, [shown.end, rows.length, onEnd]);

  const scrolled = (element: HTMLDivElement): void => {
    setView((known) => ({ ...known, scrollTop: element.scrollTop }));
    onScroll(element.scrollTop);
  };
  return (
    <div
      ref={box}
      class={`grid log-grid ${isNarrow ? 'narrow' : 'wide'}`}
      role="grid"
      tabIndex={0}
      aria-label="Events"
      aria-rowcount={rows.length + 1}
      aria-activedescendant={index >= shown.first && index < shown.end ? `event-${cursor}` : undefined}
      onScroll={(event) => scrolled(event.currentTarget)}
    >
      <div class="head" role="row" aria-rowindex={1}>
        {columns.map(([name, style]) => (
          <span key={name} role="columnheader" class={`cell ${style}`}>
            {name}
          </span>
        ))}
      </div>
      <div class="rows" role="rowgroup" style={{ height: `${rows.length * rowHeight}px` }}>
        {rows.slice(shown.first, shown.end).map((event, at) => (
          <div
            key={event.ordinal}
            id={`event-${event.ordinal}`}
            role="row"
            aria-rowindex={shown.first + at + 2}
            class={`row ${event.ordinal === cursor ? 'cursor' : ''}`}
            style={{ transform: `translateY(${(shown.first + at) * rowHeight}px)`, height: `${rowHeight}px` }}
            onClick={() => onPick(event)}
          >
            <Cells event={event} />
          </div>
        ))}
      </div>
    </div>
  );
}

function Cells({ event }: { readonly event: LogEvent }): VNode {
  const { ordinal, metadata, type, stream, unreadable } = event;
  return (
    <>
      <span role="gridcell" class="cell log-ordinal">
        {ordinal}
      </span>
      <span role="gridcell" class="cell log-when">
        <Instant at={String(metadata?.recordedAt ?? '')} />
      </span>
      <span role="gridcell" class="cell log-type">
        <Name text={type} most={60} />
      </span>
      <span role="gridcell" class="cell log-stream">
        <Name text={stream} most={60} />
      </span>
      <span role="gridcell" class={`cell log-says ${unreadable === undefined ? '' : 'unreadable'}`}>
        <Name text={unreadable === undefined ? lineOf(event) : `unreadable: ${unreadable}`} most={300} />
      </span>
    </>
  );
}
