import type { ComponentChildren, VNode } from 'preact';
import './style/long-table.css';
import { usePrinting } from './use-printing.js';
import { useRowWindow } from './use-row-window.js';

interface LongTableProps<Row> {
  readonly label: string;
  /** The columns, each with its share of the width. */
  readonly columns: readonly (readonly [name: string, percent: number])[];
  readonly rows: readonly Row[];
  /** The same text for the same row, however often it is read. */
  readonly keyOf: (row: Row) => string;
  /** The `td` of a row, one for each column; each is one line high. */
  readonly cells: (row: Row) => ComponentChildren;
}

const heights = { wide: 30, narrow: 30, narrowBelow: 0 };
const nothing = (): void => {};

/** A table of many rows of one height, of which only those in sight are drawn; on paper, all of them. */
export function LongTable<Row>({ label, columns, rows, keyOf, cells }: LongTableProps<Row>): VNode | null {
  const shown = useRowWindow(rows.length, heights, { onEnd: nothing, onScroll: nothing });
  const isPrinting = usePrinting();
  const [first, end] = isPrinting ? [0, rows.length] : [shown.first, shown.end];
  return (
    <div
      ref={shown.box}
      class="long-table"
      tabIndex={0}
      role="region"
      aria-label={label}
      hidden={rows.length === 0}
      onScroll={(event) => shown.scrolled(event.currentTarget)}
    >
      <table aria-rowcount={rows.length + 1}>
        <colgroup>
          {columns.map(([name, percent]) => (
            <col key={name} width={`${percent}%`} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map(([name]) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <Gap rows={first} columns={columns.length} />
          {rows.slice(first, end).map((row, at) => (
            <tr key={keyOf(row)} aria-rowindex={first + at + 2}>
              {cells(row)}
            </tr>
          ))}
          <Gap rows={rows.length - end} columns={columns.length} />
        </tbody>
      </table>
    </div>
  );
}

/** The place of rows that are not drawn. */
function Gap({ rows, columns }: { readonly rows: number; readonly columns: number }): VNode | null {
  if (rows === 0) return null;
  return (
    <tr class="gap" aria-hidden="true">
      <td colSpan={columns} style={{ height: `${rows * heights.wide}px` }} />
    </tr>
  );
}
