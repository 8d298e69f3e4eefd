import type { Ipv4Address, Ipv6Address, Ipv6Prefix, MacAddress } from '../../../events/index.js';
import type { DeviceStamp } from '../switch/switch.port.js';

/** `count`: what would be dropped is counted and let in. `drop`: it is counted and dropped. */
export type GuardMode = 'count' | 'drop';

/** Each reason for which a frame is not let in; every frame is counted under the first that fits. */
export const guardKinds = [
  'closed',
  'gateway-mac',
  'foreign-mac',
  'arp-gateway',
  'arp-mac',
  'arp-sender',
  'arp-private',
  'arp-rate',
  'router-advertisement',
  'redirect',
  'na-gateway',
  'gateway-source',
  'foreign-source',
  'private-source',
  'nd-rate',
  'other-protocol',
] as const;
export type GuardKind = (typeof guardKinds)[number];

/** What is let in at one interface. Lists are sorted and without doubles; no prefix lies inside another. */
export interface PortGuard {
  readonly interface: string;
  readonly mode: GuardMode;
  /** Nothing is let in: the port is suspended or sold to nobody. Then the three lists are empty. */
  readonly closed: boolean;
  readonly macs: readonly MacAddress[];
  readonly ipv4: readonly Ipv4Address[];
  readonly prefixes: readonly Ipv6Prefix[];
  readonly gatewayMacs: readonly MacAddress[];
  readonly gatewayIpv4: readonly Ipv4Address[];
  readonly gatewayIpv6: readonly Ipv6Address[];
}

/** Frames and their bytes; counted since the guard's table was made. */
export interface Counted {
  readonly frames: number;
  readonly bytes: number;
}

/** What was counted at one interface. */
export interface PortCounts {
  /** All that came in. */
  readonly seen: Counted;
  /** What was not let in, or would not have been; kinds that never happened are absent. */
  readonly hits: Readonly<Partial<Record<GuardKind, Counted>>>;
}

/** A port as the device holds it. */
export interface HeldPort extends PortGuard {
  /** False where the rules are there but no frame of the interface reaches them. */
  readonly attached: boolean;
}

/** What a guard really holds, read from the device and not from memory. */
export interface GuardState {
  /** Interfaces of ours that exist on the device. */
  readonly interfaces: ReadonlySet<string>;
  /** Whether the rules that all ports share are exactly ours; `missing`: there is no guard at all. */
  readonly rules: 'intact' | 'changed' | 'missing';
  readonly ports: ReadonlyMap<string, HeldPort>;
  readonly counts: ReadonlyMap<string, PortCounts>;
  /** undefined when nobody ever drove this guard. */
  readonly stamp: DeviceStamp | undefined;
}

/** What is to become of some ports; every port that is not named stays as it is. */
export interface GuardChange {
  readonly set: readonly PortGuard[];
  /** Interfaces that are no business of this guard any more. */
  readonly remove: readonly string[];
}

/** The most neighbour entries that all guarded ports together can make, and how that follows from the box. */
export interface RateBudget {
  /** The size of the kernel's table (`gc_thresh3`). */
  readonly tableSize: number;
  /** False where the kernel did not tell and its default was assumed. */
  readonly tableSizeRead: boolean;
  readonly ports: number;
  /** A quarter of the table stays for whoever else needs it. */
  readonly entries: number;
  /** New neighbours from one port: per second, and at once. */
  readonly perPort: { readonly rate: number; readonly burst: number };
  /** From all ports together. */
  readonly together: { readonly rate: number; readonly burst: number };
}

/**
 * Guards the ports of one device against sources that were not sold (RFC 2827) and against who plays the gateway.
 * No retry inside: the runner retries. Every method rejects with a DeviceError naming the device and the cure.
 */
export interface GuardDriver {
  readonly device: string;
  readonly interfaces: readonly string[];
  /** How fast new neighbours may appear. */
  readonly rates: { readonly arp: RateBudget; readonly nd: RateBudget };
  /** The effective state, read back from the device. */
  read(): Promise<GuardState>;
  /** Makes the change at one stroke: all of it or nothing. Success is for `read` to prove. */
  apply(change: GuardChange): Promise<void>;
  /** Keeps the stamp, durably. */
  writeStamp(stamp: DeviceStamp): Promise<void>;
  /** Calls back after anything that may have changed the guard: a hint to read again, never a fact. */
  watch(onHint: () => void): void;
  close(): Promise<void>;
}
