import type { ComponentChildren, VNode } from 'preact';
import { useState } from 'preact/hooks';
import { DataTable } from '../data-table.js';

const atFirst = 200;

/** A table of lines: the first of them, and the rest when asked for. */
export function LineTable<Row>(props: {
  readonly label: string;
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly cells: (row: Row) => ComponentChildren;
}): VNode {
  const { rows } = props;
  const [most, setMost] = useState(atFirst);
  return (
    <>
      <DataTable {...props} rows={rows.slice(0, most)} />
      {rows.length > most && (
        <button type="button" onClick={() => setMost(most + 1_000)}>
          Show more: {rows.length - most} are not shown
        </button>
      )}
    </>
  );
}
