import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { CaptureError } from '../../../src/sensor/capture/capture.error.js';
import { CaptureReader } from '../../../src/sensor/capture/capture.reader.js';
import { formatCaptureTime } from '../../../src/sensor/capture/captured-frame.js';
import { decodeFile } from '../../../src/sensor/capture/decode-file.js';
import { portledger } from '../../cli/said.js';
import { arp, ethernet, pcapOf } from './frames.js';
import { type Options, PcapngWriter } from './pcapng-files.js';

const [ETHERNET, COOKED, ARCNET] = [1, 113, 7];
const reply = ethernet(0x0806, arp(2, '525400000016', 'c6336410', '52540000ffff', 'c6336401'));
const at = 1_700_000_000n;

interface Read {
  readonly time: string;
  readonly linkType: number | undefined;
  readonly bytes: string;
  readonly originalLength: number;
  readonly outgoing: boolean;
}

/** Everything read of a capture that comes in pieces of so many bytes. */
function read(file: Uint8Array, pieceBytes = file.length): Read[] {
  const reader = new CaptureReader('night.pcapng');
  const found: Read[] = [];
  for (let from = 0; from < file.length; from += pieceBytes)
    for (const { time, linkType, bytes, start, end, originalLength, outgoing } of reader.feed(
      file.subarray(from, from + pieceBytes),
    ))
      found.push({
        ...{ time: formatCaptureTime(time), linkType, originalLength, outgoing: outgoing ?? false },
        bytes: Buffer.from(bytes.subarray(start, end)).toString('hex'),
      });
  reader.end();
  return found;
}

function faultOf(file: Uint8Array): unknown {
  try {
    read(file);
  } catch (error) {
    if (error instanceof CaptureError) return [error.fault, error.message];
    throw error;
  }
  return 'none';
}

describe.each([
  ['little-endian', true],
  ['big-endian', false],
] as const)('pcapng, %s,', (_order, littleEndian) => {
  const write = new PcapngWriter(littleEndian);
  const resolution = (value: number): Options => [[9, Buffer.from([value])]];
  const offsetOption = (seconds: number): readonly [number, Uint8Array] => {
    const words = littleEndian ? write.words(seconds, 0) : write.words(0, seconds);
    return [14, words];
  };

  it.each<readonly [string, Options, bigint, string]>([
    ['microseconds where it says nothing', [], at * 1_000_000n + 5n, '2023-11-14T22:13:20.000005000Z'],
    ['nanoseconds', resolution(9), at * 1_000_000_000n + 7n, '2023-11-14T22:13:20.000000007Z'],
    ['milliseconds', resolution(3), at * 1_000n + 9n, '2023-11-14T22:13:20.009000000Z'],
    ['picoseconds', resolution(12), 1_500_000_001_000n, '1970-01-01T00:00:01.500000001Z'],
    ['a power of two', resolution(0x80 | 10), at * 1_024n + 512n, '2023-11-14T22:13:20.500000000Z'],
    ['an offset of seconds', [offsetOption(3_600)], at * 1_000_000n, '2023-11-14T23:13:20.000000000Z'],
  ])('counts time by the clock of its interface: %s', (_what, options, time, expected) => {
    const file = Buffer.concat([write.section(), write.interface(ETHERNET, options), write.enhanced(0, time, reply)]);
    expect(read(file).map((one) => one.time)).toEqual([expected]);
  });

  it('keeps the interfaces of a section apart, and forgets them in the next one', () => {
    const first = [write.section(), write.interface(COOKED), write.interface(ETHERNET)];
    const packets = [write.enhanced(1, 1n, reply), write.enhanced(0, 2n, reply)];
    const second = [write.section(), write.interface(ARCNET), write.enhanced(0, 3n, reply)];
    const file = Buffer.concat([...first, ...packets, ...second]);
    expect(read(file).map((one) => one.linkType)).toEqual([ETHERNET, COOKED, ARCNET]);
    expect(faultOf(Buffer.concat([...first, write.section(), write.enhanced(0, 1n, reply)]))).toEqual([
      'damaged',
      expect.stringContaining('a packet of interface 0, but its section has 0'),
    ]);
  });

  it('reads sections of either byte order in one file', () => {
    const other = new PcapngWriter(!littleEndian);
    const parts = [write, other].flatMap((one) => [one.section(), one.interface(ETHERNET), one.enhanced(0, 9n, reply)]);
    const hex = reply.toString('hex');
    expect(read(Buffer.concat(parts)).map((one) => one.bytes)).toEqual([hex, hex]);
  });

  it('reads simple and obsolete packets, and what the capture cut off', () => {
    const head = [write.section(), write.interface(ETHERNET, [], 42)];
    const file = Buffer.concat([...head, write.simple(60, reply), write.obsolete(0, 2_000_000n, reply)]);
    expect(read(file)).toEqual([
      {
        time: '1970-01-01T00:00:00.000000000Z',
        linkType: ETHERNET,
        bytes: reply.toString('hex'),
        originalLength: 60,
        outgoing: false,
      },
      {
        time: '1970-01-01T00:00:02.000000000Z',
        linkType: ETHERNET,
        bytes: reply.toString('hex'),
        originalLength: 42,
        outgoing: false,
      },
    ]);
  });

  it('passes over blocks it does not know, and says which frames this box sent', () => {
    const flags = (value: number): Options => [[2, write.words(value)]];
    const unknown = write.block(0x0000_0bad, Buffer.alloc(4_000));
    const head = [write.section(), unknown, write.interface(ETHERNET), unknown];
    const packets = [write.enhanced(0, 1n, reply, flags(1)), unknown, write.enhanced(0, 2n, reply, flags(2))];
    expect(read(Buffer.concat([...head, ...packets])).map((one) => one.outgoing)).toEqual([false, true]);
  });

  it('reads the same in pieces of any size', () => {
    const unknown = write.block(4, Buffer.from('names of hosts'));
    const packets = [write.enhanced(0, 1n, reply), unknown, write.simple(42, reply), write.enhanced(0, 2n, reply)];
    const file = Buffer.concat([write.section(), write.interface(ETHERNET), ...packets]);
    const whole = read(file);
    expect(whole).toHaveLength(3);
    for (let size = 1; size <= 70; size++) expect(read(file, size)).toEqual(whole);
  });

  it.each<readonly [string, (one: PcapngWriter) => Uint8Array, readonly [string, RegExp]]>([
    [
      'a block that ends with another length',
      (one) => one.block(6, Buffer.alloc(60), 64),
      ['damaged', /ends with the length 64/],
    ],
    ['a block too short to be one', (one) => one.words(6, 8, 8), ['damaged', /a block of 8 bytes/]],
    ['a block no multiple of four', (one) => one.words(6, 34, 0), ['damaged', /a block of 34 bytes/]],
    [
      'a packet longer than its block',
      (one) => one.block(6, one.words(0, 0, 0, 400, 400, 1)),
      ['oversized-record', /400 bytes in a block of 36/],
    ],
    ['a block of a gigabyte', (one) => one.words(6, 1 << 30, 0, 0), ['oversized-record', /1073741824 bytes/]],
    ['a section of version 2', (one) => one.section(2), ['version', /version 2.*editcap/]],
  ])('names the fault and its place for %s', (_what, broken, [fault, why]) => {
    const before = [write.section(), write.interface(ETHERNET)];
    expect(faultOf(Buffer.concat([...before, broken(write)]))).toEqual([fault, expect.stringMatching(why)]);
  });
});

