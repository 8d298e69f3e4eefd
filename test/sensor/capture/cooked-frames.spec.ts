import { FrameFields } from '../../../src/sensor/capture/frame-fields.js';
import { decodeFrame } from '../../../src/sensor/capture/frame-decoder.js';
import { asideNames } from '../../../src/sensor/capture/frame-aside.js';
import { readFrame } from '../../../src/sensor/capture/frame-reader.js';
import { COOKED_V1, COOKED_V2 } from '../../../src/sensor/capture/link-type.js';
import { arp, captured, hexBytes, icmpv6Packet, serverAddress, targetOption } from './frames.js';

const mac = '525400000016';
/** Packet types of packet(7). */
const [toUs, outgoing] = ['00', '04'];
const request = arp(1, mac, 'c6336410', '000000000000', 'c6336401');
const advertisement = icmpv6Packet(136, `60000000 ${serverAddress} ${targetOption('525400000099')}`);

interface CookedFrame {
  readonly packetType?: string;
  readonly etherType?: string;
  readonly payload?: Uint8Array;
  /** Of the link-layer address, in hex. */
  readonly addressLength?: string;
}

/** draft-ietf-opsawg-pcaplinktype: packet type, ARPHRD type 1, length and eight bytes of the address, then the EtherType. */
const v1 = ({ packetType = toUs, etherType = '0806', payload = request, addressLength = '06' }: CookedFrame = {}) =>
  Buffer.concat([hexBytes(`00${packetType} 0001 00${addressLength} ${mac}0000 ${etherType}`), payload]);

/** The EtherType, two reserved bytes, the interface's index, ARPHRD type 1, packet type, length and bytes of the address. */
const v2 = ({ packetType = toUs, etherType = '0806', payload = request, addressLength = '06' }: CookedFrame = {}) =>
  Buffer.concat([hexBytes(`${etherType} 0000 00000007 0001 ${packetType} ${addressLength} ${mac}0000`), payload]);

describe.each([
  ['v1', COOKED_V1, v1, 16],
  ['v2', COOKED_V2, v2, 20],
] as const)('a Linux cooked capture %s', (_version, linkType, cooked, headerBytes) => {
  const decoded = (frame: Buffer) => decodeFrame({ ...captured(frame), linkType });

  it('tells who sent an ARP message, and to nobody in particular', () => {
    expect(decoded(cooked())).toMatchObject({
      kind: 'arp-request',
      vlans: [],
      etherSource: '52:54:00:00:00:16',
      senderMac: '52:54:00:00:00:16',
      senderIp: '198.51.100.16',
      targetIp: '198.51.100.1',
    });
    expect(decoded(cooked())?.etherDestination).toBeUndefined();
  });

  it('tells ND, and a VLAN tag that is still in the frame', () => {
    const tagged = Buffer.concat([hexBytes('0042 86dd'), advertisement]);
    for (const [frame, vlans] of [
      [cooked({ etherType: '86dd', payload: advertisement }), []],
      [cooked({ etherType: '8100', payload: tagged }), [66]],
    ] as const)
      expect(decoded(frame)).toMatchObject({
        kind: 'neighbour-advertisement',
        vlans,
        etherSource: '52:54:00:00:00:16',
        targetIp: '2001:db8:16::1',
        senderMac: '52:54:00:00:00:99',
      });
  });

  it('marks what the box itself sent, so that nobody is blamed for it', () => {
    const fields = new FrameFields();
    for (const [packetType, isOutgoing] of [
      [toUs, false],
      ['01', false],
      ['03', false],
      [outgoing, true],
    ] as const) {
      const frame = cooked({ packetType });
      expect(readFrame(frame, 0, frame.length, linkType, fields)).toBe(true);
      expect([packetType, fields.outgoing]).toEqual([packetType, isOutgoing]);
    }
  });

  it('has no sender where the link-layer address is no MAC', () => {
    for (const addressLength of ['00', '08']) expect(decoded(cooked({ addressLength }))?.etherSource).toBeUndefined();
  });

  it('ends before its header is whole: no byte beyond is looked at', () => {
    const fields = new FrameFields();
    const whole = cooked();
    for (let length = 0; length < headerBytes; length++) {
      expect(readFrame(whole, 0, length, linkType, fields)).toBe(false);
      expect(asideNames[fields.aside]).toBe('runt');
    }
    expect(readFrame(whole, 0, headerBytes, linkType, fields)).toBe(true);
    expect(fields.network).toBe(headerBytes);
  });
});
