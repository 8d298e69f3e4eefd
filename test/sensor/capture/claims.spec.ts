import fc from '../../support/property.js';
import { parseIp, type PortId, type SwitchName, type Vlan } from '../../../events/index.js';
import { type CaptureSource } from '../../../src/sensor/capture/capture-source.js';
import { observe } from '../../../src/sensor/capture/claims.js';
import { decodeFrame } from '../../../src/sensor/capture/frame-decoder.js';
import {
  allNodes,
  arp,
  captured,
  ethernet,
  hexBytes,
  icmpv6,
  icmpv6Packet,
  serverAddress,
  serverLinkLocal,
  sourceOption,
  targetOption,
  unspecified,
} from './frames.js';

const source: CaptureSource = {
  name: 'sw1-vlan16',
  site: 'default',
  switch: 'leaf1' as SwitchName,
  interface: 'vlan16',
  port: 'leaf1:Ethernet16' as PortId,
  vlan: 16 as Vlan,
  attribution: 'interface',
};
const ether = '52:54:00:00:00:16';
const forged = '52:54:00:00:00:99';
const linkLocal = 'fe80::5054:ff:fe00:16';

function claimOf(bytes: Uint8Array, more: { source?: CaptureSource; linkType?: number; outgoing?: boolean } = {}) {
  const { source: heardAt = source, ...shape } = more;
  const frame = decodeFrame({ ...captured(bytes), ...shape });
  if (frame === undefined) throw new Error('the frame of this test is not ARP or ND');
  return observe(frame, heardAt);
}

/** ICMPv6 leaves the builder with ether source 52:54:00:00:00:16. */
const claimed = (address: string | undefined, mac: string, tentative = false) => ({
  claimedAddress: address,
  claimedMac: mac,
  etherSource: ether,
  tentative,
});

