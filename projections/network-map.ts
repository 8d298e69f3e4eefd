import {
  type CustomerId,
  type Ipv6Prefix,
  linkLocalOf,
  parseIpv4,
  parseIpv6,
  type ServerId,
  type SwitchName,
  switchOf,
  type Vlan,
  wordsOf,
} from '../events/index.js';
import { addOnAddresses, unallocatedAddOns } from './add-on-addresses.js';
import { type AssignmentRow, assignments, isAlive } from './assignments.projection.js';
import type { Binding, Conflict, ServerState, SoldAddress, SoldPrefix } from './binding.js';
import { ClaimIndex } from './claim-index.js';
import { type Claim, ipv4Claim, macClaim, prefixClaim, prefixIn, vlanClaim } from './claims.js';
import { type DelegationRow, delegations } from './delegations.projection.js';
import type { FoldImage, Restorable } from './fold-image.js';
import { exceptions } from './exceptions.projection.js';
import { type GatewayRow, gateways } from './gateways.projection.js';
import { grantedPrefixes, unallocatedOrders } from './granted-prefixes.js';
import { links } from './links.projection.js';
import { macOf, otherMacsOf } from './macs.js';
import { mutes } from './mutes.projection.js';
import { packedAssignments } from './packing/assignments.packing.js';
import { packedDelegations } from './packing/delegations.packing.js';
import { hashOfText } from './packing/hashes.js';
import { packedGateways, packedLinks, packedSeenMacs } from './packing/network-rows.packing.js';
import { SlotLists } from './packing/slot-lists.js';
import { SlotSets } from './packing/slot-sets.js';
import { packedPools } from './packing/pools.packing.js';
import { packedRenumberings } from './packing/renumberings.packing.js';
import { packedViolations } from './packing/violations.packing.js';
import { packedExceptions, packedMutes, packedSurveys } from './packing/watch-rows.packing.js';
import { pools } from './pools.projection.js';
import { renumberings } from './renumberings.projection.js';
import { seenMacs } from './seen-macs.projection.js';
import { surveys } from './surveys.projection.js';
import { Table } from './table.js';
import { violations } from './violations.projection.js';

/** Told which rows changed, so that readers wake up; the key says nothing of what changed. */
export type MapChanged = (
  table:
    | 'assignments'
    | 'gateways'
    | 'links'
    | 'seen-macs'
    | 'violations'
    | 'exceptions'
    | 'surveys'
    | 'mutes'
    | 'pools'
    | 'delegations'
    | 'renumberings',
  key: string,
) => void;

/** A gateway as declared, with the VLANs it serves (undefined: every VLAN of its switch). */
export type Gateway = NonNullable<GatewayRow['declaration']['value']>;

/** The one authoritative map. Billing rows and network rows share no key; they meet only in these questions. */
export class NetworkMap {
  readonly claims: ClaimIndex;
  /** The delegations of customers in line: of two that overlap the one earlier in the log holds. */
  readonly delegated: ClaimIndex<CustomerId>;
  /** Grows with every change of a row that says what is granted or announced: same number, same answers about that. */
  grantsVersion = 0;
  /** Slots of servers by the hash of their MAC, switch and port: who asks compares. */
  private readonly byMac = new SlotLists();
  private readonly bySwitch = new SlotLists();
  private readonly byPort = new SlotLists();
  /** Slots of servers by the hash of each MAC beside their own, and of each MAC and IPv4 address they once had. */
  private readonly byBeside = new SlotSets();
  readonly assignments: Table<AssignmentRow, (typeof assignments.handles)[number]>;
  readonly gateways;
  readonly links;
  readonly seenMacs;
  readonly violations;
  readonly exceptions;
  readonly surveys;
  readonly mutes;
  readonly pools;
  readonly delegations: Table<DelegationRow, (typeof delegations.handles)[number]>;
  readonly renumberings;

