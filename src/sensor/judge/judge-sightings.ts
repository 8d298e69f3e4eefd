import { parseMac, type PortId, type Vlan } from '../../../events/index.js';
import { type Observation, portIsFact } from '../../../projections/index.js';
import type { Verdict } from './judge-verdict.js';

const minuteMs = 60_000;

interface PortSightings {
  readonly lastByVlan: Map<Vlan, string>;
  changes: number;
  minuteStart: number;
  toldThisMinute: number;
}

/** The MAC last stored as seen on a port and VLAN, from before this process. */
export type LastSeen = (port: PortId, vlan: Vlan) => string | undefined;

/**
 * Which MAC each port and VLAN showed last. A change is told once, and at most so many times a port and minute:
 * what is above that is counted, and told later if it is still there.
 */
export class MacSightings {
  private readonly ports = new Map<PortId, PortSightings>();
  private untold = 0;

  constructor(
    private readonly lastSeen: LastSeen,
    private readonly perMinute: number,
  ) {}

  /** Changes that were not told because their port had used up its minute. */
  get suppressed(): number {
    return this.untold;
  }

  /** `changes` grows whenever another MAC becomes the last one at the port: same number, same answers of `last` there. */
  at(port: PortId): { readonly changes: number } {
    return this.sightingsOf(port, Number.NEGATIVE_INFINITY);
  }

  /** The MAC seen last on a port and VLAN, stored or told. */
  last(port: PortId, vlan: Vlan): string | undefined {
    return this.ports.get(port)?.lastByVlan.get(vlan) ?? this.lastSeen(port, vlan);
  }

  see(observation: Observation, clock: number): Verdict[] {
    const { port, vlan, etherSource, sensor, frameTime } = observation;
    if (port === undefined || vlan === undefined || !portIsFact(observation)) return [];
    const mac = parseMac(etherSource);
    if (mac === undefined) return [];
    const seen = this.sightingsOf(port, clock);
    const last = seen.lastByVlan.get(vlan) ?? this.lastSeen(port, vlan);
    if (last === mac) {
      seen.lastByVlan.set(vlan, mac);
      return [];
    }
    if (clock - seen.minuteStart >= minuteMs) {
      seen.minuteStart = clock;
      seen.toldThisMinute = 0;
    }
    if (seen.toldThisMinute >= this.perMinute) {
      this.untold++;
      return [];
    }
    seen.toldThisMinute++;
    seen.changes++;
    seen.lastByVlan.set(vlan, mac);
    return [{ type: 'MacSeen', data: { port, vlan, mac }, sensor, time: frameTime }];
  }

  private sightingsOf(port: PortId, clock: number): PortSightings {
    const known = this.ports.get(port);
    if (known !== undefined) return known;
    const fresh = { lastByVlan: new Map<Vlan, string>(), changes: 0, minuteStart: clock, toldThisMinute: 0 };
    this.ports.set(port, fresh);
    return fresh;
  }
}
