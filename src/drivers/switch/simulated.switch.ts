import { type IpAddress, isLinkLocal } from '../../../events/index.js';
import type { InterfaceFacts, SwitchPreflight } from './preflight.port.js';
import {
  type ActualNeighbour,
  DeviceError,
  type DeviceStamp,
  type DriverLimit,
  type InterfaceState,
  type NeighbourChange,
  type NeighbourEntry,
  type SwitchDriver,
  type SwitchState,
} from './switch.port.js';
import { whyOtherVrf } from './vrf.js';

/**
 * How a simulated device misbehaves: `lie` says success and does nothing, `hang` answers only by its deadline, `locked`
 * refuses every change because somebody else is at it.
 */
export type SimulatedFault = 'none' | 'unreachable' | 'refuse' | 'hang' | 'lie' | 'locked';

/** An entry as somebody before the switch sees it. */
export interface SimulatedEntry extends ActualNeighbour {
  readonly vrf?: string;
}

interface SimulatedInterface {
  adminUp: boolean;
  /** Somebody alive is at the other end; the interface has carrier when it is up as well. */
  plugged: boolean;
  readonly addresses: Set<IpAddress>;
  readonly vrf: string | undefined;
  /** What differs from an interface that passes the preflight. */
  readonly facts: Partial<InterfaceFacts>;
}

export interface SimulatedSwitchOptions {
  readonly device: string;
  /** Each interface with its addresses; all start up and without carrier. */
  readonly interfaces: Readonly<Record<string, readonly IpAddress[]>>;
  /** The VRF the driver is told that the interfaces stand in; the default VRF where absent. */
  readonly vrf?: string;
  /** The VRF each interface really stands in, where that is another one. */
  readonly vrfs?: Readonly<Record<string, string | undefined>>;
  /** Addresses on interfaces that this driver does not manage, such as a loopback. */
  readonly boxAddresses?: readonly IpAddress[];
  /** How many entries its table holds, whoever puts them there; without it, any number. */
  readonly room?: number;
  /** What a hanging request waits, in ms, before it fails as a real one does. */
  readonly deadline?: number;
}

const keyOf = (entry: NeighbourEntry, vrf?: string): string => `${entry.address} ${entry.interface} ${vrf ?? ''}`;

const quietInterface: Omit<InterfaceFacts, 'linkLocals'> = {
  onLinkPrefixes: { known: [] },
  advertisedOnLink: { known: [] },
  acceptRa: { known: 0 },
  solicits: { known: [] },
  questionsDropped: { known: [] },
  arpSilence: { known: { here: undefined, elsewhere: undefined } },
  proxyArp: { known: false },
};

/**
 * A switch that exists in this process only, with the habits of Linux: going down and a change of MAC lose permanent
 * entries, a lost carrier does not, and IPv6 addresses go with an interface that goes down.
 */
export class SimulatedSwitch implements SwitchDriver {
  readonly device: string;
  readonly limits: readonly DriverLimit[] = [];
  fault: SimulatedFault = 'none';
  /** Destinations that the box refuses when nothing longer matches. */
  readonly refusedDestinations = new Set<string>();
  private readonly ports: ReadonlyMap<string, SimulatedInterface>;
  private readonly elsewhere: ReadonlySet<IpAddress>;
  private readonly table = new Map<string, SimulatedEntry>();
  private readonly watchers = new Set<(interfaceName: string | undefined) => void>();
  private readonly deadline: number;
  private readonly vrf: string | undefined;
  private readonly room: number;
  private diesAfter: number | undefined;
  private stamp: DeviceStamp | undefined;

  constructor(options: SimulatedSwitchOptions) {
    this.device = options.device;
    this.deadline = options.deadline ?? 200;
    this.elsewhere = new Set(options.boxAddresses);
    this.vrf = options.vrf;
    this.room = options.room ?? Number.POSITIVE_INFINITY;
    const vrfOf = (name: string): string | undefined =>
      Object.hasOwn(options.vrfs ?? {}, name) ? options.vrfs?.[name] : options.vrf;
    this.ports = new Map(
      Object.entries(options.interfaces).map(([name, addresses]) => [
        name,
        { adminUp: true, plugged: false, addresses: new Set(addresses), vrf: vrfOf(name), facts: {} },
      ]),
    );
  }

  // The driver's side.

  async read(): Promise<SwitchState> {
    await this.misbehave('read');
    const interfaces = this.interfaces();
    return {
      interfaces,
      neighbours: [...this.table.values()].filter((entry) => entry.vrf === this.vrf),
      boxAddresses: new Set([...this.elsewhere, ...[...interfaces.values()].flatMap((state) => state.addresses)]),
      stamp: this.stamp,
    };
  }

  async apply(changes: readonly NeighbourChange[]): Promise<void> {
    await this.misbehave('write');
    if (this.fault === 'lie') return;
    const refused: string[] = [];
    for (const change of changes) {
      if (this.diesAfter !== undefined && this.diesAfter-- === 0) {
        this.diesAfter = undefined;
        this.fault = 'unreachable';
        await this.misbehave('write');
      }
      if (!this.applyOne(change)) refused.push(this.refusalOf(change));
    }
    if (refused.length > 0) {
      throw new DeviceError(
        this.device,
        'refused',
        `${refused.length} of ${changes.length} changes were refused (${refused.slice(0, 3).join(', ')}): each needs a known interface, an entry that is ours, and room in the table`,
      );
    }
  }

