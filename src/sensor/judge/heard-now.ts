import type { Observation, PortTraffic } from '../../../projections/index.js';

/**
 * An observation whose time and traffic move on while the rest stays: that of frames quite like one another. It knows
 * whether a rule looked at what moves.
 */
export class HeardNow implements Observation {
  readonly kind: Observation['kind'];
  readonly sensor: string;
  readonly site: string;
  readonly switch: Observation['switch'];
  readonly attribution: Observation['attribution'];
  readonly port: Observation['port'];
  readonly vlan: Observation['vlan'];
  readonly etherSource: string;
  readonly claimedMac: string;
  readonly claimedAddress: Observation['claimedAddress'];
  readonly askedAddress: Observation['askedAddress'];
  readonly tags: Observation['tags'];
  readonly said: Observation['said'];
  readonly tentative: boolean;
  /** True once its time or traffic was looked at since this was last set to false. */
  isWatched = false;
  private time: number;
  private readonly metered: PortTraffic | undefined;

  constructor(observation: Observation) {
    this.kind = observation.kind;
    this.sensor = observation.sensor;
    this.site = observation.site;
    this.switch = observation.switch;
    this.attribution = observation.attribution;
    this.port = observation.port;
    this.vlan = observation.vlan;
    this.etherSource = observation.etherSource;
    this.claimedMac = observation.claimedMac;
    this.claimedAddress = observation.claimedAddress;
    this.askedAddress = observation.askedAddress;
    this.tags = observation.tags;
    this.said = observation.said;
    this.tentative = observation.tentative;
    this.time = observation.frameTime;
    this.metered = observation.traffic;
  }

  get frameTime(): number {
    this.isWatched = true;
    return this.time;
  }

  /** That of the port as it is now, for one who counts goes on counting. */
  get traffic(): PortTraffic | undefined {
    if (this.metered !== undefined) this.isWatched = true;
    return this.metered;
  }

  /** Another frame like it was captured, ms since 1970. */
  hearAgain(time: number): void {
    this.time = time;
  }

  /** As it is now, and stays. */
  still(): Observation {
    const { time, metered } = this;
    const still: Observation = {
      kind: this.kind,
      sensor: this.sensor,
      site: this.site,
      switch: this.switch,
      attribution: this.attribution,
      ...(this.port !== undefined && { port: this.port }),
      ...(this.vlan !== undefined && { vlan: this.vlan }),
      etherSource: this.etherSource,
      claimedMac: this.claimedMac,
      ...(this.claimedAddress !== undefined && { claimedAddress: this.claimedAddress }),
      ...(this.askedAddress !== undefined && { askedAddress: this.askedAddress }),
      ...(this.tags !== undefined && { tags: this.tags }),
      ...(this.said !== undefined && { said: this.said }),
      tentative: this.tentative,
      frameTime: time,
    };
    if (metered === undefined) return still;
    const { windowMs, frames, askedAddresses, claimedAddresses, sources } = metered;
    return { ...still, traffic: { windowMs, frames, askedAddresses, claimedAddresses, sources } };
  }
}
