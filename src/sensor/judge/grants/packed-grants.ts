import type { GrantRecords, ServerGrants } from '../../../../projections/index.js';
import { eachFurther, kind } from './further-keys.js';
import { GatewayIndex } from './gateway-index.js';
import { hashOfName, hashOfPair } from './hashes.js';
import { LinkIndex } from './link-index.js';
import { PrefixIndex } from './prefix-index.js';
import { flag, parted, rowWords, ServerRows, wordOf } from './server-rows.js';
import { SlotTable } from './slot-table.js';
import { WordTable } from './word-table.js';

/**
 * The grants of every server in typed arrays, asked in numbers. Records come one by one and each takes the place of the one
 * before, without anything being built anew. A question about one holder makes no garbage.
 */
export class PackedGrants {
  /** Ordinal of the event whose records came last; -1 before the first. */
  ordinal = -1;
  /** Grows with every record: same number, same answers. */
  version = 0;
  /** True while a gateway changed a short while ago. */
  gatewaysAreRecent = false;
  readonly rows: ServerRows;
  readonly gateways = new GatewayIndex();
  readonly links: LinkIndex;
  private readonly byId: SlotTable;
  private readonly byMac: SlotTable;
  private readonly byPort: SlotTable;
  private readonly byVlan: SlotTable;
  private readonly byIpv4: SlotTable;
  readonly prefixes: PrefixIndex;
  private readonly others = new WordTable();

  /** @param expected about how many servers there will be: nothing needs to grow up to there */
  constructor(expected = 0) {
    const rows = new ServerRows(expected);
    this.rows = rows;
    this.links = new LinkIndex(rows.switches, rows.interfaces);
    this.byId = new SlotTable((slot) => rows.nameHash(slot), expected);
    this.byMac = new SlotTable((slot) => macHash(rows, slot), expected);
    this.byPort = new SlotTable((slot) => portHash(rows, slot), expected);
    this.byVlan = new SlotTable((slot) => vlanHash(rows, slot), expected);
    this.byIpv4 = new SlotTable((slot) => hashOfPair(0, rows.word(slot, wordOf.ipv4)), expected);
    this.prefixes = new PrefixIndex(rows, this.others, expected);
  }

  /** Servers in the index. */
  get size(): number {
    return this.rows.size;
  }

  /** Bytes of everything that grows with the number of servers but the names of switches and interfaces, which they share. */
  get bytes(): number {
    const { rows, byId, byMac, byPort, byVlan, byIpv4, prefixes, others, links } = this;
    return [rows, byId, byMac, byPort, byVlan, byIpv4, prefixes, others, links].reduce(
      (sum, one) => sum + one.bytes,
      0,
    );
  }

  /** Takes in records: each stands for all that was said of its key before. */
  take({ ordinal, servers, gateways, links }: GrantRecords): void {
    for (const record of servers) this.put(record);
    for (const gateway of gateways) this.gateways.put(gateway);
    for (const { port, link, since } of links) this.links.put(port, link === 'up', since);
    this.ordinal = Math.max(this.ordinal, ordinal);
    this.version++;
  }

  /** The record of a server as it was put in; undefined for one that owns nothing and had nothing. */
  recordOf(serverId: string): ServerGrants | undefined {
    const slot = this.slotOf(serverId);
    return slot < 0 ? undefined : this.rows.read(slot);
  }

  slotOf(serverId: string): number {
    const { byId, rows } = this;
    byId.start(hashOfName(serverId));
    let slot = byId.next();
    while (slot >= 0 && !rows.isNamed(slot, serverId)) slot = byId.next();
    return slot;
  }

  private put(record: ServerGrants): void {
    const { rows } = this;
    const slot = this.slotOf(record.serverId);
    if (slot < 0) {
      if (isEmpty(record)) return;
      const taken = rows.add(record);
      this.byId.add(hashOfName(record.serverId), taken);
      this.link(taken, record);
      return;
    }
    this.unlink(slot, rows.read(slot));
    if (isEmpty(record)) {
      this.byId.remove(hashOfName(record.serverId), slot);
      rows.remove(slot);
      return;
    }
    rows.replace(slot, record);
    this.link(slot, record);
  }

  private link(slot: number, record: ServerGrants): void {
    const { rows } = this;
    if (record.alive) {
      if (record.mac !== undefined) this.byMac.add(macHash(rows, slot), slot);
      if (record.port !== undefined) this.byPort.add(portHash(rows, slot), slot);
      if (record.holdsVlan) this.byVlan.add(vlanHash(rows, slot), slot);
    }
    const { ipv4, prefix } = parted(record);
    if (ipv4 !== 0) this.byIpv4.add(hashOfPair(0, ipv4), slot);
    if (prefix !== undefined) this.prefixes.add(slot, prefix.length);
    eachFurther(record, (first, second, third, fourth, which) => {
      this.others.add(first, second, third, fourth, which, slot);
      if (which >= kind.prefix) this.prefixes.count(which - kind.prefix, 1);
    });
  }

