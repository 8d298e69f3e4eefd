import { isDeepStrictEqual } from 'node:util';
import type { DeviceStamp } from '../switch/switch.port.js';
import { type JsonObject, objectOf } from './json.js';
import type { KeaConfig, KeaHeld } from './kea-config.js';
import type { KeaControl } from './kea-control.js';
import type { DhcpLease } from './dhcp.port.js';
import { endLease, ownLeases } from './kea-leases.js';

/** What one look at a daemon shows. */
export interface DaemonSeen<Host> {
  readonly held: KeaHeld<Host> & { readonly saved: boolean };
  readonly leases: readonly DhcpLease[];
}

/** A configuration as it was read. */
interface Reading<Host> {
  readonly running: JsonObject;
  readonly held: KeaHeld<Host>;
  /** Before it was asked for, monotonic ms and ms since 1970. */
  readonly askedAt: number;
  readonly askedOn: number;
}

/** One daemon of Kea: what is ours in its running configuration, read and changed at one stroke. */
export class KeaDaemon<Host extends { readonly interface: string }> {
  /** What another engine left unsaved, its journal tells. */
  private saved = true;
  private started: string | undefined;
  private read: Reading<Host> | undefined;

  constructor(
    readonly control: KeaControl,
    /** The key of its configuration. */
    private readonly root: 'Dhcp4' | 'Dhcp6',
    private readonly config: KeaConfig<Host>,
  ) {}

  async seen(family: 4 | 6): Promise<DaemonSeen<Host>> {
    const [{ held }, leases] = await Promise.all([
      this.reading(),
      ownLeases(this.control, family),
      this.sinceConfigured(),
    ]);
    return { held: { ...held, saved: this.saved }, leases };
  }

  /** Ends its leases among these; gives the VLANs where there was one. */
  async end(family: 4 | 6, leases: readonly DhcpLease[]): Promise<ReadonlySet<number>> {
    const own = leases.filter((lease) => lease.family === family);
    for (const lease of own) await endLease(this.control, lease);
    return new Set(own.map(({ vlan }) => vlan));
  }

  /**
   * Makes exactly these hosts ours; everything of the operator's stays. What Kea would refuse of what is new is named before
   * anything is tried, and what it refuses all the same changes nothing: it keeps what it had.
   */
  async push(hosts: readonly Host[], stamp: DeviceStamp): Promise<void> {
    const { running: before, held } = await this.latest();
    const to = { [this.root]: this.rendered(before, hosts, stamp) };
    const news = hosts.filter((host) => !isDeepStrictEqual(held.hosts.get(host.interface), host));
    const kept =
      'Nothing was changed, what it had stays in force; correct what it names in its own configuration or in billing';
    await this.control.done('config-test', { [this.root]: this.rendered(before, news, stamp) }, kept);
    const reply = await this.control.command('config-set', to);
    if (reply.result !== 0) {
      // It goes back to the configuration it had, and leaves all its sockets closed: only setting that one again opens them.
      await this.control.done('config-set', { [this.root]: before }, 'It serves nobody now; start it again');
      const refused = `${this.control.daemon} refused config-set: ${reply.text.slice(0, 300)}. ${kept}`;
      throw this.control.error('refused', refused);
    }
    this.saved = false;
    await this.control.done(
      'config-write',
      undefined,
      'The new configuration is in force, but it would start with the old one; let it write its configuration file',
    );
    this.saved = true;
  }

  /**
   * What was read last, where the daemon proves that nobody has configured it since. Kea tells whole seconds between two
   * whole ones, so up to one too many, by the clock of the wall, which somebody may set.
   */
  private async latest(): Promise<Reading<Host>> {
    const seconds = await this.sinceConfigured();
    const { read } = this;
    if (read === undefined) return this.reading();
    const elapsed = Math.max(performance.now() - read.askedAt, Date.now() - read.askedOn);
    return (seconds - 1) * 1000 > elapsed ? read : this.reading();
  }

  private async reading(): Promise<Reading<Host>> {
    const [askedAt, askedOn] = [performance.now(), Date.now()];
    const running = await this.running();
    this.read = { running, held: this.config.held(running), askedAt, askedOn };
    return this.read;
  }

  private async running(): Promise<JsonObject> {
    const reply = await this.control.done('config-get', undefined, 'Look into its log');
    const running = objectOf(reply.arguments)[this.root];
    if (running !== undefined) return objectOf(running);
    const other = `${this.control.daemon} shows no ${this.root}: its control socket leads to another daemon`;
    throw this.control.error('misconfigured', `${other}; give each daemon a socket-name of its own`);
  }

  /** Seconds since its latest configuration. A daemon that was started again runs with what it had saved, whatever we believe. */
  private async sinceConfigured(): Promise<number> {
    const { pid, reload } = objectOf((await this.control.command('status-get')).arguments);
    const now = JSON.stringify(pid);
    if (this.started !== undefined && this.started !== now) {
      // What it started with is what it runs with, until it is changed.
      this.saved = true;
      this.read = undefined;
    }
    this.started = now;
    return typeof reload === 'number' ? reload : 0;
  }

  private rendered(running: JsonObject, hosts: readonly Host[], stamp: DeviceStamp): JsonObject {
    try {
      return this.config.with(running, hosts, stamp);
    } catch (cause) {
      if (cause instanceof TypeError)
        throw this.control.error('refused', `nothing was sent to ${this.control.daemon}: ${cause.message}`, cause);
      throw cause;
    }
  }
}
