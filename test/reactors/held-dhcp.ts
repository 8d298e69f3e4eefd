import type {
  DhcpChange,
  DhcpDriver,
  DhcpFamilyState,
  DhcpHost4,
  DhcpHost6,
  DhcpLease,
  DhcpState,
} from '../../src/drivers/dhcp/dhcp.port.js';
import type { DeviceStamp } from '../../src/drivers/switch/switch.port.js';

/** DHCP daemons that exist in this process only: they have real state, outlive the reactor, and can be told to misbehave. */
export class HeldDhcp implements DhcpDriver {
  readonly device = 'leaf1';
  readonly families = [4, 6] as const;
  hosts4 = new Map<string, DhcpHost4>();
  hosts6 = new Map<string, DhcpHost6>();
  leases: DhcpLease[] = [];
  refused = new Set<number>();
  stamp: DeviceStamp | undefined;
  saved = true;
  /** Interfaces where no socket can be opened. */
  readonly deaf = new Set<string>();
  /** `says-done`: success and nothing done. `refuses`: an error and nothing done. `unsaved`: done, and an error on saving it. */
  misbehaves: 'not' | 'says-done' | 'refuses' | 'unsaved' = 'not';
  pushes = 0;

  constructor(readonly interfaces: readonly string[]) {}

  read(): Promise<DhcpState> {
    const { leases, refused } = this;
    const [v4, v6] = [this.daemon(this.hosts4), this.daemon(this.hosts6)];
    return Promise.resolve({ v4, v6, leases: [...leases], refused: new Set(refused) });
  }

  apply({ hosts4, hosts6, endLeases }: DhcpChange, { logId, ordinal }: DeviceStamp): Promise<void> {
    this.pushes++;
    if (this.misbehaves === 'refuses') return Promise.reject(new Error('leaf1: kea-dhcp4 refused config-test'));
    if (this.misbehaves === 'says-done') return Promise.resolve();
    if (hosts4 !== undefined) this.hosts4 = new Map(hosts4.map((host) => [host.interface, host]));
    if (hosts6 !== undefined) this.hosts6 = new Map(hosts6.map((host) => [host.interface, host]));
    if (hosts4 !== undefined || hosts6 !== undefined) this.stamp = { logId, ordinal };
    this.saved = this.misbehaves !== 'unsaved';
    if (!this.saved) return Promise.reject(new Error('leaf1: kea-dhcp4 refused config-write'));
    this.leases = this.leases.filter((lease) => !endLeases.some((ended) => ended.address === lease.address));
    for (const { vlan } of endLeases) this.refused.delete(vlan);
    return Promise.resolve();
  }

  watch(): void {}

  close(): Promise<void> {
    return Promise.resolve();
  }

  private daemon<Host>(hosts: ReadonlyMap<string, Host>): DhcpFamilyState<Host> {
    const listening = new Set([...hosts.keys()].filter((name) => !this.deaf.has(name)));
    const { stamp, saved } = this;
    return { hosts: new Map(hosts), altered: new Set(), settings: 'intact', listening, saved, stamp };
  }
}
