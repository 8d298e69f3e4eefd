import type { Attribution, PortId, SwitchName, Vlan } from '../events/index.js';

/** What kind of ARP or ND message a frame was. */
export type FrameKind =
  | 'arp-request'
  | 'arp-reply'
  | 'arp-other'
  | 'router-solicitation'
  | 'router-advertisement'
  | 'neighbour-solicitation'
  | 'neighbour-advertisement'
  | 'redirect';

/** Where a claim was read: in a frame, in a table a device showed, or in a message a switch sent. */
export type ObservationKind = FrameKind | 'arp-table' | 'nd-table' | 'mac-table' | 'switch-message';

/**
 * What came in at one port in a short while before a frame, counted by the judge over `trafficWindowMs`, that frame
 * included. For one port: where a capture hears many (a mirror, a trunk), each is counted for itself or not at all.
 */
export interface PortTraffic {
  /** The time counted over, ms. */
  readonly windowMs: number;
  readonly frames: number;
  /** Different addresses asked for, and different addresses claimed; estimates above a few dozen. */
  readonly askedAddresses: number;
  readonly claimedAddresses: number;
  /** Different MACs that sent. */
  readonly sources: number;
}

/** One ARP or ND claim heard: "this address is at this MAC". Never stored: only changes of verdict are. */
export interface Observation {
  readonly kind: ObservationKind;
  readonly sensor: string;
  readonly site: string;
  readonly switch: SwitchName;
  /** How `port` is known; a port is a fact only for `interface` and `vlan`. */
  readonly attribution: Attribution;
  readonly port?: PortId;
  readonly vlan?: Vlan;
  /** Source of the Ethernet header, canonical spelling. */
  readonly etherSource: string;
  /** The MAC the claim names: ARP sender, ND link-layer option, or the Ethernet source where there is none. */
  readonly claimedMac: string;
  /** The address claimed, canonical spelling; absent when the frame claims none (ARP probe, source `::`). */
  readonly claimedAddress?: string;
  /** The address the frame asks for (ARP request, solicitation); never a claim. */
  readonly askedAddress?: string;
  /** The VLAN ids the frame carried, outermost first, 0 for a priority tag; absent where it came untagged or is no frame. */
  readonly tags?: readonly number[];
  /**
   * What a switch's message says happened, in one word of ours such as `address-theft`; only for switch messages.
   * Rules look at duplicates, thefts, moves and limits: the switch has seen what they would look for.
   */
  readonly said?: string;
  /** What the port did lately; absent where nobody counted. */
  readonly traffic?: PortTraffic;
  /**
   * True for duplicate address detection: the sender asks before it claims (RFC 4862 section 5.4). Every such frame must
   * reach the rules, and every ARP probe (a request that claims no address), also of a bound MAC for its own address:
   * dad-attack remembers who asked.
   */
  readonly tentative: boolean;
  /** When the frame was captured, ms since 1970. */
  readonly frameTime: number;
}
