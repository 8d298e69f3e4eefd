import type { DesiredState, DesiredRoute } from '../../projections/index.js';
import type { BgpDriver, BgpState, Route } from '../drivers/bgp/bgp.port.js';
import type { DeviceStamp } from '../drivers/switch/switch.port.js';
import type { LiveMap } from '../projector/live-map.js';
import { AnnouncingSide, type Seen } from './announcing-side.js';
import type { DeviceMode } from './device-status.js';
import { Fences } from './fences.js';
import { grantOf } from './granted-to.js';
import { type Holds, type HoldSource } from './holds.js';
import { destinationOf } from './lines.js';
import type { ToldLast } from './journal.js';
import { Leaners } from './leaners.js';
import { MoveBook, type MoveJournal } from './move-book.js';
import { type Fenced, type Move, verdictOn } from './moves.js';
import { overlapKept } from './overlap.js';
import type { Actual } from './plan.js';

/** One gateway device that announces, as it joins the gate. */
export interface Member extends MoveJournal {
  readonly switch: string;
  readonly site: string;
  readonly mode: DeviceMode;
  /** MED of what it announces. */
  readonly med: number;
  readonly holdTimeMs: number;
  /** What its journal says that it was told last. */
  remembered(): Promise<ToldLast>;
  /** Looks at the device again soon. */
  wake(): void;
}

export interface MoveGateOptions {
  readonly liveMap: LiveMap;
  /** Between which sites servers move with the new gateway announcing first. */
  readonly overlaps: readonly { readonly from: string; readonly to: string }[];
  readonly alerts: {
    raise(code: string, key: string, detail: string): void;
    clear(code: string, key: string): void;
  };
  /** Monotonic ms. */
  readonly now: () => number;
  /** Ms since 1970. */
  readonly clock: () => number;
  /** Longest that a look waits for the first reading of the other gateways, ms. */
  readonly firstReadingMs?: number;
}

/** What a reactor is given of the gate. */
export interface Membership {
  /** Speaks to the daemon, and lets the gate see what is read and what is about to be sent. */
  readonly bgp: BgpDriver;
  readonly holds: HoldSource;
  /** What a device keeps although the map has moved it on: what the new gateway is to announce first. */
  amend(desired: DesiredState, actual: Actual): DesiredState;
}

interface Inside {
  readonly member: Member;
  readonly side: AnnouncingSide;
  /** Resolves when the device was read for the first time, or could not be. */
  readonly tried: Promise<void>;
  readonly wasTried: () => void;
  /** When it is woken by itself, ms monotonic. */
  alarm: { readonly at: number; readonly timer: NodeJS.Timeout } | undefined;
}

/** A map that is behind its log catches up, or somebody must see to it: it is looked at this often. */
const behindPauseMs = 1_000;

/**
 * Shared by all gateways of an engine: a destination is announced at one switch at a time. It is asked before a plan is
 * made and once more at the last moment before routes are sent, so that two gateways that look at once cannot both win.
 */
export class MoveGate {
  private readonly members = new Map<string, Inside>();
  private readonly book: MoveBook;
  private readonly fences: Fences;
  private readonly leaners = new Leaners();
  private patienceEnds: number | undefined;

  constructor(private readonly options: MoveGateOptions) {
    this.book = new MoveBook(options);
    this.fences = new Fences(options.alerts);
  }

  join(member: Member, bgp: BgpDriver): Membership {
    let wasTried = (): void => undefined;
    const tried = new Promise<void>((resolve) => (wasTried = resolve));
    const side = new AnnouncingSide(member.device, member.switch, member.holdTimeMs);
    const inside: Inside = { member, side, tried, wasTried, alarm: undefined };
    this.members.set(member.device, inside);
    return {
      bgp: this.watched(inside, bgp),
      holds: { look: (_actual, desired) => this.look(inside, desired) },
      amend: (desired, actual) => this.amend(inside, desired, actual),
    };
  }

  /** Moves under way first, then those that came to their end since the engine started, the newest first. */
  moves(): Move[] {
    return this.book.all();
  }

  fencedOf(device: string): Fenced[] {
    return this.fences.of(device);
  }

  /**
   * An operator's word that these need not wait for their old gateway any longer.
   * @param what a destination, or the id of a server: all that waits for it
   * @returns the moves that go on; none where nothing waits
   */
  release(what: string, by: string): Move[] {
    const released = this.book.release(what, by);
    this.wake(released.map(({ to }) => to));
    return released;
  }

  close(): void {
    for (const { alarm } of this.members.values()) clearTimeout(alarm?.timer);
  }

