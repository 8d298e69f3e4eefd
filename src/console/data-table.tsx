import type { ComponentChildren, VNode } from 'preact';

interface FrameProps {
  /** What it is called aloud. */
  readonly label: string;
  readonly columns: readonly string[];
  readonly style?: string | undefined;
  /** The bodies of the table. */
  readonly children: ComponentChildren;
}

/** A table that scrolls sideways in a region of its own, by keyboard too. */
export function TableFrame({ label, columns, style, children }: FrameProps): VNode {
  return (
    <div class="scrolls" tabIndex={0} role="region" aria-label={label}>
      <table class={style}>
        <thead>
          <tr>
            {columns.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        {children}
      </table>
    </div>
  );
}

interface TableProps<Row> {
  readonly label: string;
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
  /** The same text for the same row, however often it is read. */
  readonly keyOf: (row: Row, index: number) => string | number;
  /** The `td` of a row, one for each column. */
  readonly cells: (row: Row) => ComponentChildren;
  /** What is said in the place of a table without rows; without it there is nothing. */
  readonly none?: string | undefined;
}

/** Rows of facts under the names of their columns. */
export function DataTable<Row>({ label, columns, rows, keyOf, cells, none }: TableProps<Row>): VNode | null {
  if (rows.length === 0) return none === undefined ? null : <p class="none">{none}</p>;
  return (
    <TableFrame label={label} columns={columns}>
      <tbody>
        {rows.map((row, index) => (
          <tr key={keyOf(row, index)}>{cells(row)}</tr>
        ))}
      </tbody>
    </TableFrame>
  );
}
