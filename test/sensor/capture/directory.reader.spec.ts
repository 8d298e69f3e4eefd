import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { CaptureState, PieceSource } from '../../../src/sensor/capture/capture-handlers.js';
import { listenForFrames } from '../../../src/sensor/capture/frame-listener.js';
import { arp, ethernet, pcapOf } from './frames.js';

/** A request from 198.51.100.n. */
const request = (n: number): Buffer =>
  ethernet(0x0806, arp(1, '525400000016', `c63364${n.toString(16).padStart(2, '0')}`, '000000000000', 'c6336401'));
const fileOf = (...numbers: number[]): Buffer => pcapOf(numbers.map(request));
const headerBytes = 24;

describe('a directory of rotating captures', () => {
  let directory: string;
  let heard: number[];
  let states: CaptureState[];
  let reader: PieceSource;
  let clock: number;

  beforeEach(() => {
    directory = join(mkdtempSync(join(tmpdir(), 'portledger-rotating-')), 'captures');
    mkdirSync(directory);
    heard = [];
    states = [];
    clock = 1_700_000_000;
    reader = listenForFrames(
      { directory },
      {
        onFrame: (frame) => heard.push(Number(frame.senderIp?.split('.')[3])),
        onState: (state) => states.push(state),
        pollMs: 5,
      },
    );
  });

  afterEach(async () => {
    await reader.stop();
    rmSync(join(directory, '..'), { recursive: true });
  });

  /** Writes happen one second after another. */
  const tick = (path: string): void => utimesSync(path, ++clock, clock);
  function write(name: string, bytes: Uint8Array): void {
    writeFileSync(join(directory, name), bytes);
    tick(join(directory, name));
  }
  function append(name: string, bytes: Uint8Array): void {
    appendFileSync(join(directory, name), bytes);
    tick(join(directory, name));
  }
  async function hears(...numbers: number[]): Promise<void> {
    for (let round = 0; round < 6000 && heard.length < numbers.length; round++) await look();
    await look(10);
    expect(heard).toEqual(numbers);
  }
  const look = (rounds = 1): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5 * rounds));

  it('reads finished files in the order they were written, then the growing one as it grows', async () => {
    write('web2.pcap', fileOf(1, 2));
    write('web10.pcap', fileOf(3));
    write('web1.pcap', fileOf(4));
    reader.start();
    await hears(1, 2, 3, 4);
    append('web1.pcap', fileOf(5).subarray(headerBytes));
    await hears(1, 2, 3, 4, 5);
    const half = fileOf(6).subarray(headerBytes);
    append('web1.pcap', half.subarray(0, 20));
    await look(10);
    append('web1.pcap', half.subarray(20));
    await hears(1, 2, 3, 4, 5, 6);
    expect(reader.lastHeardAt).toBeGreaterThan(Date.now() - 60_000);
  });

  it('reads the rest of a file before it goes on to the next', async () => {
    write('a.pcap', fileOf(1));
    reader.start();
    await hears(1);
    append('a.pcap', fileOf(2).subarray(headerBytes));
    write('b.pcap', fileOf(3));
    await hears(1, 2, 3);
    append('b.pcap', fileOf(4).subarray(headerBytes));
    await hears(1, 2, 3, 4);
  });

  it('reads a name that is written anew as a new capture, and one that is renamed only once', async () => {
    write('ring0', fileOf(1));
    write('ring1', fileOf(2));
    reader.start();
    await hears(1, 2);
    write('ring0', fileOf(3, 4));
    await hears(1, 2, 3, 4);
    renameSync(join(directory, 'ring1'), join(directory, 'old'));
    renameSync(join(directory, 'ring0'), join(directory, 'older'));
    await look(20);
    append('older', fileOf(5).subarray(headerBytes));
    write('ring1', fileOf(6));
    await hears(1, 2, 3, 4, 5, 6);
  });

  it('reads a capture once that is renamed again and again while the directory is listed', async () => {
    const numbers = Array.from({ length: 100 }, (_, index) => index + 1);
    for (const n of numbers) write(`a${n}.pcap`, fileOf(n));
    reader.start();
    await hears(...numbers);
    const names = ['a50.pcap', 'z.pcap'].map((name) => join(directory, name));
    for (let round = 0; round < 300; round++) {
      renameSync(names[round % 2] ?? '', names[(round + 1) % 2] ?? '');
      await look();
    }
    write('later.pcap', fileOf(101));
    await hears(...numbers, 101);
  });

  it('reads the growing file anew where it is cut and written again', async () => {
    write('one.pcap', fileOf(1, 2, 3));
    reader.start();
    await hears(1, 2, 3);
    write('one.pcap', fileOf(4));
    await hears(1, 2, 3, 4);
    write('one.pcap', fileOf(5, 6, 7, 8));
    await hears(1, 2, 3, 4, 5, 6, 7, 8);
  });

  it('passes over what is no capture, what is packed and what is damaged, and reads the next', async () => {
    write('README', Buffer.from('captures of leaf1, kept for a week'));
    write('.hidden', fileOf(9));
    mkdirSync(join(directory, 'older'));
    write('packed.pcap.gz', gzipSync(fileOf(8)));
    write('cut.pcap', fileOf(1, 2).subarray(0, -3));
    write('good.pcap', fileOf(3));
    reader.start();
    await hears(1, 3);
    expect(states).toEqual([{ state: 'running' }]);
  });

  it('gives nothing while its listener pauses, and everything afterwards', async () => {
    reader.start();
    reader.pause();
    write('a.pcap', fileOf(1));
    await look(20);
    expect(heard).toEqual([]);
    reader.resume();
    await hears(1);
  });

  it('says that the directory is not there, and reads it once it is', async () => {
    rmSync(directory, { recursive: true });
    reader.start();
    await look(10);
    expect(states).toMatchObject([
      {
        state: 'failed',
        reason: expect.stringContaining(directory) as string,
        cure: expect.stringContaining('create the directory') as string,
      },
    ]);
    mkdirSync(directory);
    write('a.pcap', fileOf(1));
    await hears(1);
    await reader.stop();
    expect(states.slice(1)).toEqual([{ state: 'running' }, { state: 'stopped' }]);
  });
});