  async writeStamp(stamp: DeviceStamp): Promise<void> {
    await this.misbehave('write');
    if (this.fault !== 'lie') this.stamp = { ...stamp };
  }

  async adopt(entry: NeighbourEntry): Promise<void> {
    await this.misbehave('write');
    const present = this.table.get(keyOf(entry));
    if (present?.mac !== entry.mac) {
      throw new DeviceError(this.device, 'refused', `there is no entry ${keyOf(entry)} ${entry.mac}; look again`);
    }
    if (this.fault !== 'lie') this.table.set(keyOf(entry), { ...present, ours: true });
  }

  watch(onHint: (interfaceName: string | undefined) => void): void {
    this.watchers.add(onHint);
  }

  async preflight(interfaces: readonly string[]): Promise<SwitchPreflight> {
    await this.misbehave('read');
    const facts = interfaces.flatMap((name): [string, InterfaceFacts][] => {
      const port = this.ports.get(name);
      if (port === undefined) return [];
      const linkLocals = { known: [...port.addresses].filter((address) => isLinkLocal(address)) };
      return [[name, { ...quietInterface, linkLocals, ...port.facts }]];
    });
    return { interfaces: new Map(facts), refusedDestinations: { known: this.refusedDestinations } };
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
        {
          name,
          adminUp: port.adminUp,
          carrier: port.adminUp && port.plugged,
          addresses: [...port.addresses],
          ...(port.vrf === undefined ? {} : { vrf: port.vrf }),
        },
      ]),
    );
  }

  /** The neighbour table as somebody before the switch sees it. */
  entries(): SimulatedEntry[] {
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

  /** Somebody sets the interface up otherwise than a customer's must be. */
  setFacts(name: string, facts: Partial<InterfaceFacts>): void {
    Object.assign(this.port(name).facts, facts);
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

  /**
   * Somebody types at the switch: a new entry is foreign; one that is there keeps its mark, as on Linux. The VRF is the
   * interface's, or the one that is typed, `undefined` being the default one.
   */
  handSet(entry: NeighbourEntry, ...typed: [vrf?: string]): void {
    const vrf = typed.length > 0 ? typed[0] : this.port(entry.interface).vrf;
    if (this.hasNoRoomFor(keyOf(entry, vrf)))
      throw new RangeError(`the table of ${this.device} is full with ${this.table.size} entries; remove one first`);
    this.put(entry, vrf, this.table.get(keyOf(entry, vrf))?.ours ?? false);
  }

  handRemove(entry: NeighbourEntry): void {
    this.table.delete(keyOf(entry, this.port(entry.interface).vrf));
    this.hint(entry.interface);
  }

  /** It dies at the change after so many of the next ones, and does not answer until its fault is set to "none". */
  dieAfter(changes: number): void {
    this.diesAfter = changes;
  }

  /** Power off and on, with the habits of Linux: entries are gone; addresses come back from the configuration. */
  reboot(): void {
    this.table.clear();
    this.hint(undefined);
  }

  private applyOne({ change, entry }: NeighbourChange): boolean {
    const port = this.ports.get(entry.interface);
    const present = this.table.get(keyOf(entry, this.vrf));
    if (port === undefined || port.vrf !== this.vrf || present?.ours === false) return false;
    if (change === 'set' && this.hasNoRoomFor(keyOf(entry, this.vrf))) return false;
    if (change === 'remove') this.table.delete(keyOf(entry, this.vrf));
    else this.put(entry, this.vrf, true);
    return true;
  }

  private refusalOf({ change, entry }: NeighbourChange): string {
    const otherVrf = whyOtherVrf(this.interfaces().get(entry.interface), this.vrf);
    const isFull = change === 'set' && this.hasNoRoomFor(keyOf(entry, this.vrf));
    const why = otherVrf ?? (isFull ? `its table is full with ${this.table.size} entries` : undefined);
    return `${change} ${entry.address} ${entry.interface}${why === undefined ? '' : `: ${why}`}`;
  }

  /** What only takes the place of another needs no room. */
  private hasNoRoomFor(key: string): boolean {
    return !this.table.has(key) && this.table.size >= this.room;
  }

  private put({ interface: name, address, mac }: NeighbourEntry, vrf: string | undefined, ours: boolean): void {
    const entry = { interface: name, address, mac, ours };
    this.table.set(keyOf(entry, vrf), vrf === undefined ? entry : { ...entry, vrf });
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
    if (this.fault === 'locked' && verb === 'write')
      throw new DeviceError(
        this.device,
        'locked',
        'another session holds the configuration of the simulated switch; set its fault to "none"',
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

  private hint(name: string | undefined): void {
    for (const watcher of this.watchers) watcher(name);
  }
}
