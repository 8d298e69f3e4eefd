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
import { type PackedGateway, serves } from '../grants/gateway-index.js';
import type { MacSightings, PortSightings } from '../judge-sightings.js';
import type { PackedGrants } from '../grants/packed-grants.js';
import { flag, rowWords, wordOf } from '../grants/server-rows.js';
import type { DadWatch } from './dad-watch.js';
import { hashOfAddress, unspecified } from './port-meter.js';

const linkLocalWord = 0xfe800000;
const eligible = flag.used | flag.alive | flag.hasMac | flag.holdsVlan;
/** Servers of which a frame needs a closer look whatever it says. */
const notPlain = flag.suspended | flag.hasOtherMacs | flag.recent;

/** What is seen on one VLAN of a source where the port is a fact. */
interface Seen {
  readonly vlan: number;
  /** The number of the interface whose sightings these are. */
  readonly interfaceNumber: number;
  readonly sightings: PortSightings;
  /** The version of the grants and the number of changes as of which the bound MAC was the one seen last. */
  version: number;
  changes: number;
}

/**
 * Clears the frames that no rule finds anything in, without making garbage: those of a server's bound MAC at its own place,
 * claiming nothing, its own addresses, a link-local or a private IPv4 address sold to nobody. Everything else is for the
 * rules: other kinds, several tags, duplicate address detection and ARP probes and what may be an answer to them, servers
 * suspended, changed a short while ago, or with other MACs. What a frame is compared with is the server's row, one cache
 * line; nothing is kept for each VLAN of a trunk.
 */
export class Sieve {
  /** The slot of the server whose frame was cleared last, and its VLAN. */
  cleared = -1;
  clearedVlan = 0;
  /** Where its MAC may not be the one seen last: the port it is to be noted at. */
  unseen: PortSightings | undefined;
  private readonly switchNumber: number;
  /** The port of all the source's frames; undefined where the VLAN names it, or nothing does. */
  private readonly fixedPort: PortId | undefined;
  private readonly namesPorts: boolean;
  private readonly ownVlan: number;
  private readonly seenOn = new Map<number, Seen>();
  /** That of `seenOn` asked for last. */
  private lastSeen: Seen | undefined;
  private version = -1;
  private fixedInterface = -1;
  private ownSlot = -1;
  private gateway: PackedGateway | undefined;

  constructor(
    private readonly source: CaptureSource,
    private readonly grants: PackedGrants,
    private readonly watch: DadWatch,
    private readonly sightings: MacSightings,
  ) {
    this.switchNumber = grants.rows.switches.numberFor(source.switch);
    this.fixedPort = portIsFact(source) ? source.port : undefined;
    this.namesPorts = this.fixedPort !== undefined || source.attribution === 'vlan';
    this.ownVlan = source.vlan ?? -1;
  }

  /** True for an ARP or ND frame, believable as far as `readFrame` says, of which the rules need not hear. */
  clears(bytes: Uint8Array, fields: FrameFields): boolean {
    const { grants } = this;
    const { etherSource, claimMac, outerTag } = fields;
    if (fields.tags > 1 || etherSource < 0 || fields.outgoing || grants.gatewaysAreRecent) return false;
    const vlan = outerTag > 0 ? outerTag : this.ownVlan;
    if (vlan < 0) return false;
    if (this.version !== grants.version) this.look();
    const slot = vlan === this.ownVlan ? this.ownSlot : grants.holderOfVlan(this.switchNumber, vlan);
    if (slot < 0) return false;
    const { words } = grants.rows;
    const base = slot * rowWords;
    const high = uint16At(bytes, etherSource);
    const low = uint32At(bytes, etherSource + 2);
    if (words[base + wordOf.macLow] !== low || (words[base + wordOf.macHighVlan] ?? 0) >>> 16 !== high) return false;
    if (((words[base + wordOf.switchFlags] ?? 0) & (eligible | notPlain)) !== eligible) return false;
    const interfaceNumber = (words[base + wordOf.interfaceLength] ?? 0) >>> 8;
    if (this.fixedPort !== undefined && interfaceNumber !== this.fixedInterface) return false;
    if (claimMac >= 0 && (uint32At(bytes, claimMac + 2) !== low || uint16At(bytes, claimMac) !== high)) return false;
    const { gateway } = this;
    const here = gateway !== undefined && serves(gateway, vlan) ? gateway : undefined;
    if (here !== undefined && hasMac(here.macWords, high, low)) return false;
    if (!this.isOwnClaim(bytes, fields, slot, here)) return false;
    this.unseen = this.namesPorts ? this.unseenAt(vlan, slot, interfaceNumber, high, low) : undefined;
    this.cleared = slot;
    this.clearedVlan = vlan;
    return true;
  }

