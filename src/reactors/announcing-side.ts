import type { BgpState, Route } from '../drivers/bgp/bgp.port.js';
import type { ToldLast } from './journal.js';
import type { Standing } from './leaners.js';
import { destinationOf } from './lines.js';
import type { Side } from './moves.js';

/** What a clean reading changed: no write was under way between its first and its last word. */
export interface Seen {
  /** What it announces or holds now and, as far as was known, did not before. */
  readonly fresh: readonly string[];
  /** What it certainly announces no more. */
  readonly gone: readonly string[];
}

const inTableOnly = -1;

/**
 * What one device announces, from reading it and from what was sent to it. A destination counts from the moment it is
 * sent, before the device has heard of it, until a reading that began after the sending shows that it is not there.
 */
export class AnnouncingSide implements Side, Standing {
  /** MED by destination; -1 for what only the daemon's table has. */
  private held: ReadonlyMap<string, number> = new Map();
  private announced: ReadonlySet<string> = new Set();
  private readonly sent = new Set<string>();
  /** What the journal says it had; undefined until it was asked, and once the device was read. */
  private remembered: ReadonlySet<string> | undefined;
  private writes = 0;
  private writing = 0;
  lostAt: number | undefined;
  wasRead = false;
  /** Ordinal of our log that it was last driven from, as its stamp says or, while it cannot be read, its journal. */
  drivenFrom = -1;

  constructor(
    readonly device: string,
    readonly switchName: string,
    readonly holdTimeMs: number,
  ) {}

  /** True once it was read, or its journal was: until then it may announce anything. */
  get isKnown(): boolean {
    return this.wasRead || this.remembered !== undefined;
  }

  /** True once the device was read, or could not be. */
  get wasTried(): boolean {
    return this.wasRead || this.lostAt !== undefined;
  }

  mayAnnounce(destination: string): boolean {
    if (this.sent.has(destination) || this.held.has(destination)) return true;
    return this.wasRead ? false : (this.remembered?.has(destination) ?? true);
  }

  /** True when the last reading showed it announced: in the daemon's table and, where it can be seen, the kernel's. */
  announces(destination: string): boolean {
    return this.announced.has(destination);
  }

  /** MED that it is held with; undefined where that is not known. */
  medOf(destination: string): number | undefined {
    const med = this.held.get(destination);
    return med === inTableOnly ? undefined : med;
  }

  standingOn(destination: string): string {
    const known = [this.isKnown, this.lostAt === undefined, this.mayAnnounce(destination)];
    return [...known, this.medOf(destination), this.announces(destination)].join();
  }

  /** What it may announce, as far as that can be listed. */
  destinations(): Iterable<string> {
    return this.wasRead ? this.held.keys() : (this.remembered ?? []);
  }

  /** The journal was asked while the device could not be. */
  remember({ destinations, drivenFrom }: ToldLast): void {
    if (this.wasRead) return;
    this.remembered = destinations;
    this.drivenFrom = Math.max(this.drivenFrom, drivenFrom);
  }

  /** Marks the beginning of a reading; give it to `took`. */
  reading(): number {
    return this.writing > 0 ? -1 : this.writes;
  }

  /** A reading that succeeded. @param began what `reading` gave at its beginning */
  took(began: number, state: BgpState): Seen {
    const held = new Map(state.owned.map((route) => [destinationOf(route), route.med]));
    for (const key of state.inTable) if (!held.has(nameOf(key))) held.set(nameOf(key), inTableOnly);
    const isSettled = this.writing === 0 && began === this.writes;
    // What the daemon has not been told to keep, it may undo by itself.
    const isClean = isSettled && state.unconfirmed !== true;
    const before = this.held;
    const fresh = [...held.keys()].filter((destination) => !before.has(destination));
    const known = this.wasRead ? [...before.keys(), ...this.sent] : [...(this.remembered ?? []), ...this.sent];
    const gone = isClean ? known.filter((destination) => !held.has(destination)) : [];
    this.held = isClean ? held : new Map([...before, ...held]);
    if (isClean) this.sent.clear();
    this.announced = new Set(
      [...state.inTable].filter((key) => state.inKernel?.has(key) ?? true).map((key) => nameOf(key)),
    );
    this.wasRead ||= isSettled;
    if (this.wasRead) this.remembered = undefined;
    this.lostAt = undefined;
    return { fresh, gone };
  }

  /** A reading that failed at `now`, ms monotonic. */
  lost(now: number): void {
    this.lostAt ??= now;
  }

  /** These are about to be sent; call what is given back when the device has answered, whatever it said. */
  sending(routes: readonly Route[]): () => void {
    for (const route of routes) this.sent.add(destinationOf(route));
    this.writes++;
    this.writing++;
    return () => void this.writing--;
  }
}

/** The destination of a route's key. */
function nameOf(key: string): string {
  return key.slice(0, key.indexOf(' '));
}
