// A frame judge on grants of the rules' rack, and frames as bytes that honest and dishonest servers send there.
import fc from '../../support/property.js';
import type { PortId, SwitchName, Vlan } from '../../../events/index.js';
import { GrantChanges } from '../../../projections/index.js';
import { CaptureRecord } from '../../../src/sensor/capture/capture-record.js';
import type { CaptureSource } from '../../../src/sensor/capture/capture-source.js';
import { FrameFields } from '../../../src/sensor/capture/frame-fields.js';
import { readFrame } from '../../../src/sensor/capture/frame-reader.js';
import { FrameJudge, type FrameJudgeOptions } from '../../../src/sensor/judge/frame-judge.js';
import { DatedGrants } from '../../../src/sensor/judge/grants/dated-grants.js';
import type { StoredVerdicts } from '../../../src/sensor/judge/judge-limits.js';
import type { Verdict } from '../../../src/sensor/judge/judge-verdict.js';
import { foldOf, gateway, gatewayMac, mac, sold, strangeMac, type Told } from '../../projections/rules/rack.js';
import { arp, ethernet, icmpv6Packet, sourceOption, targetOption, unspecified } from '../capture/frames.js';
import { nothingStored } from './judge-bench.js';

export type RackPort = 11 | 16 | 66;

/** Where frames of the rack are heard: on a server's port, on the trunk of all VLANs, on a mirror that proves no port. */
export type RackPlace = RackPort | 'trunk' | 'mirror';

export const rackPlaces: readonly RackPlace[] = [11, 16, 66, 'trunk', 'mirror'];

export const sourceOf = (place: RackPlace): CaptureSource =>
  typeof place === 'number' ? portSource(place) : sharedSource(place);

const sharedSource = (place: 'trunk' | 'mirror'): CaptureSource => ({
  name: `leaf1-${place}`,
  site: 'default',
  switch: 'leaf1' as SwitchName,
  interface: place,
  attribution: place === 'trunk' ? 'vlan' : 'unknown',
});

const portSource = (port: RackPort): CaptureSource => ({
  name: `leaf1-e${port}`,
  site: 'default',
  switch: 'leaf1' as SwitchName,
  interface: `vlan${port}`,
  port: `leaf1:Ethernet${port}` as PortId,
  vlan: port as number as Vlan,
  attribution: 'interface',
});

/** The grants that a log gives, as a judge's thread has them. */
export function datedGrantsOf(told: readonly Told[], windowMs = 5_000): DatedGrants {
  const fold = foldOf(told);
  const grants = new DatedGrants(windowMs);
  for (const page of new GrantChanges(fold.map).all(() => fold.ordinal)) grants.take(page);
  return grants;
}

export interface FrameBench {
  readonly judge: FrameJudge;
  readonly verdicts: Verdict[];
  /** Hears a frame at a place at this time, ms since 1970. */
  readonly hear: (place: RackPlace, bytes: Uint8Array, time: number) => void;
  /** Hears a frame that was read already. */
  readonly take: (place: RackPlace, fields: FrameFields, record: CaptureRecord) => void;
}

export function frameBench(
  grants: DatedGrants,
  options: Partial<FrameJudgeOptions> = {},
  stored: StoredVerdicts = nothingStored,
): FrameBench {
  const verdicts: Verdict[] = [];
  const judge = new FrameJudge({ grants, stored, onVerdicts: (some) => void verdicts.push(...some), ...options });
  const numbers = new Map(rackPlaces.map((place) => [place, judge.addSource(sourceOf(place))]));
  const fields = new FrameFields();
  const record = new CaptureRecord();
  const take: FrameBench['take'] = (place, read, of) => judge.hear(numbers.get(place) ?? -1, read, of);
  return {
    judge,
    verdicts,
    take,
    hear: (place, bytes, time) => {
      fillRecord(record, bytes, time);
      if (readFrame(bytes, 0, bytes.length, record.linkType, fields)) take(place, fields, record);
    },
  };
}

export function fillRecord(record: CaptureRecord, bytes: Uint8Array, time: number): void {
  record.number++;
  record.seconds = Math.floor(time / 1000);
  record.nanoseconds = Math.round((time % 1000) * 1e6);
  record.bytes = bytes;
  record.start = 0;
  record.end = bytes.length;
  record.originalLength = bytes.length;
}

const plain = (text: string): string => text.replaceAll(':', '');
const macs = [mac[11], mac[16], mac[66], strangeMac, gatewayMac].map(plain);
/** Those of the three servers, of the gateway, private ones, one sold to nobody, and none. */
const ipv4s = ['c633640b', 'c6336410', 'c6336442', 'c6336401', 'ac110001', 'cb007107', '00000000'];
const ipv6s = [
  ...['20010db80011', '20010db80016', '20010db80066', '20010db80099'].map((start) => `${start}${'0'.repeat(19)}7`),
  `fe80${'0'.repeat(27)}1`,
  'fe80000000000000505400fffe000016',
  `fe80000100000000${'0'.repeat(15)}5`,
  unspecified,
];

interface Said {
  readonly kind: string;
  readonly from: string;
  readonly option: string | undefined;
  readonly address: number;
  readonly target: number;
  readonly tag: number | undefined;
}

