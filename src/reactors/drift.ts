import { formatInstant } from '../../events/index.js';
import { neighbourLine, routeLine } from './lines.js';
import type { Plan } from './plan.js';
import type { ShownLine } from './recorder.js';

/** A line that had to be repaired so often within so long is in a war: somebody else keeps writing it. */
const repairsOfWar = 4;
const warWindowMs = 10 * 60_000;
/** Once at war a line is repaired at most this often, whatever the other side does. */
const truceMs = 5 * 60_000;

interface War {
  readonly times: readonly number[];
  /** Repaired again only after this moment. */
  readonly until: number;
}

/**
 * What the device changed by itself, since when, and how often it was put right. A line that somebody else keeps
 * rewriting is repaired every five minutes only, so that two programs do not write without end.
 */
export class Drift {
  private readonly since = new Map<string, string>();
  private readonly repairs = new Map<string, War>();

  /** `now` in ms, monotonic; `wall` in ms since 1970. */
  constructor(
    private readonly now: () => number,
    private readonly wall: () => number = Date.now,
  ) {}

  /** Notes what drifted, as a look shows it; gives the lines with the moment each was first seen. */
  seen(lines: readonly ShownLine[]): ShownLine[] {
    const drifted = new Set(lines.filter(({ because }) => because === 'drift').map(keyOf));
    for (const key of this.since.keys()) if (!drifted.has(key)) this.since.delete(key);
    return lines.map((line) => {
      if (line.because !== 'drift') return line;
      const key = keyOf(line);
      const driftSince = this.since.get(key) ?? formatInstant(this.wall());
      this.since.set(key, driftSince);
      const waits = this.isAtTruce(line) ? { waits: warReason } : {};
      return { ...line, driftSince, ...waits };
    });
  }

  /** These lines are put right now; gives those at war. */
  repaired(lines: readonly ShownLine[]): string[] {
    const now = this.now();
    for (const [key, war] of this.repairs) if ((war.times.at(-1) ?? 0) < now - warWindowMs) this.repairs.delete(key);
    return lines.flatMap((line) => {
      if (line.because !== 'drift') return [];
      const times = [...(this.repairs.get(keyOf(line))?.times ?? []).filter((at) => at > now - warWindowMs), now];
      const isWar = times.length >= repairsOfWar;
      this.repairs.set(keyOf(line), { times: times.slice(-repairsOfWar), until: isWar ? now + truceMs : now });
      return isWar ? [line.line] : [];
    });
  }

  /** Whether some line was fought over lately. */
  get isAtWar(): boolean {
    return [...this.repairs.values()].some(({ until }) => until > this.now());
  }

  /** The plan without the lines that are at a truce; what leans on them waits by itself. */
  withoutTruces(plan: Plan): Plan {
    if (!this.isAtWar) return plan;
    const rests = (change: 'add' | 'remove', line: string): boolean => this.isAtTruce({ change, line });
    return {
      ...plan,
      lines: plan.lines.filter(({ change, line }) => !rests(change, line)),
      addEntries: plan.addEntries.filter((entry) => !rests('add', neighbourLine(entry))),
      removeEntries: plan.removeEntries.filter((entry) => !rests('remove', neighbourLine(entry))),
      routesWanted: plan.routesWanted.filter((route) => !rests('add', routeLine(route))),
    };
  }

  /** Ms until the first truce is over; undefined where there is none. */
  nextDueMs(): number | undefined {
    const ends = [...this.repairs.values()].map(({ until }) => until - this.now()).filter((ms) => ms > 0);
    return ends.length === 0 ? undefined : Math.min(...ends);
  }

  private isAtTruce(line: Pick<ShownLine, 'change' | 'line'>): boolean {
    return (this.repairs.get(keyOf(line))?.until ?? Number.NEGATIVE_INFINITY) > this.now();
  }
}

const warReason = 'somebody else keeps rewriting it: it is put right every five minutes only, until they stop';
const keyOf = ({ change, line }: Pick<ShownLine, 'change' | 'line'>): string => `${change} ${line}`;
