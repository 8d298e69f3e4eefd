import {
  auditTime,
  EMPTY,
  filter,
  firstValueFrom,
  from,
  interval,
  map,
  merge,
  type Observable,
  race,
  Subject,
  type Subscription,
  tap,
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
  /**
   * While more link changes of this device are on their way into the map: resolves when they are there. Undefined where
   * there is nothing to wait for.
   */
  readonly gathering?: () => Promise<void> | undefined;
  /** Told after each look, whatever came of it. */
  readonly onLooked?: () => void;
}

/**
 * A carrier change is a hint here and, a few ms later, a link event: looking at once would only make the event wait
 * for the end of a look that cannot know it yet. Everything a hint stands for by itself can wait this long.
 */
const hintPauseMs = 15;

/**
 * Links that come up together are looked at together: a look of its own for the first keeps all others waiting for its
 * push and its reading back. The longest that a look waits for them.
 */
const gatherMs = 25;

/** Wakes one reactor: when the map may concern it, when its device hints, when a retry is due, and on a timer. */
export class GatewayRunner {
  private readonly nudges = new Subject<void>();
  private readonly hints = new Subject<void>();
  /** Something that may be a withdrawal: it ends the gathering. */
  private readonly urgent = new Subject<void>();
  private mayNotWait = false;
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
      const more = this.mayNotWait ? undefined : this.options.gathering?.();
      this.mayNotWait = false;
      const look = more === undefined ? reactor.reconcile() : this.gathered(more).then(() => reactor.reconcile());
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

  /** Everything else than a link that comes up may take something away, and waits for nobody. */
  private gathered(more: Promise<void>): Promise<unknown> {
    return firstValueFrom(race(from(more), this.urgent, timer(gatherMs)), { defaultValue: undefined }).then(
      () => (this.mayNotWait = false),
    );
  }

  private mapChanges(): Observable<void> {
    const concerns = (table: string, key: string): boolean =>
      table === 'assignments' || table === 'gateways' || (table === 'links' && this.options.ports.has(key));
    return this.options.liveMap.changes$.pipe(
      filter((changes) => changes.length === 0 || changes.some(({ table, key }) => concerns(table, key))),
      tap((changes) => {
        const { links } = this.options.liveMap.map;
        const ours = changes.filter(({ table, key }) => concerns(table, key));
        if (ours.length > 0 && ours.every(({ table, key }) => isUp(table, links.get(key)))) return;
        this.mayNotWait = true;
        this.urgent.next();
      }),
      map(() => undefined),
    );
  }

  private retryWhenDue(): void {
    this.retry?.unsubscribe();
    const due = this.options.reactor.nextDueMs();
    if (due !== undefined) this.retry = timer(due + 1).subscribe(() => this.nudge());
  }
}

const isUp = (table: string, link: { readonly up: boolean } | undefined): boolean =>
  table === 'links' && link?.up === true;
