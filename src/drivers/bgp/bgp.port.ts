import type { Ipv4Address, Ipv6Address, Ipv6Prefix } from '../../../events/index.js';
import type { BgpPreflight } from '../switch/preflight.port.js';
import type { DeviceStamp } from '../switch/switch.port.js';

/** Two numbers of 16 bits (RFC 1997), or three of 32 bits (RFC 8092, a large community). */
export type Community = readonly [number, number] | readonly [number, number, number];

/** One announced route, in our own terms. */
export type Route = (
  | {
      readonly family: 'ipv6';
      readonly prefix: Ipv6Prefix;
      /** The neighbour entry that carries the prefix. */
      readonly nextHop: Ipv6Address;
      readonly interface: string;
      /** Multi-exit discriminator, 0 to 4294967295 (RFC 4271 section 5.1.4). */
      readonly med: number;
    }
  | {
      readonly family: 'ipv4';
      /** One address, announced as /32. */
      readonly address: Ipv4Address;
      readonly interface: string;
      readonly med: number;
    }
) & {
  /** Communities it is announced with; absent is none. */
  readonly communities?: readonly Community[];
};

/** What a BGP daemon really holds. */
export interface BgpState {
  /** Our routes as the daemon is configured with them, those without a link too. */
  readonly owned: readonly Route[];
  /** Keys (`routeKey`) of our routes that the daemon's table has now. */
  readonly inTable: ReadonlySet<string>;
  /** Keys of our routes that the kernel forwards by now; undefined where the driver cannot see it. */
  readonly inKernel: ReadonlySet<string> | undefined;
  /** The stamp in the include files; undefined when there is none. */
  readonly stamp: DeviceStamp | undefined;
  /** True where a push was cut off before the daemon confirmed it: `setRoutes` is due even if no route changes. */
  readonly unconfirmed?: boolean;
}

/**
 * Speaks to one BGP daemon. The whole owned set goes to the daemon; it takes the difference itself.
 * No retry inside. Every method rejects with a DeviceError naming the device and the cure.
 */
export interface BgpDriver {
  readonly device: string;
  read(): Promise<BgpState>;
  /**
   * Makes the owned set exactly these routes; does not reload the daemon when nothing changed.
   * Resolves when the daemon was read back with them; where it cannot be, it has what it had before.
   * @param onConfirmed told as soon as the daemon was read back and is changed no more, where something is still to be
   * written down after that; who waits for its turn need not wait for the disk
   */
  setRoutes(routes: readonly Route[], stamp: DeviceStamp, onConfirmed?: () => void): Promise<void>;
  /** Facts about the daemon, read-only; absent where a driver can see none of them. */
  preflight?(interfaces: readonly string[]): Promise<BgpPreflight>;
  close(): Promise<void>;
}

/** Identity of a route: destination and interface; `198.51.100.16/32 vlan16`. */
export function routeKey(route: Route): string {
  const destination = route.family === 'ipv6' ? route.prefix : `${route.address}/32`;
  return `${destination} ${route.interface}`;
}
