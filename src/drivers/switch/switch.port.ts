import type { IpAddress, MacAddress } from '../../../events/index.js';
import type { SwitchPreflight } from './preflight.port.js';

/**
 * A permanent neighbour entry (static ARP or ND), in our own terms. It stands in the VRF of its interface, so interface
 * and address name it; a driver that has to spell the VRF takes it from the configuration of its device.
 */
export interface NeighbourEntry {
  /** The device's own name of the VLAN interface, such as `vlan16`. */
  readonly interface: string;
  readonly address: IpAddress;
  readonly mac: MacAddress;
}

/** Where an entry stands: a device has at most one MAC for it. */
export type Place = Pick<NeighbourEntry, 'interface' | 'address'>;

export interface ActualNeighbour extends NeighbourEntry {
  /** Ours = written by us (carries our tag); anything else is foreign and never changed. */
  readonly ours: boolean;
}

export interface InterfaceState {
  readonly name: string;
  readonly adminUp: boolean;
  /** True when the interface has carrier (a cable with somebody alive at the other end). */
  readonly carrier: boolean;
  /** Addresses configured on this interface, without prefix length. */
  readonly addresses: readonly IpAddress[];
  /** The VRF the interface stands in, as the device says; undefined is the device's default VRF. */
  readonly vrf?: string;
}

/** Which log, and which of its events, the state of a device was last driven from. */
export interface DeviceStamp {
  readonly logId: string;
  /** Ordinal of the last event in the map that drove the device; -1 for an empty map. */
  readonly ordinal: number;
}

/** What a device really holds, read from the device and not from memory. */
export interface SwitchState {
  readonly interfaces: ReadonlyMap<string, InterfaceState>;
  /** Permanent entries on the interfaces given to the driver. */
  readonly neighbours: readonly ActualNeighbour[];
  /** Addresses on any interface of the box, loopback included. */
  readonly boxAddresses: ReadonlySet<string>;
  /** undefined when the device carries no stamp. */
  readonly stamp: DeviceStamp | undefined;
}

export type NeighbourChange =
  | { readonly change: 'set'; readonly entry: NeighbourEntry }
  | { readonly change: 'remove'; readonly entry: NeighbourEntry };

/**
 * Speaks to one switch. Values cross this border typed and are rendered from bytes.
 * No retry inside: the runner retries. Every method rejects with a DeviceError naming the device and the cure.
 */
export interface SwitchDriver {
  readonly device: string;
  /** What this kind of device cannot do or show, and why; empty where it keeps every promise of this port. */
  readonly limits: readonly DriverLimit[];
  /** The effective state, read back from the device. */
  read(): Promise<SwitchState>;
  /**
   * The permanent entries at these places, read from the device now; nothing else is looked at. Absent where a device is
   * read no faster in part.
   */
  readAt?(places: readonly Place[]): Promise<readonly ActualNeighbour[]>;
  /** Sends the changes in order. A rejected line does not stop the others; success is for `read` to prove. */
  apply(changes: readonly NeighbourChange[]): Promise<void>;
  /** Puts the stamp on the device, durably, beside the entries. */
  writeStamp(stamp: DeviceStamp): Promise<void>;
  /** Calls back after anything that may have changed an interface: a hint to read again, never a fact. */
  watch(onHint: (interfaceName: string | undefined) => void): void;
  /**
   * Marks an entry of somebody else's as ours and changes nothing else; success is for `read` to prove. Absent where a
   * driver cannot. Refuses an entry that is not there as it is named.
   */
  adopt?(entry: NeighbourEntry): Promise<void>;
  /** Facts about these interfaces, read-only; absent where a driver can see none of them. */
  preflight?(interfaces: readonly string[]): Promise<SwitchPreflight>;
  close(): Promise<void>;
}

/** A promise of the port, and a habit of devices, that a kind of device may not have. */
export type Promised =
  /** Carrier, admin state and addresses of the interfaces are read. */
  | 'interface-state'
  /** `watch` calls back when an interface changes. */
  | 'hints'
  /** Entries stand in a VRF, and the device says in which one an interface is. */
  | 'vrf'
  /** Somebody else's session can lock the configuration. */
  | 'config-lock'
  /** It can restart under us. */
  | 'reboot'
  /** It can take a request and not answer. */
  | 'hanging'
  /** It can say yes and do nothing. */
  | 'lying'
  /** It can die in the middle of a push. */
  | 'half-applied';

/** `reason` is for people: it is printed where a check is skipped for it, and stands on the page of the driver. */
export interface DriverLimit {
  readonly promise: Promised;
  readonly reason: string;
}

/**
 * `untrusted`: the device shows another host key or certificate than the configured one.
 * `locked`: another session holds the lock on the device's configuration; nothing was changed.
 */
export type DeviceErrorCode =
  | 'unreachable'
  | 'untrusted'
  | 'refused'
  | 'rolled-back'
  | 'locked'
  | 'namespace-gone'
  | 'misconfigured'
  | 'unreadable'
  | 'timeout';

/** The promise a device broke; the message names the device and the cure. */
export class DeviceError extends Error {
  constructor(
    readonly device: string,
    readonly code: DeviceErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(`${device}: ${message}`, options);
    this.name = 'DeviceError';
  }
}
