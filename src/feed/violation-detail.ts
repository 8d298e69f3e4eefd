import { formatInstant, switchOf } from '../../events/index.js';
import {
  type Binding,
  containmentOf,
  dayOf,
  hourMs,
  type NetworkMap,
  portIsFact,
  reasonOf,
  type Reasoned,
  type ViolationRow,
} from '../../projections/index.js';
import type { DeviceLines } from './journal-lines.js';
import type { MacVendor } from './mac-vendor.js';
import type { CustomerRecord } from './customer-record.js';
import type { Viewing, ViolationView } from './violation-view.js';
import { violationView } from './violation-view.js';
import type { DeviceWord, GuardWord, SensorWord } from './witnesses.js';

/** A server as billing has it now; fields nobody knows are absent. */
export interface ServerNow {
  readonly state: string;
  readonly customerId?: string;
  readonly port?: string;
  readonly vlan?: number;
  readonly mac?: string;
  /** What it was sold; one that another server holds is not in here. */
  readonly addresses: readonly string[];
  readonly prefixes: readonly string[];
  readonly link: string;
}

/** By whom it was done, as far as that is known. */
export interface OffenderView {
  /** True where the capture proves the port: only then is a server named as who did it. */
  readonly isFact: boolean;
  readonly serverId?: string;
  readonly customerId?: string;
  readonly port?: string;
  readonly vlan?: number;
  readonly switch: string;
  /** The MACs the frame carried. They say nothing for sure: a sender writes what it likes. */
  readonly macs: readonly {
    readonly mac: string;
    readonly as: 'sender' | 'claimed' | 'both';
    readonly vendor: MacVendor;
  }[];
  readonly now?: ServerNow;
  /** Where it is no fact: the servers it may be, by the port that is guessed or by the MAC. */
  readonly mayBe?: readonly string[];
}

/** Whose address was claimed. */
export interface VictimView {
  readonly serverId?: string;
  readonly customerId?: string;
  readonly now?: ServerNow;
  /** True where it is an address of the gateway of the place. */
  readonly gateway?: true;
}

export interface ContainmentView {
  readonly serverId: string;
  readonly state: 'requested' | 'suspended' | 'resumed' | 'removed' | 'refused';
  readonly requestedAt: string;
  readonly since?: string;
  readonly reason?: string;
}

/** All that the engine knows about one violation; times in RFC 3339. */
export interface ViolationDetail {
  readonly violation: ViolationView;
  /** One sentence in plain words: what was heard, and what billing sold. Escape it where it is shown. */
  readonly why: string;
  /** Frames of each of the last 24 hours, oldest first; `until` is the end of the last one. */
  readonly day: { readonly frames: readonly number[]; readonly until: string; readonly exact: boolean };
  readonly offender: OffenderView;
  readonly victim?: VictimView;
  /** What else the offender's customer did in 30 days; absent where no offender is known. */
  readonly customer?: CustomerRecord;
  /** The kept frames; absent where none were kept. */
  readonly evidence?: { readonly frames: number; readonly sha256: string; readonly href: string };
  readonly devices: {
    /** What each device holds of the victim: with its permanent entries the gateway believes no forger. */
    readonly ofVictim: readonly DeviceWord[];
    readonly ofOffender: readonly DeviceWord[];
    /** Guards at the port; absent where the port is no fact. */
    readonly guards?: readonly GuardWord[];
    /** What was written for these two from an hour before the first frame to an hour after the last. */
    readonly written: DeviceLines;
  };
  readonly sensor: { readonly name: string } & Partial<SensorWord>;
  readonly containment?: ContainmentView;
}

/** Everything the detail is put together from, besides the map. */
export interface DetailSources {
  readonly detection: Reasoned | undefined;
  readonly viewing: Viewing;
  readonly vendorOf: (mac: string) => MacVendor;
  readonly customer: CustomerRecord | undefined;
  readonly ofVictim: readonly DeviceWord[];
  readonly ofOffender: readonly DeviceWord[];
  readonly guards: readonly GuardWord[];
  readonly written: DeviceLines;
  readonly sensor: SensorWord | undefined;
}

