import { IpCoprocess } from '../../transports/ip-coprocess.js';
import { IpMonitor } from '../../transports/ip-monitor.js';
import { notPermitted } from '../../transports/ip-process.js';
import { NetworkNamespace } from '../../transports/network-namespace.js';
import { namingDevice } from '../device-error-of-ip.js';
import { StampFile } from '../stamp-file.js';
import { commandOf } from './linux-commands.js';
import { readLinuxPreflight } from './linux-preflight.js';
import { interfacesOf, permanentNeighboursOf } from './linux-tables.js';
import type { SwitchPreflight } from './preflight.port.js';
import {
  DeviceError,
  type DeviceStamp,
  type DriverLimit,
  type InterfaceState,
  type NeighbourChange,
  type SwitchDriver,
  type SwitchState,
} from './switch.port.js';
import { whyOtherVrf } from './vrf.js';

export interface LinuxSwitchOptions {
  readonly device: string;
  /** Network namespace of the switch; our own where none is named. */
  readonly netns?: string;
  /** The VLAN interfaces this driver reads and writes; every other interface is none of its business. */
  readonly interfaces: readonly string[];
  /** The VRF device its interfaces are enslaved to; none where absent. Compared with what the kernel says. */
  readonly vrf?: string;
  /** Where the stamp is kept: the kernel has no room for one. */
  readonly stateFile: string;
  /** Neighbour protocol number (NDA_PROTOCOL, 1 to 255) that marks our entries. */
  readonly protocol?: number;
  /** The longest time in ms that one request to `ip` may take. */
  readonly deadline?: number;
}

const showInterfaces = ['addr show', 'link show type vrf'];
const showPermanent = 'neigh show nud permanent';
const interfaceShape = /^[A-Za-z0-9][A-Za-z0-9._-]{0,14}$/;

/** What the Linux kernel has no word for. */
export const linuxLimits: readonly DriverLimit[] = [
  { promise: 'config-lock', reason: 'the kernel has no lock on its neighbour table: every change stands by itself' },
  {
    promise: 'vrf',
    reason:
      'an entry hangs on an interface, so no command spells a VRF; that an interface is enslaved to the configured one is read and compared, but was never tried on a kernel with VRF devices',
  },
];

/** A gateway that is a Linux box: static neighbour entries in the kernel's table, by iproute2. */
export function createLinuxSwitch(options: LinuxSwitchOptions): SwitchDriver {
  return new LinuxSwitch(options);
}

class LinuxSwitch implements SwitchDriver {
  readonly device: string;
  readonly limits = linuxLimits;
  private readonly vrf: string | undefined;
  private readonly interfaces: ReadonlySet<string>;
  private readonly protocol: number;
  private readonly namespace: NetworkNamespace;
  private readonly ip: IpCoprocess;
  private readonly stamp: StampFile;
  private readonly deadline: number;
  private readonly monitors: IpMonitor[] = [];

  constructor(options: LinuxSwitchOptions) {
    this.device = options.device;
    this.vrf = options.vrf;
    this.interfaces = new Set(options.interfaces);
    this.protocol = options.protocol ?? 155;
    const unusable = options.interfaces.find((name) => !interfaceShape.test(name));
    if (unusable !== undefined)
      throw this.error(
        'misconfigured',
        `"${unusable}" is no Linux interface name; expected up to 15 letters, digits, . _ -`,
      );
    if (!Number.isInteger(this.protocol) || this.protocol < 1 || this.protocol > 255) {
      throw this.error('misconfigured', `neighbour protocol ${this.protocol} is out of range; expected 1 to 255`);
    }
    this.deadline = options.deadline ?? 10_000;
    this.namespace = new NetworkNamespace(options.netns);
    this.ip = new IpCoprocess(this.namespace, options.deadline);
    this.stamp = new StampFile(options.device, options.stateFile);
  }

  async read(): Promise<SwitchState> {
    const [[addresses, vrfs, neighbours], stamp] = await Promise.all([
      this.show(...showInterfaces, showPermanent),
      this.stamp.read(),
    ]);
    const all = interfacesOf(addresses, vrfs);
    return {
      interfaces: new Map([...all].filter(([name]) => this.interfaces.has(name))),
      neighbours: permanentNeighboursOf(neighbours, this.protocol).filter((entry) =>
        this.interfaces.has(entry.interface),
      ),
      boxAddresses: new Set([...all.values()].flatMap((state) => state.addresses)),
      stamp,
    };
  }

