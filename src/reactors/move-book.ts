import { formatInstant } from '../../events/index.js';
import type { DesiredRoute, DesiredState } from '../../projections/index.js';
import type { LiveMap } from '../projector/live-map.js';
import { grantOf } from './granted-to.js';
import { destinationOf } from './lines.js';
import type { Move, Verdict } from './moves.js';

/** A move that came to its end, as the journal keeps it. */
export type FinishedMove = Omit<Move, 'to' | 'state' | 'waits' | 'startedAt' | 'finishedAt'>;

/** Who keeps the journal of the device that a server moved to. */
export interface MoveJournal {
  readonly device: string;
  journal(move: FinishedMove): Promise<void>;
}

/** A move under way; times in ms, monotonic. */
interface Open {
  readonly move: { -readonly [Field in keyof Move]: Move[Field] };
  withdrawnAt: number | undefined;
  announcedAt: number | undefined;
}

interface Withdrawn {
  readonly device: string;
  readonly switch: string;
  /** Ms, monotonic. */
  readonly at: number;
  /** Where the map stood. */
  readonly ordinal: number;
}

const mostFinished = 500;
const mostWithdrawn = 50_000;

/** Keeps account of moves: when the old gateway was read back without a destination, and when the new one with it. */
export class MoveBook {
  private readonly open = new Map<string, Open>();
  private readonly finished: Move[] = [];
  private readonly unstored = new Map<string, FinishedMove[]>();
  private readonly storing = new Map<string, Promise<void>>();
  private readonly lastWithdrawn = new Map<string, Withdrawn>();
  private readonly overlapSince = new Map<string, number>();
  private readonly journals = new Map<string, MoveJournal>();

  /** `clock` in ms since 1970. */
  constructor(private readonly options: { readonly liveMap: LiveMap; readonly clock: () => number }) {}

  all(): Move[] {
    return [...[...this.open.values()].map(({ move }) => ({ ...move })), ...this.finished.toReversed()];
  }

  /** The route is wanted at a device that does not have it yet. Starts a move where another gateway has, or just had, it. */
  seen(
    route: DesiredRoute,
    to: { readonly device: string; readonly switch: string },
    { from, manner, verdict }: Pick<Move, 'from' | 'manner'> & { readonly verdict: Verdict },
  ): void {
    const destination = destinationOf(route);
    const key = keyOf(to.device, destination);
    const open = this.open.get(key) ?? this.begun(route, to, from);
    if (open === undefined) return;
    this.open.set(key, open);
    const { move } = open;
    move.from = [...new Set([...move.from, ...from])];
    move.epoch = route.epoch;
    if (manner === 'announce-first') move.manner = manner;
    move.state = verdict.may ? 'announcing' : 'waiting';
    if (verdict.may) delete move.waits;
    else move.waits = verdict.waits;
  }

  /** It is sent to the device now. @param unconfirmed the devices that could not be asked, or were not waited for */
  admitted(destination: string, device: string, unconfirmed: readonly string[]): void {
    const open = this.open.get(keyOf(device, destination));
    if (open !== undefined && unconfirmed.length > 0) open.move.oldSide = 'unconfirmed';
  }

  /** A switch was read back without it. `at` in ms, monotonic. */
  withdrawn(destination: string, by: { readonly device: string; readonly switch: string }, at: number): void {
    const { device } = by;
    this.overlapSince.delete(keyOf(device, destination));
    this.lastWithdrawn.delete(destination);
    const [oldest] = this.lastWithdrawn.size >= mostWithdrawn ? this.lastWithdrawn.keys() : [];
    if (oldest !== undefined) this.lastWithdrawn.delete(oldest);
    const { ordinal } = this.options.liveMap;
    this.lastWithdrawn.set(destination, { device, switch: by.switch, at, ordinal });
    for (const open of this.open.values()) {
      const { move } = open;
      if (move.destination !== destination || !move.from.includes(device)) continue;
      open.withdrawnAt = at;
      if (open.announcedAt !== undefined) this.finish(open);
    }
  }

  /** It is announced by this switch again: a flap of its link is no move. */
  isBack(destination: string, switchName: string): void {
    if (this.lastWithdrawn.get(destination)?.switch === switchName) this.lastWithdrawn.delete(destination);
  }

  /** The device was read. `at` in ms, monotonic. */
  read(to: MoveJournal, announces: (destination: string) => boolean, at: number): void {
    this.journals.set(to.device, to);
    for (const open of this.open.values()) {
      const { move } = open;
      if (move.to !== to.device || open.announcedAt !== undefined || !announces(move.destination)) continue;
      open.announcedAt = at;
      const isWaitedFor = move.manner === 'announce-first' && open.withdrawnAt === undefined;
      if (isWaitedFor) move.state = 'withdrawing';
      else this.finish(open);
    }
  }

