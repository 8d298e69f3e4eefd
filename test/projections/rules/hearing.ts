// Hears observations in their order as a judge does, with the simplest account of everything a judge tells the rules.
import {
  allFindings,
  type Findings,
  type Grants,
  type Observation,
  type PortTraffic,
  portIsFact,
  ruleMemories,
  type Rule,
  rules,
  thresholds,
} from '../../../projections/index.js';

export class Hearing {
  private readonly homes = new Map<string, number>();
  private readonly ports = new Map<string, Observation[]>();
  private readonly memories = ruleMemories((serverId) => this.homes.get(serverId));

  constructor(
    private readonly grants: Grants,
    private readonly asked: readonly Rule[] = rules,
  ) {}

  hear(observation: Observation): Findings {
    const traffic = this.count(observation);
    const findings = allFindings({ ...observation, traffic }, this.grants, this.memories, this.asked);
    if (!portIsFact(observation)) return findings;
    for (const { serverId, port, mac } of this.grants.ownersOfMac(observation.etherSource)) {
      if (port === observation.port && mac === observation.etherSource) {
        this.homes.set(serverId, observation.frameTime);
      }
    }
    return findings;
  }

  private count(observation: Observation): PortTraffic {
    const { port = '-', frameTime } = observation;
    const window = [...(this.ports.get(port) ?? []), observation].filter(
      (one) => one.frameTime > frameTime - thresholds.trafficWindowMs,
    );
    this.ports.set(port, window);
    const different = (what: (one: Observation) => string | undefined): number =>
      new Set(window.map(what).filter((one) => one !== undefined)).size;
    return {
      windowMs: thresholds.trafficWindowMs,
      frames: window.length,
      askedAddresses: different((one) => one.askedAddress),
      claimedAddresses: different((one) => one.claimedAddress),
      sources: different((one) => one.etherSource),
    };
  }
}

/** The primary finding of every observation that has one, in words. */
export function primaries(heard: readonly Observation[], grants: Grants, asked: readonly Rule[] = rules): string[] {
  const hearing = new Hearing(grants, asked);
  return heard.flatMap((observation) => {
    const [primary] = hearing.hear(observation).found;
    return primary === undefined ? [] : [`${primary.rule.name} by ${primary.finding.offendingMac}`];
  });
}
