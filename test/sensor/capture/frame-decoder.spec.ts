import { decodeFrame } from '../../../src/sensor/capture/frame-decoder.js';
import { frameToJson, printDecodedFrame } from '../../../src/sensor/capture/frame-printer.js';
import {
  arp,
  captured,
  ethernet,
  hexBytes,
  icmpv6,
  serverAddress,
  serverLinkLocal,
  sourceOption,
  targetOption,
} from './frames.js';

const decode = (bytes: Uint8Array) => decodeFrame(captured(bytes, 7));
const request = arp(1, '525400000016', 'c6336410', '000000000000', 'c6336401');
const ns = (options: string): string => `00000000 ${serverAddress} ${options}`;
const na = (options: string): string => `60000000 ${serverAddress} ${options}`;
const ra = (options: string): string => `40 00 0708 00000000 00000000 ${options}`;

describe('the frame decoder', () => {
  it('reads every field of an ARP request', () => {
    expect(decode(ethernet(0x0806, request))).toEqual({
      frame: 7,
      time: { seconds: 1_700_000_000, nanoseconds: 123_456_000 },
      vlans: [],
      etherSource: '52:54:00:00:00:16',
      etherDestination: 'ff:ff:ff:ff:ff:ff',
      kind: 'arp-request',
      senderMac: '52:54:00:00:00:16',
      senderIp: '198.51.100.16',
      targetMac: '00:00:00:00:00:00',
      targetIp: '198.51.100.1',
      opcode: 1,
    });
  });

  it('reads one 802.1Q tag without its priority bits', () => {
    expect(decode(ethernet(0x0806, request, { vlan: 0xe000 | 16 }))).toMatchObject({
      vlans: [16],
      kind: 'arp-request',
    });
    expect(decode(ethernet(0x0806, request, { vlan: 0 }))).toMatchObject({ vlans: [0] });
  });

  it('reads stacked tags, outermost first, and leaves more than sixteen alone', () => {
    const tags = (count: number): Buffer => hexBytes('00108100'.repeat(count - 1) + '0010 0806');
    const stacked = (count: number) => decode(ethernet(0x88a8, Buffer.concat([tags(count), request])));
    expect(stacked(2)).toMatchObject({ vlans: [16, 16], kind: 'arp-request' });
    expect(stacked(16)).toMatchObject({ vlans: Array.from({ length: 16 }, () => 16) });
    expect(stacked(17)).toBeUndefined();
    expect(decode(ethernet(0x9100, Buffer.concat([hexBytes('0005 0806'), request])))).toMatchObject({ vlans: [5] });
  });

  it('reads no other protocols', () => {
    expect(decode(ethernet(0x0800, request))).toBeUndefined();
    expect(decode(icmpv6(128, '00000000'))).toBeUndefined();
    expect(decode(icmpv6(138, '00000000'))).toBeUndefined();
    expect(decode(icmpv6(132, '00000000'))).toBeUndefined();
    expect(decode(Buffer.alloc(13))).toBeUndefined();
  });

  it('tells ARP replies and other operations apart', () => {
    const operation = (opcode: number) =>
      decode(ethernet(0x0806, arp(opcode, '525400000016', 'c6336410', '525400000001', 'c6336401')));
    expect(operation(2)).toMatchObject({ kind: 'arp-reply', opcode: 2 });
    expect(operation(8)).toMatchObject({ kind: 'arp-other', opcode: 8 });
  });

  it('takes hardware type 6 as Ethernet, as hosts do', () => {
    const bytes = ethernet(0x0806, request);
    bytes[15] = 6;
    expect(decode(bytes)).toMatchObject({ kind: 'arp-request', senderMac: '52:54:00:00:00:16' });
  });

  it.each([
    ['another hardware type', 15, 24],
    ['another protocol', 16, 0x86],
    ['another hardware length', 18, 5],
    ['another protocol length', 19, 3],
  ])('calls ARP with %s malformed', (_name, at, value) => {
    const bytes = Buffer.concat([ethernet(0x0806, request), Buffer.alloc(18)]);
    bytes[at] = value;
    expect(decode(bytes)).toMatchObject({
      kind: 'malformed',
      problem: expect.stringContaining('expected Ethernet and IPv4') as string,
    });
  });

  it('calls ARP that is shorter than it says malformed', () => {
    const bytes = ethernet(0x0806, request);
    expect(decode(bytes.subarray(0, 41))).toMatchObject({
      kind: 'malformed',
      problem: 'ARP of 27 bytes, its lengths ask for 28',
    });
    expect(decode(bytes.subarray(0, 16))).toMatchObject({
      kind: 'malformed',
      problem: 'ARP of 2 bytes, expected 8 or more',
    });
  });

  it('reads the source, target and link-layer option of each ND message', () => {
    const from = { senderIp: 'fe80::5054:ff:fe00:16', hopLimit: 255 };
    const address = '2001:db8:16::1';
    const mac = '52:54:00:00:00:99';
    const solicitation = decode(icmpv6(135, ns(sourceOption('525400000099'))));
    expect(solicitation).toMatchObject({ ...from, kind: 'neighbour-solicitation', targetIp: address, senderMac: mac });
    expect(solicitation?.problem).toBeUndefined();
    expect(decode(icmpv6(136, na(targetOption('525400000099'))))).toMatchObject({
      ...from,
      kind: 'neighbour-advertisement',
      targetIp: address,
      senderMac: mac,
    });
    expect(decode(icmpv6(133, `00000000 ${sourceOption('525400000099')}`))).toMatchObject({
      ...from,
      kind: 'router-solicitation',
      senderMac: mac,
    });
    expect(decode(icmpv6(134, ra(`0501000000000578 ${sourceOption('525400000099')}`)))).toMatchObject({
      ...from,
      kind: 'router-advertisement',
      senderMac: mac,
    });
    expect(
      decode(icmpv6(137, `00000000 ${serverLinkLocal} ${serverAddress} ${targetOption('525400000099')}`)),
    ).toMatchObject({
      ...from,
      kind: 'redirect',
      targetIp: 'fe80::5054:ff:fe00:16',
      senderMac: mac,
    });
  });

  it('takes only the option that belongs to the message, and the first of several', () => {
    expect(decode(icmpv6(136, na(sourceOption('525400000099'))))?.senderMac).toBeUndefined();
    expect(decode(icmpv6(135, ns(targetOption('525400000099'))))?.senderMac).toBeUndefined();
    const twice = sourceOption('525400000098') + sourceOption('525400000099');
    expect(decode(icmpv6(135, ns(twice)))?.senderMac).toBe('52:54:00:00:00:98');
  });

  it('marks ND with another hop limit or code as not valid, and still reads it', () => {
    expect(decode(icmpv6(135, ns(''), { hopLimit: 64 }))).toMatchObject({
      kind: 'neighbour-solicitation',
      targetIp: '2001:db8:16::1',
      problem: 'hop limit 64, expected 255 (RFC 4861 section 7.1)',
    });
    expect(decode(icmpv6(136, na(''), { code: 1 }))).toMatchObject({
      kind: 'neighbour-advertisement',
      problem: expect.stringContaining('code 1') as string,
    });
  });

  it.each([
    ['an option of length 0', ns('0100525400000099'), 'option of length 0'],
    ['an option longer than the message', ns('0102525400000099'), 'option of 16 bytes with 8 bytes left'],
    ['half an option', ns('01'), 'option of 1 bytes'],
    [
      'a link-layer option of 16 bytes',
      ns('0102525400000099 0000000000000000'),
      'link-layer option of 16 bytes, expected 8',
    ],
    ['a cut target', `00000000 ${serverAddress.slice(0, 20)}`, 'expected 24 or more'],
  ])('calls ND with %s malformed', (_name, body, problem) => {
    expect(decode(icmpv6(135, body))).toMatchObject({
      kind: 'malformed',
      problem: expect.stringContaining(problem) as string,
    });
  });

  it('ends an ND message where its IPv6 length ends, whatever trails it', () => {
    const trailed = icmpv6(135, ns(sourceOption('525400000099')), { payloadLength: 24 });
    expect(decode(trailed)).toMatchObject({ kind: 'neighbour-solicitation', senderMac: undefined });
    const cut = icmpv6(135, ns(''), { payloadLength: 32 });
    expect(decode(cut)).toMatchObject({
      kind: 'malformed',
      problem: 'neighbour-solicitation cut short: 24 of 32 bytes there',
    });
  });

  it('finds ND behind extension headers', () => {
    const hopByHop = '3c00 010400000000';
    const destination = '3a00 010400000000';
    const advertisement = decode(icmpv6(136, na(''), { firstHeader: 0, extensions: hopByHop + destination }));
    expect(advertisement).toMatchObject({ kind: 'neighbour-advertisement', targetIp: '2001:db8:16::1' });
    expect(advertisement).toMatchObject({ problem: undefined, checksum: 'good' });
  });

  it('reads ND behind a fragment header, which hosts ignore', () => {
    const fragment = (offset: string) =>
      decode(icmpv6(136, na(''), { firstHeader: 44, extensions: `3a00 ${offset} 00000001` }));
    expect(fragment('0001')).toMatchObject({
      kind: 'neighbour-advertisement',
      problem: expect.stringContaining('RFC 6980') as string,
    });
    expect(fragment('0000')?.problem).toContain('RFC 6980');
    expect(fragment('0008')).toBeUndefined();
  });

  it('marks a wrong ICMPv6 checksum', () => {
    expect(decode(icmpv6(136, na('')))).toMatchObject({ checksum: 'good', problem: undefined });
    expect(decode(icmpv6(136, na(''), { checksum: 0x1234 }))).toMatchObject({
      kind: 'neighbour-advertisement',
      checksum: 'bad',
      problem: expect.stringMatching(/^ICMPv6 checksum 0x1234, expected 0x/) as string,
    });
  });

  it('is printed as one line of JSON and one line of text', () => {
    const frame = decode(ethernet(0x0806, request, { vlan: 16 }));
    if (frame === undefined) throw new Error('an ARP request was not decoded');
    expect(JSON.parse(frameToJson(frame))).toEqual({
      frame: 7,
      time: '2023-11-14T22:13:20.123456000Z',
      vlans: [16],
      etherSource: '52:54:00:00:00:16',
      etherDestination: 'ff:ff:ff:ff:ff:ff',
      kind: 'arp-request',
      senderMac: '52:54:00:00:00:16',
      senderIp: '198.51.100.16',
      targetMac: '00:00:00:00:00:00',
      targetIp: '198.51.100.1',
      opcode: 1,
    });
    expect(printDecodedFrame(frame)).toBe(
      '7 2023-11-14T22:13:20.123456000Z  52:54:00:00:00:16 > ff:ff:ff:ff:ff:ff vlan 16  arp-request  198.51.100.16 at 52:54:00:00:00:16  who has 198.51.100.1',
    );
  });
});