  /** Only what was heard where the port is a fact is stored as seen. */
  private unseenAt(
    vlan: number,
    slot: number,
    interfaceNumber: number,
    high: number,
    low: number,
  ): PortSightings | undefined {
    let seen = this.lastSeen?.vlan === vlan ? this.lastSeen : this.seenOn.get(vlan);
    if (seen?.interfaceNumber !== interfaceNumber) {
      // On a trunk the port is where billing says that the VLAN is, as `placeByVlan` has it.
      const port = this.fixedPort ?? this.grants.rows.read(slot).port;
      if (port === undefined) return undefined;
      seen = { vlan, interfaceNumber, sightings: this.sightings.at(port), version: -1, changes: -1 };
      this.seenOn.set(vlan, seen);
    }
    this.lastSeen = seen;
    const { sightings } = seen;
    if (seen.changes === sightings.changes && seen.version === this.version) return undefined;
    if (!this.sightings.isLast(sightings, vlan, high * 0x100000000 + low)) return sightings;
    seen.changes = sightings.changes;
    seen.version = this.version;
    return undefined;
  }

  private isOwnClaim(
    bytes: Uint8Array,
    fields: FrameFields,
    slot: number,
    gateway: PackedGateway | undefined,
  ): boolean {
    switch (fields.kind) {
      case ARP_REQUEST:
      case ARP_REPLY:
        return this.isOwnIpv4(bytes, fields.sender, slot, gateway);
      case NEIGHBOUR_ADVERTISEMENT:
        return this.isOwnIpv6(bytes, fields.target, slot, gateway);
      case NEIGHBOUR_SOLICITATION:
        return this.isOwnIpv6(bytes, fields.sender, slot, gateway);
      case ROUTER_SOLICITATION:
        return (
          hashOfAddress(bytes, fields.sender, 16) === unspecified || this.isOwnIpv6(bytes, fields.sender, slot, gateway)
        );
      default:
        return false;
    }
  }

  private isOwnIpv4(bytes: Uint8Array, at: number, slot: number, gateway: PackedGateway | undefined): boolean {
    if (at < 0) return false;
    const address = uint32At(bytes, at);
    if (address === 0 || (this.watch.isWatching && this.watch.has(hashOfAddress(bytes, at, 4)))) return false;
    if (gateway !== undefined && gateway.ipv4s.includes(address)) return false;
    if (this.grants.rows.words[slot * rowWords + wordOf.ipv4] === address) return true;
    const holder = this.grants.holderOfIpv4(address);
    return holder === slot || (holder < 0 && isNeverRouted(address));
  }

  private isOwnIpv6(bytes: Uint8Array, at: number, slot: number, gateway: PackedGateway | undefined): boolean {
    if (at < 0) return false;
    const first = uint32At(bytes, at);
    const second = uint32At(bytes, at + 4);
    if (this.watch.isWatching && this.watch.has(hashOfAddress(bytes, at, 16))) return false;
    const third = uint32At(bytes, at + 8);
    const fourth = uint32At(bytes, at + 12);
    if (gateway !== undefined && hasIpv6(gateway.ipv6s, first, second, third, fourth)) return false;
    if (first === linkLocalWord && second === 0) return true;
    if (this.grants.prefixes.isSurelyHolder(slot, first, second)) return true;
    return this.grants.holderOfIpv6(first, second, third, fourth) === slot;
  }

  /** What is the same for all frames until a grant changes. */
  private look(): void {
    const { grants, source, fixedPort, switchNumber, ownVlan } = this;
    const { rows } = grants;
    this.version = grants.version;
    this.gateway = grants.gateways.of(source.switch);
    this.ownSlot = ownVlan < 0 ? -1 : grants.holderOfVlan(switchNumber, ownVlan);
    this.fixedInterface =
      fixedPort === undefined ? -1 : rows.interfaces.numberOf(fixedPort.slice(fixedPort.indexOf(':') + 1));
  }
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
