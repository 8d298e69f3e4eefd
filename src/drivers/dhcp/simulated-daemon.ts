import { DeviceError, type DeviceStamp } from '../switch/switch.port.js';
import type { DhcpFamilyState } from './dhcp.port.js';

/**
 * `stopped`: nothing answers. `refuses`: an error and nothing done. `unsaved`: done, and an error on saving it. `lies`: success
 * and nothing done. `dies`: it ends with the next change, which is not done.
 */
export type DaemonFault = 'none' | 'stopped' | 'refuses' | 'unsaved' | 'lies' | 'dies';

/** What a daemon saved. */
export interface Saved<Host> {
  readonly hosts: readonly Host[];
  readonly stamp: DeviceStamp | undefined;
}

/** One DHCP daemon that exists in this process only. */
export class SimulatedDaemon<Host extends { readonly interface: string }> {
  fault: DaemonFault = 'none';
  hosts = new Map<string, Host>();
  stamp: DeviceStamp | undefined;
  saved = true;
  /** What it starts with. */
  file: Saved<Host> = { hosts: [], stamp: undefined };
  private readonly altered = new Set<string>();

  constructor(
    private readonly device: string,
    private readonly name: string,
    /** What a host is given: no two hosts may be given the same. */
    private readonly given: (host: Host) => readonly string[],
    private readonly faultOf: (host: Host) => string | undefined,
  ) {}

  read(deaf: ReadonlySet<string>): DhcpFamilyState<Host> {
    const { stamp, saved, altered } = this;
    const hosts = new Map([...this.hosts].filter(([name]) => !altered.has(name)));
    const listening = new Set([...this.hosts.keys()].filter((name) => !deaf.has(name)));
    return { hosts, altered: new Set(altered), settings: 'intact', listening, saved, stamp };
  }

  push(hosts: readonly Host[], { logId, ordinal }: DeviceStamp): void {
    if (this.fault === 'dies') this.fault = 'stopped';
    const { stopped } = this;
    if (stopped !== undefined) throw stopped;
    if (this.fault === 'lies') return;
    const refusal = this.fault === 'refuses' ? 'it refuses every change' : this.refusalOf(hosts);
    if (refusal !== undefined)
      throw this.error('refused', `${refusal}; nothing was changed. Set its fault to "none", or correct what is wrong`);
    this.hosts = new Map(hosts.map((host) => [host.interface, host]));
    this.stamp = { logId, ordinal };
    this.altered.clear();
    this.saved = this.fault !== 'unsaved';
    if (!this.saved) throw this.error('refused', 'it cannot save what is in force; set its fault to "none"');
    this.file = { hosts: [...hosts], stamp: this.stamp };
  }

  alter(interfaceName: string): void {
    this.altered.add(interfaceName);
  }

  /** It runs with what it saved. */
  restart(): void {
    const { hosts, stamp } = this.file;
    this.hosts = new Map(hosts.map((host) => [host.interface, host]));
    this.stamp = stamp;
    this.altered.clear();
    this.saved = true;
    this.fault = 'none';
  }

  /** Why nothing answers; undefined where it does. */
  get stopped(): DeviceError | undefined {
    return this.fault === 'stopped' ? this.error('unreachable', 'it is not running; start it again') : undefined;
  }

  private refusalOf(hosts: readonly Host[]): string | undefined {
    const given = hosts.flatMap((host) => [host.interface, ...this.given(host)]);
    const seen = new Set<string>();
    const doubled = given.find((one) => seen.size === seen.add(one).size);
    return hosts.map(this.faultOf).find(Boolean) ?? (doubled === undefined ? undefined : `${doubled} is there twice`);
  }

  private error(code: DeviceError['code'], why: string): DeviceError {
    return new DeviceError(this.device, code, `the simulated ${this.name} daemon: ${why}`);
  }
}
