import { filter, merge, Subject, type Subscription, take, timer } from 'rxjs';
import type { LiveMap } from '../projector/live-map.js';
import type { AlertFeed } from './alert-feed.js';
import type { AlertReactor } from './alert.reactor.js';
import { coalesced } from './runner.js';

export interface AlertRunnerOptions {
  readonly reactor: AlertReactor;
  readonly feed: AlertFeed;
  readonly liveMap: LiveMap;
  /** Calls back whenever an alert of the engine begins or ends, until the answer is called. */
  readonly onAlert: (listener: () => void) => () => void;
}

/** setTimeout counts no further. */
const longestTimerMs = 2 ** 31 - 1;

/** Wakes one destination: when there is news, when an alert of the engine begins or ends, and when something is due. */
export class AlertRunner {
  private readonly nudges = new Subject<void>();
  private subscription: Subscription | undefined;
  private due: Subscription | undefined;
  private unlisten: (() => void)[] = [];
  private working: Promise<void> = Promise.resolve();
  private isClosed = false;

  constructor(private readonly options: AlertRunnerOptions) {}

  start(): void {
    const { reactor, feed, liveMap, onAlert } = this.options;
    const wakes = merge(this.nudges, liveMap.changes$.pipe(take(1))).pipe(filter(() => liveMap.live && !this.isClosed));
    this.subscription = coalesced(wakes, () => {
      this.working = reactor.reconcile();
      return this.working;
    }).subscribe(() => this.wakeWhenDue());
    this.unlisten = [feed.onNews(() => this.nudge()), onAlert(() => this.nudge())];
    this.nudge();
  }

  nudge(): void {
    this.nudges.next();
  }

  /** Resolves when what was under way has ended, and is written down as far as the log takes it. */
  async close(): Promise<void> {
    this.isClosed = true;
    for (const end of this.unlisten) end();
    this.due?.unsubscribe();
    this.subscription?.unsubscribe();
    await this.working;
    // What cannot be written is told once more after the next start.
    await this.options.reactor.close().catch(() => undefined);
  }

  private wakeWhenDue(): void {
    this.due?.unsubscribe();
    const due = this.options.reactor.nextDueMs();
    if (due !== undefined && !this.isClosed)
      this.due = timer(Math.min(due + 1, longestTimerMs)).subscribe(() => this.nudge());
  }
}