  private watched(inside: Inside, bgp: BgpDriver): BgpDriver {
    const { side } = inside;
    const read = async (): Promise<BgpState> => {
      const began = side.reading();
      try {
        const state = await bgp.read();
        this.took(inside, began, state);
        return state;
      } catch (error) {
        await this.lost(inside);
        throw error;
      }
    };
    const setRoutes = async (routes: readonly Route[], stamp: DeviceStamp): Promise<void> => {
      const admitted = routes.filter((route) => this.admits(inside, route));
      const answered = side.sending(admitted);
      try {
        await bgp.setRoutes(admitted, stamp);
      } finally {
        answered();
      }
    };
    return delegating(bgp, { read, setRoutes });
  }

  private took(inside: Inside, began: number, state: BgpState): void {
    const { member, side } = inside;
    const { liveMap, now } = this.options;
    let seen: Seen = { fresh: [], gone: [] };
    const leaning = this.leaners.around(side, () => (seen = side.took(began, state)));
    if (state.stamp?.logId === liveMap.logId) side.drivenFrom = state.stamp.ordinal;
    const at = now();
    for (const destination of seen.fresh) {
      this.book.isBack(destination, member.switch);
      this.fenceDoubled(inside, destination);
    }
    for (const destination of seen.gone) {
      this.fences.lift(member.device, destination);
      if (this.ofSwitch(member.switch).some((one) => one.side.mayAnnounce(destination))) continue;
      this.book.withdrawn(destination, member, at);
    }
    this.book.read(member, (destination) => side.announces(destination), at);
    inside.wasTried();
    this.wake(leaning);
  }

  private async lost(inside: Inside): Promise<void> {
    const { side } = inside;
    const leaning = this.leaners.around(side, () => side.lost(this.options.now()));
    await this.recall(inside);
    inside.wasTried();
    this.wake(leaning);
  }

  /** What a device that was not read may announce is what its journal says it had. */
  private async recall(inside: Inside): Promise<void> {
    const { member, side } = inside;
    if (side.isKnown) return;
    const told = await member.remembered().catch(() => undefined);
    if (told !== undefined) this.wake(this.leaners.around(side, () => side.remember(told)));
    for (const destination of side.destinations()) this.fenceDoubled(inside, destination);
  }

  private async look(inside: Inside, desired: DesiredState): Promise<Holds> {
    await this.othersTried(inside);
    await this.book.store(inside.member);
    const { device } = inside.member;
    this.book.forgetUnwanted(device, desired);
    const routes = new Map<string, DesiredRoute>();
    const wanted = (route: Route): DesiredRoute | undefined => {
      if (routes.size === 0) for (const one of desired.routes) routes.set(destinationOf(one), one);
      return routes.get(destinationOf(route));
    };
    return { onEntry: () => undefined, onRoute: (route) => this.whyWaits(inside, route, wanted(route)) };
  }

  /** At the last moment before it is sent. */
  private admits(inside: Inside, route: Route): boolean {
    return this.whyWaits(inside, route, undefined) === undefined;
  }

  /** Why this device may not announce it now; undefined where it may. */
  private whyWaits(inside: Inside, route: Route, wanted: DesiredRoute | undefined): string | undefined {
    const { member, side } = inside;
    const destination = destinationOf(route);
    if (side.isKnown && side.mayAnnounce(destination) && !this.fences.has(member.device, destination)) return undefined;
    const behind = this.whyBehind();
    if (behind !== undefined) {
      this.wakeIn(inside, behindPauseMs);
      return behind;
    }
    const others = this.othersOf(member);
    const holders = others.filter((one) => one.side.mayAnnounce(destination));
    const overlapping = holders.filter((one) => this.mayOverlap(one, member, destination));
    const inTheWay = holders.filter((one) => !overlapping.includes(one));
    const now = this.options.now();
    const isReleased = this.book.isReleased(destination, member.device);
    const verdict = verdictOn(
      destination,
      inTheWay.map((one) => one.side),
      now,
      isReleased,
    );
    if (wanted !== undefined) {
      const from = holders.filter((one) => one.side.isKnown).map((one) => one.member.device);
      const manner = overlapping.length > 0 ? 'announce-first' : 'withdraw-first';
      this.book.seen(wanted, member, { from, manner, verdict });
    }
    if (verdict.may) {
      if (wanted !== undefined) return undefined;
      this.book.admitted(destination, member.device, verdict.unconfirmed);
      for (const device of verdict.unconfirmed) this.fences.raise(device, destination, member.device);
      return undefined;
    }
    this.leaners.lean(member.device, destination);
    if (verdict.dueAt !== undefined) this.wakeIn(inside, verdict.dueAt - now);
    return verdict.waits;
  }

