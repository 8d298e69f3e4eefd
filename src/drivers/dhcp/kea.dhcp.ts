import { NetworkNamespace } from '../../transports/network-namespace.js';
import { namingDevice } from '../device-error-of-ip.js';
import { DeviceError, type DeviceStamp } from '../switch/switch.port.js';
import type {
  BootLoader,
  DhcpChange,
  DhcpDriver,
  DhcpFamilyState,
  DhcpHost4,
  DhcpHost6,
  DhcpState,
} from './dhcp.port.js';
import { isPlainInterface } from './host-faults.js';
import { KeaConfig } from './kea-config.js';
import { KeaControl } from './kea-control.js';
import { type DaemonSeen, KeaDaemon } from './kea-daemon.js';
import { forgetRefusals, refusalCount, refusedVlans } from './kea-leases.js';
import { KeaPoll } from './kea-poll.js';
import { openSockets, type OpenSockets } from './kea-sockets.js';

export interface KeaOptions {
  readonly device: string;
  /** The control sockets of the daemons; at least one. */
  readonly socket4?: string;
  readonly socket6?: string;
  /** Network namespace that the daemons serve; our own where none is named. */
  readonly netns?: string;
  /** The interfaces that are ours to serve. */
  readonly interfaces: readonly string[];
  readonly loaders?: readonly BootLoader[];
  /** The longest time in ms that one command may take. */
  readonly deadline?: number;
  /** How often the daemons are asked whether anything happened, ms. */
  readonly pollMs?: number;
}

/** Kea's DHCPv4 and DHCPv6 daemons over their control sockets. Throws a DeviceError where it cannot be made of the options. */
export function createKeaDhcp(options: KeaOptions): DhcpDriver {
  return new KeaDhcp(options);
}

class KeaDhcp implements DhcpDriver {
  readonly device: string;
  readonly interfaces: readonly string[];
  readonly families: readonly (4 | 6)[];
  private readonly namespace: NetworkNamespace;
  private readonly deadline: number;
  private readonly v4: KeaDaemon<DhcpHost4> | undefined;
  private readonly v6: KeaDaemon<DhcpHost6> | undefined;
  /** The refusals after which we looked who stands in the way, and found nobody or ended them. */
  private settledRefusals: number | undefined;
  private readonly poll: KeaPoll;

  constructor(options: KeaOptions) {
    const { device, socket4, socket6, netns, loaders = [] } = options;
    this.device = device;
    this.interfaces = [...new Set(options.interfaces)];
    this.deadline = options.deadline ?? 15_000;
    const unusable = this.interfaces.find((name) => !isPlainInterface(name));
    if (unusable !== undefined)
      throw this.error(
        'misconfigured',
        `"${unusable}" is no interface for Kea; expected 1 to 15 letters, digits, . _ -`,
      );
    if (socket4 === undefined && socket6 === undefined)
      throw this.error('misconfigured', 'Kea needs socket4, socket6 or both; name them under its dhcp');
    this.namespace = new NetworkNamespace(netns);
    const ours = new Set(this.interfaces);
    const control = (family: 4 | 6, path: string): KeaControl =>
      new KeaControl(device, `kea-dhcp${family}`, path, this.deadline);
    this.v4 =
      socket4 === undefined ? undefined : new KeaDaemon(control(4, socket4), 'Dhcp4', KeaConfig.of4(ours, loaders));
    this.v6 =
      socket6 === undefined ? undefined : new KeaDaemon(control(6, socket6), 'Dhcp6', KeaConfig.of6(ours, loaders));
    this.families = [...(this.v4 === undefined ? [] : [4 as const]), ...(this.v6 === undefined ? [] : [6 as const])];
    const controls = [this.v4?.control, this.v6?.control].filter((one) => one !== undefined);
    this.poll = new KeaPoll(controls, options.pollMs ?? 1000);
  }

  async read(): Promise<DhcpState> {
    const unreadable = new Map<4 | 6, DeviceError>();
    const [sockets, four, six] = await Promise.all([
      namingDevice(this.device, openSockets(this.namespace, this.deadline)),
      orWhyNot(unreadable, 4, this.v4?.seen(4)),
      orWhyNot(unreadable, 6, this.seen6()),
    ]);
    return {
      v4: four && { ...four.held, listening: listening4(four.held.hosts, sockets) },
      v6: six && { ...six.held, listening: sockets.dhcp6 },
      unreadable,
      leases: [...(four?.leases ?? []), ...(six?.leases ?? [])],
      refused: six?.refused ?? new Set(),
    };
  }

  async apply({ hosts4, hosts6, endLeases }: DhcpChange, stamp: DeviceStamp): Promise<void> {
    const four = async (): Promise<void> => {
      if (hosts4 !== undefined) await this.v4?.push(hosts4, stamp);
      await this.v4?.end(4, endLeases);
    };
    const six = async (): Promise<void> => {
      if (hosts6 !== undefined) await this.v6?.push(hosts6, stamp);
      const ended = await this.v6?.end(6, endLeases);
      if (this.v6 !== undefined && ended !== undefined) await forgetRefusals(this.v6.control, ended);
    };
    const failed = (await Promise.allSettled([four(), six()])).find((one) => one.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  watch(onHint: () => void): void {
    this.poll.start(onHint);
  }

  async close(): Promise<void> {
    this.poll.close();
    await Promise.all([this.v4?.control.close(), this.v6?.control.close()]);
  }

  private async seen6(): Promise<(DaemonSeen<DhcpHost6> & { readonly refused: ReadonlySet<number> }) | undefined> {
    if (this.v6 === undefined) return undefined;
    const [seen, refused] = await Promise.all([this.v6.seen(6), this.refused(this.v6.control)]);
    return { ...seen, refused };
  }

  private async refused(control: KeaControl): Promise<Set<number>> {
    const count = await refusalCount(control);
    if (count === this.settledRefusals) return new Set();
    const vlans = await refusedVlans(control);
    if (vlans.size === 0) this.settledRefusals = count;
    return vlans;
  }

  private error(code: DeviceError['code'], message: string): DeviceError {
    return new DeviceError(this.device, code, message);
  }
}

/** What was seen; undefined where there is nothing to see, or it could not be, which is noted. */
async function orWhyNot<Seen>(
  unreadable: Map<4 | 6, DeviceError>,
  family: 4 | 6,
  seen: Promise<Seen> | undefined,
): Promise<Seen | undefined> {
  try {
    return await seen;
  } catch (error) {
    if (!(error instanceof DeviceError)) throw error;
    unreadable.set(family, error);
    return undefined;
  }
}

function listening4(hosts: DhcpFamilyState<DhcpHost4>['hosts'], { dhcp4 }: OpenSockets): Set<string> {
  return new Set([...hosts.values()].filter(({ listen }) => dhcp4.has(listen)).map((host) => host.interface));
}