function bytesOf({ kind, from, option, address, target, tag }: Said): Buffer {
  const [ipv4, targetIpv4] = [ipv4s[address % ipv4s.length] ?? '', ipv4s[target % ipv4s.length] ?? ''];
  const [ipv6, targetIpv6] = [ipv6s[address % ipv6s.length] ?? '', ipv6s[target % ipv6s.length] ?? ''];
  const claim = option ?? from;
  const nd = (type: number, body: string, source: string): Buffer =>
    ethernet(0x86dd, icmpv6Packet(type, body, { from: source }), { from, ...(tag !== undefined && { vlan: tag }) });
  const overEthernet = (opcode: number): Buffer =>
    ethernet(0x0806, arp(opcode, claim, ipv4, '0'.repeat(12), targetIpv4), {
      from,
      ...(tag !== undefined && { vlan: tag }),
    });
  const withOption = option === undefined ? '' : sourceOption(option);
  switch (kind) {
    case 'arp-request':
      return overEthernet(1);
    case 'arp-reply':
      return overEthernet(2);
    case 'rarp':
      return overEthernet(4);
    case 'rs':
      return nd(133, `00000000${ipv6 === unspecified ? '' : withOption}`, ipv6);
    case 'ra':
      return nd(134, `${'00'.repeat(12)}${withOption}`, ipv6);
    case 'ns':
      return nd(135, `00000000${targetIpv6}${ipv6 === unspecified ? '' : withOption}`, ipv6);
    default:
      return nd(136, `20000000${targetIpv6}${option === undefined ? '' : targetOption(option)}`, ipv6);
  }
}

/**
 * Any frame of the rack: what a server says of itself more often than lies.
 * @param tags those it may carry, none included
 */
export const rackFrames = (port: RackPort, tags = strayTags): fc.Arbitrary<Buffer> => {
  const own = { 11: 0, 16: 1, 66: 2 }[port];
  const address = fc.oneof({ weight: 2, arbitrary: fc.constantFrom(own, own, 4, 5) }, fc.nat(7));
  return fc
    .record({
      kind: fc.constantFrom('arp-request', 'arp-reply', 'rarp', 'rs', 'ra', 'ns', 'na', 'na', 'arp-reply'),
      from: fc.oneof({ weight: 4, arbitrary: fc.constant(macs[own] ?? '') }, fc.constantFrom(...macs)),
      option: fc.oneof(
        { weight: 3, arbitrary: fc.constantFrom(macs[own], undefined) },
        fc.constantFrom(...macs, undefined),
      ),
      address,
      target: address,
      tag: tags,
    })
    .map(bytesOf);
};

/** On a server's own port there are rarely any. */
const strayTags: fc.Arbitrary<number | undefined> = fc.option(fc.constantFrom(0, 11, 16, 66, 4000), {
  nil: undefined,
  freq: 4,
});

const tagsOfTrunk = (port: RackPort): fc.Arbitrary<number | undefined> =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(port) }, strayTags);

export interface HeardFrames {
  readonly place: RackPlace;
  readonly bytes: Buffer;
  readonly afterMs: number;
}

export const heardFrames = (most: number): fc.Arbitrary<HeardFrames[]> =>
  fc.array(
    fc
      .tuple(
        fc.constantFrom<RackPort[]>(11, 16, 66),
        fc.constantFrom<(RackPlace | undefined)[]>('trunk', 'mirror', undefined, undefined),
      )
      .chain(([port, shared]) =>
        fc.record({
          place: fc.constant<RackPlace>(shared ?? port),
          bytes: shared === undefined ? rackFrames(port) : rackFrames(port, tagsOfTrunk(port)),
          afterMs: fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 4_000 })),
        }),
      ),
    { maxLength: most, size: 'max' },
  );

/** What billing may have said of the rack beside selling it. */
const extras: readonly Told[] = [
  ['ServerSuspended', { serverId: 'srv-16' }],
  ['ServerRemoved', { serverId: 'srv-11' }],
  ['ServerMoved', { serverId: 'srv-66', port: 'leaf1:Ethernet67', vlan: 66 }],
  ['ServerMoved', { serverId: 'srv-66', port: 'leaf1:Ethernet66', vlan: 67 }],
  ['ServerNicReplaced', { serverId: 'srv-16', mac: strangeMac }],
  ['ServerNicReplaced', { serverId: 'srv-11', mac: gatewayMac }],
  ['ServerNicReplaced', { serverId: 'srv-11', mac: mac[16] }],
  ['Ipv4AddOnCancelled', { serverId: 'srv-16', addOnId: 'v4-16' }],
  ['Ipv4AddOnBought', { serverId: 'srv-66', addOnId: 'more', address: '172.17.0.1' }],
  ['Ipv6PrefixReleased', { serverId: 'srv-16', prefix: '2001:db8:16::/48' }],
  ['ServerTransferred', { serverId: 'srv-66', customerId: 'cust-16' }],
  ['Ipv6PrefixAssigned', { serverId: 'srv-66', prefix: '2001:db8:16::/64' }],
  ['ServerMacAdded', { serverId: 'srv-16', mac: strangeMac, purpose: 'bond' }],
  ['LinkUp', { port: 'leaf1:Ethernet16' }],
  ['LinkDown', { port: 'leaf1:Ethernet66' }],
  ['GatewayRetired', { switch: 'leaf1' }],
  ['GatewayDeclared', { switch: 'leaf1', vlans: [11, 12], addresses: ['fe80::1'], macs: [mac[66]] }],
  // A gateway with a private address and with one that was sold, and one that speaks with a server's own MAC.
  [
    'GatewayDeclared',
    { switch: 'leaf1', addresses: ['fe80::1', '172.17.0.1', '198.51.100.16', '2001:db8:66::7'], macs: [gatewayMac] },
  ],
  ['GatewayDeclared', { switch: 'leaf1', vlans: [16, 66], addresses: ['fe80::1'], macs: [gatewayMac, mac[66]] }],
];

export const toldOfRack: fc.Arbitrary<Told[]> = fc
  .subarray([...extras], { maxLength: 5 })
  .map((some) => [gateway, ...sold(11), ...sold(16), ...sold(66), ...some]);
