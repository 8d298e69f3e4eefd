import type { PortId } from '../../../../events/index.js';
import { portIsFact } from '../../../../projections/index.js';
import type { CaptureSource } from '../../capture/capture-source.js';
import { uint16At, uint32At } from '../../capture/frame-bytes.js';
import {
  ARP_REPLY,
  ARP_REQUEST,
  type FrameFields,
  NEIGHBOUR_ADVERTISEMENT,
  NEIGHBOUR_SOLICITATION,
  ROUTER_SOLICITATION,
} from '../../capture/frame-fields.js';
import type { PackedGateway } from '../grants/gateway-index.js';
import { halves, type PackedGrants } from '../grants/packed-grants.js';
import { flag, rowWords, wordOf } from '../grants/server-rows.js';
import type { DadWatch } from './dad-watch.js';
import { hashOfAddress, unspecified } from './port-meter.js';

const linkLocalWord = 0xfe800000;
const eligible = flag.used | flag.alive | flag.hasMac | flag.holdsVlan;
/** Servers of which a frame needs a closer look whatever it says. */
const notPlain = flag.suspended | flag.hasOtherMacs | flag.recent;

/** The place a source hears: what its frames are compared with, looked up once for as long as no grant changes. */
interface Place {
  readonly slot: number;
  readonly gateway: PackedGateway | undefined;
  /** The port that the place's frames are stated to come from, and what was seen there; undefined where none is. */
  readonly port: PortId | undefined;
  readonly seen: SeenAt | undefined;
  /** The number of changes at the port as of which the bound MAC was the one seen last. */
  seenAt: number;
}

/** What was seen at one port: same number of changes, same answers. */
export interface SeenAt {
  readonly changes: number;
}

/** What was stored or told as seen last at a port. */
export interface SeenLast {
  at(port: PortId): SeenAt;
  /** True when it is this MAC, so that nothing is to be stored when it is seen again. */
  lastIs(port: PortId, vlan: number, macHigh: number, macLow: number): boolean;
}

/**
 * Clears the frames that no rule finds anything in, without making garbage: those of a server's bound MAC at its own place,
 * claiming nothing, its own addresses, a link-local or a private IPv4 address sold to nobody. Everything else is for the
 * rules: other kinds, several tags, duplicate address detection and ARP probes and what may be an answer to them, servers
 * suspended, changed a short while ago, or with other MACs.
 */
export class Sieve {
  /** The slot of the server whose frame was cleared last. */
  cleared = -1;
  private readonly switchNumber: number;
  /** The port of all the source's frames; undefined where the VLAN names it, or nothing does. */
  private readonly fixedPort: PortId | undefined;
  private places = new Map<number, Place>();
  private version = -1;
  private lastVlan = -1;
  private lastPlace: Place | undefined;

  constructor(
    private readonly source: CaptureSource,
    private readonly grants: PackedGrants,
    private readonly watch: DadWatch,
    private readonly seen: SeenLast,
  ) {
    const { switches } = grants.rows;
    this.switchNumber = switches.numberFor(source.switch);
    this.fixedPort = portIsFact(source) ? source.port : undefined;
  }

  /** True for an ARP or ND frame, believable as far as `readFrame` says, of which the rules need not hear. */
  clears(bytes: Uint8Array, fields: FrameFields): boolean {
    const { kind, etherSource, claimMac } = fields;
    if (fields.tags > 1 || etherSource < 0 || fields.outgoing) return false;
    const vlan = fields.outerTag > 0 ? fields.outerTag : this.source.vlan;
    if (vlan === undefined) return false;
    const place = this.placeOn(vlan);
    const { slot } = place;
    if (slot < 0) return false;
    const { words } = this.grants.rows;
    const base = slot * rowWords;
    const high = uint16At(bytes, etherSource);
    const low = uint32At(bytes, etherSource + 2);
    if (words[base + wordOf.macLow] !== low || (words[base + wordOf.macHighVlan] ?? 0) >>> 16 !== high) return false;
    if (claimMac >= 0 && (uint32At(bytes, claimMac + 2) !== low || uint16At(bytes, claimMac) !== high)) return false;
    if (!this.isOwnClaim(bytes, fields, kind, place)) return false;
    const { seen } = place;
    if (seen !== undefined && place.seenAt !== seen.changes && !this.confirmSeen(place, seen, vlan, high, low))
      return false;
    this.cleared = slot;
    return true;
  }

  /** Only what was heard where the port is a fact is stored as seen. */
  private confirmSeen(place: Place, seen: SeenAt, vlan: number, high: number, low: number): boolean {
    if (place.port !== undefined && !this.seen.lastIs(place.port, vlan, high, low)) return false;
    place.seenAt = seen.changes;
    return true;
  }

