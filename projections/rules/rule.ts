import type { CustomerId, MacAddress, PortId, ServerId, Severity, SwitchName, Vlan } from '../../events/index.js';
import type { Observation } from '../observation.js';
import type { RuleMemory } from './rule-memory.js';

/** What a rule may know of a server: who it is, and where and with which MAC billing expects it. */
export interface Expected {
  readonly serverId: ServerId;
  readonly customerId: CustomerId | undefined;
  readonly switch: SwitchName | undefined;
  readonly port: PortId | undefined;
  readonly vlan: Vlan | undefined;
  readonly mac: MacAddress | undefined;
  /** MACs allowed at the same place beside `mac` (bond member, management controller, VRRP); never a next hop. */
  readonly otherMacs: readonly MacAddress[];
  readonly suspended: boolean;
}

/** A grant that ended: what a server once had. */
export interface Former {
  readonly server: Expected;
  /** False when the server itself was removed. */
  readonly alive: boolean;
  /** When it ended, ms since 1970, as billing says. */
  readonly endedAt: number;
}

/** A port's link, and since when (ms since 1970; absent when it was never reported). */
export interface LinkState {
  readonly link: 'up' | 'down' | 'unknown';
  readonly since?: number;
}

/** The narrow look at the map that rules get: lookups by value, nothing else. */
export interface Grants {
  /** Ordinal of the last event in the map that answers; -1 for an empty one. */
  readonly ordinal: number;
  /** Who was sold this address: its IPv4 address, or the longest prefix around an IPv6 address. Link-locals are sold to nobody. */
  ownerOfAddress(address: string): Expected | undefined;
  /** Every server that billing says has this MAC, as its own or beside it. */
  ownersOfMac(mac: string): readonly Expected[];
  /** Who had this MAC before: removed servers, and servers whose card was replaced. Latest first. */
  formerOwnersOfMac(mac: string): readonly Former[];
  /** Who was sold this IPv4 address before, and has it no more. Latest first. */
  formerOwnersOfAddress(address: string): readonly Former[];
  /** The port's link as reported last. */
  linkOf(port: string): LinkState;
  /** The server that holds the VLAN of the switch. */
  expectedOn(switchName: string, vlan: number): Expected | undefined;
  /** The servers billing put on this port. */
  expectedOnPort(port: string): readonly Expected[];
  isGatewayAddress(switchName: string, vlan: number | undefined, address: string): boolean;
  isGatewayMac(switchName: string, vlan: number | undefined, mac: string): boolean;
  /** The exception an operator granted for findings of this rule at this place; its id. */
  exceptionFor(rule: string, observation: Observation): string | undefined;
}

/** What a rule found in one observation; who says so and how bad it is stand in the rule. */
export interface Finding {
  /** One sentence for a person; put together only when it is read. */
  readonly detail: string;
  /** The MAC at fault, as the frame carried it: with rule, port and claimed address it tells violations apart. */
  readonly offendingMac: string;
  /** Stated only where the observation's port is a fact. */
  readonly offender?: Expected | undefined;
  readonly victim?: Expected | undefined;
}

/** Documentation of a rule; the rules' README is made from it. */
export interface RuleText {
  /** One sentence in plain words. */
  readonly summary: string;
  /** A frame that breaks the rule, as a person would write it down. */
  readonly example: string;
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
  /**
   * What tells its violations apart besides rule and port. `claim` (when absent): the claimed address and the offending
   * MAC. `mac`: the MAC alone. `port`: nothing else; whatever the port sends is one violation.
   */
  readonly about?: 'claim' | 'mac' | 'port';
  /** How many keys it remembers; absent for a rule that remembers nothing. */
  readonly memory?: { readonly entries: number };
  readonly text: RuleText;
  judge(observation: Observation, grants: Grants, memory: RuleMemory): Finding | undefined;
}

/** A finding whose sentence is put together when somebody reads it: of a flood nobody reads all. */
export class Found implements Finding {
  constructor(
    readonly offendingMac: string,
    private readonly sentence: () => string,
    readonly offender?: Expected,
    readonly victim?: Expected,
  ) {}

  get detail(): string {
    return this.sentence();
  }
}
