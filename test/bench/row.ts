/** One figure of the bench: what we need, and what nobody can do without (the limit), measured in the same run. */
export interface BenchRow {
  readonly room: string;
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The same work with nothing of ours around it; null where there is no such thing. */
  readonly limit: number | null;
  /** What another program needs for the same; null where none was measured. */
  readonly peer: number | null;
  /** `value` divided by `limit`. */
  readonly ratio: number | null;
  /** The ratio that is wanted: at most, or at least where more is better. */
  readonly goal: number | null;
  readonly better: 'less' | 'more';
  readonly met: boolean | null;
}

export interface Figure {
  readonly room: string;
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly limit?: number;
  readonly peer?: number;
  readonly goal?: number;
  /** Default `less`: the ratio shall be at most the goal. */
  readonly better?: 'less' | 'more';
}

export function rowOf({ room, name, value, unit, limit, peer, goal, better = 'less' }: Figure): BenchRow {
  const ratio = limit === undefined ? null : value / limit;
  const met = ratio === null || goal === undefined ? null : better === 'less' ? ratio <= goal : ratio >= goal;
  return { room, name, value, unit, limit: limit ?? null, peer: peer ?? null, ratio, goal: goal ?? null, better, met };
}

/** The rows as an aligned table, one line each, numbers to the right. */
export function tableOf(rows: readonly BenchRow[]): string {
  const head = ['room', 'name', 'value', 'unit', 'limit', 'peer', 'ratio', 'goal', 'met'];
  const cells = rows.map((row) => [
    row.room,
    row.name,
    shown(row.value),
    row.unit,
    shown(row.limit),
    shown(row.peer),
    shown(row.ratio),
    row.goal === null ? '-' : `${row.better === 'less' ? '<=' : '>='} ${row.goal}`,
    row.met === null ? '-' : row.met ? 'yes' : 'NO',
  ]);
  const widths = head.map((title, column) => Math.max(title.length, ...cells.map((line) => line[column]?.length ?? 0)));
  const textColumns = new Set([0, 1, 3, 8]);
  return [head, ...cells]
    .map((line) =>
      line
        .map((cell, column) =>
          textColumns.has(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function shown(value: number | null): string {
  if (value === null) return '-';
  return value >= 1000 ? Math.round(value).toLocaleString('en-US') : value.toFixed(2);
}
