import fc from 'fast-check';
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

function claimOf(bytes: Uint8Array) {
  const frame = decodeFrame(captured(bytes));
  if (frame === undefined) throw new Error('the frame of this test is not ARP or ND');
  return observe(frame, source);
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
