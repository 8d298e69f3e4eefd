import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { CaptureError } from '../../../src/sensor/capture/capture.error.js';
import { decodeFile } from '../../../src/sensor/capture/decode-file.js';
import { type DecodedFrame } from '../../../src/sensor/capture/decoded-frame.js';
import { floodCaptures, ownCaptures } from './capture-files.js';
import { arp, ethernet, pcapOf } from './frames.js';

const folder = mkdtempSync(join(tmpdir(), 'portledger-decode-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function decodeAll(path: string): Promise<{ frames: DecodedFrame[]; error?: unknown }> {
  const frames: DecodedFrame[] = [];
  try {
    for await (const frame of decodeFile(path)) frames.push(frame);
  } catch (error) {
    return { frames, error };
  }
  return { frames };
}

async function kindsOf(path: string): Promise<Record<string, number>> {
  const { frames, error } = await decodeAll(path);
  if (error !== undefined) throw new Error(`${path} was not read to its end`, { cause: error });
  const kinds: Record<string, number> = {};
  for (const { kind } of frames) kinds[kind] = (kinds[kind] ?? 0) + 1;
  return kinds;
}

describe('decoding a file', () => {
  // Counted with tcpdump filters: arp[6:2] = 1, icmp6[0] = 136 and so on.
  it.each([
    ['arp-scan.pcap', { 'arp-request': 31, 'arp-reply': 1 }],
    ['arping-gratuitous.pcap', { 'arp-request': 2, 'arp-reply': 2 }],
    ['arpspoof.pcap', { 'arp-request': 1, 'arp-reply': 3 }],
    ['na6.pcap', { 'neighbour-advertisement': 1 }],
    [
      'normal-e2e.pcap',
      { 'arp-request': 1, 'arp-reply': 1, 'neighbour-solicitation': 1, 'neighbour-advertisement': 1 },
    ],
    ['ns6.pcap', { 'neighbour-solicitation': 1, 'neighbour-advertisement': 1 }],
    [
      'own-port-mac-swap.pcap',
      { 'arp-request': 2, 'arp-reply': 4, 'neighbour-solicitation': 2, 'neighbour-advertisement': 4 },
    ],
    ['scapy-arp-na-ra.pcap', { 'arp-reply': 3, 'neighbour-advertisement': 3 }],
    ['thc-fake-advertise6.pcap', { 'neighbour-solicitation': 1, 'neighbour-advertisement': 2 }],
  ])('finds in %s what tcpdump finds', async (name, kinds) => {
    expect(await kindsOf(join(ownCaptures, name))).toEqual(kinds);
  });

  // Frames that tcpdump's filter finds in the larger captures; each flood has 5000 addresses.
  const larger = new Map([
    ['flood-arp-2500pps.pcap', 7053],
    ['flood-dad-2500pps.pcap', 5001],
    ['flood-na-2500pps.pcap', 5985],
    ['flood-ns-2500pps.pcap', 6015],
    ['scan-from-upstream.pcap', 0],
  ]);
  const floods = floodCaptures();
  const each =
    floods.length > 0 ? it.each(floods) : it.skip.each(['(skipped: no captures folder beside the real ones)']);
  each('finds every frame of the flood in %s', async (path) => {
    const { frames, error } = await decodeAll(path);
    expect(error).toBeUndefined();
    expect(frames).toHaveLength(larger.get(basename(path)) ?? -1);
    expect(frames.filter((frame) => frame.problem !== undefined)).toEqual([]);
    const named = new Set(frames.flatMap((frame) => [frame.senderIp, frame.targetIp]));
    expect(named.size >= 5000).toBe(frames.length > 0);
  });

  it('gives the whole frames of a file that stops inside one, then says where it stops', async () => {
    const request = ethernet(0x0806, arp(1, '525400000016', 'c6336410', '000000000000', 'c6336401'));
    const path = join(folder, 'cut.pcap');
    writeFileSync(path, pcapOf([request, request, request]).subarray(0, -10));
    const { frames, error } = await decodeAll(path);
    expect(frames.map((frame) => frame.frame)).toEqual([1, 2]);
    expect(error).toBeInstanceOf(CaptureError);
    expect(error).toMatchObject({
      fault: 'truncated',
      message: `${path} stops inside frame 3 (its record starts at byte 140), 10 or more bytes missing: the 2 whole frames before it were read`,
    });
  });

  it('names a file that is not there', async () => {
    const { error } = await decodeAll(join(folder, 'nosuch.pcap'));
    expect(error).toMatchObject({ name: 'CaptureError', fault: 'unreadable' });
  });
});
