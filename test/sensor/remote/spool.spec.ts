import { appendFileSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from '../../support/property.js';
import { DiskSpool } from '../../../src/sensor/remote/disk.spool.js';
import { MemorySpool, type Spool, SpoolError } from '../../../src/sensor/remote/spool.js';
import type { SentVerdict } from '../../../src/sensor/remote/verdict-words.js';
import { temporaryDirectories } from '../../event-store/temporary-directory.js';

const newDirectory = temporaryDirectories();
const verdict = (number: number, text = 'é'): SentVerdict => ({
  sourceId: `00000000-0000-5000-8000-${String(number).padStart(12, '0')}`,
  type: 'MacSeen',
  schemaVersion: 1,
  time: '2026-11-02T00:00:00.000Z',
  data: { port: 'leaf1:Ethernet66', vlan: 66, mac: '02:00:00:00:00:01', text },
});
const idsOf = (verdicts: Iterable<SentVerdict>): number[] =>
  [...verdicts].map((one) => Number(one.sourceId.slice(-12)));
const range = (from: number, end: number): number[] => Array.from({ length: end - from }, (_, index) => from + index);

/** A step in the life of a spool. */
const steps = fc.array(
  fc.oneof(
    fc.record({ append: fc.integer({ min: 1, max: 5 }) }),
    fc.record({ send: fc.integer({ min: 1, max: 4 }) }),
    fc.constant({ again: true }),
  ),
  { maxLength: 30 },
);

describe.each([
  ['in memory', (): Spool => new MemorySpool(), false],
  ['on a disk', (): Spool => DiskSpool.open(newDirectory()), true],
])('a spool %s', (_, make, outlives) => {
  it('gives everything back once it is done with, in order, and nothing before', () => {
    fc.assert(
      fc.property(steps, (some) => {
        let directory = '';
        const open = (): Spool => {
          if (!outlives) return make();
          directory ||= newDirectory();
          return DiskSpool.open(directory);
        };
        let spool = open();
        let [made, done] = [0, 0];
        for (const step of some) {
          if ('append' in step) {
            spool.append(range(made, made + step.append).map((number) => verdict(number)));
            made += step.append;
          } else if ('send' in step) {
            const { verdicts, end } = spool.next(100_000, step.send);
            expect(idsOf(verdicts)).toEqual(range(done, done + verdicts.length));
            expect(verdicts.length > 0).toBe(made > done);
            expect(idsOf(spool.next(100_000, step.send).verdicts)).toEqual(idsOf(verdicts));
            spool.done(end);
            done += verdicts.length;
          } else if (outlives) {
            // Not closed: as a process that was killed leaves it.
            spool = open();
          }
          expect({ queued: spool.queued, lost: spool.lost }).toEqual({ queued: made - done, lost: 0 });
          expect(idsOf(spool.pending())).toEqual(range(done, made));
        }
        spool.close();
      }),
      { numRuns: outlives ? 15 : 200, endOnFailure: outlives },
    );
  });
});

describe('a spool in memory', () => {
  it('gives up the oldest when it is full, counts them, and keeps what came after what was being sent', () => {
    const spool = new MemorySpool(4);
    spool.append(range(0, 3).map((number) => verdict(number)));
    const { end } = spool.next(100_000, 2);
    spool.append(range(3, 7).map((number) => verdict(number)));
    spool.done(end);
    expect({ queued: idsOf(spool.pending()), lost: spool.lost }).toEqual({ queued: [3, 4, 5, 6], lost: 3 });
  });
});

describe('a spool on a disk', () => {
  const filesOf = (directory: string): string[] => readdirSync(directory).filter((name) => name.endsWith('.spool'));

  it('keeps all that was acknowledged, wherever a crash cut off what was being written behind it', () => {
    const whole = Buffer.from(`${JSON.stringify(verdict(3))}\n${JSON.stringify(verdict(4))}\n`);
    const firstLine = whole.indexOf(10) + 1;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: whole.length }), (written) => {
        const directory = newDirectory();
        DiskSpool.open(directory).append(range(0, 3).map((number) => verdict(number)));
        const [file = ''] = filesOf(directory);
        appendFileSync(join(directory, file), whole.subarray(0, written));
        const spool = DiskSpool.open(directory);
        const ends = written === whole.length ? 5 : written >= firstLine ? 4 : 3;
        expect(idsOf(spool.pending())).toEqual(range(0, ends));
        spool.append([verdict(9)]);
        expect(idsOf(DiskSpool.open(directory).pending())).toEqual([...range(0, ends), 9]);
      }),
      { numRuns: 20, endOnFailure: true },
    );
  });

  it('sends everything again where it does not know any more what was answered, and skips nothing', () => {
    const directory = newDirectory();
    const spool = DiskSpool.open(directory);
    spool.append(range(0, 5).map((number) => verdict(number)));
    spool.done(spool.next(100_000, 2).end);
    writeFileSync(join(directory, 'place'), '{"segm');
    expect(idsOf(DiskSpool.open(directory).pending())).toEqual(range(0, 5));
  });

  it('gives up its oldest file when it is full, and counts what waited there, also after a restart', () => {
    const directory = newDirectory();
    const spool = DiskSpool.open(directory, 256 * 1024);
    const large = 'x'.repeat(20_000);
    for (const number of range(0, 40)) spool.append([verdict(number, large)]);
    const kept = idsOf(spool.pending());
    expect(kept).toEqual(range(40 - kept.length, 40));
    expect(kept.length).toBeGreaterThan(5);
    expect(spool.lost).toBe(40 - kept.length);
    const bytes = filesOf(directory).reduce((sum, name) => sum + readFileSync(join(directory, name)).length, 0);
    expect(bytes).toBeLessThanOrEqual(256 * 1024);
    const again = DiskSpool.open(directory, 256 * 1024);
    expect({ lost: again.lost, pending: idsOf(again.pending()) }).toEqual({ lost: 40 - kept.length, pending: kept });
  });

  it('is refused to a second process, and told of a directory that cannot be made', () => {
    const directory = newDirectory();
    writeFileSync(join(directory, 'owner'), '1');
    expect(() => DiskSpool.open(directory)).toThrow(SpoolError);
    expect(() => DiskSpool.open(directory)).toThrow('is used by process 1');
    expect(() => DiskSpool.open(join(directory, 'owner', 'below'))).toThrow('cannot be opened (ENOTDIR)');
  });

  it('leaves no file behind for what is answered', () => {
    const directory = newDirectory();
    const spool = DiskSpool.open(directory);
    for (const number of range(0, 20)) {
      spool.append([verdict(number)]);
      spool.done(spool.next(100_000, 10).end);
    }
    expect(filesOf(directory)).toEqual([]);
    truncateSync(join(directory, 'place'), 0);
    expect(DiskSpool.open(directory).queued).toBe(0);
  });
});
