import type { Ipv4Address, Ipv6Address, Ipv6Prefix, MacAddress, Vlan } from '../../../events/index.js';
import type { DeviceError, DeviceStamp } from '../switch/switch.port.js';

/** What the machine with this MAC gets by DHCPv4 (RFC 2131) behind one VLAN interface, and nobody else anywhere. */
export interface DhcpHost4 {
  readonly interface: string;
  readonly vlan: Vlan;
  readonly mac: MacAddress;
  readonly address: Ipv4Address;
  /** Its gateways, by the routers option. */
  readonly routers: readonly Ipv4Address[];
  /**
   * Present where the machine is started with it and nothing more: the private /30 of its port, with the gateway in it, for
   * a short while. Absent for what was sold, which is a /32.
   */
  readonly netboot?: true;
  /** Where the server listens: an address that no other interface of the box has. */
  readonly listen: Ipv4Address;
}

/** What it gets by DHCPv6 (RFC 8415); it is known by its link-local address, or by a DUID made of its MAC. */
export interface DhcpHost6 {
  readonly interface: string;
  readonly vlan: Vlan;
  readonly mac: MacAddress;
  readonly linkLocal: Ipv6Address;
  readonly address: Ipv6Address | undefined;
  /** Delegated; none lies inside another one. */
  readonly prefixes: readonly Ipv6Prefix[];
}

/** The loaders that machines are started with, by what they say they are. */
export interface BootLoader {
  /** Processor architecture types (RFC 4578, IANA); empty where the machine names none. */
  readonly architectures: readonly number[];
  /** True where it is for iPXE, which names itself in the user class; false where it is for everything but iPXE. */
  readonly ipxe: boolean;
  /** DHCPv4: the TFTP server and the name of the file there. */
  readonly tftp?: { readonly server: Ipv4Address; readonly file: string };
  /** DHCPv4: the URL of UEFI HTTP boot, or of what iPXE is to run. */
  readonly url4?: string;
  /** DHCPv6: the boot file URL (RFC 5970). */
  readonly url6?: string;
}

/** A lease on what we hand out. */
export interface DhcpLease {
  readonly family: 4 | 6;
  readonly address: Ipv4Address | Ipv6Address;
  /** Of a delegated prefix. */
  readonly prefixLength?: number;
  /** The VLAN of the place it belongs to, which may be gone by now. */
  readonly vlan: number;
  /** As the server heard it; undefined where it heard none. */
  readonly mac: MacAddress | undefined;
  /** DHCPv6: whose it is, as colon-separated octets. */
  readonly duid?: string;
}

/** One daemon as it really is, read from it and not from memory. */
export interface DhcpFamilyState<Host> {
  /** By interface. */
  readonly hosts: ReadonlyMap<string, Host>;
  /** Interfaces where something of ours is not as we made it. */
  readonly altered: ReadonlySet<string>;
  /** What all interfaces share: the loaders, and by what machines are known. */
  readonly settings: 'intact' | 'changed';
  /** Interfaces where its socket stands open, as the kernel says. */
  readonly listening: ReadonlySet<string>;
  /** False where it would start with something else than it runs with. */
  readonly saved: boolean;
  readonly stamp: DeviceStamp | undefined;
}

export interface DhcpState {
  /** undefined where the configuration names no daemon of the family, and where it could not be read. */
  readonly v4: DhcpFamilyState<DhcpHost4> | undefined;
  readonly v6: DhcpFamilyState<DhcpHost6> | undefined;
  /** Daemons that could not be read, and why: nothing below says anything of them. */
  readonly unreadable: ReadonlyMap<4 | 6, DeviceError>;
  /** Of all our places, also of those that are gone. */
  readonly leases: readonly DhcpLease[];
  /** VLANs where DHCPv6 refused a machine because another identity (DUID) still has the lease. */
  readonly refused: ReadonlySet<number>;
}

/** What is to be; a family that is absent stays as it is. */
export interface DhcpChange {
  /** The whole set. */
  readonly hosts4?: readonly DhcpHost4[];
  readonly hosts6?: readonly DhcpHost6[];
  readonly endLeases: readonly DhcpLease[];
}

/**
 * Speaks to the DHCP daemons of one device. The whole set goes to a daemon, which takes all of it or keeps what it had.
 * Neither daemon holds up the other one. No retry inside: the runner retries. Every method rejects with a DeviceError naming
 * the device and the cure.
 */
export interface DhcpDriver {
  readonly device: string;
  /** Interfaces that are its business; what else the daemons serve is left alone. */
  readonly interfaces: readonly string[];
  readonly families: readonly (4 | 6)[];
  /** The effective state, read back from the daemons and the kernel; a daemon that cannot be read is no reject. */
  read(): Promise<DhcpState>;
  /** Success is for `read` to prove. Each family is tried, whatever becomes of the other one; then rejects for the first that failed. */
  apply(change: DhcpChange, stamp: DeviceStamp): Promise<void>;
  /** Calls back after anything that may have changed a daemon, and after a refusal: a hint to read again, never a fact. */
  watch(onHint: () => void): void;
  close(): Promise<void>;
}
