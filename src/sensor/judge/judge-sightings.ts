import { parseMac, type PortId, type Vlan } from '../../../events/index.js';
import { type Observation, portIsFact } from '../../../projections/index.js';
import type { Verdict } from './judge-verdict.js';

const minuteMs = 60_000;

interface PortSightings {
  readonly lastByVlan: Map<Vlan, string>;
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
  private changed = 0;

  constructor(
    private readonly lastSeen: LastSeen,
    private readonly perMinute: number,
  ) {}

  /** Changes that were not told because their port had used up its minute. */
  get suppressed(): number {
    return this.untold;
  }

  /** Grows whenever another MAC becomes the last one somewhere: same number, same answers of `last`. */
  get changes(): number {
    return this.changed;
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
    this.changed++;
    seen.lastByVlan.set(vlan, mac);
    return [{ type: 'MacSeen', data: { port, vlan, mac }, sensor, time: frameTime }];
  }

  private sightingsOf(port: PortId, clock: number): PortSightings {
    const known = this.ports.get(port);
    if (known !== undefined) return known;
    const fresh = { lastByVlan: new Map<Vlan, string>(), minuteStart: clock, toldThisMinute: 0 };
    this.ports.set(port, fresh);
    return fresh;
  }
}