  private isOwnClaim(bytes: Uint8Array, fields: FrameFields, kind: number, place: Place): boolean {
    switch (kind) {
      case ARP_REQUEST:
      case ARP_REPLY:
        return this.isOwnIpv4(bytes, fields.sender, place);
      case NEIGHBOUR_ADVERTISEMENT:
        return this.isOwnIpv6(bytes, fields.target, place);
      case NEIGHBOUR_SOLICITATION:
        return this.isOwnIpv6(bytes, fields.sender, place);
      case ROUTER_SOLICITATION:
        return hashOfAddress(bytes, fields.sender, 16) === unspecified || this.isOwnIpv6(bytes, fields.sender, place);
      default:
        return false;
    }
  }

  private isOwnIpv4(bytes: Uint8Array, at: number, { slot, gateway }: Place): boolean {
    if (at < 0) return false;
    const address = uint32At(bytes, at);
    if (address === 0 || (this.watch.isWatching && this.watch.has(hashOfAddress(bytes, at, 4)))) return false;
    if (gateway !== undefined && gateway.ipv4s.includes(address)) return false;
    if (this.grants.rows.words[slot * rowWords + wordOf.ipv4] === address) return true;
    const holder = this.grants.holderOfIpv4(address);
    return holder === slot || (holder < 0 && isNeverRouted(address));
  }

  private isOwnIpv6(bytes: Uint8Array, at: number, { slot, gateway }: Place): boolean {
    if (at < 0) return false;
    const first = uint32At(bytes, at);
    const second = uint32At(bytes, at + 4);
    const third = uint32At(bytes, at + 8);
    const fourth = uint32At(bytes, at + 12);
    if (this.watch.isWatching && this.watch.has(hashOfAddress(bytes, at, 16))) return false;
    if (gateway !== undefined && hasIpv6(gateway.ipv6s, first, second, third, fourth)) return false;
    if (first === linkLocalWord && second === 0) return true;
    return this.grants.holderOfIpv6(first, second, third, fourth) === slot;
  }

  private placeOn(vlan: number): Place {
    if (this.version !== this.grants.version) {
      this.places.clear();
      this.lastVlan = -1;
      this.version = this.grants.version;
    }
    if (vlan === this.lastVlan && this.lastPlace !== undefined) return this.lastPlace;
    let place = this.places.get(vlan);
    if (place === undefined) this.places.set(vlan, (place = this.look(vlan)));
    this.lastVlan = vlan;
    this.lastPlace = place;
    return place;
  }

  private look(vlan: number): Place {
    const { grants, source } = this;
    const gateway = grants.gateways.serving(source.switch, vlan);
    const slot = grants.holderOfVlan(this.switchNumber, vlan);
    if (slot < 0 || !this.isPlain(slot, gateway))
      return { slot: -1, gateway, port: undefined, seen: undefined, seenAt: -1 };
    // On a trunk the port is where billing says that the VLAN is, as `placeByVlan` has it.
    const port = source.attribution === 'vlan' ? (this.fixedPort ?? grants.rows.read(slot).port) : this.fixedPort;
    return { slot, gateway, port, seen: port && this.seen.at(port), seenAt: -1 };
  }

  /** True for a server of which the sieve may clear frames: nothing about it is unusual, and this is its place. */
  private isPlain(slot: number, gateway: PackedGateway | undefined): boolean {
    const { rows } = this.grants;
    const flags = rows.word(slot, wordOf.switchFlags) & 0xff;
    if ((flags & eligible) !== eligible || (flags & notPlain) !== 0 || this.grants.gatewaysAreRecent) return false;
    if (this.fixedPort !== undefined) {
      const here = rows.interfaces.numberOf(this.fixedPort.slice(this.fixedPort.indexOf(':') + 1));
      if (rows.word(slot, wordOf.interfaceLength) >>> 8 !== here) return false;
    }
    const high = rows.word(slot, wordOf.macHighVlan) >>> 16;
    return gateway === undefined || !hasMac(gateway.macWords, high, rows.word(slot, wordOf.macLow));
  }
}

/** The numbers of a MAC as `lastIs` is asked for them; undefined stands for none. */
export function sameMac(mac: string | undefined, high: number, low: number): boolean {
  if (mac === undefined) return false;
  const [itsHigh, itsLow] = halves(mac);
  return itsHigh === high && itsLow === low;
}

/** RFC 1918 and RFC 3927, as the rules have it. */
function isNeverRouted(address: number): boolean {
  const top = address >>> 16;
  return address >>> 24 === 10 || (top & 0xfff0) === 0xac10 || top === 0xc0a8 || top === 0xa9fe;
}

function hasMac(words: Uint32Array, high: number, low: number): boolean {
  for (let at = 0; at < words.length; at += 2) if (words[at] === high && words[at + 1] === low) return true;
  return false;
}

function hasIpv6(words: Uint32Array, first: number, second: number, third: number, fourth: number): boolean {
  for (let at = 0; at < words.length; at += 4)
    if (words[at] === first && words[at + 1] === second && words[at + 2] === third && words[at + 3] === fourth)
      return true;
  return false;
}
