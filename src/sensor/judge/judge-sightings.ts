import { type MacAddress, macNumber, parseMac, type PortId, type Vlan } from '../../../events/index.js';
import { type Observation, portIsFact } from '../../../projections/index.js';
import type { Verdict } from './judge-verdict.js';

const minuteMs = 60_000;

/** What was seen at one port; MACs are numbers of 48 bits. */
export class PortSightings {
  readonly lastByVlan = new Map<number, number>();
  /** Grows whenever another MAC becomes the last one: same number, same MAC last on each VLAN. */
  changes = 0;
  minuteStart = Number.NEGATIVE_INFINITY;
  toldThisMinute = 0;

  constructor(readonly port: PortId) {}
}

/** A MAC heard at a port and VLAN. */
export interface Sighting {
  readonly sensor: string;
  readonly seen: PortSightings;
  readonly vlan: Vlan;
  readonly mac: MacAddress;
  /** The MAC as a number of 48 bits. */
  readonly bits: number;
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

  at(port: PortId): PortSightings {
    const known = this.ports.get(port);
    if (known !== undefined) return known;
    const fresh = new PortSightings(port);
    this.ports.set(port, fresh);
    return fresh;
  }

  see(observation: Observation, clock: number): Verdict[] {
    const sighting = this.sightingIn(observation);
    return sighting === undefined ? [] : this.note(sighting, observation.frameTime, clock);
  }

  /** What is to be noted of an observation: a MAC that a server may have, where the port is a fact. */
  sightingIn(observation: Observation): Sighting | undefined {
    const { port, vlan, etherSource, sensor } = observation;
    const mac = parseMac(etherSource);
    if (port === undefined || vlan === undefined || mac === undefined || !portIsFact(observation)) return undefined;
    return { sensor, seen: this.at(port), vlan, mac, bits: macNumber(mac) };
  }

  note({ sensor, seen, vlan, mac, bits }: Sighting, time: number, clock: number): Verdict[] {
    if (!this.isNews(seen, vlan, bits, clock)) return none;
    return [sightingOf({ port: seen.port, vlan, mac }, sensor, time)];
  }

  /** True where this MAC is the last one seen on the VLAN, stored or told. */
  isLast(seen: PortSightings, vlan: number, mac: number): boolean {
    return this.lastOf(seen, vlan) === mac;
  }

  /** Notes a MAC that a server may have, heard where the port is a fact; true where it is to be told. */
  isNews(seen: PortSightings, vlan: number, mac: number, clock: number): boolean {
    if (this.lastOf(seen, vlan) === mac) {
      if (!seen.lastByVlan.has(vlan)) seen.lastByVlan.set(vlan, mac);
      return false;
    }
    if (clock - seen.minuteStart >= minuteMs) {
      seen.minuteStart = clock;
      seen.toldThisMinute = 0;
    }
    if (seen.toldThisMinute >= this.perMinute) {
      this.untold++;
      return false;
    }
    seen.toldThisMinute++;
    seen.changes++;
    seen.lastByVlan.set(vlan, mac);
    return true;
  }

  private lastOf(seen: PortSightings, vlan: number): number | undefined {
    const known = seen.lastByVlan.get(vlan);
    if (known !== undefined) return known;
    const stored = this.lastSeen(seen.port, vlan as Vlan);
    return stored === undefined ? undefined : macNumber(stored);
  }
}

/** What tells that a port shows another MAC. */
export function sightingOf(
  data: { readonly port: PortId; readonly vlan: Vlan; readonly mac: MacAddress },
  sensor: string,
  time: number,
): Verdict {
  return { type: 'MacSeen', data, sensor, time };
}

const none: Verdict[] = [];
