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

/** One ARP or ND claim heard: "this address is at this MAC". Never stored: only changes of verdict are. */
export interface Observation {
  readonly kind: FrameKind;
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
  /** True for duplicate address detection: the sender asks before it claims (RFC 4862 section 5.4). */
  readonly tentative: boolean;
  /** When the frame was captured, ms since 1970. */
  readonly frameTime: number;
}
