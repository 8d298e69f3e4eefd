import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { portledger } from '../../cli/said.js';
import { ownCaptures } from './capture-files.js';
import { arp, ethernet, pcapOf } from './frames.js';

const folder = mkdtempSync(join(tmpdir(), 'portledger-sensor-verb-'));
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, bytes: Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
};
const request = ethernet(0x0806, arp(1, '525400000016', 'c6336410', '000000000000', 'c6336401'));

describe('portledger sensor decode', () => {
  it('prints a line for each frame, as JSON where asked', async () => {
    const capture = join(ownCaptures, 'normal-e2e.pcap');
    const json = await portledger(['sensor', 'decode', capture, '--json']);
    expect(json.code).toBe(0);
    expect(JSON.parse(json.err)).toEqual({
      counts: {
        frames: 36,
        arp: 2,
        nd: 2,
        kinds: { 'arp-request': 1, 'arp-reply': 1, 'neighbour-solicitation': 1, 'neighbour-advertisement': 1 },
        malformed: {},
        unbelievable: {},
        tunnels: {},
        skippedLinkTypes: {},
      },
    });
    const frames = json.out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { kind: string });
    expect(frames.map(({ kind }) => kind).sort()).toEqual([
      'arp-reply',
      'arp-request',
      'neighbour-advertisement',
      'neighbour-solicitation',
    ]);
    const text = await portledger(['sensor', 'decode', capture]);
    expect(text.out.trimEnd().split('\n')).toHaveLength(4);
    expect(text.out).toContain('who has');
    expect(text.err).toBe('36 frames: 2 ARP, 2 ND\n');
  });

  it('prints the whole frames of a truncated file, then says where it stops, and ends with 1', async () => {
    const path = file('cut.pcap', pcapOf([request, request, request]).subarray(0, -10));
    const { code, out, err } = await portledger(['sensor', 'decode', path]);
    expect(code).toBe(1);
    expect(out.trimEnd().split('\n')).toHaveLength(2);
    expect(err).toBe(
      `portledger: ${path} stops inside frame 3 (its record starts at byte 140), 10 or more bytes missing: the 2 whole frames before it were read\n2 frames: 2 ARP, 0 ND\n`,
    );
  });

  it.each([
    ['is empty', () => file('empty.pcap', new Uint8Array()), /has 0 bytes, expected a pcap file header/],
    ['is no capture', () => file('text.pcap', Buffer.from('x'.repeat(100))), /pcap/],
    ['is not there', () => join(folder, 'nosuch.pcap'), /ENOENT.*name a readable capture file or directory/],
  ])('ends with 1 and one line, without a stack trace, for a file that %s', async (_what, path, why) => {
    const { code, out, err } = await portledger(['sensor', 'decode', path()]);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(why);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  });

  it.each([[[]], [['listen']], [['decode']], [['decode', 'a', 'b']]])('refuses %j as wrong usage', async (words) => {
    expect(await portledger(['sensor', ...words])).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('decode') as string,
    });
  });
});