describe('a claim', () => {
  it('carries its source, its port and the time of its frame', () => {
    expect(claimOf(ethernet(0x0806, arp(2, '525400000099', 'c6336410', '525400000001', 'c6336401')))).toEqual({
      kind: 'arp-reply',
      sensor: 'sw1-vlan16',
      site: 'default',
      switch: 'leaf1',
      attribution: 'interface',
      port: 'leaf1:Ethernet16',
      vlan: 16,
      etherSource: ether,
      claimedMac: forged,
      claimedAddress: '198.51.100.16',
      tentative: false,
      frameTime: 1_700_000_000_123.456,
    });
  });

  it.each([1, 2, 9])('of ARP operation %d is the sender pair, never what is asked for', (opcode) => {
    const message = arp(opcode, '525400000099', 'c6336410', '525400000001', 'c6336401');
    expect(claimOf(ethernet(0x0806, message))).toMatchObject(claimed('198.51.100.16', forged));
  });

  it('of an ARP probe names a MAC and no address', () => {
    const probe = claimOf(ethernet(0x0806, arp(1, '525400000016', '00000000', '000000000000', 'c6336410')));
    expect(probe).toMatchObject({ claimedMac: ether, tentative: false });
    expect(probe).not.toHaveProperty('claimedAddress');
  });

  it('of a neighbour advertisement is its target, at the MAC of its option or of the Ethernet source', () => {
    const target = `60000000 ${serverAddress}`;
    expect(claimOf(icmpv6(136, target + targetOption('525400000099')))).toMatchObject(
      claimed('2001:db8:16::1', forged),
    );
    expect(claimOf(icmpv6(136, target))).toMatchObject(claimed('2001:db8:16::1', ether));
  });

  it('of a neighbour solicitation is its source, never its target', () => {
    const asked = `00000000 ${serverAddress}`;
    expect(claimOf(icmpv6(135, asked + sourceOption('525400000099')))).toMatchObject(claimed(linkLocal, forged));
    expect(claimOf(icmpv6(135, asked))).toMatchObject(claimed(linkLocal, ether));
  });

  it('of duplicate address detection is its target, tentatively', () => {
    const probe = icmpv6(135, `00000000 ${serverAddress}`, { from: unspecified });
    expect(claimOf(probe)).toMatchObject(claimed('2001:db8:16::1', ether, true));
  });

  it.each([
    ['solicitation', 133, '00000000'],
    ['advertisement', 134, '40000708 00000000 00000000'],
  ])('of a router %s is its source', (_name, type, body) => {
    expect(claimOf(icmpv6(type, body + sourceOption('525400000099')))).toMatchObject(claimed(linkLocal, forged));
    expect(claimOf(icmpv6(type, body))).toMatchObject(claimed(linkLocal, ether));
    const nameless = claimOf(icmpv6(type, body, { from: unspecified }));
    expect(nameless).toMatchObject({ claimedMac: ether });
    expect(nameless).not.toHaveProperty('claimedAddress');
  });

  it("of a redirect is its sender's pair: the option is somebody else's MAC", () => {
    const redirect = icmpv6(137, `00000000 ${serverLinkLocal} ${serverAddress} ${targetOption('525400000099')}`, {
      from: allNodes.replace('ff02', 'fe80'),
    });
    expect(claimOf(redirect)).toMatchObject(claimed('fe80::1', ether));
  });

  it('is not made by a malformed message or by ND that was forwarded', () => {
    const target = `60000000 ${serverAddress}`;
    expect(claimOf(icmpv6(136, target, { hopLimit: 254 }))).toBeUndefined();
    expect(claimOf(icmpv6(136, `${target}0200000000000000`))).toBeUndefined();
    expect(claimOf(ethernet(0x0806, hexBytes('0001 0800 06 04')))).toBeUndefined();
  });

  it('is heard on the VLAN of its tag, and on that of the port without one', () => {
    const message = arp(1, '525400000016', 'c6336410', '000000000000', 'c6336401');
    expect(claimOf(ethernet(0x0806, message, { vlan: 66 }))?.vlan).toBe(66);
    expect(claimOf(ethernet(0x0806, message, { vlan: 0 }))?.vlan).toBe(16);
    expect(claimOf(ethernet(0x0806, message, { vlan: 4095 }))).not.toHaveProperty('vlan');
  });

  it('carries every tag of its frame, and none of an untagged one', () => {
    const message = arp(1, '525400000016', 'c6336410', '000000000000', 'c6336401');
    const tagged = (inner: string) => claimOf(ethernet(0x8100, Buffer.concat([hexBytes(inner), message]), { vlan: 0 }));
    expect(tagged('0042 0806')).toMatchObject({ vlan: 66, tags: [0, 66] });
    expect(tagged('0000 0806')).toMatchObject({ vlan: 16, tags: [0, 0] });
    expect(claimOf(ethernet(0x0806, message))).not.toHaveProperty('tags');
  });

  it('heard on a trunk is on the VLAN of the outermost tag alone, which the switch put there', () => {
    const trunk: CaptureSource = { ...source, port: undefined, vlan: 7 as Vlan, attribution: 'vlan' };
    const message = arp(1, '525400000016', 'c6336410', '000000000000', 'c6336401');
    const heard = (outer: string, inner: string) =>
      claimOf(ethernet(0x8100, Buffer.concat([hexBytes(`${outer} 8100 ${inner} 0806`), message])), { source: trunk });
    expect(heard('0042', '0043')).toMatchObject({ vlan: 66, attribution: 'vlan' });
    expect(heard('0042', '0043')).not.toHaveProperty('port');
    expect(heard('0000', '0042')).toMatchObject({ vlan: 7, tags: [0, 66] });
    expect(claimOf(ethernet(0x0806, message), { source: { ...trunk, vlan: undefined } })).not.toHaveProperty('vlan');
  });

  it('is no claim where this box sent the frame, or where the frame has no MAC', () => {
    const bytes = ethernet(0x0806, arp(2, '525400000099', 'c6336410', '525400000001', 'c6336401'));
    expect(claimOf(bytes, { outgoing: true })).toBeUndefined();
    expect(claimOf(bytes, { outgoing: false })).toBeDefined();
    const cooked = (type: string) => hexBytes(`${type} 0001 0006 525400000016 0000 0806`);
    const message = bytes.subarray(14);
    expect(claimOf(Buffer.concat([cooked('0000'), message]), { linkType: 113 })).toMatchObject({ etherSource: ether });
    expect(claimOf(Buffer.concat([cooked('0004'), message]), { linkType: 113 })).toBeUndefined();
    const packet = icmpv6Packet(136, `60000000 ${serverAddress} ${targetOption('525400000099')}`);
    expect(claimOf(packet, { linkType: 101 })).toBeUndefined();
  });

  it('tells what its frame asks for, apart from what it claims', () => {
    const asks = (sender: string, target: string) =>
      claimOf(ethernet(0x0806, arp(1, '525400000016', sender, '000000000000', target)));
    expect(asks('c6336410', 'c6336401')).toMatchObject({ askedAddress: '198.51.100.1' });
    expect(asks('00000000', 'c6336401')).toMatchObject({ askedAddress: '198.51.100.1' });
    expect(asks('c6336410', 'c6336410')).not.toHaveProperty('askedAddress');
    const solicitation = `00000000 ${serverAddress}`;
    expect(claimOf(icmpv6(135, solicitation))).toMatchObject({ askedAddress: '2001:db8:16::1' });
    expect(claimOf(icmpv6(135, solicitation, { from: unspecified }))).not.toHaveProperty('askedAddress');
    expect(claimOf(icmpv6(136, `60000000 ${serverAddress}`))).not.toHaveProperty('askedAddress');
  });

  it('of a reverse request names a MAC and no address, whatever stands there', () => {
    const reverse = (opcode: number) =>
      claimOf(ethernet(0x8035, arp(opcode, '525400000016', 'c6336410', '525400000016', 'c6336411')));
    expect(reverse(3)).toMatchObject({ kind: 'arp-other', claimedMac: ether });
    expect(reverse(3)).not.toHaveProperty('claimedAddress');
    expect(reverse(4)).toMatchObject({ kind: 'arp-other', claimedAddress: '198.51.100.16' });
    expect(reverse(1)?.kind).toBe('arp-other');
  });

  it('on an IPv4-mapped address, which stored events cannot name, keeps the MAC and no address', () => {
    for (const mapped of ['ffffc6336410', 'ffff00000010', 'ffff00000000']) {
      const claim = claimOf(icmpv6(136, `60000000 00000000000000000000${mapped}`));
      expect(claim).toMatchObject({ claimedMac: ether });
      expect(claim).not.toHaveProperty('claimedAddress');
    }
  });

  it('on any other address is one that stored events can name', () => {
    const word = fc.oneof(fc.constantFrom('0000', 'ffff'), fc.stringMatching(/^[0-9a-f]{4}$/));
    fc.assert(
      fc.property(fc.array(word, { minLength: 8, maxLength: 8 }), (words) => {
        const address = parseIp(words.join(':'));
        expect(claimOf(icmpv6(136, `60000000 ${words.join('')}`))?.claimedAddress).toBe(address);
      }),
      { numRuns: 2000 },
    );
  });
});
