import type { Vlan } from '../../../events/index.js';
import type { DeviceError, DeviceStamp } from '../switch/switch.port.js';
import type { DhcpChange, DhcpDriver, DhcpHost4, DhcpHost6, DhcpLease, DhcpState } from './dhcp.port.js';
import { host4Fault, host6Fault } from './host-faults.js';
import { SimulatedDaemon } from './simulated-daemon.js';

/** DHCP daemons that exist in this process only: they have real state, outlive who drives them, and can be told to misbehave. */
export class SimulatedDhcp implements DhcpDriver {
  readonly families = [4, 6] as const;
  readonly v4: SimulatedDaemon<DhcpHost4>;
  readonly v6: SimulatedDaemon<DhcpHost6>;
  leases: DhcpLease[] = [];
  readonly refused = new Set<number>();
  /** Interfaces where no socket can be opened. */
  readonly deaf = new Set<string>();
  /** Changes that were sent. */
  pushes = 0;
  private onHint: () => void = () => undefined;

  constructor(
    readonly device: string,
    readonly interfaces: readonly string[],
  ) {
    const given4 = ({ address }: DhcpHost4): string[] => [address];
    const given6 = ({ address, prefixes }: DhcpHost6): string[] => [...(address ? [address] : []), ...prefixes];
    this.v4 = new SimulatedDaemon(device, 'DHCPv4', given4, (host) => this.strangeTo(host) ?? host4Fault(host));
    this.v6 = new SimulatedDaemon(device, 'DHCPv6', given6, (host) => this.strangeTo(host) ?? host6Fault(host));
  }

  async read(): Promise<DhcpState> {
    const unreadable = new Map<4 | 6, DeviceError>();
    for (const family of this.families) {
      const { stopped } = this.daemon(family);
      if (stopped !== undefined) unreadable.set(family, stopped);
    }
    return Promise.resolve({
      v4: unreadable.has(4) ? undefined : this.v4.read(this.deaf),
      v6: unreadable.has(6) ? undefined : this.v6.read(this.deaf),
      unreadable,
      leases: this.leases.filter(({ family }) => !unreadable.has(family)),
      refused: new Set(unreadable.has(6) ? [] : this.refused),
    });
  }

  async apply({ hosts4, hosts6, endLeases }: DhcpChange, stamp: DeviceStamp): Promise<void> {
    this.pushes++;
    const four = async (): Promise<void> => {
      if (hosts4 !== undefined) this.v4.push(hosts4, stamp);
      return Promise.resolve(this.end(4, endLeases));
    };
    const six = async (): Promise<void> => {
      if (hosts6 !== undefined) this.v6.push(hosts6, stamp);
      return Promise.resolve(this.end(6, endLeases));
    };
    const failed = (await Promise.allSettled([four(), six()])).find((one) => one.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  watch(onHint: () => void): void {
    this.onHint = onHint;
  }

  close(): Promise<void> {
    this.onHint = () => undefined;
    return Promise.resolve();
  }

  daemon(family: 4 | 6): SimulatedDaemon<DhcpHost4> | SimulatedDaemon<DhcpHost6> {
    return family === 4 ? this.v4 : this.v6;
  }

  /** Somebody changes by hand what is ours at an interface. */
  handAlter(family: 4 | 6, interfaceName: string): void {
    this.daemon(family).alter(interfaceName);
    this.onHint();
  }

  /** A daemon ends, or is started again with what it saved. */
  setRunning(family: 4 | 6, running: boolean): void {
    if (running) this.daemon(family).restart();
    else this.daemon(family).fault = 'stopped';
    this.onHint();
  }

  /** DHCPv6 refuses a machine because another identity of it has the lease. */
  refuse(vlan: Vlan): void {
    this.refused.add(vlan);
    this.onHint();
  }

  private end(family: 4 | 6, leases: readonly DhcpLease[]): void {
    const own = leases.filter((lease) => lease.family === family);
    const { stopped, fault } = this.daemon(family);
    if (own.length > 0 && stopped !== undefined) throw stopped;
    if (fault === 'lies') return;
    const ended = new Set(own.map(leaseKey));
    this.leases = this.leases.filter((lease) => !ended.has(leaseKey(lease)));
    if (family === 6) for (const { vlan } of own) this.refused.delete(vlan);
  }

  private strangeTo({ interface: name }: { readonly interface: string }): string | undefined {
    return this.interfaces.includes(name) ? undefined : `${name} is not one of its interfaces`;
  }
}

const leaseKey = ({ family, address, prefixLength, vlan }: DhcpLease): string =>
  `${family} ${vlan} ${address} ${prefixLength ?? ''}`;
