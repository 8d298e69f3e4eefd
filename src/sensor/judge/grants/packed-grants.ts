import { type Ipv6Words, ipv4Number, macNumber, prefixBits } from '../../../../events/index.js';
import type { GrantRecords, ServerGrants } from '../../../../projections/index.js';
import { GatewayIndex } from './gateway-index.js';
import { hashOfName, hashOfPair, hashOfPrefix } from './hashes.js';
import { LinkIndex } from './link-index.js';
import { flag, parted, rowWords, ServerRows, wordOf } from './server-rows.js';
import { SlotTable } from './slot-table.js';
import { type KeyKind, WordTable } from './word-table.js';

const kind = { address: 1, otherMac: 2, formerMac: 3, formerAddress: 4, prefix: 0x100 } as const;

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
  private readonly byPrefix: SlotTable;
  private readonly others = new WordTable();
  /** Servers with a prefix of each length. */
  private readonly prefixesOfLength = new Uint32Array(129);
  /** The lengths there are, the longest first. */
  private lengths: readonly number[] = [];

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
    this.byPrefix = new SlotTable((slot) => prefixHash(rows, slot), expected);
  }

  /** Servers in the index. */
  get size(): number {
    return this.rows.size;
  }

  /** Bytes of everything that grows with the number of servers but the names of switches and interfaces, which they share. */
  get bytes(): number {
    const { rows, byId, byMac, byPort, byVlan, byIpv4, byPrefix, others, links } = this;
    return [rows, byId, byMac, byPort, byVlan, byIpv4, byPrefix, others, links].reduce(
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
    if (prefix !== undefined) {
      this.byPrefix.add(prefixHash(rows, slot), slot);
      this.count(prefix.length, 1);
    }
    eachFurther(record, (first, second, third, fourth, which) => {
      this.others.add(first, second, third, fourth, which, slot);
      if (which >= kind.prefix) this.count(which - kind.prefix, 1);
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
    if (prefix !== undefined) {
      this.byPrefix.remove(prefixHash(rows, slot), slot);
      this.count(prefix.length, -1);
    }
    eachFurther(record, (first, second, third, fourth, which) => {
      this.others.remove(first, second, third, fourth, which, slot);
      if (which >= kind.prefix) this.count(which - kind.prefix, -1);
    });
  }

  private count(length: number, more: 1 | -1): void {
    const now = (this.prefixesOfLength[length] ?? 0) + more;
    this.prefixesOfLength[length] = now;
    if (now > (more === 1 ? 1 : 0)) return;
    this.lengths = [...this.prefixesOfLength.keys()].filter((one) => this.prefixesOfLength[one] !== 0).reverse();
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
    const { lengths } = this;
    for (let index = 0; index < lengths.length; index++) {
      const slot = this.holderOfPrefix(first, second, third, fourth, lengths[index] ?? 0);
      if (slot >= 0) return slot;
    }
    return -1;
  }

  /** True where the prefix in the row of this slot is around the address, and none is longer: told by that row alone. */
  isSurelyHolder(slot: number, first: number, second: number): boolean {
    const { words } = this.rows;
    const base = slot * rowWords;
    const length = (words[base + wordOf.interfaceLength] ?? 0) & 0xff;
    if (length === 0 || length < (this.lengths[0] ?? 0)) return false;
    if (length <= 32) return words[base + wordOf.prefix] === (length === 32 ? first : kept(first, length));
    if (words[base + wordOf.prefix] !== first) return false;
    return words[base + wordOf.prefix + 1] === (length === 64 ? second : kept(second, length - 32));
  }

  /** As `holderOfIpv6`, as if the servers in these slots did not hold anything; tells how long the prefix is. */
  holderOfIpv6Unless(words: Ipv6Words, skipped: ReadonlySet<number>): { slot: number; length: number } | undefined {
    for (const length of this.lengths) {
      const slot = this.holderOfPrefix(...words, length);
      if (slot >= 0 && !skipped.has(slot)) return { slot, length };
    }
    return undefined;
  }

  private holderOfPrefix(first: number, second: number, third: number, fourth: number, length: number): number {
    const a = length >= 32 ? first : kept(first, length);
    const b = length >= 64 ? second : length <= 32 ? 0 : kept(second, length - 32);
    if (length <= 64) {
      const { byPrefix, rows } = this;
      byPrefix.start(hashOfPrefix(a, b, length));
      for (let slot = byPrefix.next(); slot >= 0; slot = byPrefix.next()) {
        const base = slot * rowWords;
        const { words } = rows;
        if (
          words[base + wordOf.prefix + 1] === b &&
          words[base + wordOf.prefix] === a &&
          ((words[base + wordOf.interfaceLength] ?? 0) & 0xff) === length
        )
          return slot;
      }
    }
    if (this.others.size === 0) return -1;
    const c = length >= 96 ? third : length <= 64 ? 0 : kept(third, length - 64);
    const d = length >= 128 ? fourth : length <= 96 ? 0 : kept(fourth, length - 96);
    return this.others.get(a, b, c, d, kind.prefix + length);
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

type VisitKey = (first: number, second: number, third: number, fourth: number, which: KeyKind) => void;

/** Visits what a record has beside the first address, the first prefix and the MAC of its row. */
function eachFurther(record: ServerGrants, visit: VisitKey): void {
  const { more } = parted(record);
  for (const address of more.a ?? []) visit(ipv4Number(address), 0, 0, 0, kind.address);
  for (const prefix of more.p ?? []) {
    const { words, length } = prefixBits(prefix);
    visit(...cut(words, length), kind.prefix + length);
  }
  for (const mac of more.m ?? []) visit(...halves(mac), 0, 0, kind.otherMac);
  for (const mac of new Set((more.fm ?? []).map((one) => one.value))) visit(...halves(mac), 0, 0, kind.formerMac);
  for (const address of new Set((more.fa ?? []).map((one) => one.value)))
    visit(ipv4Number(address), 0, 0, 0, kind.formerAddress);
}

function isEmpty({ alive, formerMacs, formerAddresses }: ServerGrants): boolean {
  return !alive && formerMacs.length === 0 && formerAddresses.length === 0;
}

/** The high 16 and the low 32 bits of a MAC. */
export function halves(mac: string): [high: number, low: number] {
  const bits = macNumber(mac);
  return [Math.floor(bits / 0x100000000), bits >>> 0];
}

/** The first bits of a word, the others zero; 1 to 31 of them, or none where the length is 0 or less. */
function kept(word: number, bits: number): number {
  return bits <= 0 ? 0 : (word & (0xffffffff << (32 - bits))) >>> 0;
}

function cut([first, second, third, fourth]: Ipv6Words, length: number): [number, number, number, number] {
  const part = (word: number, bits: number): number => (bits >= 32 ? word : kept(word, bits));
  return [part(first, length), part(second, length - 32), part(third, length - 64), part(fourth, length - 96)];
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

function prefixHash(rows: ServerRows, slot: number): number {
  const length = rows.word(slot, wordOf.interfaceLength) & 0xff;
  return hashOfPrefix(rows.word(slot, wordOf.prefix), rows.word(slot, wordOf.prefix + 1), length);
}