  constructor(onChange: MapChanged = () => {}) {
    const servers = new Table(assignments, packedAssignments, (slot, before, after, key) => {
      this.index(slot, before, after);
      this.grantsVersion++;
      onChange('assignments', key);
    });
    this.assignments = servers;
    this.gateways = new Table(gateways, packedGateways, (_slot, _before, _after, key) => {
      this.grantsVersion++;
      onChange('gateways', key);
    });
    this.links = new Table(links, packedLinks, (_slot, _before, _after, key) => {
      this.grantsVersion++;
      onChange('links', key);
    });
    this.seenMacs = new Table(seenMacs, packedSeenMacs, (_slot, _before, _after, key) => onChange('seen-macs', key));
    this.violations = new Table(violations, packedViolations, (_slot, _before, _after, key) =>
      onChange('violations', key),
    );
    this.exceptions = new Table(exceptions, packedExceptions, (_slot, _before, _after, key) =>
      onChange('exceptions', key),
    );
    this.surveys = new Table(surveys, packedSurveys, (_slot, _before, _after, key) => onChange('surveys', key));
    this.mutes = new Table(mutes, packedMutes, (_slot, _before, _after, key) => onChange('mutes', key));
    this.pools = new Table(pools, packedPools, (_slot, _before, _after, key) => onChange('pools', key));
    this.renumberings = new Table(renumberings, packedRenumberings, (_slot, _before, _after, key) =>
      onChange('renumberings', key),
    );
    const customers = new Table(delegations, packedDelegations, (slot, before, after, key) => {
      this.delegated.replace(slot, before?.claims ?? [], after?.claims ?? [], -1);
      onChange('delegations', key);
    });
    this.delegations = customers;
    this.delegated = new ClaimIndex({
      slotOf: (customerId) => customers.slotOf(customerId),
      serverIdAt: (slot) => customers.keyAt(slot) as CustomerId,
      claimsAt: (slot) => customers.at(slot).claims,
    });
    this.claims = new ClaimIndex({
      slotOf: (serverId) => servers.slotOf(serverId),
      serverIdAt: (slot) => servers.keyAt(slot) as ServerId,
      claimsAt: (slot) => servers.at(slot).claims,
    });
  }

  binding(serverId: string): Binding | undefined {
    const row = this.assignments.get(serverId);
    return row === undefined ? undefined : this.bind(row);
  }

  /** Every server billing ever named, removed and pending ones included, by server id. */
  *bindings(): Iterable<Binding> {
    for (const id of [...this.assignments.keys()].sort()) {
      const row = this.assignments.get(id);
      if (row !== undefined) yield this.bind(row);
    }
  }

  bindingsOnSwitch(switchName: string): Binding[] {
    return this.bindThose(this.bySwitch, switchName, (row) => row.port && switchOf(row.port.value));
  }

  bindingsOnPort(port: string): Binding[] {
    return this.bindThose(this.byPort, port, (row) => row.port?.value);
  }

  /** Every server that billing says has this MAC, as its own or beside it, wherever it is. */
  bindingsOfMac(mac: string): Binding[] {
    const own = this.bindThose(this.byMac, mac, (row) => macOf(row)?.value);
    const beside = this.rowsOnceNamed(mac).filter(
      (row) => macOf(row)?.value !== mac && otherMacsOf(row).some((one) => one === mac),
    );
    if (beside.length === 0) return own;
    return [...own, ...beside.map((row) => this.bind(row))].sort((a, b) => (a.serverId < b.serverId ? -1 : 1));
  }

  /** The servers that have this MAC beside their own, or once had this MAC or IPv4 address, by server id. */
  rowsOnceNamed(key: string): AssignmentRow[] {
    const rows = this.byBeside.slotsOf(hashOfText(key)).map((slot) => this.assignments.at(slot));
    return rows.filter((row) => besideOf(row).has(key)).sort((a, b) => (a.serverId < b.serverId ? -1 : 1));
  }

  /** The server that holds this VLAN of the switch. */
  holderOfVlan(switchName: string, vlan: number): Binding | undefined {
    return this.bindingOf(
      this.claims.holderOf({ kind: 'vlan', switchName: switchName as SwitchName, vlan: vlan as Vlan }),
    );
  }

  /** The server that holds this IPv4 address, or the longest sold prefix around this IPv6 address. */
  holderOfAddress(address: string): Binding | undefined {
    const v6 = parseIpv6(address);
    if (v6 === undefined) {
      const v4 = parseIpv4(address);
      return v4 && this.bindingOf(this.claims.holderOf({ kind: 'ipv4', address: v4 }));
    }
    return this.bindingOf(this.claims.holdersOfAddress(wordsOf(v6))[0]?.serverId);
  }

  /** The gateway declared for this VLAN of the switch, or for any VLAN of it when none is given. */
  gatewayOf(switchName: string, vlan?: number): Gateway | undefined {
    const gateway = this.gateways.get(switchName)?.declaration.value;
    if (gateway?.vlans === undefined || vlan === undefined) return gateway;
    return gateway.vlans.some((one) => one === vlan) ? gateway : undefined;
  }

  /** Everything the map remembers, for as long as somebody reads it; call `releaseImage` when nobody does. */
  image(): Pick<FoldImage, 'tables' | 'freed'> {
    return { tables: this.tables.map((table) => table.image()), freed: new Map(this.claims.freedPlaces()) };
  }

