import { type Approval, wordsFor } from './approval.js';
import { type Brake, firstPlanBrake, freezeBrake, identityBrake, removalBrake } from './brakes.js';
import type { DeviceMode } from './device-status.js';
import type { Fleet, Intent } from './fleet.js';
import { type Freeze, isAway, isStrike, Strikes } from './freezes.js';
import type { Sight } from './sight.js';

export interface RestraintOptions {
  readonly device: string;
  readonly mode: DeviceMode;
  /** Whether an operator, or the engine by itself, stopped this device or every device. */
  readonly freeze?: Freeze;
  readonly freezeAll?: Freeze;
  /** What all devices of an engine share. */
  readonly fleet?: Fleet;
  /** Monotonic ms. */
  readonly now: () => number;
}

/** Everything that keeps one device from being written to, and whose word counts against it. */
export class Restraint {
  private readonly strikes: Strikes;

  constructor(private readonly options: RestraintOptions) {
    this.strikes = new Strikes(options.now);
  }

  /** Reads what was decided before this process. Rejects when the log cannot be read: then nothing may be written. */
  async open(): Promise<void> {
    await Promise.all([this.options.freeze?.open(), this.options.freezeAll?.open()]);
  }

  /** What binds withdrawals too. */
  binding({ log, actual }: Sight): Brake | undefined {
    return this.frozen() ?? identityBrake(log, actual);
  }

  /** The first brake that holds the device; without an intent only what holds additions. */
  brakeOn(sight: Sight, intent?: Intent): Brake | undefined {
    const before = this.binding(sight) ?? this.firstPlan(sight);
    if (before !== undefined || intent === undefined) return before;
    return removalBrake(sight.plan, sight.actual) ?? this.beside(intent);
  }

  /** Who approved this very plan; undefined where nobody did, and who gave a word hears why it does not count. */
  approved({ word, answer }: Approval, { plan, planHash, actual }: Sight, brake?: Brake): string | undefined {
    if (word === undefined) return undefined;
    const words = wordsFor(this.options.device, plan);
    const frozen = this.frozen();
    if (this.options.mode === 'observe') answer({ said: 'observing' });
    else if (frozen !== undefined) answer({ said: 'frozen', detail: frozen.detail });
    else if (word.planHash !== planHash) answer({ said: 'other-plan', planHash });
    else if (plan.lines.length === 0 && brake === undefined) answer({ said: 'nothing-to-do' });
    else if (removalBrake(plan, actual) !== undefined && word.typed !== words)
      answer({ said: 'confirmation-needed', words });
    else return word.by;
    return undefined;
  }

  /** A device that refuses, or that had to be brought back, three times within ten minutes is left alone. */
  async tookBadly(error: unknown): Promise<void> {
    const { fleet, freeze, device } = this.options;
    fleet?.ended(device, isAway(error) ? 'unreachable' : 'failed');
    if (!isStrike(error) || !this.strikes.struck()) return;
    const said = error instanceof Error ? error.message : String(error);
    await freeze?.freeze(`three pushes failed within ten minutes, the last one: ${said}`, 'portledger');
  }

  private frozen(): Brake | undefined {
    return freezeBrake(this.options.freeze?.current, this.options.freezeAll?.current);
  }

  /** Only where the engine writes by itself: elsewhere every plan waits for somebody's word anyway. */
  private firstPlan({ plan, actual }: Sight): Brake | undefined {
    return this.options.mode === 'enforce' ? firstPlanBrake(plan, actual) : undefined;
  }

  /** What would be done by itself is counted beside the other devices. */
  private beside(intent: Intent): Brake | undefined {
    if (this.options.mode !== 'enforce' || intent.changes === 0) return undefined;
    return this.options.fleet?.brakeFor(intent);
  }
}
