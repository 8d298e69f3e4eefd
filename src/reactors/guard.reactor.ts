import { GuardHands, type GuardHandsOptions, type GuardSight } from './guard-hands.js';
import type { GuardLine, GuardPlan } from './guard-plan.js';
import type { GuardStatus } from './guard-status.js';
import { PartReactor, type PartReactorOptions } from './part.reactor.js';

export type GuardReactorOptions = PartReactorOptions & GuardHandsOptions;

/** Makes the guard of one device let in what the map grants. */
export class GuardReactor extends PartReactor<GuardLine, GuardPlan, GuardSight, GuardStatus> {
  private readonly guard: GuardHands;

  constructor(options: GuardReactorOptions) {
    const guard = new GuardHands(options);
    super(options, guard);
    this.guard = guard;
  }

  /** The interfaces on which the guard, as it was read last, drops everything that comes in. */
  get blocked(): readonly string[] {
    return this.guard.blocked;
  }
}
