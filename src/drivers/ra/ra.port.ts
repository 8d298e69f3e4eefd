import type { Ipv6Address } from '../../../events/index.js';
import type { DeviceStamp } from '../switch/switch.port.js';

/**
 * What is advertised behind one VLAN interface (RFC 4861 section 4.2): a default route by `router`, and the flags that say
 * that addresses and everything else come by DHCPv6 (M and O). No prefix: nothing is on-link and no address is made up.
 */
export interface Advertised {
  readonly interface: string;
  /** The link-local address that it is sent from, which the machine takes as its default route. */
  readonly router: Ipv6Address;
}

/** What the daemon advertises, read from its file and its process and not from memory. */
export interface RaState {
  /** By interface, as the file says; empty where nobody can read it as ours. */
  readonly advertised: ReadonlyMap<string, Advertised>;
  /** `changed`: it is not what we wrote, or was never ours. */
  readonly file: 'intact' | 'changed' | 'missing';
  /** `loaded`: the process that runs was proved to have read the file as it is, or started with it; `running`: it was not. */
  readonly daemon: 'loaded' | 'running' | 'stopped';
  readonly stamp: DeviceStamp | undefined;
}

export interface RaChange {
  /** The whole set. */
  readonly advertised: readonly Advertised[];
  /** Interfaces whose link is up: there the daemon has to send before it counts as loaded. */
  readonly up: ReadonlySet<string>;
}

/**
 * Speaks to the router advertisement daemon of one device. The whole set goes to the daemon at one stroke.
 * No retry inside: the runner retries. Every method rejects with a DeviceError naming the device and the cure.
 */
export interface RaDriver {
  readonly device: string;
  /** Interfaces that are its business. */
  readonly interfaces: readonly string[];
  read(): Promise<RaState>;
  /** Success is for `read` to prove. Where no daemon runs the file is written all the same, for its next start. */
  apply(change: RaChange, stamp: DeviceStamp): Promise<void>;
  /** Calls back after anything that may have changed the daemon or its file: a hint to read again, never a fact. */
  watch(onHint: () => void): void;
  close(): Promise<void>;
}
