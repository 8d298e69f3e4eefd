import type { MapChange } from '../../projector/live-map.js';

/** Changed rows that are remembered until somebody asks. */
const mostChanges = 100_000;

/** Keys of rows that say something of a port. */
export interface ChangedRows {
  readonly assignments: readonly string[];
  readonly links: readonly string[];
  readonly violations: readonly string[];
}

/** Which rows changed since somebody asked last. */
export class BoardChanges {
  private readonly keys = {
    assignments: new Set<string>(),
    links: new Set<string>(),
    violations: new Set<string>(),
  };

  /** False where more changed than is remembered: everything must be taken anew. */
  note(changes: readonly MapChange[]): boolean {
    for (const { table, key } of changes) {
      if (table === 'assignments' || table === 'links' || table === 'violations') this.keys[table].add(key);
    }
    const { assignments, links, violations } = this.keys;
    return assignments.size + links.size + violations.size <= mostChanges;
  }

  /** All of them; from now on there are none. */
  take(): ChangedRows {
    const { assignments, links, violations } = this.keys;
    const taken = { assignments: [...assignments], links: [...links], violations: [...violations] };
    this.clear();
    return taken;
  }

  clear(): void {
    for (const changed of Object.values(this.keys)) changed.clear();
  }
}
