import { Subject } from 'rxjs';
import { decodeEvent, type LedgerEvent, type StoredEvent } from '../../events/index.js';
import {
  effectOf,
  type FactEffect,
  type FoldImage,
  type FrozenStream,
  LogFold,
  type NetworkMap,
  Trial,
} from '../../projections/index.js';

/** Something in the map changed: which table and which row, never what. */
export interface MapChange {
  readonly table:
    | 'assignments'
    | 'gateways'
    | 'links'
    | 'seen-macs'
    | 'violations'
    | 'exceptions'
    | 'surveys'
    | 'mutes'
    | 'pools'
    | 'delegations'
    | 'renumberings';
  readonly key: string;
}

/** The map as of now, kept up by the projector; every room reads this one. */
export class LiveMap {
  private readonly changes = new Subject<readonly MapChange[]>();
  private readonly stored = new Subject<readonly StoredEvent[]>();
  private pending: MapChange[] = [];
  private fold = this.emptyFold();
  private waiters: { readonly ordinal: number; readonly done: () => void }[] = [];
  private isLive = false;

  /** `logId` names the log the map is made from. */
  constructor(readonly logId: string) {}

  /** Rows that changed, one list for each page folded. Silent until live, then starts with nothing: read the map first. */
  readonly changes$ = this.changes.asObservable();
  /** The events folded since live, in log order, after the map has them. */
  readonly events$ = this.stored.asObservable();

  get map(): NetworkMap {
    return this.fold.map;
  }

  /** Ordinal of the last event folded; -1 for an empty log. */
  get ordinal(): number {
    return this.fold.ordinal;
  }

  /** True once everything that was in the log at start has been folded. Nothing acts before. */
  get live(): boolean {
    return this.isLive;
  }

  frozenStreams(): FrozenStream[] {
    return this.fold.frozenStreams();
  }

  isFrozen(stream: string): boolean {
    return this.fold.isFrozen(stream);
  }

  /** What a stored event means now; undefined when it cannot be read or has not been folded yet. */
  effectOf(stored: StoredEvent): FactEffect | undefined {
    const decoded = decodeEvent(stored);
    return decoded.readable ? this.effectOfFact(decoded.event) : undefined;
  }

  /** As `effectOf`, for whoever has decoded the event already. */
  effectOfFact(event: LedgerEvent): FactEffect | undefined {
    return event.ordinal > this.ordinal ? undefined : effectOf(this.fold, event);
  }

  /** A trial of facts on top of the map as it is at this moment; the map never hears of it. */
  trial(): Trial {
    return new Trial(this.fold);
  }

  /** Resolves true as soon as the map has the event, false when it does not within `timeoutMs`. */
  async reached(ordinal: number, timeoutMs: number): Promise<boolean> {
    if (this.ordinal >= ordinal) return true;
    return new Promise((resolve) => {
      const waiter = { ordinal, done: () => (clearTimeout(timer), resolve(true)) };
      const timer = setTimeout(() => {
        this.waiters = this.waiters.filter((one) => one !== waiter);
        resolve(false);
      }, timeoutMs);
      this.waiters.push(waiter);
    });
  }

  /** For the projector only: folds one page of the log. */
  foldPage(events: readonly StoredEvent[]): void {
    for (const event of events) this.fold.fold(event);
    const changes = this.pending;
    this.pending = [];
    this.wakeWaiters();
    if (!this.isLive) return;
    if (changes.length > 0) this.changes.next(changes);
    this.stored.next(events);
  }

  /** For the projector only: the whole log has been folded. */
  becameLive(): void {
    if (this.isLive) return;
    this.isLive = true;
    this.changes.next([]);
  }

  /** For the projector only: everything the map remembers now; `releaseImage` must be called once nobody reads it. */
  image(): FoldImage {
    return this.fold.image();
  }

  /** For the projector only: an image of the map is read no more. */
  releaseImage(): void {
    this.fold.releaseImage();
  }

  /**
   * For the projector only, before anything was folded: takes up where the fold stood that gave these bytes.
   * @throws RangeError when they are not the bytes of an image; the map is then empty as before
   */
  restore(state: Uint8Array): void {
    const fold = this.emptyFold();
    fold.restore(state);
    this.fold = fold;
    this.wakeWaiters();
  }

  private emptyFold(): LogFold {
    return new LogFold({ onChange: (table, key) => this.pending.push({ table, key }) });
  }

  private wakeWaiters(): void {
    if (this.waiters.length === 0) return;
    const reached = this.waiters.filter((one) => one.ordinal <= this.ordinal);
    this.waiters = this.waiters.filter((one) => one.ordinal > this.ordinal);
    for (const { done } of reached) done();
  }
}
