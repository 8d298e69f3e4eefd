import { FrameFields } from '../../../src/sensor/capture/frame-fields.js';
import { readFrame } from '../../../src/sensor/capture/frame-reader.js';
import { FrameTally } from '../../../src/sensor/capture/frame-tally.js';
import { ETHERNET } from '../../../src/sensor/capture/link-type.js';
import { arp, ethernet, hexBytes, icmpv6, serverAddress } from './frames.js';

const request = ethernet(0x0806, arp(1, '525400000016', 'c6336410', '000000000000', 'c6336401'));
const advertisement = icmpv6(136, `60000000 ${serverAddress}`);
const nothing = { arp: 0, nd: 0, kinds: {}, malformed: {}, unbelievable: {}, tunnels: {}, skippedLinkTypes: {} };

function tallyOf(frames: readonly (readonly [Uint8Array, number?])[]): FrameTally {
  const tally = new FrameTally();
  const fields = new FrameFields();
  for (const [frame, linkType = ETHERNET] of frames) {
    readFrame(frame, 0, frame.length, linkType, fields);
    tally.add(fields, linkType);
  }
  return tally;
}

describe('a tally of frames', () => {
  it('names nothing that was not there', () => {
    expect(new FrameTally().counts()).toEqual({ frames: 0, ...nothing });
  });

  it('counts ARP and ND by kind', () => {
    const reply = ethernet(0x0806, arp(2, '525400000016', 'c6336410', '001c73000099', 'c6336401'));
    expect(tallyOf([[request], [request], [reply], [advertisement]]).counts()).toEqual({
      ...nothing,
      frames: 4,
      arp: 3,
      nd: 1,
      kinds: { 'arp-request': 2, 'arp-reply': 1, 'neighbour-advertisement': 1 },
    });
  });

  it('keeps apart what cannot be read, what no host believes, and what hides in tunnels', () => {
    const routed = icmpv6(136, `60000000 ${serverAddress}`, { hopLimit: 64 });
    const mpls = ethernet(0x8847, hexBytes('00010140'));
    expect(tallyOf([[request.subarray(0, 30)], [request.subarray(0, 9)], [routed], [mpls]]).counts()).toEqual({
      ...nothing,
      frames: 4,
      nd: 1,
      kinds: { 'neighbour-advertisement': 1 },
      malformed: { 'arp-cut-short': 1, runt: 1 },
      unbelievable: { 'hop-limit': 1 },
      tunnels: { mpls: 1 },
    });
  });

  it('counts every other frame as one, and says no more of it', () => {
    expect(tallyOf([[ethernet(0x0800, hexBytes('45'))], [icmpv6(128, '00010001')]]).counts()).toEqual({
      ...nothing,
      frames: 2,
    });
  });

  it('names 32 link types that nobody reads, and counts all others as one: a file may name 65,536', () => {
    const strangers = Array.from({ length: 40 }, (_, number) => [request, 1_000 + number] as const);
    const { frames, skippedLinkTypes } = tallyOf([...strangers, ...strangers, [request, 105]]).counts();
    expect(frames).toBe(81);
    expect(Object.keys(skippedLinkTypes)).toHaveLength(33);
    expect(skippedLinkTypes).toMatchObject({ 'link type 1000': 2, 'link type 1031': 2, others: 17 });
  });

  it('can be asked for the number of all frames at any time', () => {
    expect(tallyOf([[request], [ethernet(0x0800, hexBytes('45'))], [request, 105]]).frames).toBe(3);
  });
});
