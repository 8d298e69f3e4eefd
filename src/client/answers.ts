import type { Conflict, Effect, Stored } from './outcome.js';

// What questions are answered with. A newer engine may say more than these types know: it is passed on as it came.

/** What is stored under a source and an id. */
export interface Receipt extends Omit<Stored, 'stored'> {
  readonly source: string;
  readonly type: string;
  readonly stream: string;
  readonly time: string;
  readonly recordedAt: string;
  /** SHA-256 of the event's canonical form; the API's documentation says of what. */
  readonly digest: string;
}

/** One server as the map has it. */
export interface Binding {
  readonly serverId: string;
  /** `active`, `suspended`, `pending`, `conflicted`, `removed`. Only an active server is granted anything. */
  readonly state: string;
  /** True while billing sells it, whatever else is missing or contested. */
  readonly sold: boolean;
  readonly customerId?: string | undefined;
  readonly switch?: string | undefined;
  /** `switch:interface`. */
  readonly port?: string | undefined;
  readonly vlan?: number | undefined;
  readonly mac?: string | undefined;
  /** MACs allowed at its place beside `mac`; nothing is routed to them. */
  readonly otherMacs: readonly string[];
  readonly linkLocal?: string | undefined;
  /** `heldBy`: the server that it waits for. */
  readonly addresses: readonly {
    readonly addOnId: string;
    readonly address: string;
    /** Where billing named none: the pool from which it was allocated. */
    readonly allocatedFrom?: string | undefined;
    readonly heldBy?: string | undefined;
  }[];
  readonly prefixes: readonly {
    readonly prefix: string;
    /** The order that it was allocated for, where billing named none. */
    readonly orderId?: string;
    readonly heldBy?: string | undefined;
  }[];
  /** Add-ons bought without an address. */
  readonly unallocated: readonly string[];
  readonly unallocatedOrders: readonly string[];
  readonly conflicts: readonly Conflict[];
  readonly link: string;
}

export interface MapPage {
  /** Of the last event of the map; -1 for an empty log. */
  readonly ordinal: number;
  /** False while the engine catches up with its log. */
  readonly live: boolean;
  /** Streams with an event that cannot be read: their last good state counts. */
  readonly frozenStreams: readonly { readonly stream: string; readonly reason: string; readonly held: number }[];
  /** Of each switch to which nothing new is pushed: why. */
  readonly withheld?: readonly { readonly switch: string; readonly reason: string }[];
  readonly bindings: readonly Binding[];
  /** Of the next page; absent on the last one. */
  readonly next?: string | undefined;
}

/** Which servers are asked for; all that is given must fit. */
export interface MapFilters {
  readonly server?: string;
  readonly customer?: string;
  /** Who holds the address, has it inside a prefix, or waits for it. */
  readonly ip?: string;
  readonly mac?: string;
  readonly port?: string;
  readonly switch?: string;
}

/** One fact of a server, and what it means for the map now. */
export interface ServerFact {
  readonly id: string;
  readonly type: string;
  readonly ordinal: number;
  readonly position: string;
  readonly time: string;
  readonly recordedAt: string;
  readonly effect: Effect;
  readonly conflicts: readonly Conflict[];
}

/** What one device holds of a server, as its last look saw it. Lines are in the engine's own notation. */
export interface ServerOnDevice {
  readonly device: string;
  readonly switch: string;
  /** Such as `observe` or `enforce`. */
  readonly mode: string;
  readonly state: string;
  /** What the map grants the server here. */
  readonly granted: readonly string[];
  /** The granted routes that were read back as announced. */
  readonly announced: readonly string[];
  readonly missing: readonly string[];
  /** Missing, because another entry stands in its place. */
  readonly otherwise: readonly { readonly line: string; readonly mac: string; readonly ours: boolean }[];
  /** What is still to be done: `+` is to come, `-` is to go. */
  readonly waiting: readonly string[];
  /** Granted routes that are not to be announced just now, and why. */
  readonly quiet: readonly { readonly route: string; readonly reason: string }[];
  /** Sold, but not to be on the device, and why. */
  readonly withheld: readonly { readonly what: string; readonly reason: string }[];
  /** Said only after the device was read back. */
  readonly confirmed: boolean;
}

export interface ServerStatus {
  readonly serverId: string;
  readonly stored: { readonly ordinal: number; readonly position: string };
  readonly state?: string;
  readonly frozen: boolean;
  /** The newest first, at most ten. */
  readonly facts: readonly ServerFact[];
  readonly devices: readonly ServerOnDevice[];
  /** True when the map has all that is stored and every device is confirmed. */
  readonly settled: boolean;
}

/** How much of one thing a place holds and can take. */
export interface Room {
  readonly limit?: number;
  readonly used: number;
  readonly pending: number;
  /** What may still be sold; absent without a limit. */
  readonly free?: number;
  /** `unknown`, `ok`, `high`, `critical`, `full`. */
  readonly level: string;
}

export interface CapacityRow {
  readonly site: string;
  /** False: whatever is sold here is withheld. */
  readonly enabled: boolean;
  readonly switch?: string;
  readonly device?: string;
  /** False while a device was not read yet. */
  readonly known: boolean;
  readonly neighbours: Room;
  readonly routes: Room;
}

/** One thing that has the name looked for, or one that begins so. */
export interface Found {
  /** `server`, `customer`, `port`, `mac`, `address`, `prefix`, `violation`, `event`. */
  readonly kind: string;
  /** In its one spelling. */
  readonly name: string;
  /** `exact`, or how else it fits. */
  readonly match: string;
  /** The same in words, with what it was found by. */
  readonly why: string;
  /** Of a customer: how many servers it has, 201 for more than 200. */
  readonly servers?: number;
  /** Of a port. */
  readonly link?: string;
}

export interface SearchAnswer {
  /** What the text may mean, in words. */
  readonly understood: readonly string[];
  readonly ordinal: number;
  /** How far the index is made, 0 to 1. Below 1 only whole names were looked for. */
  readonly indexed: number;
  /** Kinds with an exact hit first; `more` where more fit than are told. */
  readonly groups: readonly { readonly kind: string; readonly hits: readonly Found[]; readonly more: boolean }[];
}

export interface Capacity {
  readonly sites: readonly CapacityRow[];
  readonly switches: readonly CapacityRow[];
  readonly devices: readonly CapacityRow[];
}
