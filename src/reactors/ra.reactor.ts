import { PartReactor, type PartReactorOptions } from './part.reactor.js';
import { RaHands, type RaHandsOptions, type RaSight } from './ra-hands.js';
import type { RaLine, RaPlan } from './ra-plan.js';
import type { RaStatus } from './ra-status.js';

export type RaReactorOptions = PartReactorOptions & RaHandsOptions;

/** Makes the router advertisements of one device tell every granted machine its default route, and nobody else. */
export class RaReactor extends PartReactor<RaLine, RaPlan, RaSight, RaStatus> {
  constructor(options: RaReactorOptions) {
    super(options, new RaHands(options));
  }
}
