import { IpCoprocess, jsonOf } from '../../transports/ip-coprocess.js';
import { IpMonitor } from '../../transports/ip-monitor.js';
import { notPermitted } from '../../transports/ip-process.js';
import type { IpPlace } from '../../transports/ip-place.js';
import { localIp } from '../../transports/local-ip.js';
import { NetworkNamespace } from '../../transports/network-namespace.js';
import { remoteIp } from '../../transports/remote-ip.js';
import { SshConnection, type SshOptions } from '../../transports/ssh-connection.js';
import { SshError } from '../../transports/ssh-error.js';
import { namingDevice } from '../device-error-of-ip.js';
import { StampFile } from '../stamp-file.js';
import { commandOf, questionOf } from './linux-commands.js';
import { NeighbourReading, permanentNeighbourOf } from './linux-neighbours.js';
import { readLinuxPreflight } from './linux-preflight.js';
import { interfacesOf } from './linux-tables.js';
import {
  type ActualNeighbour,
  DeviceError,
  type DeviceStamp,
  type DriverLimit,
  type InterfaceState,
  type NeighbourChange,
  type NeighbourEntry,
  type Place,
  type SwitchDriver,
  type SwitchState,
} from './switch.port.js';
import { whyOtherVrf } from './vrf.js';

export interface LinuxSwitchOptions {
  readonly device: string;
  /** Network namespace of the switch; our own, or the login's where it is reached over SSH, where none is named. */
  readonly netns?: string;
  /** The box it is, where that is not this one. */
  readonly ssh?: SshOptions & { readonly sudo?: boolean };
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

const showVrfs = 'link show type vrf';
const showPermanent = 'neigh show nud permanent';
const namesOf = ({ netns }: LinuxSwitchOptions): { netns?: string } => (netns === undefined ? {} : { netns });
const none = Buffer.alloc(0);
/** Up to so many places are asked for one by one; above, the whole table is read. */
const few = 64;
const placeOf = ({ address, interface: name }: Place): string => `${address} ${name}`;
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
  readonly preflight?: NonNullable<SwitchDriver['preflight']>;
  private readonly connection: SshConnection | undefined;
  private readonly place: IpPlace;
  private readonly ip: IpCoprocess;
  private readonly reading: NeighbourReading;
  private readonly stamp: StampFile;
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
    const namespace = new NetworkNamespace(options.netns);
    this.connection = this.connectionTo(options.ssh);
    this.place =
      this.connection === undefined
        ? localIp(namespace)
        : remoteIp(this.connection, { ...options.ssh, ...namesOf(options) });
    this.ip = new IpCoprocess(this.place, options.deadline);
    // Its facts are files of the kernel: they are read where the kernel is.
    if (this.connection === undefined) {
      const deadline = options.deadline ?? 10_000;
      this.preflight = (names) => namingDevice(this.device, readLinuxPreflight(namespace, this.ip, names, deadline));
    }
    this.reading = new NeighbourReading(this.protocol, this.interfaces);
    this.stamp = new StampFile(options.device, options.stateFile);
  }

  async read(): Promise<SwitchState> {
    const [[addresses, vrfs], [neighbours = none], stamp] = await Promise.all([
      this.askJson('addr show', showVrfs),
      this.ask([showPermanent]),
      this.stamp.read(),
    ]);
    const all = interfacesOf(addresses, vrfs);
    return {
      interfaces: new Map([...all].filter(([name]) => this.interfaces.has(name))),
      neighbours: this.neighboursOf(neighbours),
      boxAddresses: new Set([...all.values()].flatMap((state) => state.addresses)),
      stamp,
    };
  }

  async readAt(places: readonly Place[]): Promise<readonly ActualNeighbour[]> {
    const questions = places.map((place) => (this.interfaces.has(place.interface) ? questionOf(place) : undefined));
    const asked = questions.filter((question) => question !== undefined);
    const answers = await namingDevice(this.device, this.ip.ask(asked));
    return answers.flatMap(({ text, error }, index) => {
      if (error !== undefined && !isAbsent(error))
        throw this.error('unreadable', `"ip ${asked[index]}" failed: ${error}`);
      const entry = text && permanentNeighbourOf(text.toString('utf8'), this.protocol);
      return entry === undefined ? [] : [entry];
    });
  }

  async apply(changes: readonly NeighbourChange[]): Promise<void> {
    if (changes.length === 0) return;
    const refused: string[] = [];
    const states = await this.statesOf(changes);
    const present = await this.presentAmong(changes);
    const commands: string[] = [];
    for (const change of changes) {
      const command = this.permittedCommand(change, states, present, refused);
      if (command === undefined) continue;
      const place = placeOf(change.entry);
      // The kernel refuses to remove what is not there, and that ends `ip`.
      if (change.change === 'set') present.set(place, true);
      else if (!present.delete(place)) continue;
      commands.push(command);
    }
    const answers = await namingDevice(this.device, this.ip.ask(commands));
    answers.forEach(({ error }, index) => {
      if (error === undefined) return;
      if (error.includes('Operation not permitted')) throw this.error('misconfigured', notPermitted);
      const command = commands[index] ?? '';
      if (!command.startsWith('neigh del ') || !isAbsent(error)) refused.push(`"ip ${command}": ${error}`);
    });
    if (refused.length === 0) return;
    const more = refused.length > 3 ? `; and ${refused.length - 3} more` : '';
    throw this.error(
      'refused',
      `${refused.length} of ${changes.length} changes were refused: ${refused.slice(0, 3).join('; ')}${more}`,
    );
  }

  /** The kernel puts our protocol number on an entry that is replaced by itself. */
  async adopt(entry: NeighbourEntry): Promise<void> {
    const found = (await this.read()).neighbours.find(
      (one) => one.address === entry.address && one.interface === entry.interface && one.mac === entry.mac,
    );
    const command = commandOf({ change: 'set', entry }, this.protocol);
    if (found === undefined || command === undefined) {
      const what = `${entry.address} ${entry.mac} on ${entry.interface}`;
      throw this.error('refused', `there is no permanent entry ${what}; look again`);
    }
    const [answer] = await namingDevice(this.device, this.ip.run([command]));
    if (answer?.error !== undefined) throw this.error('refused', `"ip ${command}": ${answer.error}`);
  }

  writeStamp(stamp: DeviceStamp): Promise<void> {
    return this.stamp.write(stamp);
  }

  watch(onHint: (interfaceName: string | undefined) => void): void {
    this.monitors.push(
      new IpMonitor(this.place, (hint) => {
        if (hint === undefined) onHint(undefined);
        else if (this.interfaces.has(hint.interface)) onHint(hint.interface);
        else if (hint.about === 'address') onHint(undefined); // a gateway address may sit on any interface
      }),
    );
  }

  async close(): Promise<void> {
    for (const monitor of this.monitors) monitor.close();
    await this.ip.close();
    await this.connection?.close();
  }

  private connectionTo(ssh: LinuxSwitchOptions['ssh']): SshConnection | undefined {
    try {
      return ssh && new SshConnection(ssh);
    } catch (cause) {
      if (cause instanceof SshError) throw this.error(cause.code, cause.message, cause);
      throw cause;
    }
  }

  /** Rejects where one of these questions is not answered. */
  private async ask(questions: readonly string[]): Promise<Buffer[]> {
    const answers = await namingDevice(this.device, this.ip.ask(questions));
    return answers.map(({ text, error }, index) => {
      if (text !== undefined) return text;
      throw this.error('unreadable', `"ip ${questions[index]}" failed: ${error ?? 'no answer'}`);
    });
  }

  private async askJson(...questions: string[]): Promise<unknown[]> {
    const answers = await this.ask(questions);
    return namingDevice(
      this.device,
      new Promise((resolve) => resolve(answers.map((text, index) => jsonOf(text, questions[index] ?? '')))),
    );
  }

  private neighboursOf(text: Buffer): readonly ActualNeighbour[] {
    try {
      return this.reading.read(text);
    } catch (cause) {
      throw this.error(
        'unreadable',
        `"ip -j ${showPermanent}" did not answer JSON (${(cause as Error).message})`,
        cause,
      );
    }
  }

  /** The interfaces of these changes, with the VRF each stands in; one that does not exist is absent. */
  private async statesOf(changes: readonly NeighbourChange[]): Promise<ReadonlyMap<string, InterfaceState>> {
    const names = new Set(changes.map(({ entry }) => entry.interface).filter((name) => this.interfaces.has(name)));
    if (names.size > few) {
      const [links, vrfs] = await this.askJson('link show', showVrfs);
      return interfacesOf(links, vrfs);
    }
    const questions = [...[...names].map((name) => `link show dev ${name}`), showVrfs];
    const answers = await namingDevice(this.device, this.ip.run(questions));
    const vrfs = answers.at(-1)?.json;
    return new Map(answers.slice(0, -1).flatMap(({ json }) => [...interfacesOf(json, vrfs)]));
  }

  /** The permanent entries at the places of these changes, and whether each is ours; perhaps others as well. */
  private async presentAmong(changes: readonly NeighbourChange[]): Promise<Map<string, boolean>> {
    const [present = []] =
      changes.length <= few
        ? [await this.readAt(changes.map(({ entry }) => entry))]
        : (await this.ask([showPermanent])).map((text) => this.neighboursOf(text));
    return new Map(present.map((entry) => [placeOf(entry), entry.ours]));
  }

  private permittedCommand(
    change: NeighbourChange,
    states: ReadonlyMap<string, InterfaceState>,
    present: ReadonlyMap<string, boolean>,
    refused: string[],
  ): string | undefined {
    const { entry } = change;
    const why = this.whyForbidden(entry, states, present);
    const command = why === undefined ? commandOf(change, this.protocol) : undefined;
    if (command !== undefined) return command;
    const reason = why ?? `${entry.mac} or ${entry.address} is not in canonical spelling`;
    refused.push(`${change.change} ${entry.address} on ${entry.interface}: ${reason}`);
    return undefined;
  }

  private whyForbidden(
    entry: NeighbourEntry,
    states: ReadonlyMap<string, InterfaceState>,
    present: ReadonlyMap<string, boolean>,
  ): string | undefined {
    const { interface: name, address } = entry;
    if (!this.interfaces.has(name)) {
      return `the interface is not one of ${[...this.interfaces].join(', ')}; add it to this device's interfaces`;
    }
    const otherVrf = whyOtherVrf(states.get(name), this.vrf);
    if (otherVrf !== undefined) return otherVrf;
    return present.size > 0 && present.get(placeOf(entry)) === false
      ? `a permanent entry there is not ours; adopt it, or remove it by "ip neigh del ${address} dev ${name}"`
      : undefined;
  }

  private error(code: DeviceError['code'], message: string, cause?: unknown): DeviceError {
    return new DeviceError(this.device, code, message, cause === undefined ? undefined : { cause });
  }
}

const isAbsent = (error: string): boolean =>
  /No such (file or directory|device)|Cannot find device|entry not found/.test(error);
