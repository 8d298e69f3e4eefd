import type { FrontBlock } from './front.js';

/** Ports that stand together between two gaps: rows of interfaces, from top to bottom, each from left to right. */
export interface MetalGroup {
  readonly key: string;
  readonly label?: string;
  readonly uplinks: boolean;
  readonly rows: readonly (readonly string[])[];
}

/** How ports stand on the metal: with two rows the first on top, the second below it, and a gap after so many. Pure. */
export function metalOf(blocks: readonly FrontBlock[]): MetalGroup[] {
  return blocks.flatMap(({ label, uplinks, rows, group, ports }, block) => {
    // Both rows of a column stay in one group.
    const size = Math.max(rows, Math.ceil(group / rows) * rows);
    const groups: MetalGroup[] = [];
    for (let from = 0; from < ports.length; from += size) {
      const some = ports.slice(from, from + size);
      groups.push({
        key: `${block}-${from}`,
        ...(from === 0 && label !== undefined && { label }),
        uplinks,
        rows: Array.from({ length: Math.min(rows, some.length) }, (_, row) =>
          some.filter((_name, at) => at % rows === row),
        ),
      });
    }
    return groups;
  });
}

/** The keys that go from port to port. */
export const arrowKeys = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End'] as const;
export type ArrowKey = (typeof arrowKeys)[number];

/** The port that a key leads to from another; the same where there is none in that direction. Pure. */
export function portBeside(groups: readonly MetalGroup[], from: string, key: ArrowKey): string {
  const most = Math.max(0, ...groups.map(({ rows }) => rows.length));
  // A row goes on over the gaps; a group with one row only is passed in every row.
  const line = (row: number): string[] => groups.flatMap(({ rows }) => rows[Math.min(row, rows.length - 1)] ?? []);
  const column = (row: number): (string | undefined)[] =>
    groups.flatMap(({ rows }) => (rows[0] ?? []).map((_, at) => (rows.length === 1 ? rows[0]?.[at] : rows[row]?.[at])));
  const row = Array.from({ length: most }, (_, one) => one).find((one) => line(one).includes(from)) ?? 0;
  const ports = line(row);
  const at = ports.indexOf(from);
  switch (key) {
    case 'ArrowLeft':
      return ports[at - 1] ?? from;
    case 'ArrowRight':
      return ports[at + 1] ?? from;
    case 'Home':
      return ports[0] ?? from;
    case 'End':
      return ports.at(-1) ?? from;
    case 'ArrowUp':
    case 'ArrowDown': {
      const next = key === 'ArrowUp' ? row - 1 : row + 1;
      return next < 0 || next >= most ? from : (column(next)[column(row).indexOf(from)] ?? from);
    }
  }
}
