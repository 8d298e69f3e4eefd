import { parseInstant, type StoredEvent } from '../../../events/index.js';
import { type Grants, LogFold, mapGrants } from '../../../projections/index.js';
import type { LogPages } from './log-pages.js';

/** The map that frames of the past are judged by. Frames come in the order of time, so it only ever moves forward. */
export interface MapThen {
  /** True while the map lacks something for a frame of this time, ms since 1970: advance it first. */
  isBehind(time: number): boolean;
  /** Brings the map to this time; `before` is told when each fact was recorded, ahead of its being folded. */
  advance(time: number, before: (recordedAt: number) => void): Promise<void>;
  /** What rules may ask of the map as it is now. */
  readonly grants: Grants;
}

/** Which one map is meant: of the facts of a valid time, of what was known by then, or of both. Times in ms since 1970. */
export interface FixedMap {
  readonly at?: number;
  readonly knownAt?: { readonly ordinal: number } | { readonly recordedAt: number };
}

/** The map as the engine had it when each frame was captured: what was recorded by then, as a live sensor judges. */
export class MapOfEachFrame implements MapThen {
  private readonly fold = new LogFold();
  private readonly pages: AsyncIterator<readonly StoredEvent[]>;
  private page: readonly StoredEvent[] = [];
  private at = 0;
  private ended = false;
  private look: Grants | undefined;

  constructor(log: LogPages) {
    this.pages = log.pages()[Symbol.asyncIterator]();
  }

  get grants(): Grants {
    if (this.look?.ordinal !== this.fold.ordinal) this.look = mapGrants(this.fold.map, this.fold.ordinal);
    return this.look;
  }

  isBehind(time: number): boolean {
    const next = this.page[this.at];
    return next === undefined ? !this.ended : recordedAtOf(next) <= time;
  }

  async advance(time: number, before: (recordedAt: number) => void): Promise<void> {
    while (this.isBehind(time)) {
      const next = this.page[this.at];
      if (next === undefined) {
        await this.turnPage();
        continue;
      }
      before(recordedAtOf(next));
      this.fold.fold(next);
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
  const grants = mapGrants(fold.map, fold.ordinal);
  return { grants, isBehind: () => false, advance: () => Promise.resolve() };
}

function isKnown(event: StoredEvent, knownAt: FixedMap['knownAt']): boolean {
  if (knownAt === undefined) return true;
  return 'ordinal' in knownAt ? event.ordinal <= knownAt.ordinal : recordedAtOf(event) <= knownAt.recordedAt;
}

/** The store stamps every event; one it did not stamp counts as there from the start. */
function recordedAtOf({ metadata }: StoredEvent): number {
  return parseInstant(metadata.recordedAt) ?? Number.NEGATIVE_INFINITY;
}
