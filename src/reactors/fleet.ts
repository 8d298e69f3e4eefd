import type { Brake } from './brakes.js';
import type { Actual, Plan } from './plan.js';

/** How much may change by itself, without an operator's word. */
export interface FleetLimits {
  /** Lines a minute that one device may lose because their grant went away. */
  readonly removalsPerMinute: number;
  /** The same over all devices together. */
  readonly removalsPerMinuteInAll: number;
  /** Devices that may be written to within a minute. */
  readonly devicesPerMinute: number;
}

/** What a device is about to do by itself. */
export interface Intent {
  readonly device: string;
  /** Lines that go because their grant went away. */
  readonly removals: number;
  /** Every line that would change. */
  readonly changes: number;
  /** Lines of ours that the device holds now. */
  readonly held: number;
}

/** What a plan means to do to a device. */
export function intentOf(device: string, { lines }: Pick<Plan, 'lines'>, { switch: state, bgp }: Actual): Intent {
  const entries = state.neighbours.filter((entry) => entry.ours).length;
  return {
    device,
    removals: lines.filter(({ why }) => why === 'grant-gone').length,
    changes: lines.length,
    held: entries + (bgp?.owned.length ?? 0),
  };
}

const windowMs = 60_000;
/** Fewer changes than this, or than a tenth of what a device holds, are everyday work and need no canary. */
const broadFrom = 20;
const broadShare = 0.1;

interface Canary {
  readonly device: string;
  readonly state: 'working' | 'confirmed' | 'failed';
  readonly at: number;
}

/**
 * What all devices of an engine share: how much goes away and how many devices change within a minute, and that the
 * first device of a broad change is read back before the others follow. A removal budget that was passed holds until
 * an operator applies the plan, or until billing takes the removals back; the other two let go by themselves.
 */
export class Fleet {
  private pushes: { readonly at: number; readonly device: string; readonly removals: number }[] = [];
  private readonly over = new Map<string, string>();
  private canary: Canary | undefined;
  private readonly listeners = new Set<() => void>();

  /** `now` in ms, monotonic. */
  constructor(
    private readonly limits: FleetLimits,
    private readonly now: () => number,
  ) {}

  /** What holds a device back that would go on by itself; undefined where nothing does. */
  brakeFor(intent: Intent): Brake | undefined {
    this.forgetOld();
    return this.removalRate(intent) ?? this.changeBudget(intent) ?? this.behindCanary(intent);
  }

  /** The device is written to from now on. */
  began({ device, removals, ...intent }: Intent): void {
    this.pushes.push({ at: this.now(), device, removals });
    if (isBroad(intent) && !this.hasConfirmedCanary()) this.canary = { device, state: 'working', at: this.now() };
  }

  /** What reading back showed. A device that went away says nothing about the change: another one goes first. */
  ended(device: string, how: 'confirmed' | 'failed' | 'unreachable'): void {
    if (this.canary?.device !== device || this.canary.state === 'confirmed') return;
    this.canary = how === 'unreachable' ? undefined : { device, state: how, at: this.now() };
    for (const listener of this.listeners) listener();
  }

  /** An operator applied the plan of this device, or it has nothing to do any more. */
  released(device: string): void {
    this.over.delete(device);
    if (this.canary?.device === device && this.canary.state !== 'confirmed') this.ended(device, 'unreachable');
  }

  /** Ms until a device that is held may look again; undefined where only an operator or another device can help. */
  dueMs(brake: Brake | undefined): number | undefined {
    if (brake?.code === 'change-budget') return Math.max(1, (this.pushes[0]?.at ?? 0) + windowMs - this.now());
    return brake?.code === 'canary' ? windowMs : undefined;
  }

  /** Told when a canary came to its end. */
  onRelease(listener: () => void): void {
    this.listeners.add(listener);
  }

  private removalRate({ device, removals }: Intent): Brake | undefined {
    if (removals === 0) {
      this.over.delete(device);
      return undefined;
    }
    const standing = this.over.get(device);
    if (standing !== undefined) return { code: 'removal-rate', detail: standing };
    const own = sum(this.pushes.filter((push) => push.device === device));
    const all = sum(this.pushes);
    const { removalsPerMinute, removalsPerMinuteInAll } = this.limits;
    const detail =
      own + removals > removalsPerMinute
        ? `would remove ${removals} lines after ${own} within a minute because their grant went away; the limit is ${removalsPerMinute} a minute`
        : all + removals > removalsPerMinuteInAll
          ? `would remove ${removals} lines after ${all} on all devices within a minute because their grant went away; the limit is ${removalsPerMinuteInAll} a minute`
          : undefined;
    if (detail === undefined) return undefined;
    this.over.set(device, detail);
    return { code: 'removal-rate', detail };
  }

  private changeBudget({ device }: Intent): Brake | undefined {
    const devices = new Set(this.pushes.map((push) => push.device));
    if (devices.has(device) || devices.size < this.limits.devicesPerMinute) return undefined;
    const detail = `${devices.size} other devices were changed within the last minute, which is the limit; it goes on by itself`;
    return { code: 'change-budget', detail };
  }

  private behindCanary({ device, ...intent }: Intent): Brake | undefined {
    const { canary } = this;
    if (canary === undefined || canary.device === device || !isBroad(intent)) return undefined;
    if (canary.state === 'confirmed') return undefined;
    const why =
      canary.state === 'working'
        ? `${canary.device}, the first device of a broad change, has not been read back yet`
        : `${canary.device}, the first device of a broad change, did not take it; see portledger plan ${canary.device}`;
    return { code: 'canary', detail: `${why}; this device waits for it` };
  }

  private hasConfirmedCanary(): boolean {
    return this.canary?.state === 'confirmed';
  }

  private forgetOld(): void {
    const oldest = this.now() - windowMs;
    this.pushes = this.pushes.filter(({ at }) => at > oldest);
    // One that never came to an end says nothing; one that failed stays until it is mended or released.
    if (this.canary !== undefined && this.canary.state !== 'failed' && this.canary.at <= oldest)
      this.canary = undefined;
  }
}

const sum = (pushes: readonly { readonly removals: number }[]): number =>
  pushes.reduce((total, { removals }) => total + removals, 0);

const isBroad = ({ changes, held }: Pick<Intent, 'changes' | 'held'>): boolean =>
  changes > Math.max(broadFrom, held * broadShare);