  /** A device was driven from a later event of this very log than our map has: somebody else knows more. */
  private whyBehind(): string | undefined {
    const { ordinal } = this.options.liveMap;
    for (const { side } of this.members.values()) {
      if (side.drivenFrom <= ordinal) continue;
      return `${side.device} was driven from #${side.drivenFrom}, this engine's map ends at #${ordinal}: it is behind`;
    }
    return undefined;
  }

  private canOverlap(from: string, to: string): boolean {
    return this.options.overlaps.some((pair) => pair.from === from && pair.to === to);
  }

  private mayOverlap(old: Inside, to: Member, destination: string): boolean {
    const med = old.side.medOf(destination);
    return this.canOverlap(old.member.site, to.site) && med !== undefined && med !== to.med;
  }

  private amend(inside: Inside, desired: DesiredState, actual: Actual): DesiredState {
    const { member } = inside;
    const { liveMap, now } = this.options;
    this.fences.liftGranted(member.device, desired);
    if (!this.options.overlaps.some(({ from }) => from === member.site)) return desired;
    this.book.endOverlaps(member.device, desired);
    return overlapKept(desired, actual, liveMap.map, {
      switch: member.switch,
      mayWaitFor: (binding, route) => {
        if (binding.switch === undefined || binding.link !== 'up') return false;
        const destination = destinationOf(route);
        const comers = this.ofSwitch(binding.switch).filter(({ member: to, side }) => {
          const isAble = to.mode === 'enforce' && side.lostAt === undefined;
          return isAble && this.canOverlap(member.site, to.site) && to.med !== route.med;
        });
        if (comers.length === 0 || comers.some(({ side }) => side.announces(destination))) return false;
        const left = member.holdTimeMs - this.book.overlapFor(destination, member.device, now());
        if (left < 0) return false;
        this.leaners.lean(member.device, destination);
        this.wakeIn(inside, left + 1);
        return true;
      },
    });
  }

  /** Two switches may announce one destination: the one that the map does not name is fenced, unless they may overlap. */
  private fenceDoubled({ member }: Inside, destination: string): void {
    const others = this.othersOf(member).filter(({ side }) => side.isKnown && side.mayAnnounce(destination));
    if (others.length === 0 || this.book.isOverlapping(destination)) return;
    const home = grantOf(this.options.liveMap.map, destination)?.binding.switch;
    for (const { member: other } of others) {
      if (member.switch === home) this.fences.raise(other.device, destination, member.device);
      else this.fences.raise(member.device, destination, other.device);
    }
  }

  /** At the start of an engine all gateways look at once: a moment is given to those that are not read yet. */
  private async othersTried({ member }: Inside): Promise<void> {
    const waiting = this.othersOf(member).filter(({ side }) => !side.wasTried && !side.isKnown);
    if (waiting.length === 0) return;
    const { now, firstReadingMs = 2_000 } = this.options;
    const ends = (this.patienceEnds ??= now() + firstReadingMs);
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, Math.max(0, ends - now()));
    });
    await Promise.race([Promise.all(waiting.map(({ tried }) => tried)), patience]);
    clearTimeout(timer);
    await Promise.all(waiting.filter(({ side }) => !side.wasTried).map((one) => this.recall(one)));
  }

  private othersOf(member: Member): Inside[] {
    return [...this.members.values()].filter((one) => one.member.switch !== member.switch);
  }

  private ofSwitch(name: string): Inside[] {
    return [...this.members.values()].filter((one) => one.member.switch === name);
  }

  private wake(devices: readonly string[]): void {
    for (const device of devices) this.members.get(device)?.member.wake();
  }

  /** At its next look it says anew what it waits for: one alarm, the earliest, is enough. */
  private wakeIn(inside: Inside, ms: number): void {
    const wait = Math.max(1, ms);
    const at = this.options.now() + wait;
    if (inside.alarm !== undefined && inside.alarm.at <= at) return;
    clearTimeout(inside.alarm?.timer);
    const timer = setTimeout(() => {
      inside.alarm = undefined;
      inside.member.wake();
    }, wait);
    inside.alarm = { at, timer: timer.unref() };
  }
}

/** The driver with some of its methods in place of its own. */
function delegating(bgp: BgpDriver, own: Pick<BgpDriver, 'read' | 'setRoutes'>): BgpDriver {
  return new Proxy(bgp, {
    get(target, property) {
      if (property === 'read' || property === 'setRoutes') return own[property];
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
