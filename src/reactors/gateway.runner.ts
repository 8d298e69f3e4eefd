import {
  auditTime,
  EMPTY,
  filter,
  interval,
  map,
  merge,
  type Observable,
  Subject,
  type Subscription,
  timer,
} from 'rxjs';
import type { SwitchDriver } from '../drivers/switch/switch.port.js';
import type { LiveMap } from '../projector/live-map.js';
import { coalesced } from './runner.js';

/** What is woken: it looks at its device and makes it equal to the map. */
export interface Woken {
  hint(interfaceName: string | undefined): void;
  /** Ms after which a look is due although nothing calls; undefined when nothing waits. */
  nextDueMs(): number | undefined;
  /** Never rejects. */
  reconcile(): Promise<unknown>;
}

export interface GatewayRunnerOptions {
  readonly reactor: Woken;
  readonly switch: Pick<SwitchDriver, 'watch'>;
  readonly liveMap: LiveMap;
  readonly resyncMs: number;
  /** Ports of this device: a link change elsewhere does not wake it. */
  readonly ports: ReadonlySet<string>;
  /** Told after each look, whatever came of it. */
  readonly onLooked?: () => void;
}

/**
 * A carrier change is a hint here and, a few ms later, a link event: looking at once would only make the event wait
 * for the end of a look that cannot know it yet. Everything a hint stands for by itself can wait this long.
 */
const hintPauseMs = 15;

/** Wakes one reactor: when the map may concern it, when its device hints, when a retry is due, and on a timer. */
export class GatewayRunner {
  private readonly nudges = new Subject<void>();
  private readonly hints = new Subject<void>();
  private subscription: Subscription | undefined;
  private retry: Subscription | undefined;
  private working: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: GatewayRunnerOptions) {}

  start(): void {
    const { reactor, liveMap, resyncMs } = this.options;
    this.options.switch.watch((interfaceName) => {
      reactor.hint(interfaceName);
      this.hints.next();
    });
    const resyncs = resyncMs > 0 ? interval(resyncMs) : EMPTY;
    const wakes = merge(this.mapChanges(), this.nudges, this.hints.pipe(auditTime(hintPauseMs)), resyncs).pipe(
      filter(() => liveMap.live),
    );
    this.subscription = coalesced(wakes, () => {
      const look = reactor.reconcile();
      this.working = look;
      return look;
    }).subscribe(() => {
      this.retryWhenDue();
      this.options.onLooked?.();
    });
    this.nudge();
  }

  nudge(): void {
    this.nudges.next();
  }

  /** Resolves when the look that is under way has come to its end; another one may have begun. */
  async ended(): Promise<void> {
    await this.working;
  }

  /** Resolves when a reconcile that is under way has come to its end. */
  async stop(): Promise<void> {
    this.subscription?.unsubscribe();
    this.retry?.unsubscribe();
    await this.working;
  }

  private mapChanges(): Observable<void> {
    const concerns = (table: string, key: string): boolean =>
      table === 'assignments' || table === 'gateways' || (table === 'links' && this.options.ports.has(key));
    return this.options.liveMap.changes$.pipe(
      filter((changes) => changes.length === 0 || changes.some(({ table, key }) => concerns(table, key))),
      map(() => undefined),
    );
  }

  private retryWhenDue(): void {
    this.retry?.unsubscribe();
    const due = this.options.reactor.nextDueMs();
    if (due !== undefined) this.retry = timer(due + 1).subscribe(() => this.nudge());
  }
}
