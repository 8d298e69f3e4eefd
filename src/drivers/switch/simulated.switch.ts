import type { IpAddress } from '../../../events/index.js';
import {
  type ActualNeighbour,
  DeviceError,
  type DeviceStamp,
  type InterfaceState,
  type NeighbourChange,
  type NeighbourEntry,
  type SwitchDriver,
  type SwitchState,
} from './switch.port.js';

/** How a simulated device misbehaves: `lie` says success and does nothing, `hang` answers only by its deadline. */
export type SimulatedFault = 'none' | 'unreachable' | 'refuse' | 'hang' | 'lie';

interface SimulatedInterface {
  adminUp: boolean;
  /** Somebody alive is at the other end; the interface has carrier when it is up as well. */
  plugged: boolean;
  readonly addresses: Set<IpAddress>;
}

export interface SimulatedSwitchOptions {
  readonly device: string;
  /** Each interface with its addresses; all start up and without carrier. */
  readonly interfaces: Readonly<Record<string, readonly IpAddress[]>>;
  /** Addresses on interfaces that this driver does not manage, such as a loopback. */
  readonly boxAddresses?: readonly IpAddress[];
  /** What a hanging request waits, in ms, before it fails as a real one does. */
  readonly deadline?: number;
}

const keyOf = (entry: NeighbourEntry): string => `${entry.address} ${entry.interface}`;

/**
 * A switch that exists in this process only, with the habits of Linux: going down and a change of MAC lose permanent
 * entries, a lost carrier does not, and IPv6 addresses go with an interface that goes down.
 */
export class SimulatedSwitch implements SwitchDriver {
  readonly device: string;
  fault: SimulatedFault = 'none';
  private readonly ports: ReadonlyMap<string, SimulatedInterface>;
  private readonly elsewhere: ReadonlySet<IpAddress>;
  private readonly table = new Map<string, ActualNeighbour>();
  private readonly watchers = new Set<(interfaceName: string | undefined) => void>();
  private readonly deadline: number;
  private stamp: DeviceStamp | undefined;

  constructor(options: SimulatedSwitchOptions) {
    this.device = options.device;
    this.deadline = options.deadline ?? 200;
    this.elsewhere = new Set(options.boxAddresses);
    this.ports = new Map(
      Object.entries(options.interfaces).map(([name, addresses]) => [
        name,
        { adminUp: true, plugged: false, addresses: new Set(addresses) },
      ]),
    );
  }

  // The driver's side.

  async read(): Promise<SwitchState> {
    await this.misbehave('read');
    const interfaces = this.interfaces();
    return {
      interfaces,
      neighbours: [...this.table.values()],
      boxAddresses: new Set([...this.elsewhere, ...[...interfaces.values()].flatMap((state) => state.addresses)]),
      stamp: this.stamp,
    };
  }

  async apply(changes: readonly NeighbourChange[]): Promise<void> {
    await this.misbehave('write');
    if (this.fault === 'lie') return;
    const refused = changes
      .filter((change) => !this.applyOne(change))
      .map(({ change, entry }) => `${change} ${keyOf(entry)}`);
    if (refused.length > 0) {
      throw new DeviceError(
        this.device,
        'refused',
        `${refused.length} of ${changes.length} changes were refused (${refused.slice(0, 3).join(', ')}): each needs a known interface and an entry that is ours`,
      );
    }
  }

  async writeStamp(stamp: DeviceStamp): Promise<void> {
    await this.misbehave('write');
    if (this.fault !== 'lie') this.stamp = { ...stamp };
  }

  watch(onHint: (interfaceName: string | undefined) => void): void {
    this.watchers.add(onHint);
  }

  close(): Promise<void> {
    this.watchers.clear();
    return Promise.resolve();
  }

  // The hands on the device.

  /** The state of the interfaces as somebody standing before the switch sees it. */
  interfaces(): Map<string, InterfaceState> {
    return new Map(
      [...this.ports].map(([name, port]) => [
        name,
        { name, adminUp: port.adminUp, carrier: port.adminUp && port.plugged, addresses: [...port.addresses] },
      ]),
    );
  }

  /** The neighbour table as somebody before the switch sees it. */
  entries(): ActualNeighbour[] {
    return [...this.table.values()];
  }

  /** Somebody comes alive, or goes, at the other end of the cable. */
  setCarrier(name: string, up: boolean): void {
    this.port(name).plugged = up;
    this.hint(name);
  }

  /** Admin state; down loses permanent entries and IPv6 addresses, as Linux does. */
  setAdmin(name: string, up: boolean): void {
    const port = this.port(name);
    port.adminUp = up;
    if (!up) {
      this.forget(name);
      for (const address of port.addresses) if (address.includes(':')) port.addresses.delete(address);
    }
    this.hint(name);
  }

  addAddress(name: string, address: IpAddress): void {
    this.port(name).addresses.add(address);
    this.hint(name);
  }

  removeAddress(name: string, address: IpAddress): void {
    this.port(name).addresses.delete(address);
    this.hint(name);
  }

  /** The interface gets another MAC: Linux drops its permanent entries. */
  changeMac(name: string): void {
    this.port(name);
    this.forget(name);
    this.hint(name);
  }

  /** Somebody types at the switch: a new entry is foreign; one that is there keeps its mark, as on Linux. */
  handSet(entry: NeighbourEntry): void {
    this.port(entry.interface);
    this.table.set(keyOf(entry), { ...entry, ours: this.table.get(keyOf(entry))?.ours ?? false });
  }

  handRemove(entry: NeighbourEntry): void {
    this.table.delete(keyOf(entry));
    this.hint(entry.interface);
  }

  private applyOne({ change, entry }: NeighbourChange): boolean {
    const present = this.table.get(keyOf(entry));
    if (!this.ports.has(entry.interface) || present?.ours === false) return false;
    if (change === 'remove') this.table.delete(keyOf(entry));
    else
      this.table.set(keyOf(entry), { interface: entry.interface, address: entry.address, mac: entry.mac, ours: true });
    return true;
  }

  private async misbehave(verb: 'read' | 'write'): Promise<void> {
    if (this.fault === 'unreachable')
      throw new DeviceError(
        this.device,
        'unreachable',
        'the simulated switch does not answer; set its fault to "none"',
      );
    if (this.fault === 'refuse' && verb === 'write')
      throw new DeviceError(
        this.device,
        'refused',
        'the simulated switch refuses every change; set its fault to "none"',
      );
    if (this.fault !== 'hang') return;
    await new Promise((resolve) => setTimeout(resolve, this.deadline));
    throw new DeviceError(
      this.device,
      'timeout',
      `the simulated switch did not answer within ${this.deadline} ms; set its fault to "none"`,
    );
  }

  private port(name: string): SimulatedInterface {
    const port = this.ports.get(name);
    if (port === undefined)
      throw new RangeError(`${this.device} has no interface ${name}; it has ${[...this.ports.keys()].join(', ')}`);
    return port;
  }

  private forget(name: string): void {
    for (const [key, entry] of this.table) if (entry.interface === name) this.table.delete(key);
  }

  private hint(name: string): void {
    for (const watcher of this.watchers) watcher(name);
  }
}
