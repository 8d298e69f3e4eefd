import { parseVlan, type Vlan } from '../../../events/index.js';
import type { FrameKind, Observation } from '../../../projections/index.js';
import type { CaptureSource } from './capture-source.js';
import { captureMillis } from './captured-frame.js';
import type { DecodedFrame } from './decoded-frame.js';

const REVERSE_REQUEST = 3;
const UNSPECIFIED_IPV4 = '0.0.0.0';
const UNSPECIFIED_IPV6 = '::';

/** An IPv4-mapped address, which the published language refuses: it is never a neighbour, so only its MAC is claimed. */
const isMapped = /^::ffff:[0-9a-f]{1,4}:[0-9a-f]{1,4}$/;

interface Claim {
  readonly mac: string;
  readonly address?: string | undefined;
  readonly tentative?: boolean;
}

/**
 * The claim a frame makes, heard at a source; what a frame asks for is never a claim.
 * undefined when it makes none that a host would believe: malformed, ND that is not valid by RFC 4861, or a frame
 * without a MAC (raw IP); nor where the capture says that the listening box itself sent it.
 */
export function observe(frame: DecodedFrame, source: CaptureSource): Observation | undefined {
  const { kind, etherSource, problem, outgoing } = frame;
  if (kind === 'malformed' || problem !== undefined || etherSource === undefined || outgoing === true) return undefined;
  const claim = claimOf(kind, frame, etherSource);
  const vlan = vlanOf(frame, source);
  const claimedAddress = unlessMapped(claim.address);
  const askedAddress = unlessMapped(askedOf(kind, frame));
  return {
    kind,
    sensor: source.name,
    site: source.site,
    switch: source.switch,
    attribution: source.attribution,
    ...(source.port !== undefined && { port: source.port }),
    ...(vlan !== undefined && { vlan }),
    etherSource,
    claimedMac: claim.mac,
    ...(claimedAddress !== undefined && { claimedAddress }),
    ...(askedAddress !== undefined && { askedAddress }),
    ...(frame.vlans.length > 0 && { tags: frame.vlans }),
    tentative: claim.tentative ?? false,
    frameTime: captureMillis(frame.time),
  };
}

function claimOf(kind: FrameKind, frame: DecodedFrame, etherSource: string): Claim {
  const mac = frame.senderMac ?? etherSource;
  switch (kind) {
    case 'arp-request':
    case 'arp-reply':
    case 'arp-other':
      // RFC 903: who asks for its own address with RARP does not know it, whatever stands in the field.
      if (frame.opcode === REVERSE_REQUEST) return { mac };
      return { mac, address: unless(UNSPECIFIED_IPV4, frame.senderIp) };
    case 'neighbour-advertisement':
      return { mac, address: frame.targetIp };
    case 'neighbour-solicitation':
      // RFC 4862 section 5.4.2: from the unspecified address, the target is what the sender wants for itself.
      if (frame.senderIp === UNSPECIFIED_IPV6) return { mac, address: frame.targetIp, tentative: true };
      return { mac, address: frame.senderIp };
    case 'router-solicitation':
    case 'router-advertisement':
      return { mac, address: unless(UNSPECIFIED_IPV6, frame.senderIp) };
    case 'redirect':
      // Its link-layer option is the MAC of the better next hop, not of the sender (RFC 4861 section 4.5).
      return { mac: etherSource, address: unless(UNSPECIFIED_IPV6, frame.senderIp) };
  }
}

/**
 * What the frame asks for. A sender that asks for what it claims asks nobody: a gratuitous ARP or an announcement
 * (RFC 5227 section 3), duplicate address detection. An ARP probe does ask: it claims nothing yet.
 */
function askedOf(kind: FrameKind, { senderIp, targetIp }: DecodedFrame): string | undefined {
  if (kind === 'arp-request') return targetIp === senderIp ? undefined : unless(UNSPECIFIED_IPV4, targetIp);
  return kind === 'neighbour-solicitation' && senderIp !== UNSPECIFIED_IPV6 ? targetIp : undefined;
}

const unlessMapped = (address: string | undefined): string | undefined =>
  address !== undefined && isMapped.test(address) ? undefined : address;

const unless = (nobody: string, address: string | undefined): string | undefined =>
  address === nobody ? undefined : address;

/**
 * The VLAN a frame belongs to: by its tag, or the source's VLAN where it has none. Priority tags (VLAN id 0) are none;
 * hosts take them off, however many. On a trunk only the outermost tag is the switch's word, the next one a customer's.
 */
function vlanOf({ vlans }: DecodedFrame, source: CaptureSource): Vlan | undefined {
  const tag = (source.attribution === 'vlan' ? vlans[0] : vlans.find((id) => id !== 0)) ?? 0;
  return tag === 0 ? source.vlan : parseVlan(tag);
}