describe('captures that are packed, or many', () => {
  const folder = mkdtempSync(join(tmpdir(), 'portledger-captures-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('are read from gzip like the file itself, and named where the packing is damaged', async () => {
    const packed = gzipSync(pcapOf([reply, reply, reply]));
    const [whole, cut] = [join(folder, 'whole.gz'), join(folder, 'cut.gz')];
    writeFileSync(whole, packed);
    writeFileSync(cut, packed.subarray(0, -12));
    const kinds: string[] = [];
    for await (const { kind } of decodeFile(whole)) kinds.push(kind);
    expect(kinds).toEqual(['arp-reply', 'arp-reply', 'arp-reply']);
    const { code, out, err } = await portledger(['sensor', 'decode', cut]);
    expect(code).toBe(1);
    expect(err).toMatch(/cut\.gz is gzip that cannot be unpacked/);
    expect(`${out}${err}`).not.toMatch(/\n\s+at /);
  });

  it('of a directory are decoded in the order of their first frames', async () => {
    const many = join(folder, 'many');
    const write = new PcapngWriter(true);
    mkdirSync(many);
    const dated = (seconds: number): Uint8Array =>
      Buffer.concat([
        write.section(),
        write.interface(ETHERNET),
        write.enhanced(0, BigInt(seconds) * 1_000_000n, reply),
      ]);
    writeFileSync(join(many, 'a.pcapng'), dated(1_700_000_200));
    writeFileSync(join(many, 'b.pcapng'), dated(1_700_000_100));
    const { code, out } = await portledger(['sensor', 'decode', many, '--json']);
    expect(code).toBe(0);
    const times = out
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { time: string }).time);
    expect(times).toEqual(['2023-11-14T22:15:00.000000000Z', '2023-11-14T22:16:40.000000000Z']);
  });
});
