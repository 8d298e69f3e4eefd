import { parseInstant, type StoredEvent } from '../../../events/index.js';
import { type ChangedRow, GrantChanges, LogFold } from '../../../projections/index.js';
import { DatedGrants } from '../judge/grants/dated-grants.js';
import { judgeLimits } from '../judge/judge-limits.js';
import type { LogPages } from './log-pages.js';

/** The map that frames of the past are judged by. Frames come in the order of time, so it only ever moves forward. */
export interface MapThen {
  /** True while the map lacks something for a frame of this time, ms since 1970: advance it first. */
  isBehind(time: number): boolean;
  /** Brings the map to this time; `before` is told when each fact was recorded, ahead of its being taken in. */
  advance(time: number, before: (recordedAt: number) => void): Promise<void>;
  /** What judging asks of the map, always the same object: as it is now, and for a while as it was. */
  readonly grants: DatedGrants;
}

/** Which one map is meant: of the facts of a valid time, of what was known by then, or of both. Times in ms since 1970. */
export interface FixedMap {
  readonly at?: number;
  readonly knownAt?: { readonly ordinal: number } | { readonly recordedAt: number };
}

/** The map as the engine had it when each frame was captured: what was recorded by then, as a live sensor judges. */
export class MapOfEachFrame implements MapThen {
  readonly grants: DatedGrants;
  private changed: ChangedRow[] = [];
  private readonly fold = new LogFold({ onChange: (table, key) => this.changed.push({ table, key }) });
  private readonly changes = new GrantChanges(this.fold.map);
  private readonly pages: AsyncIterator<readonly StoredEvent[]>;
  private page: readonly StoredEvent[] = [];
  private at = 0;
  private ended = false;
  private begun = false;

  /** @param windowMs how long findings wait, and so how long it must be known what was before a change */
  constructor(
    log: LogPages,
    private readonly windowMs = judgeLimits.inFlightWindowMs,
  ) {
    this.grants = new DatedGrants(windowMs);
    this.pages = log.pages()[Symbol.asyncIterator]();
  }

  isBehind(time: number): boolean {
    const next = this.page[this.at];
    return next === undefined ? !this.ended : recordedAtOf(next) <= time;
  }

  async advance(time: number, before: (recordedAt: number) => void): Promise<void> {
    // What was recorded long before the first frame is one snapshot: no frame asks what was before it.
    if (!this.begun) {
      await this.foldUntil(time - this.windowMs, (event) => this.fold.fold(event));
      takeAll(this.grants, this.fold, this.changes);
      this.changed = [];
      this.begun = true;
    }
    await this.foldUntil(time, (event) => this.take(event, before));
  }

  private take(event: StoredEvent, before: (recordedAt: number) => void): void {
    const recordedAt = recordedAtOf(event);
    before(recordedAt);
    this.fold.fold(event);
    const records = this.changes.touchedBy(this.changed, this.fold.ordinal);
    this.changed = [];
    if (records !== undefined) this.grants.take(records, recordedAt);
  }

  private async foldUntil(time: number, take: (event: StoredEvent) => void): Promise<void> {
    while (this.isBehind(time)) {
      const next = this.page[this.at];
      if (next === undefined) {
        await this.turnPage();
        continue;
      }
      take(next);
      this.at++;
    }
  }

  private async turnPage(): Promise<void> {
    const turned = await this.pages.next();
    this.ended = turned.done === true;
    this.page = turned.done === true ? [] : turned.value;
    this.at = 0;
  }
}

/** One and the same map for all frames. */
export async function fixedMap(log: LogPages, { at, knownAt }: FixedMap): Promise<MapThen> {
  const fold = new LogFold(at === undefined ? {} : { at });
  for await (const page of log.pages()) {
    const known = page.filter((event) => isKnown(event, knownAt));
    for (const event of known) fold.fold(event);
    if (known.length < page.length) break;
  }
  const grants = new DatedGrants(0);
  takeAll(grants, fold, new GrantChanges(fold.map));
  return { grants, isBehind: () => false, advance: () => Promise.resolve() };
}

function takeAll(grants: DatedGrants, fold: LogFold, changes: GrantChanges): void {
  for (const records of changes.all(() => fold.ordinal)) grants.take(records);
}

function isKnown(event: StoredEvent, knownAt: FixedMap['knownAt']): boolean {
  if (knownAt === undefined) return true;
  return 'ordinal' in knownAt ? event.ordinal <= knownAt.ordinal : recordedAtOf(event) <= knownAt.recordedAt;
}

/** The store stamps every event; one it did not stamp counts as there from the start. */
function recordedAtOf({ metadata }: StoredEvent): number {
  return parseInstant(metadata.recordedAt) ?? Number.NEGATIVE_INFINITY;
}
