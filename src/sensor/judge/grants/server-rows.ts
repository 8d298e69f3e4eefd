import {
  type CustomerId,
  formatIpv4,
  formatMac,
  formatPrefix,
  type Ipv6Prefix,
  ipv4Number,
  macNumber,
  type PortId,
  prefixBits,
  type ServerId,
  type SwitchName,
  type Vlan,
} from '../../../../events/index.js';
import type { ServerGrants } from '../../../../projections/index.js';
import { SharedNames } from './names.js';
import { TextHeap } from './text-heap.js';

/** Words of a row, and where each thing stands in it. */
export const rowWords = 8;
export const wordOf = { ipv4: 0, prefix: 1, macLow: 3, macHighVlan: 4, switchFlags: 5, interfaceLength: 6, text: 7 };

/** The flags in the low byte of the word `switchFlags`; `recent`: it changed within the in-flight window. */
export const flag = {
  used: 1,
  alive: 2,
  suspended: 4,
  holdsVlan: 8,
  hasMac: 16,
  hasMore: 32,
  hasOtherMacs: 64,
  recent: 128,
} as const;

/** What does not fit into a row: everything after the first address and the first prefix, and what few servers have. */
interface More {
  readonly a?: ServerGrants['addresses'];
  readonly p?: ServerGrants['prefixes'];
  readonly m?: ServerGrants['otherMacs'];
  readonly fm?: ServerGrants['formerMacs'];
  readonly fa?: ServerGrants['formerAddresses'];
}

/**
 * One row of 32 bytes a server, and its names beside: MAC, VLAN, switch, interface, the first IPv4 address, the first prefix
 * up to /64. All a frame is compared with lies in one cache line.
 */
export class ServerRows {
  /** Read by whoever compares frames; another array after rows were added. */
  words: Uint32Array;
  readonly switches = new SharedNames();
  readonly interfaces = new SharedNames();
  private texts: TextHeap;
  /** Told of a slot that is free again. */
  onRemoved: (slot: number) => void = () => {};
  private readonly free: number[] = [];
  private given = 0;

  constructor(expected = 16) {
    this.words = new Uint32Array(expected * rowWords);
    this.texts = new TextHeap(expected * 24);
  }

  get size(): number {
    return this.given - this.free.length;
  }

  /** Slots ever given out: each below this is in use or free. */
  get slots(): number {
    return this.given;
  }

  get bytes(): number {
    return this.words.byteLength + this.texts.bytes;
  }

  word(slot: number, which: number): number {
    return this.words[slot * rowWords + which] ?? 0;
  }

  has(slot: number, wanted: number): boolean {
    return (this.word(slot, wordOf.switchFlags) & wanted) !== 0;
  }

  /** Says whether a server changed a short while ago. */
  setRecent(slot: number, isRecent: boolean): void {
    const at = slot * rowWords + wordOf.switchFlags;
    const word = this.words[at] ?? 0;
    this.words[at] = isRecent ? word | flag.recent : word & ~flag.recent;
  }

  isNamed(slot: number, serverId: string): boolean {
    return this.texts.isNamed(this.word(slot, wordOf.text), serverId);
  }

  nameHash(slot: number): number {
    return this.texts.hashAt(this.word(slot, wordOf.text));
  }

  add(record: ServerGrants): number {
    const slot = this.free.pop() ?? this.given++;
    if ((slot + 1) * rowWords > this.words.length) this.grow();
    this.write(slot, record);
    return slot;
  }

  replace(slot: number, record: ServerGrants): void {
    this.texts.discard(this.word(slot, wordOf.text));
    this.write(slot, record);
    if (this.texts.isSparse) this.compact();
  }

  remove(slot: number): void {
    this.texts.discard(this.word(slot, wordOf.text));
    this.words.fill(0, slot * rowWords, (slot + 1) * rowWords);
    this.free.push(slot);
    this.onRemoved(slot);
  }

  /** The record as it was put in. */
  read(slot: number): ServerGrants {
    const [serverId = '', customerId = '', packed = ''] = this.texts.textAt(this.word(slot, wordOf.text)).split('\n');
    const more = (packed === '' ? {} : JSON.parse(packed)) as More;
    const switchName = this.switches.nameOf(this.word(slot, wordOf.switchFlags) >>> 8);
    const interfaceName = this.interfaces.nameOf(this.word(slot, wordOf.interfaceLength) >>> 8) ?? '';
    const vlan = this.word(slot, wordOf.macHighVlan) & 0xffff;
    const ipv4 = this.word(slot, wordOf.ipv4);
    const prefix = this.prefixAt(slot);
    const hasPort = switchName !== undefined;
    return {
      serverId: serverId as ServerId,
      alive: this.has(slot, flag.alive),
      suspended: this.has(slot, flag.suspended),
      ...(customerId !== '' && { customerId: customerId as CustomerId }),
      ...(hasPort && { switch: switchName as SwitchName, port: `${switchName}:${interfaceName}` as PortId }),
      ...(vlan !== 0 && { vlan: vlan as Vlan }),
      holdsVlan: this.has(slot, flag.holdsVlan),
      ...(this.has(slot, flag.hasMac) && { mac: formatMac(this.macAt(slot)) }),
      otherMacs: more.m ?? [],
      addresses: [...(ipv4 === 0 ? [] : [formatIpv4(ipv4)]), ...(more.a ?? [])],
      prefixes: [...(prefix === undefined ? [] : [prefix]), ...(more.p ?? [])],
      formerMacs: more.fm ?? [],
      formerAddresses: more.fa ?? [],
    };
  }