  /** An image of this map is read no more. */
  releaseImage(): void {
    for (const table of this.tables) table.releaseImage();
  }

  /** Where an image is read back into; only for a map that has folded nothing. */
  restoring(): Pick<Restorable, 'tables' | 'restoreFreed'> {
    this.grantsVersion++;
    const restoring = this.tables.map((table) => {
      if (table === this.assignments) return { restore: this.restoreServer };
      return table === this.delegations ? { restore: this.restoreDelegation } : table;
    });
    return {
      tables: restoring,
      restoreFreed: (key, at) => this.claims.restoreFreed(key, at),
    };
  }

  private readonly restoreServer = (bytes: Uint8Array, from: number, length: number): void => {
    const slot = this.assignments.restore(bytes, from, length);
    this.index(slot, undefined, this.assignments.at(slot));
  };

  private readonly restoreDelegation = (bytes: Uint8Array, from: number, length: number): void => {
    const slot = this.delegations.restore(bytes, from, length);
    this.delegated.replace(slot, [], this.delegations.at(slot).claims, -1);
  };

  private get tables() {
    const { assignments, gateways, links, seenMacs, violations, exceptions, surveys, mutes, pools } = this;
    const { renumberings, delegations } = this;
    return [
      assignments,
      gateways,
      links,
      seenMacs,
      violations,
      exceptions,
      surveys,
      mutes,
      pools,
      renumberings,
      delegations,
    ] as const;
  }

  private index(slot: number, before: AssignmentRow | undefined, after: AssignmentRow | undefined): void {
    this.claims.replace(slot, before?.claims ?? [], after?.claims ?? [], after?.changedAt ?? -1);
    const portBefore = before?.port?.value;
    const portAfter = after?.port?.value;
    move(this.byMac, slot, before && macOf(before)?.value, after && macOf(after)?.value);
    this.indexBeside(slot, before, after);
    if (portBefore === portAfter) return;
    move(this.byPort, slot, portBefore, portAfter);
    move(this.bySwitch, slot, portBefore && switchOf(portBefore), portAfter && switchOf(portAfter));
  }

  private indexBeside(slot: number, before: AssignmentRow | undefined, after: AssignmentRow | undefined): void {
    if (
      before?.otherMacs === after?.otherMacs &&
      before?.formerMacs === after?.formerMacs &&
      before?.formerAddresses === after?.formerAddresses &&
      before?.enrolled === after?.enrolled
    )
      return;
    const [gone, made] = [besideOf(before), besideOf(after)];
    if (gone.size === 0 && made.size === 0) return;
    for (const key of gone) if (!made.has(key)) this.byBeside.remove(hashOfText(key), slot);
    for (const key of made) if (!gone.has(key)) this.byBeside.add(hashOfText(key), slot);
  }

  private bindingOf(id: string | undefined): Binding | undefined {
    return id === undefined ? undefined : this.binding(id);
  }

  /** The servers that an index names for a key and that have it, by server id. */
  private bindThose(index: SlotLists, key: string, keyOf: (row: AssignmentRow) => string | undefined): Binding[] {
    const rows: AssignmentRow[] = [];
    for (let slot = index.first(hashOfText(key)); slot >= 0; slot = index.after(slot)) {
      const row = this.assignments.at(slot);
      if (keyOf(row) === key) rows.push(row);
    }
    return rows.sort((a, b) => (a.serverId < b.serverId ? -1 : 1)).map((row) => this.bind(row));
  }

  private bind(row: AssignmentRow): Binding {
    const conflicts = this.conflictsOf(row);
    const blockerOf = (claim: string): ServerId | undefined => conflicts.find((one) => one.claim === claim)?.holder;
    const switchName = row.port && switchOf(row.port.value);
    const alive = isAlive(row);
    const mac = macOf(row);
    return {
      serverId: row.serverId,
      state: stateOf(row, switchName, blockerOf),
      sold: alive,
      customerId: row.customer?.value,
      switch: switchName,
      port: row.port?.value,
      vlan: row.vlan?.value,
      mac: mac?.value,
      otherMacs: alive ? otherMacsOf(row) : [],
      linkLocal: row.linkLocal?.value ?? (mac && linkLocalOf(mac.value)),
      addresses: alive ? addressesOf(row, blockerOf) : [],
      prefixes: alive ? prefixesOf(row, blockerOf) : [],
      unallocated: alive ? unallocatedAddOns(row).map(({ id }) => id) : [],
      unallocatedOrders: alive ? unallocatedOrders(row).map(({ id }) => id) : [],
      conflicts,
      link: row.port === undefined ? 'unknown' : this.linkOf(row.port.value),
      changedAt: row.changedAt,
      freedAt: this.freedAt(row),
    };
  }

