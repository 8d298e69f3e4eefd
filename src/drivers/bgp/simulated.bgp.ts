import { isLinkLocal } from '../../../events/index.js';
import type { SimulatedFault, SimulatedSwitch } from '../switch/simulated.switch.js';
import type { BgpPreflight } from '../switch/preflight.port.js';
import { isOvertaken, overtakenBy } from '../stamp.js';
import { DeviceError, type DeviceStamp } from '../switch/switch.port.js';
import { type BgpDriver, type BgpState, type Route, routeKey } from './bgp.port.js';
import { destinationOf, routeFault } from './bird-include.js';

/** What the daemon holds, whoever speaks to it. */
interface Daemon {
  routes: readonly Route[];
  before: readonly Route[];
  stamp: DeviceStamp | undefined;
}

/**
 * A BGP daemon that exists in this process only, on a simulated switch and with `check link yes`:
 * it announces what it holds while the interface has carrier and, for IPv6, a link-local address.
 */
export class SimulatedBgp implements BgpDriver {
  fault: SimulatedFault = 'none';
  private seen: { readonly stamp: DeviceStamp | undefined } | undefined;

  /** `deadline` in ms is what a hanging request waits before it fails. */
  constructor(
    readonly device: string,
    private readonly gateway: SimulatedSwitch,
    private readonly deadline = 200,
    private readonly daemon: Daemon = { routes: [], before: [], stamp: undefined },
  ) {}

  /** Another engine's way to this very daemon. */
  anotherDriver(): SimulatedBgp {
    return new SimulatedBgp(this.device, this.gateway, this.deadline, this.daemon);
  }

  async read(): Promise<BgpState> {
    await this.misbehave('read');
    const announced = new Set(this.announced().map(routeKey));
    this.seen = { stamp: this.daemon.stamp };
    return { owned: this.daemon.routes, inTable: announced, inKernel: announced, stamp: this.daemon.stamp };
  }

  async setRoutes(routes: readonly Route[], stamp: DeviceStamp): Promise<void> {
    await this.misbehave('write');
    if (this.fault === 'lie') return;
    const destinations = routes.map(destinationOf);
    const doubled = destinations.find((destination, index) => destinations.indexOf(destination) !== index);
    const fault =
      routes.map(routeFault).find(Boolean) ?? (doubled === undefined ? undefined : `${doubled} is wanted twice`);
    if (fault !== undefined) throw new DeviceError(this.device, 'refused', `${fault}; nothing was changed`);
    const { stamp: there } = this.daemon;
    if (there !== undefined && isOvertaken(stamp, there, this.seen))
      throw new DeviceError(this.device, 'refused', overtakenBy(there));
    this.daemon.before = this.daemon.routes;
    this.daemon.routes = [...routes];
    this.daemon.stamp = { ...stamp };
  }

  preflight(interfaces: readonly string[]): Promise<BgpPreflight> {
    const where = 'the simulated daemon';
    const families = ['ipv4', 'ipv6'] as const;
    return Promise.resolve({
      checkLink: families.map((family) => ({ family, where, checks: { known: true } })),
      advertisedOnLink: new Map(interfaces.map((name) => [name, { known: [] }])),
    });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** What an upstream router hears from this daemon now. */
  announced(): Route[] {
    const interfaces = this.gateway.interfaces();
    return this.daemon.routes.filter((route) => {
      const state = interfaces.get(route.interface);
      return state?.carrier === true && (route.family === 'ipv4' || state.addresses.some(isLinkLocal));
    });
  }

  /** Somebody at the daemon takes the latest change back. */
  handUndo(): void {
    this.daemon.routes = this.daemon.before;
  }

  private async misbehave(verb: 'read' | 'write'): Promise<void> {
    if (this.fault === 'unreachable')
      throw new DeviceError(
        this.device,
        'unreachable',
        'the simulated daemon does not answer; set its fault to "none"',
      );
    if (this.fault === 'refuse' && verb === 'write')
      throw new DeviceError(
        this.device,
        'refused',
        'the simulated daemon refuses every change; set its fault to "none"',
      );
    if (this.fault !== 'hang') return;
    await new Promise((resolve) => setTimeout(resolve, this.deadline));
    throw new DeviceError(
      this.device,
      'timeout',
      `the simulated daemon did not answer within ${this.deadline} ms; set its fault to "none"`,
    );
  }
}