  private unlink(slot: number, record: ServerGrants): void {
    const { rows } = this;
    if (record.alive) {
      if (record.mac !== undefined) this.byMac.remove(macHash(rows, slot), slot);
      if (record.port !== undefined) this.byPort.remove(portHash(rows, slot), slot);
      if (record.holdsVlan) this.byVlan.remove(vlanHash(rows, slot), slot);
    }
    const { ipv4, prefix } = parted(record);
    if (ipv4 !== 0) this.byIpv4.remove(hashOfPair(0, ipv4), slot);
    if (prefix !== undefined) this.prefixes.remove(slot, prefix.length);
    eachFurther(record, (first, second, third, fourth, which) => {
      this.others.remove(first, second, third, fourth, which, slot);
      if (which >= kind.prefix) this.prefixes.count(which - kind.prefix, -1);
    });
  }

  /** The slot of the server that holds an IPv4 address; -1 when nobody does. */
  holderOfIpv4(address: number): number {
    const { byIpv4, rows } = this;
    byIpv4.start(hashOfPair(0, address));
    for (let slot = byIpv4.next(); slot >= 0; slot = byIpv4.next())
      if (rows.words[slot * rowWords + wordOf.ipv4] === address) return slot;
    return this.others.get(address, 0, 0, 0, kind.address);
  }

  /** The slot of the server that holds the longest prefix around an IPv6 address; -1 when nobody does. */
  holderOfIpv6(first: number, second: number, third: number, fourth: number): number {
    return this.prefixes.holder(first, second, third, fourth);
  }

  /** The slot of the server that holds a VLAN of the switch of this number; -1 when nobody does. */
  holderOfVlan(switchNumber: number, vlan: number): number {
    const { byVlan, rows } = this;
    byVlan.start(hashOfPair(switchNumber, vlan));
    for (let slot = byVlan.next(); slot >= 0; slot = byVlan.next())
      if (
        rows.word(slot, wordOf.switchFlags) >>> 8 === switchNumber &&
        (rows.word(slot, wordOf.macHighVlan) & 0xffff) === vlan
      )
        return slot;
    return -1;
  }

  /** The slots of the living servers that billing says have a MAC, as their own or beside it; each once. */
  slotsOfMac(high: number, low: number): number[] {
    const { byMac, rows } = this;
    const slots: number[] = [];
    byMac.start(hashOfPair(high, low));
    for (let slot = byMac.next(); slot >= 0; slot = byMac.next())
      if (rows.word(slot, wordOf.macLow) === low && rows.word(slot, wordOf.macHighVlan) >>> 16 === high)
        slots.push(slot);
    for (const slot of this.others.all(high, low, 0, 0, kind.otherMac))
      if (rows.has(slot, flag.alive) && !slots.includes(slot)) slots.push(slot);
    return slots;
  }

  /** The slots of the servers that once had a MAC. */
  slotsFormerlyOfMac(high: number, low: number): number[] {
    return this.others.all(high, low, 0, 0, kind.formerMac);
  }

  /** The slots of the servers that once had an IPv4 address. */
  slotsFormerlyOfIpv4(address: number): number[] {
    return this.others.all(address, 0, 0, 0, kind.formerAddress);
  }

  /** The slots of the servers that billing put on a port, told by the numbers of its switch and its interface. */
  slotsOnPort(switchNumber: number, interfaceNumber: number): number[] {
    const { byPort, rows } = this;
    const slots: number[] = [];
    byPort.start(hashOfPair(switchNumber, interfaceNumber));
    for (let slot = byPort.next(); slot >= 0; slot = byPort.next())
      if (
        rows.word(slot, wordOf.switchFlags) >>> 8 === switchNumber &&
        rows.word(slot, wordOf.interfaceLength) >>> 8 === interfaceNumber
      )
        slots.push(slot);
    return slots;
  }
}

function isEmpty({ alive, formerMacs, formerAddresses }: ServerGrants): boolean {
  return !alive && formerMacs.length === 0 && formerAddresses.length === 0;
}

function macHash(rows: ServerRows, slot: number): number {
  return hashOfPair(rows.word(slot, wordOf.macHighVlan) >>> 16, rows.word(slot, wordOf.macLow));
}

function portHash(rows: ServerRows, slot: number): number {
  return hashOfPair(rows.word(slot, wordOf.switchFlags) >>> 8, rows.word(slot, wordOf.interfaceLength) >>> 8);
}

function vlanHash(rows: ServerRows, slot: number): number {
  return hashOfPair(rows.word(slot, wordOf.switchFlags) >>> 8, rows.word(slot, wordOf.macHighVlan) & 0xffff);
}
