import type { StoredEvent } from '../../events/index.js';
import type { ViolationRow } from '../../projections/index.js';
import type { AlertMessage } from '../drivers/alert/alert.port.js';
import { AlertBundle, mostNotices } from './alert-bundle.js';
import type { AlertFeed, Place } from './alert-feed.js';
import { type AlertFilter, type AlertWorld, heldBack, isForBilling, wanted } from './alert-filter.js';
import { type Notice, noticeOf } from './alert-notice.js';

export interface ReadingOptions {
  readonly destination: string;
  readonly filter: AlertFilter;
  readonly feed: Pick<AlertFeed, 'after' | 'placeOf'>;
  readonly rowOf: (violationId: string) => ViolationRow | undefined;
  readonly world: Omit<AlertWorld, 'wasTold'>;
  readonly page: string | undefined;
  readonly digestMs: number | undefined;
}

/** A message made of events of the log. */
export interface LogMessage {
  readonly message: AlertMessage;
  readonly firstEventId: string;
  readonly lastEventId: string;
  /** Everything up to here is told once it was taken. */
  readonly upTo: Place;
  readonly violationIds: ReadonlySet<string>;
}

export interface Found {
  readonly message?: LogMessage;
  /** Everything up to here needs no telling, or is told by the message before anything else is. */
  readonly place: Place;
  /** When what comes next is due; ms since 1970. */
  readonly dueAt?: number;
  /** Something is due, and no message may go now. */
  readonly isHeld?: true;
}

/** So many violations are remembered as told. */
const mostTold = 20_000;

/** Makes the next message of what a destination was not told yet: one event, or all that wait where there are too many. */
export class AlertReading {
  private readonly told = new Set<string>();
  private muted = 0;
  private inSurvey = 0;

  constructor(private readonly options: ReadingOptions) {}

  /** How many were kept back since `counts` was asked. */
  get keptBack(): number {
    return this.muted + this.inSurvey;
  }

  counts(): { muted: number; inSurvey: number } {
    const { muted, inSurvey } = this;
    this.muted = 0;
    this.inSurvey = 0;
    return { muted, inSurvey };
  }

  /** The destination was told of these. */
  remember(violationIds: Iterable<string>): void {
    for (const id of violationIds) this.told.add(id);
    for (const id of this.told) {
      if (this.told.size <= mostTold) return;
      this.told.delete(id);
    }
  }

  /** `left`: how many messages may go now. With one left, or in a digest, all that wait go into that one. */
  async next(from: Place, { now, left }: { readonly now: number; readonly left: number }): Promise<Found> {
    const { feed, destination, page: url, digestMs } = this.options;
    const bundle = new AlertBundle(destination, url);
    for (let place = from; ;) {
      const page = await feed.after(place);
      for (const event of page.events) {
        const notice = this.wantedOf(event);
        if (notice !== undefined) {
          const isQuestion = isForBilling(notice.kind);
          const dueAt = this.dueAt(notice);
          if (bundle.count === 0 && dueAt > now) return { place, dueAt };
          if (bundle.count > 0 && (isQuestion || this.isEarly(dueAt, now))) return foundIn(bundle, place);
          if (!this.isHeldBack(notice, now)) {
            if (bundle.count === 0 && left < 1 && !isQuestion) return { place, isHeld: true };
            bundle.add(notice);
            const isAlone = isQuestion || (digestMs === undefined && left > 1);
            if (isAlone || bundle.count >= mostNotices) return foundIn(bundle, event);
          }
        }
        place = event;
      }
      place = page.seenTo;
      if (page.isEnd) return foundIn(bundle, place);
    }
  }

  /** The message of these events once more, under the id it had; undefined where nothing of it is to be told any more. */
  async again(was: { messageId: string; firstEventId: string; lastEventId: string }): Promise<LogMessage | undefined> {
    const { feed, destination, page: url } = this.options;
    const bundle = new AlertBundle(destination, url);
    const first = await feed.placeOf(was.firstEventId);
    const last = await feed.placeOf(was.lastEventId);
    if (first === undefined || last === undefined) return undefined;
    this.take(bundle, first);
    for (let place: Place = first; place.ordinal < last.ordinal;) {
      const page = await feed.after(place);
      for (const event of page.events) if (event.ordinal <= last.ordinal) this.take(bundle, event);
      place = page.seenTo;
      if (page.isEnd) break;
    }
    return foundIn(bundle, last, was.messageId).message;
  }

  private take(bundle: AlertBundle, event: StoredEvent): void {
    const notice = this.wantedOf(event);
    if (notice !== undefined && heldBack(notice, this.world, notice.at) === undefined) bundle.add(notice);
  }

  private wantedOf(event: StoredEvent): Notice | undefined {
    const notice = noticeOf(event, this.options.rowOf);
    return notice === undefined ? undefined : wanted(this.options.filter, notice);
  }

  private dueAt({ kind, at }: Notice): number {
    if (isForBilling(kind)) return at;
    return at + (this.options.filter.unacknowledgedMs ?? this.options.digestMs ?? 0);
  }

  /** A digest takes all that there is; what somebody may still acknowledge is not told before its time. */
  private isEarly(dueAt: number, now: number): boolean {
    return this.options.filter.unacknowledgedMs !== undefined && dueAt > now;
  }

  private isHeldBack(notice: Notice, now: number): boolean {
    const why = heldBack(notice, this.world, now);
    if (why === 'muted') this.muted++;
    if (why === 'survey') this.inSurvey++;
    return why !== undefined;
  }

  private get world(): AlertWorld {
    const { isInSurvey, isMuted } = this.options.world;
    return { isInSurvey, isMuted, wasTold: (violationId) => this.told.has(violationId) };
  }
}

function foundIn(bundle: AlertBundle, place: Place, id?: string): Found {
  const made = bundle.message(id);
  if (made === undefined) return { place };
  const { firstEventId, lastEventId, ...message } = made;
  return { place, message: { message, firstEventId, lastEventId, upTo: place, violationIds: bundle.violationIds } };
}
