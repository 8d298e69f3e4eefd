import type { IpAddress, Vlan } from '../../../events/index.js';

/** What a switch's own message says happened, in one word of ours; `said` of an observation. */
export type Said =
  /** A MAC claims an address that the switch holds for another MAC. */
  | 'address-theft'
  /** A port sends with a MAC that the switch holds at another port. */
  | 'mac-theft'
  | 'mac-and-address-theft'
  /** ARP inspection dropped a claim that DHCP snooping knows nothing of. */
  | 'arp-not-bound'
  /** ARP inspection dropped a claim by an access list. */
  | 'arp-denied'
  /** ARP inspection dropped a frame that contradicts itself. */
  | 'arp-invalid'
  /** A port sent more ARP than it may. */
  | 'arp-rate-exceeded'
  /** Somebody else uses an address of the switch itself. */
  | 'duplicate-address'
  /** A neighbour entry of the switch was overwritten by another MAC. */
  | 'neighbour-overwritten'
  /** A MAC was heard at two ports in turn. */
  | 'mac-move'
  /** A port shows more MACs than it may. */
  | 'mac-limit';

/** A message of a switch about ARP, ND or MACs. Never a fact: the text can be forged, and the switch can be wrong. */
export interface SwitchMessage {
  readonly said: Said;
  /** As the device names it: `SW_DAI-4-INVALID_ARP`. */
  readonly mnemonic: string;
  readonly vendor: string;
  /** Who made the claim, canonical; absent where the message tells counts or addresses only. */
  readonly mac?: string;
  readonly address?: IpAddress;
  /** Where it came in, or where the MAC is now, in the device's spelling. */
  readonly interface?: string;
  readonly vlan?: Vlan;
  /** Who or where it was before. */
  readonly formerMac?: string;
  readonly formerInterface?: string;
  /** How many frames or MACs the message stands for. */
  readonly count?: number;
}
