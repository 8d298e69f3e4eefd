import { type EventData, formatInstant, parseIp, type ViolationDetected } from '../../../events/index.js';
import {
  type Finding,
  type Observation,
  portIsFact,
  type PortTraffic,
  type PrimaryFinding,
  type Rule,
} from '../../../projections/index.js';
import type { CaptureTime } from '../capture/captured-frame.js';
import { uuidV5 } from '../../event-store/event-store.port.js';

/** A change of verdict: what the judge wants stored. Everything else it hears is forgotten. */
export type Verdict = {
  [Type in 'ViolationDetected' | 'ViolationRepeated' | 'MacSeen']: {
    readonly type: Type;
    readonly data: EventData<Type>;
    /** Which sensor heard it. */
    readonly sensor: string;
    /** Capture time of the frame that decided, ms since 1970. */
    readonly time: number;
    /** Of a detection: by the grants of which moment it was judged, ms since 1970. */
    readonly asOf?: number;
  };
}['ViolationDetected' | 'ViolationRepeated' | 'MacSeen'];

/**
 * What tells violations apart: rule, port, claimed address and offending MAC, or fewer of them where the rule is about
 * less than a claim. A port that is a guess counts as it was guessed.
 */
export function identityOf(rule: Rule, finding: Finding, observation: Observation): string {
  const place = observation.port ?? observation.switch;
  const { about = 'claim' } = rule;
  const address = about === 'claim' ? (observation.claimedAddress ?? null) : null;
  return JSON.stringify([rule.name, place, address, about === 'port' ? null : finding.offendingMac]);
}

/** An identity, and the id that follows from it once somebody asks for that. */
export class Identity {
  private id: string | undefined;

  constructor(readonly text: string) {}

  get violationId(): string {
    return (this.id ??= violationIdOf(this.text));
  }
}

/** The identity of all violations of a rule and place that are not told apart. */
export function groupIdentityOf(rule: Rule, place: string): string {
  return JSON.stringify([rule.name, place, 'others']);
}

/** Where a violation was heard, for budgets: the port, as far as one was named, else the switch. */
export function budgetPlaceOf({ port, switch: switchName }: Observation): string {
  return port ?? switchName;
}

/** The bytes of a frame that was judged, a copy of their own. */
export interface HeardFrame {
  readonly time: CaptureTime;
  readonly bytes: Uint8Array;
  readonly originalLength: number;
  readonly linkType: number;
}

const violationNamespace = '0d1c4b43-6d2a-5f0e-9b57-3f1f5f6a7c11';

/** The id of a violation follows from its identity alone: after a restart a repeated one meets its own stream. */
export function violationIdOf(identity: string): string {
  return uuidV5(violationNamespace, identity);
}

const longestText = 256;

/** What a detection says beside the finding. */
export interface Detected {
  readonly violationId: string;
  readonly found: PrimaryFinding;
  readonly alsoMatched: readonly string[];
  readonly heard: Observation;
  readonly ordinal: number;
  readonly basis: string;
  /** True for the first of a group that is not told apart. */
  readonly isGroup: boolean;
}

/** The data of a first detection. */
export function detectionOf(detected: Detected): ViolationDetected {
  const { violationId, found, alsoMatched, heard, ordinal, basis, isGroup } = detected;
  const { rule, finding } = found;
  const { offender, victim } = finding;
  // An address that events cannot name must not make the event unreadable: its stream would freeze.
  const claimedAddress = parseIp(heard.claimedAddress);
  const askedAddress = parseIp(heard.askedAddress);
  return {
    violationId,
    rule: rule.name,
    ruleVersion: rule.version,
    severity: rule.severity,
    sensor: heard.sensor,
    attribution: heard.attribution,
    site: heard.site,
    switch: heard.switch,
    ...(heard.port !== undefined && { port: heard.port }),
    ...(heard.vlan !== undefined && { vlan: heard.vlan }),
    observation: heard.kind,
    etherSource: heard.etherSource,
    claimedMac: heard.claimedMac,
    ...(claimedAddress !== undefined && { claimedAddress }),
    frameTime: formatInstant(heard.frameTime),
    ...(ordinal >= 0 && { judgedAtOrdinal: ordinal }),
    ...(portIsFact(heard) && offender !== undefined && { offenderServerId: offender.serverId }),
    ...(portIsFact(heard) && offender?.customerId !== undefined && { offenderCustomerId: offender.customerId }),
    ...(victim !== undefined && { victimServerId: victim.serverId }),
    ...(victim?.customerId !== undefined && { victimCustomerId: victim.customerId }),
    detail: finding.detail.slice(0, longestText),
    tentative: heard.tentative,
    ...(askedAddress !== undefined && { askedAddress }),
    ...(heard.tags !== undefined && { tags: heard.tags.slice(0, mostTags) }),
    ...(heard.said !== undefined && { said: heard.said }),
    ...(alsoMatched.length > 0 && { alsoMatched }),
    ...(isGroup && { sampled: true }),
    ...(heard.traffic !== undefined && trafficOf(heard.traffic)),
    basis,
  };
}

/** What an event has room for. */
const mostTags = 8;

type TrafficFields = 'trafficWindowMs' | 'trafficFrames' | 'askedAddresses' | 'claimedAddresses' | 'sources';

function trafficOf(traffic: PortTraffic): Pick<ViolationDetected, TrafficFields> {
  const { windowMs, frames, askedAddresses, claimedAddresses, sources } = traffic;
  return { trafficWindowMs: windowMs, trafficFrames: frames, askedAddresses, claimedAddresses, sources };
}