  linkOf(port: string): 'up' | 'down' | 'unknown' {
    const link = this.links.get(port);
    return link === undefined ? 'unknown' : link.up ? 'up' : 'down';
  }

  /** The claims of other servers, other than to the same thing, that a server's claims keep waiting: nested prefixes. */
  nestedWaitingFor(serverId: ServerId): Conflict<ServerId>[] {
    const claims = this.assignments.get(serverId)?.claims ?? [];
    const nested = claims.flatMap((claim) =>
      this.claims.waitingBehind(serverId, claim).filter((other) => other.claim.key !== claim.key),
    );
    const keys = [...new Set(nested.map((other) => other.claim.key))].sort();
    return keys.map((claim) => ({ claim, holder: serverId }));
  }

  private freedAt(row: AssignmentRow): number {
    return Math.max(-1, ...row.claims.map((claim) => this.claims.freedAt(row.serverId, claim) ?? -1));
  }

  /** The customer whose delegation keeps this customer's one waiting; undefined where it holds, or is none. */
  delegationHolder({ customerId, claims }: DelegationRow, prefix: Ipv6Prefix): CustomerId | undefined {
    const claim = prefixIn(claims, prefix);
    return claim && this.delegated.blockerOf(customerId, claim)?.serverId;
  }

  /** The claims of a row that wait, of those that are meant, each with the server that stands before it. */
  conflictsOf(
    { serverId, claims }: Pick<AssignmentRow, 'serverId' | 'claims'>,
    isMeant: (claim: Claim) => boolean = () => true,
  ): Conflict<ServerId>[] {
    const conflicts: Conflict<ServerId>[] = [];
    for (const claim of claims) {
      const blocker = isMeant(claim) ? this.claims.blockerOf(serverId, claim) : undefined;
      if (blocker !== undefined) conflicts.push({ claim: claim.key, holder: blocker.serverId });
    }
    return conflicts;
  }
}

const nothing: ReadonlySet<string> = new Set();

/** The MACs beside a server's own, and all that it once had and may be asked for. */
function besideOf(row: AssignmentRow | undefined): ReadonlySet<string> {
  if (row === undefined) return nothing;
  const { otherMacs, formerMacs, formerAddresses, enrolled } = row;
  if (otherMacs.length + formerMacs.length + formerAddresses.length === 0 && enrolled === undefined) return nothing;
  const macs = [...otherMacs.map(({ mac }) => mac), ...formerMacs.map(({ value }) => value)];
  return new Set<string>([
    ...macs,
    ...formerAddresses.map(({ value }) => value),
    ...(enrolled ? [enrolled.value] : []),
  ]);
}

/** Moves a slot from one key of an index to another; undefined stands for no key. */
function move(index: SlotLists, slot: number, before: string | undefined, after: string | undefined): void {
  if (before === after) return;
  if (before !== undefined) index.remove(hashOfText(before), slot);
  if (after !== undefined) index.add(hashOfText(after), slot);
}

type BlockerOf = (claim: string) => ServerId | undefined;

function stateOf(row: AssignmentRow, switchName: SwitchName | undefined, blockerOf: BlockerOf): ServerState {
  if (!isAlive(row)) return row.removed === undefined ? 'pending' : 'removed';
  if (switchName === undefined || row.vlan === undefined) return 'pending';
  if (blockerOf(vlanClaim(switchName, row.vlan.value)) !== undefined) return 'conflicted';
  const mac = macOf(row);
  if (mac === undefined) return 'pending';
  if (blockerOf(macClaim(switchName, row.vlan.value, mac.value)) !== undefined) return 'conflicted';
  return row.suspended?.value === true ? 'suspended' : 'active';
}

function addressesOf(row: AssignmentRow, blockerOf: BlockerOf): SoldAddress[] {
  return [...addOnAddresses(row)].map(({ id, value: address, poolId, ordinal }) => ({
    addOnId: id,
    address,
    ...(poolId === undefined ? {} : { allocatedFrom: poolId }),
    heldBy: blockerOf(ipv4Claim(address)),
    soldAt: ordinal,
  }));
}

function prefixesOf(row: AssignmentRow, blockerOf: BlockerOf): SoldPrefix[] {
  return grantedPrefixes(row).map(({ prefix, allocated, ordinal }) => ({
    prefix,
    ...(allocated === undefined ? {} : { orderId: allocated.id }),
    ...(allocated?.poolId === undefined ? {} : { allocatedFrom: allocated.poolId }),
    heldBy: blockerOf(prefixClaim(prefix)),
    soldAt: ordinal,
  }));
}
