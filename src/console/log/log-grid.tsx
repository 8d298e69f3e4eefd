import type { VNode } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Instant, Name } from '../text.js';
import { useRowWindow } from '../use-row-window.js';
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

const heights = { wide: 30, narrow: 54, narrowBelow: 640 };
const columns = [
  ['#', 'log-ordinal'],
  ['Recorded', 'log-when'],
  ['Type', 'log-type'],
  ['Stream', 'log-stream'],
  ['Says', 'log-says'],
] as const;

/** Events as a grid of rows of one height, of which only those in sight are drawn. */
export function LogGrid({ rows, cursor, onPick, onEnd, onScroll }: GridProps): VNode {
  const shown = useRowWindow(rows.length, heights, { onEnd, onScroll });
  const { isNarrow, rowHeight } = shown;
  const index = cursor === undefined ? -1 : rows.findIndex(({ ordinal }) => ordinal === cursor);

  // The rows in sight stay where they are when others come in above them.
  const top = useRef(rows[0]?.ordinal);
  useLayoutEffect(() => {
    const before = top.current;
    top.current = rows[0]?.ordinal;
    const isAtTop = (shown.box.current?.scrollTop ?? 0) === 0;
    if (before === undefined || before === top.current || isAtTop) return;
    const added = rows.findIndex(({ ordinal }) => ordinal === before);
    if (added > 0) shown.moveBy(added);
  }, [rows, rowHeight]);

  const on = useRef(cursor);
  useLayoutEffect(() => {
    const isMoved = on.current !== cursor;
    on.current = cursor;
    if (isMoved && index >= 0) shown.reveal(index);
  }, [cursor, index, rowHeight]);

  return (
    <div
      ref={shown.box}
      class={`grid log-grid ${isNarrow ? 'narrow' : 'wide'}`}
      role="grid"
      tabIndex={0}
      aria-label="Events"
      aria-rowcount={rows.length + 1}
      aria-activedescendant={index >= shown.first && index < shown.end ? `event-${cursor}` : undefined}
      onScroll={(event) => shown.scrolled(event.currentTarget)}
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