export function violationDetail(map: NetworkMap, row: ViolationRow, sources: DetailSources): ViolationDetail {
  const { viewing, customer, ofVictim, ofOffender, guards, written, sensor } = sources;
  const victim = victimOf(map, row);
  const containment = containmentView(map, row);
  return {
    violation: violationView(row, viewing),
    why: sources.detection === undefined ? row.detail : reasonOf(sources.detection),
    day: { ...dayOf(row, viewing.now), until: formatInstant((Math.floor(viewing.now / hourMs) + 1) * hourMs) },
    offender: offenderOf(map, row, sources.vendorOf),
    ...(victim && { victim }),
    ...(customer && { customer }),
    ...(row.evidenceSha256 !== undefined && {
      evidence: { frames: row.evidenceFrames ?? 0, sha256: row.evidenceSha256, href: evidencePath(row.violationId) },
    }),
    devices: { ofVictim, ofOffender, ...(portIsFact(row) && row.port !== undefined && { guards }), written },
    sensor: { name: row.sensor, ...sensor },
    ...(containment && { containment }),
  };
}

/** Where the kept frames of a violation are, as a path of this engine. */
export const evidencePath = (violationId: string): string =>
  `/v1/violations/${encodeURIComponent(violationId)}/evidence`;

/** The switches on which something of the violation can be: where it was heard, and where victim and offender are. */
export function switchesConcerned(map: NetworkMap, row: ViolationRow): ReadonlySet<string> {
  const servers = [row.victimServerId, row.offenderServerId].flatMap((id) => (id === undefined ? [] : map.binding(id)));
  return new Set([row.switch, ...servers.flatMap((one) => (one?.port === undefined ? [] : switchOf(one.port)))]);
}

function offenderOf(map: NetworkMap, row: ViolationRow, vendorOf: (mac: string) => MacVendor): OffenderView {
  const { offenderServerId: serverId, offenderCustomerId: customerId, port, vlan } = row;
  const isFact = portIsFact(row);
  const now = serverNow(serverId === undefined ? undefined : map.binding(serverId));
  return {
    isFact,
    ...(serverId !== undefined && { serverId }),
    ...(customerId !== undefined && { customerId }),
    ...(port !== undefined && { port }),
    ...(vlan !== undefined && { vlan }),
    switch: row.switch,
    macs: macsOf(row).map(({ mac, as }) => ({ mac, as, vendor: vendorOf(mac) })),
    ...(now && { now }),
    ...(!isFact && { mayBe: suspects(map, row) }),
  };
}

function macsOf({ etherSource, claimedMac }: ViolationRow): { mac: string; as: 'sender' | 'claimed' | 'both' }[] {
  if (etherSource === claimedMac) return [{ mac: etherSource, as: 'both' }];
  return [
    { mac: etherSource, as: 'sender' },
    { mac: claimedMac, as: 'claimed' },
  ];
}

const mostSuspects = 10;

function suspects(map: NetworkMap, { port, etherSource, claimedMac, victimServerId }: ViolationRow): string[] {
  const onPort = port === undefined ? [] : map.bindingsOnPort(port);
  const ofMac = [etherSource, claimedMac].flatMap((mac) => map.bindingsOfMac(mac));
  const ids = [...new Set([...onPort, ...ofMac].map(({ serverId }) => serverId as string))];
  return ids.filter((id) => id !== victimServerId).slice(0, mostSuspects);
}

function victimOf(map: NetworkMap, row: ViolationRow): VictimView | undefined {
  const { victimServerId: serverId, victimCustomerId: customerId, claimedAddress } = row;
  if (serverId !== undefined) {
    const now = serverNow(map.binding(serverId));
    return { serverId, ...(customerId !== undefined && { customerId }), ...(now && { now }) };
  }
  const gateway = map.gatewayOf(row.switch, row.vlan);
  return gateway?.addresses.some((one) => one === claimedAddress) ? { gateway: true } : undefined;
}

function serverNow(binding: Binding | undefined): ServerNow | undefined {
  if (binding === undefined) return undefined;
  const { state, customerId, port, vlan, mac, addresses, prefixes, link } = binding;
  return {
    state,
    ...(customerId !== undefined && { customerId }),
    ...(port !== undefined && { port }),
    ...(vlan !== undefined && { vlan }),
    ...(mac !== undefined && { mac }),
    addresses: addresses.filter(({ heldBy }) => heldBy === undefined).map(({ address }) => address),
    prefixes: prefixes.filter(({ heldBy }) => heldBy === undefined).map(({ prefix }) => prefix),
    link,
  };
}

function containmentView(map: NetworkMap, row: ViolationRow): ContainmentView | undefined {
  const found = containmentOf(map, row);
  if (found === undefined) return undefined;
  const { serverId, state, requestedAt, since, reason } = found;
  return {
    serverId,
    state,
    requestedAt: formatInstant(requestedAt),
    ...(since !== undefined && { since: formatInstant(since) }),
    ...(reason !== undefined && { reason }),
  };
}