  /** Moves that the map has taken back are no moves. */
  forgetUnwanted(device: string, desired: DesiredState): void {
    const moves = [...this.open.values()].filter(({ move }) => move.to === device);
    if (moves.length === 0) return;
    const wanted = new Set(desired.routes.map(destinationOf));
    for (const { destination } of moves.map(({ move }) => move))
      if (!wanted.has(destination)) this.open.delete(keyOf(device, destination));
  }

  /** Lets what waits go on; `what` is a destination or a server id. */
  release(what: string, by: string): Move[] {
    const moves = [...this.open.values()].map(({ move }) => move);
    const released = moves.filter(
      ({ destination, serverId, state }) => state === 'waiting' && (destination === what || serverId === what),
    );
    for (const move of released) move.releasedBy = by;
    return released.map((move) => ({ ...move }));
  }

  isReleased(destination: string, device: string): boolean {
    return this.open.get(keyOf(device, destination))?.move.releasedBy !== undefined;
  }

  /** How long a device has kept announcing it for the sake of an overlap, ms; starts with 0. */
  overlapFor(destination: string, device: string, now: number): number {
    const key = keyOf(device, destination);
    const since = this.overlapSince.get(key) ?? now;
    this.overlapSince.set(key, since);
    return now - since;
  }

  /** What belongs to the device again would overlap anew. */
  endOverlaps(device: string, { routes }: DesiredState): void {
    if (this.overlapSince.size === 0) return;
    for (const route of routes) this.overlapSince.delete(keyOf(device, destinationOf(route)));
  }

  /** Two gateways announce it because they are meant to. */
  isOverlapping(destination: string): boolean {
    for (const { move } of this.open.values())
      if (move.destination === destination && move.manner === 'announce-first') return true;
    return false;
  }

  /** Stores what could not be stored when it came to its end. Rejects when the log cannot store it. */
  async store({ device }: { readonly device: string }): Promise<void> {
    if (this.unstored.get(device) === undefined) return;
    const before = this.storing.get(device) ?? Promise.resolve();
    const done = before.catch(() => undefined).then(() => this.storeOne(device));
    this.storing.set(device, done);
    return done;
  }

  private async storeOne(device: string): Promise<void> {
    const moves = this.unstored.get(device) ?? [];
    for (let move = moves[0]; move !== undefined; move = moves[0]) {
      await this.journals.get(device)?.journal(move);
      moves.shift();
    }
  }

  private begun(
    route: DesiredRoute,
    to: { readonly device: string; readonly switch: string },
    from: Move['from'],
  ): Open | undefined {
    const destination = destinationOf(route);
    const last = this.heldBefore(destination, to.switch);
    if (from.length === 0 && last === undefined) return undefined;
    const move: Move = {
      destination,
      serverId: route.serverId,
      from: from.length > 0 || last === undefined ? from : [last.device],
      to: to.device,
      epoch: route.epoch,
      manner: 'withdraw-first',
      state: 'waiting',
      oldSide: 'confirmed',
      startedAt: formatInstant(this.options.clock()),
    };
    return { move, withdrawnAt: from.length === 0 ? last?.at : undefined, announcedAt: undefined };
  }

  /** The gateway that announced it last, where its present server had it then already. */
  private heldBefore(destination: string, switchName: string): Withdrawn | undefined {
    const last = this.lastWithdrawn.get(destination);
    if (last === undefined || last.switch === switchName) return undefined;
    const grant = grantOf(this.options.liveMap.map, destination);
    return grant !== undefined && grant.soldAt <= last.ordinal ? last : undefined;
  }

  private finish({ move, withdrawnAt, announcedAt }: Open): void {
    const { destination, serverId, from, to, epoch, manner, oldSide, releasedBy, startedAt } = move;
    this.open.delete(keyOf(to, destination));
    this.lastWithdrawn.delete(destination);
    const isMeasured = withdrawnAt !== undefined && announcedAt !== undefined && oldSide === 'confirmed';
    const outcome: FinishedMove = {
      ...{ destination, serverId, from, epoch, manner, oldSide },
      ...(isMeasured ? { blackoutMs: Math.max(0, Math.round(announcedAt - withdrawnAt)) } : {}),
      ...(releasedBy === undefined ? {} : { releasedBy }),
    };
    const finishedAt = formatInstant(this.options.clock());
    this.finished.push({ ...outcome, to, state: 'finished', startedAt, finishedAt });
    if (this.finished.length > mostFinished) this.finished.shift();
    const unstored = this.unstored.get(to) ?? [];
    this.unstored.set(to, unstored);
    unstored.push(outcome);
    // What fails now is tried again before the next look at the device, which cannot be taken without a journal.
    void this.store({ device: to }).catch(() => undefined);
  }
}

const keyOf = (device: string, destination: string): string => `${device} ${destination}`;
