import { randomUUID } from 'node:crypto';
import { formatInstant, type JournalLine, type ServerId } from '../../events/index.js';
import type { NetworkMap } from '../../projections/index.js';
import type { DeviceStamp } from '../drivers/switch/switch.port.js';
import type { ConfirmedLine, Journal, LastReconcile } from './journal.js';
import { destinationOf, neighbourLine, routeLine } from './lines.js';
import type { Actual, Plan, PlanLine } from './plan.js';

/** What the journal knows of a line that nobody owns any more. */
export interface Orphan {
  /** For whom it was put there. */
  readonly previousOwner?: ServerId;
  /** When reading back last proved what we did to it, RFC 3339; absent where this journal never wrote it. */
  readonly confirmedAt?: string;
}

/** One line of a plan as people and the journal see it. */
export interface ShownLine extends PlanLine {
  readonly because: number | 'drift';
  /** When a look first showed this drift; RFC 3339. */
  readonly driftSince?: string;
  /** Ours, and granted to nobody any more, without an event that says why. */
  readonly orphan?: Orphan;
  /** Why it is not done now although the map grants it: a failed preflight, another gateway that still announces. */
  readonly waits?: string;
}

/** What one reconcile is about to do. */
export interface Undertaking {
  readonly planId: string;
  readonly lines: readonly ShownLine[];
}

/** Writes the journal of one device: before the first write what is to be done, then what reading back showed, and why each line. */
export class Recorder {
  private confirmed: Map<string, ConfirmedLine> | undefined;
  private former = new Map<string, ConfirmedLine>();
  private ended: LastReconcile | undefined;

  constructor(
    private readonly journal: Journal,
    private readonly map: () => NetworkMap,
  ) {}

  /** How the last push ended, of this process or one before; undefined before `open` and where there was none. */
  get last(): LastReconcile | undefined {
    return this.ended;
  }

  /**
   * Reads what was confirmed before this process, and says of every push that another process began and never ended
   * that it was interrupted; once. What the device holds of it is found by looking.
   */
  async open(): Promise<void> {
    if (this.confirmed !== undefined) return;
    const { lines, former, interrupted, last } = await this.journal.recall();
    const why = 'interrupted: the engine ended before the device was read back';
    for (const planId of interrupted) await this.journal.finished(planId, 'failed', [], why);
    this.confirmed = lines;
    this.former = former;
    this.ended = interrupted.length === 0 ? last : { at: formatInstant(Date.now()), outcome: 'failed' };
  }

  /** Rejects when the log cannot store it: then nothing may be written to the device. */
  async started(plan: Pick<Plan, 'lines'>, planHash: string, log: DeviceStamp, by?: string): Promise<Undertaking> {
    const planId = randomUUID();
    const lines = this.shownLines(plan);
    const confirmedBy = by === undefined ? {} : { confirmedBy: by };
    await this.journal.started({ planId, desiredOrdinal: Math.max(0, log.ordinal), planHash, ...confirmedBy });
    return { planId, lines };
  }

  /** `after` is what was read back, undefined where nothing could be; its routes are unknown where `bgp` is undefined. */
  async finished({ planId, lines }: Undertaking, after: Actual | undefined, failure?: Error): Promise<JournalLine[]> {
    const seen = after === undefined ? undefined : visibleLines(after);
    const journaled = lines.map((line): JournalLine => {
      const { change, kind, serverId, because: cause } = line;
      const isKnown = seen !== undefined && (kind === 'neighbour' || after?.bgp !== undefined);
      const readBack = !isKnown ? 'unknown' : seen.has(line.line) ? 'present' : 'absent';
      return { change, kind, line: line.line, ...(serverId === undefined ? {} : { serverId }), cause, readBack };
    });
    for (const { line, serverId, readBack } of journaled) {
      if (readBack === 'present') this.confirmed?.set(line, { serverId, since: formatInstant(Date.now()) });
      else if (readBack === 'absent') {
        this.confirmed?.delete(line);
        this.former.set(line, { serverId, since: formatInstant(Date.now()) });
      }
    }
    const done = journaled.every(isDone);
    const outcome = failure !== undefined ? 'failed' : done ? 'confirmed' : 'partial';
    await this.journal.finished(planId, outcome, journaled, failure?.message);
    this.ended = { at: formatInstant(Date.now()), outcome };
    return journaled;
  }

  shownLines(plan: Pick<Plan, 'lines'>): ShownLine[] {
    return plan.lines.map((line) => {
      const known = this.confirmed?.get(line.line);
      const serverId = line.serverId ?? known?.serverId;
      const because = this.causeOf(line, serverId);
      const isOrphan = line.change === 'remove' && line.why === 'grant-gone' && because === 'drift';
      return {
        ...line,
        ...(serverId === undefined ? {} : { serverId }),
        because,
        ...(isOrphan ? { orphan: orphanOf(known ?? this.former.get(line.line)) } : {}),
      };
    });
  }

  /** The event that explains a line; `drift` where the device changed and no event did. */
  private causeOf(line: PlanLine, serverId: ServerId | undefined): number | 'drift' {
    if (line.change === 'add') return line.cause === undefined || this.confirmed?.has(line.line) ? 'drift' : line.cause;
    if (line.why === 'gateway-lost' || line.why === 'entry-missing' || serverId === undefined) return 'drift';
    const map = this.map();
    const binding = map.binding(serverId);
    if (line.why === 'link-down' && binding?.port !== undefined)
      return map.links.get(binding.port)?.ordinal ?? binding.changedAt;
    return binding?.changedAt ?? 'drift';
  }
}

function orphanOf(known: ConfirmedLine | undefined): Orphan {
  if (known === undefined) return {};
  const owner = known.serverId === undefined ? {} : { previousOwner: known.serverId };
  return { ...owner, confirmedAt: known.since };
}

/** Whether reading back showed what the line wanted. */
export function isDone({ change, readBack }: Pick<JournalLine, 'change' | 'readBack'>): boolean {
  return readBack === (change === 'add' ? 'present' : 'absent');
}

/** A route counts as there when the daemon has it and, where we can look, the kernel forwards by it. */
export function visibleLines({ switch: state, bgp }: Actual): Set<string> {
  const lines = new Set(state.neighbours.filter((entry) => entry.ours).map(neighbourLine));
  for (const route of bgp?.owned ?? []) {
    const key = `${destinationOf(route)} ${route.interface}`;
    if (bgp?.inTable.has(key) && (bgp.inKernel?.has(key) ?? true)) lines.add(routeLine(route));
  }
  return lines;
}
