import type { CustomerId, MacAddress, PortId, ServerId, Severity, SwitchName, Vlan } from '../../events/index.js';
import type { Observation } from '../observation.js';

/** What a rule may know of a server: who it is, and where and with which MAC billing expects it. */
export interface Expected {
  readonly serverId: ServerId;
  readonly customerId: CustomerId | undefined;
  readonly switch: SwitchName | undefined;
  readonly port: PortId | undefined;
  readonly vlan: Vlan | undefined;
  readonly mac: MacAddress | undefined;
}

/** The narrow look at the map that rules get: lookups by value, nothing else. */
export interface Grants {
  /** Ordinal of the last event in the map that answers; -1 for an empty one. */
  readonly ordinal: number;
  /** Who was sold this address: its IPv4 address, or the longest prefix around an IPv6 address. Link-locals are sold to nobody. */
  ownerOfAddress(address: string): Expected | undefined;
  /** Every server that billing says has this MAC. */
  ownersOfMac(mac: string): readonly Expected[];
  /** The server that holds the VLAN of the switch. */
  expectedOn(switchName: string, vlan: number): Expected | undefined;
  /** The servers billing put on this port. */
  expectedOnPort(port: string): readonly Expected[];
  isGatewayAddress(switchName: string, vlan: number | undefined, address: string): boolean;
  isGatewayMac(switchName: string, vlan: number | undefined, mac: string): boolean;
}

/** What a rule found in one observation; who says so and how bad it is stand in the rule. */
export interface Finding {
  /** One sentence for a person. */
  readonly detail: string;
  /** The MAC at fault, as the frame carried it: with rule, port and claimed address it tells violations apart. */
  readonly offendingMac: string;
  /** Stated only where the observation's port is a fact. */
  readonly offender?: Expected | undefined;
  readonly victim?: Expected | undefined;
}

/** Small, bounded memory that a rule declares and the judge owns. */
export type RuleMemory = Map<string, number>;

/** Documentation of a rule; the rules' README is made from it. */
export interface RuleText {
  /** One sentence in plain words. */
  readonly summary: string;
  /** The traffic of honest servers that must stay silent. */
  readonly normalTraffic: readonly string[];
  readonly whatToDo: string;
  readonly reference?: string;
}

/** `(observation, grants, memory) -> Finding | undefined`; time comes only from the observation. */
export interface Rule {
  readonly name: string;
  readonly version: number;
  readonly severity: Severity;
  /** True when billing's event may still be on its way: the finding waits for the in-flight window and is judged again. */
  readonly mayBeInFlight: boolean;
  readonly text: RuleText;
  judge(observation: Observation, grants: Grants, memory: RuleMemory): Finding | undefined;
}
