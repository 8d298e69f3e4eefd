import type { Place } from './alert-feed.js';
import type { AlertJournal } from './alert-journal.js';
import type { AlertReading } from './alert-reading.js';

/** What was kept back is written down at most this often; ms. */
const passedEveryMs = 60_000;
/** A restart need not look at more of the log than this. */
const passedEvents = 50_000;

/** Where in the log a destination stands, and how far the log itself knows it. Instants are ms since 1970. */
export class AlertPlace {
  /** What is behind it is still to be told; undefined until it was looked up. */
  at: Place | undefined;
  private written = -1;
  private passedAt = 0;

  constructor(
    private readonly journal: Pick<AlertJournal, 'flush' | 'passed'>,
    private readonly reading: Pick<AlertReading, 'keptBack' | 'counts'>,
  ) {}

  beginAt(place: Place, now: number): void {
    this.moveTo(place);
    this.passedAt = now;
  }

  /** The log says, or is about to say, that it stands here. */
  moveTo(place: Place): void {
    this.at = place;
    this.written = place.ordinal;
  }

  /** When what was kept back is to be written down. */
  get dueAt(): number | undefined {
    return this.reading.keptBack > 0 ? this.passedAt + passedEveryMs : undefined;
  }

  /**
   * That there is nothing more to tell of what lies behind is written down now and then: a restart decides no other way.
   * Rejects when the log cannot store it.
   */
  async writePassed(now: number, isLast: boolean): Promise<void> {
    const { at, reading, dueAt, journal } = this;
    if (at === undefined) return;
    const isFar = at.ordinal - this.written >= passedEvents;
    const isDue = dueAt !== undefined && (isLast || now >= dueAt);
    if (!isFar && !isDue) return;
    await journal.flush();
    await journal.passed({ upToEventId: at.id, ...reading.counts() });
    this.passedAt = now;
    this.written = at.ordinal;
  }
}
