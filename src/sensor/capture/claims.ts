import { parseVlan, type Vlan } from '../../../events/index.js';
import type { FrameKind, Observation } from '../../../projections/index.js';
import type { CaptureSource } from './capture-source.js';
import { captureMillis } from './captured-frame.js';
import type { DecodedFrame } from './decoded-frame.js';

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
 * undefined when it makes none that a host would believe: malformed, or ND that is not valid by RFC 4861.
 */
export function observe(frame: DecodedFrame, source: CaptureSource): Observation | undefined {
  const { kind, etherSource, problem } = frame;
  if (kind === 'malformed' || problem !== undefined || etherSource === undefined) return undefined;
  const claim = claimOf(kind, frame, etherSource);
  const vlan = vlanOf(frame, source);
  const claimedAddress = claim.address !== undefined && isMapped.test(claim.address) ? undefined : claim.address;
  return {
    kind,
    sensor: source.name,
    site: source.site,
    switch: source.switch,
    attribution: source.attribution,
    port: source.port,
    ...(vlan !== undefined && { vlan }),
    etherSource,
    claimedMac: claim.mac,
    ...(claimedAddress !== undefined && { claimedAddress }),
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

const unless = (nobody: string, address: string | undefined): string | undefined =>
  address === nobody ? undefined : address;

/** The frame's own tag, or the source's VLAN where it has none (a priority tag, VLAN id 0, is none). */
function vlanOf(frame: DecodedFrame, source: CaptureSource): Vlan | undefined {
  const tag = frame.vlans[0] ?? 0;
  return tag === 0 ? source.vlan : parseVlan(tag);
}
