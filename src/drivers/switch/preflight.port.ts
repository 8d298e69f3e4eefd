import type { IpAddress } from '../../../events/index.js';

/** A fact as it was read from a device, or why it cannot be seen there. */
export type Fact<Value> = { readonly known: Value } | { readonly unknown: string };

/** How often a device asks for a neighbour before it gives up; 0 asks never. */
export interface Solicit {
  /** Where the number stands on the device, such as `net/ipv6/neigh/vlan16/mcast_solicit`. */
  readonly setting: string;
  readonly family: 'ipv4' | 'ipv6';
  readonly count: number;
}

/** What one interface is like, as far as it decides whether a customer may be put on it. Raw facts, no verdict. */
export interface InterfaceFacts {
  readonly linkLocals: Fact<readonly IpAddress[]>;
  /** IPv6 prefixes other than link-local and multicast, shorter than /128, that the device takes for on-link there. */
  readonly onLinkPrefixes: Fact<readonly string[]>;
  /** Announcements with the on-link flag that a program on the box makes there, each with the program and its file. */
  readonly advertisedOnLink: Fact<readonly string[]>;
  /** `accept_ra` of Linux: 0 takes no router advertisement. */
  readonly acceptRa: Fact<number>;
  readonly solicits: Fact<readonly Solicit[]>;
  /** Families whose questions a packet filter drops on their way out, each with the rule. */
  readonly questionsDropped: Fact<readonly { readonly family: Solicit['family']; readonly by: string }[]>;
  /** Why ARP requests for an address of the box are not answered there; `elsewhere`: the address is on another interface. */
  readonly arpSilence: Fact<{ readonly here: string | undefined; readonly elsewhere: string | undefined }>;
  /** Whether ARP requests for other customers' addresses are answered with the MAC of the device (proxy ARP). */
  readonly proxyArp: Fact<boolean>;
}

/** What a switch shows for the preflight. */
export interface SwitchPreflight {
  /** An interface that does not exist is absent. */
  readonly interfaces: ReadonlyMap<string, InterfaceFacts>;
  /** Destinations of unreachable, blackhole and prohibit routes in the main table. */
  readonly refusedDestinations: Fact<ReadonlySet<string>>;
}

/** What a BGP daemon shows for the preflight. */
export interface BgpPreflight {
  /** Whether the routes of a family go with the carrier although nobody withdraws them; `where` names protocol and file. */
  readonly checkLink: readonly {
    readonly family: 'ipv4' | 'ipv6';
    readonly where: string;
    readonly checks: Fact<boolean>;
  }[];
  /** Router advertisements with the on-link flag that the daemon makes, by interface. */
  readonly advertisedOnLink: ReadonlyMap<string, Fact<readonly string[]>>;
}
