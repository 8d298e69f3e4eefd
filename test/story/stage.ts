import type { Ipv4Address, Ipv6Prefix, MacAddress } from '../../events/index.js';
import type { Hands } from '../../src/engine-parts.js';

export const ports = ['vlan11', 'vlan16', 'vlan66', 'vlan21'] as const;
export type StagePort = (typeof ports)[number];

/** A port as billing calls it: `leaf1:Ethernet16` for `vlan16`. */
export const portName = (port: StagePort): string => `leaf1:Ethernet${vlanOf(port)}`;
export const vlanOf = (port: StagePort): number => Number(port.slice(4));

/** The machine at a port. */
export interface StageServer {
  readonly mac: MacAddress;
  readonly ipv4: Ipv4Address;
  readonly prefix: Ipv6Prefix;
}

/**
 * Where the story plays: a switch with four server ports, an upstream, and hands on all of it.
 * The scenes only look at the world, never into the engine.
 */
export interface Stage {
  readonly kind: 'lab' | 'simulated';
  /** One line for the audience. */
  readonly about: string;
  /** A directory of this stage's own. */
  readonly directory: string;
  readonly servers: Readonly<Record<StagePort, StageServer>>;
  /** `driver` and `bgp` of the device in the engine's configuration, and `netns` of its sensors. */
  readonly deviceConfig: {
    readonly driver: object;
    readonly bgp: object;
    readonly guard?: object;
    readonly dhcp?: object;
    readonly ra?: object;
  };
  readonly netns: string | undefined;
  /** What an engine in this process needs to drive a switch that exists only here. */
  readonly inProcess: Hands | undefined;
  setCarrier(port: StagePort, up: boolean): Promise<void>;
  adminDown(port: StagePort): Promise<void>;
  adminUp(port: StagePort): Promise<void>;
  restoreGateway(port: StagePort): Promise<void>;
  replaceNic(port: StagePort, mac: MacAddress): Promise<void>;
  moveServer(from: StagePort, to: StagePort): Promise<void>;
  /** Permanent entries of the switch, as `address interface mac`. */
  entries(): Promise<Set<string>>;
  /** What the world hears: destination -> MED. */
  announced(): Promise<Map<string, number | undefined>>;
  /** Echo replies from an address asked by the upstream; undefined where there is no wire. */
  ping(address: string, count: number): Promise<number | undefined>;
  /** The ARP requests and neighbour solicitations the switch sends on a port while `work` runs; undefined where there is no wire. */
  questionsDuring(port: StagePort, work: () => Promise<void>): Promise<readonly string[] | undefined>;
  /** Sends raw frames (hexadecimal) from the machine at a port. */
  forge(port: StagePort, frames: readonly string[]): Promise<void>;
  close(): Promise<void>;
}
