import { formatInstant } from '../../events/index.js';
import type { MuteRow } from '../../projections/index.js';
import { type AppendRequest, type EventStore, urlNamespace, uuidV5 } from '../event-store/event-store.port.js';
import { feedSource, newEvent } from './triage-desk.js';
import type { ViolationIndex } from './violation-index.js';

export interface TriageWatchOptions {
  readonly store: Pick<EventStore, 'appendMany'>;
  readonly index: ViolationIndex;
  /** ms without a frame after which an open violation is quiet. */
  readonly quietMs: number;
  readonly log: {
    info(message: string, fields?: object): void;
    error(message: string, fields?: object): void;
  };
  /** ms between two looks; default 10,000. */
  readonly everyMs?: number;
  /** Wall clock, ms since 1970; default Date.now. */
  readonly now?: () => number;
  /** A clock that nobody sets, ms; default performance.now. */
  readonly elapsed?: () => number;
}

/** Events written in one durable step. */
const mostAtATime = 500;
/** Wall clock and elapsed time may part by this much before the clock counts as set; ms. */
const driftMs = 2_000;

/**
 * Writes down what nobody does: that a mute is over, and that a violation fell silent. It looks at how things are and not
 * at what it planned, so a restart forgets nothing; an event has its id from what it says, so it is stored once.
 * A wall clock that jumps is believed at the second look: what is due by a jump that is taken back is not written.
 */
export class TriageWatch {
  private timer: NodeJS.Timeout | undefined;
  private working: Promise<void> = Promise.resolve();
  private isClosed = false;
  private last: { readonly wall: number; readonly elapsed: number } | undefined;
  /** Ends that were written and that the map may not have yet. */
  private readonly written = new Set<string>();

  constructor(private readonly options: TriageWatchOptions) {}

  start(): void {
    this.timer = setInterval(() => this.wake(), this.options.everyMs ?? 10_000);
    this.timer.unref();
    this.wake();
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearInterval(this.timer);
    await this.working;
  }

  /** Looks once and writes all that is due. Rejects when the log cannot be written; the next look tries again. */
  async look(): Promise<void> {
    const { index, quietMs } = this.options;
    if (!index.live) return;
    const now = this.sureNow();
    const due = [...this.endedMutes(now), ...this.silentViolations(now - quietMs)];
    for (let from = 0; from < due.length && !this.isClosed; from += mostAtATime)
      await this.write(due.slice(from, from + mostAtATime));
  }

  private wake(): void {
    this.working = this.working
      .then(() => (this.isClosed ? undefined : this.look()))
      .catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        this.options.log.error('the end of a mute or a silence could not be written, will retry', { reason });
      });
  }

  /** The earlier of what the wall clock says and what it said at the last look plus what has gone by since. */
  private sureNow(): number {
    const { now = Date.now, elapsed = () => performance.now() } = this.options;
    const [wall, gone] = [now(), elapsed()];
    const expected = this.last === undefined ? wall : this.last.wall + (gone - this.last.elapsed) + driftMs;
    this.last = { wall, elapsed: gone };
    return Math.min(wall, expected);
  }

  private *endedMutes(now: number): Generator<AppendRequest> {
    for (const mute of this.options.index.mutes.all()) {
      if (mute.endedAt !== undefined) this.written.delete(mute.muteId);
      else if (mute.until <= now && !this.written.has(mute.muteId)) yield endOf(mute);
    }
  }

  /** Those heard last before an instant: they stand first among the open ones that are not quiet. */
  private *silentViolations(before: number): Generator<AppendRequest> {
    const { index, quietMs } = this.options;
    for (const slot of index.awake) {
      if ((index.columns.lastSeen[slot] ?? 0) > before) return;
      const { violationId, lastSeen, acknowledgedAt } = index.rowAt(slot);
      const lastFrameTime = formatInstant(lastSeen);
      const data = { violationId, lastFrameTime, hours: Math.round(quietMs / 3_600_000) };
      // Taken up again it may be told again of the same silence, which ended when it was closed.
      const id = idOf(`quiet ${violationId} ${lastFrameTime} ${acknowledgedAt ?? ''}`);
      const event = newEvent('ViolationQuiet', data, lastSeen + quietMs, id);
      yield { stream: `violation-${violationId}`, expected: 'any', events: [event] };
    }
  }

  private async write(requests: readonly AppendRequest[]): Promise<void> {
    const answers = await this.options.store.appendMany(requests);
    for (const [place, { stream, events }] of requests.entries()) {
      const [event] = events;
      const { outcome } = answers[place] ?? {};
      if (event?.type === 'ViolationMuteEnded') this.written.add(stream.slice('mute-'.length));
      if (outcome === 'stored') this.options.log.info('time went by', { type: event?.type, stream });
    }
  }
}

/** The event is of the instant at which the mute ended, however late it is written. A mute has one event before its end. */
function endOf({ muteId, until }: MuteRow): AppendRequest {
  const event = newEvent('ViolationMuteEnded', { muteId, by: 'expiry' }, until, idOf(`expired ${muteId}`));
  return { stream: `mute-${muteId}`, expected: 0, events: [event] };
}

const namespace = uuidV5(urlNamespace, feedSource);
const idOf = (name: string): string => uuidV5(namespace, name);