  /** The bound MAC as a number of 48 bits; 0 for none. */
  macAt(slot: number): number {
    return (this.word(slot, wordOf.macHighVlan) >>> 16) * 0x100000000 + this.word(slot, wordOf.macLow);
  }

  private prefixAt(slot: number): Ipv6Prefix | undefined {
    const length = this.word(slot, wordOf.interfaceLength) & 0xff;
    if (length === 0) return undefined;
    return formatPrefix([this.word(slot, wordOf.prefix), this.word(slot, wordOf.prefix + 1), 0, 0], length);
  }

  private write(slot: number, record: ServerGrants): void {
    const { words } = this;
    const base = slot * rowWords;
    const mac = record.mac === undefined ? 0 : macNumber(record.mac);
    const { ipv4, prefix, more } = parted(record);
    const packed = Object.keys(more).length === 0 ? '' : JSON.stringify(more);
    const { switchNumber, interfaceNumber } = this.placeOf(record.port);
    words[base + wordOf.ipv4] = ipv4;
    words[base + wordOf.prefix] = prefix?.words[0] ?? 0;
    words[base + wordOf.prefix + 1] = prefix?.words[1] ?? 0;
    words[base + wordOf.macLow] = mac >>> 0;
    words[base + wordOf.macHighVlan] = (Math.floor(mac / 0x100000000) << 16) | (record.vlan ?? 0);
    words[base + wordOf.switchFlags] = (switchNumber << 8) | flagsOf(record, packed !== '');
    words[base + wordOf.interfaceLength] = (interfaceNumber << 8) | (prefix?.length ?? 0);
    words[base + wordOf.text] = this.texts.put(`${record.serverId}\n${record.customerId ?? ''}\n${packed}`);
  }

  private placeOf(port: PortId | undefined): { switchNumber: number; interfaceNumber: number } {
    if (port === undefined) return { switchNumber: 0, interfaceNumber: 0 };
    const colon = port.indexOf(':');
    return {
      switchNumber: this.switches.numberFor(port.slice(0, colon)),
      interfaceNumber: this.interfaces.numberFor(port.slice(colon + 1)),
    };
  }

  private grow(): void {
    const room = this.given + (this.given >>> 3) + 64;
    const words = new Uint32Array(room * rowWords);
    words.set(this.words);
    this.words = words;
  }

  private compact(): void {
    const texts = new TextHeap(this.texts.kept + (this.texts.kept >>> 3));
    for (let slot = 0; slot < this.given; slot++)
      if (this.has(slot, flag.used))
        this.words[slot * rowWords + wordOf.text] = texts.put(this.texts.textAt(this.word(slot, wordOf.text)));
    this.texts = texts;
  }
}

/** The bits of a prefix that fits into a row: up to /64. */
type RowPrefix = ReturnType<typeof prefixBits>;

/** What of a record goes into the row, and what beside it. */
export function parted(record: ServerGrants): { ipv4: number; prefix: RowPrefix | undefined; more: More } {
  const { addresses, prefixes, otherMacs, formerMacs, formerAddresses } = record;
  const [address, ...moreAddresses] = addresses;
  const [first] = prefixes;
  const bits = first === undefined ? undefined : prefixBits(first);
  const prefix = bits !== undefined && bits.length <= 64 ? bits : undefined;
  const morePrefixes = prefix === undefined ? prefixes : prefixes.slice(1);
  const more: More = {
    ...(moreAddresses.length > 0 && { a: moreAddresses }),
    ...(morePrefixes.length > 0 && { p: morePrefixes }),
    ...(otherMacs.length > 0 && { m: otherMacs }),
    ...(formerMacs.length > 0 && { fm: formerMacs }),
    ...(formerAddresses.length > 0 && { fa: formerAddresses }),
  };
  return { ipv4: address === undefined ? 0 : ipv4Number(address), prefix, more };
}

function flagsOf(record: ServerGrants, hasMore: boolean): number {
  return (
    flag.used |
    (record.alive ? flag.alive : 0) |
    (record.suspended ? flag.suspended : 0) |
    (record.holdsVlan ? flag.holdsVlan : 0) |
    (record.mac === undefined ? 0 : flag.hasMac) |
    (hasMore ? flag.hasMore : 0) |
    (record.otherMacs.length > 0 ? flag.hasOtherMacs : 0)
  );
}
