import { DhcpHands, type DhcpHandsOptions, type DhcpSight } from './dhcp-hands.js';
import type { DhcpLine, DhcpPlan } from './dhcp-plan.js';
import type { DhcpStatus } from './dhcp-status.js';
import { PartReactor, type PartReactorOptions } from './part.reactor.js';

export type DhcpReactorOptions = PartReactorOptions & DhcpHandsOptions;

/** Makes the DHCP daemons of one device hand out what the map grants. */
export class DhcpReactor extends PartReactor<DhcpLine, DhcpPlan, DhcpSight, DhcpStatus> {
  constructor(options: DhcpReactorOptions) {
    super(options, new DhcpHands(options));
  }
}