  async apply(changes: readonly NeighbourChange[]): Promise<void> {
    if (changes.length === 0) return;
    const refused: string[] = [];
    const [addresses, vrfs, neighbours] = await this.show(...showInterfaces, showPermanent);
    const states = interfacesOf(addresses, vrfs);
    const present = this.presentEntries(neighbours);
    const commands: string[] = [];
    for (const change of changes) {
      const command = this.permittedCommand(change, states, present, refused);
      if (command !== undefined) commands.push(command);
    }
    const answers = await namingDevice(this.device, this.ip.run(commands));
    if (answers.some(({ error }) => error?.includes('Operation not permitted'))) {
      throw this.error('misconfigured', notPermitted);
    }
    answers.forEach(({ error }, index) => {
      const command = commands[index] ?? '';
      if (error === undefined || (command.startsWith('neigh del ') && isAbsent(error))) return;
      refused.push(`"ip ${command}": ${error}`);
    });
    if (refused.length === 0) return;
    const more = refused.length > 3 ? `; and ${refused.length - 3} more` : '';
    throw this.error(
      'refused',
      `${refused.length} of ${changes.length} changes were refused: ${refused.slice(0, 3).join('; ')}${more}`,
    );
  }

  writeStamp(stamp: DeviceStamp): Promise<void> {
    return this.stamp.write(stamp);
  }

  watch(onHint: (interfaceName: string | undefined) => void): void {
    this.monitors.push(
      new IpMonitor(this.namespace, (hint) => {
        if (hint === undefined) onHint(undefined);
        else if (this.interfaces.has(hint.interface)) onHint(hint.interface);
        else if (hint.about === 'address') onHint(undefined); // a gateway address may sit on any interface
      }),
    );
  }

  preflight(interfaces: readonly string[]): Promise<SwitchPreflight> {
    return namingDevice(this.device, readLinuxPreflight(this.namespace, this.ip, interfaces, this.deadline));
  }

  async close(): Promise<void> {
    for (const monitor of this.monitors) monitor.close();
    await this.ip.close();
  }

  private async show(...commands: string[]): Promise<unknown[]> {
    const answers = await namingDevice(this.device, this.ip.run(commands));
    return answers.map(({ json, error }, index) => {
      if (error !== undefined) throw this.error('unreadable', `"ip ${commands[index]}" failed: ${error}`);
      return json;
    });
  }

  /** Whether each permanent entry is ours, by address and interface. */
  private presentEntries(neighbours: unknown): Map<string, boolean> {
    const entries = permanentNeighboursOf(neighbours, this.protocol);
    return new Map(entries.map((entry) => [`${entry.address} ${entry.interface}`, entry.ours]));
  }

  private permittedCommand(
    change: NeighbourChange,
    states: ReadonlyMap<string, InterfaceState>,
    present: ReadonlyMap<string, boolean>,
    refused: string[],
  ): string | undefined {
    const { entry } = change;
    const what = `${change.change} ${entry.address} on ${entry.interface}`;
    if (!this.interfaces.has(entry.interface)) {
      refused.push(
        `${what}: the interface is not one of ${[...this.interfaces].join(', ')}; add it to this device's interfaces`,
      );
      return undefined;
    }
    const otherVrf = whyOtherVrf(states.get(entry.interface), this.vrf);
    if (otherVrf !== undefined) {
      refused.push(`${what}: ${otherVrf}`);
      return undefined;
    }
    if (present.get(`${entry.address} ${entry.interface}`) === false) {
      refused.push(
        `${what}: a permanent entry there is not ours; adopt it, or remove it by "ip neigh del ${entry.address} dev ${entry.interface}"`,
      );
      return undefined;
    }
    const command = commandOf(change, this.protocol);
    if (command === undefined) refused.push(`${what}: ${entry.mac} or ${entry.address} is not in canonical spelling`);
    return command;
  }

  private error(code: DeviceError['code'], message: string): DeviceError {
    return new DeviceError(this.device, code, message);
  }
}

const isAbsent = (error: string): boolean => /No such (file or directory|device)|Cannot find device/.test(error);
