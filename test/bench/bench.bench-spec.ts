import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { whyNoFlood } from '../lab/flood.js';
import { whyNoLab } from '../lab/lab-needs.js';
import { tempDirectory } from '../support/temp-directory.js';
import { type BenchRow, rowOf, tableOf } from './row.js';
import { whyNoBrowser } from '../browser/chromium.js';
import { median, percentile } from './statistics.js';

const bench = fileURLToPath(new URL('./bench.js', import.meta.url));
const directory = tempDirectory();

describe('the bench, in its short form', () => {
  const noLab = whyNoLab();
  const rooms: readonly [string, number][] = [
    ['replay', 3],
    ['verify', 1],
    ['import', 2],
    ['audit', 17],
    ['feed', 28],
    ['console', whyNoBrowser() === undefined ? 13 : 2],
    ['addresses', noLab === undefined ? 4 : 2],
    ['store', 21],
    ['sensor', (noLab ?? whyNoFlood()) === undefined ? 12 : 7],
    ...((noLab ?? whyNoFlood()) === undefined ? ([['flood', 9]] as const) : []),
    ...(noLab === undefined
      ? ([
          ['carrier', 4],
          ['devices', 15],
        ] as const)
      : []),
  ].map(([room, rows]) => [room, rows] as [string, number]);
  if (noLab !== undefined) it.skip(`carrier, devices (${noLab})`, () => undefined);

  it.each(rooms)(
    'measures %s without a failed step, limit beside value',
    async (room, expected) => {
      const file = join(directory, `${room}.json`);
      const { stdout } = await promisify(execFile)(
        process.execPath,
        ['--expose-gc', bench, room, '--smoke', '--out', file],
        { timeout: 110_000 },
      );
      const rows = JSON.parse(readFileSync(file, 'utf8')) as BenchRow[];
      expect(rows).toHaveLength(expected);
      for (const row of rows) {
        expect(Object.keys(row)).toEqual([
          'room',
          'name',
          'value',
          'unit',
          'limit',
          'peer',
          'ratio',
          'goal',
          'better',
          'met',
        ]);
        expect(row.room).toBe(room);
        expect(Number.isFinite(row.value)).toBe(true);
        expect(stdout).toContain(row.name);
        if (row.limit === null) expect([row.ratio, row.goal, row.met]).toEqual([null, null, null]);
        else {
          expect(row.limit).toBeGreaterThan(0);
          expect(row.ratio).toBeCloseTo(row.value / row.limit);
          expect(row.met).toBe(isMet(row));
        }
      }
    },
    120_000,
  );

  it('writes the rows as JSON alone where a program asks', async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--expose-gc', bench, 'replay', '--smoke', '--json'],
      {
        timeout: 60_000,
      },
    );
    expect((JSON.parse(stdout) as BenchRow[]).map(({ room }) => room)).toContain('replay');
  });

  it('names the rooms there are when asked for one there is not', async () => {
    const asked = promisify(execFile)(process.execPath, [bench, 'cellar']);
    await expect(asked).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('carrier, devices, store, replay') as string,
    });
  });
});

function isMet({ value, limit, goal, better }: BenchRow): boolean | null {
  if (limit === null || goal === null) return null;
  return better === 'less' ? value <= goal * limit : value >= goal * limit;
}

describe('bench rows', () => {
  it('compare with the limit and say whether the goal is met', () => {
    const figure = { room: 'replay', name: 'a', value: 5, unit: 'ms', limit: 2, goal: 2 };
    expect(rowOf(figure)).toMatchObject({ ratio: 2.5, met: false });
    expect(rowOf({ ...figure, goal: 2.5 }).met).toBe(true);
    expect(rowOf({ room: 'store', name: 'a', value: 5, unit: '/s', limit: 2, goal: 3, better: 'more' }).met).toBe(
      false,
    );
    expect(rowOf({ room: 'replay', name: 'a', value: 5, unit: 'ms' })).toMatchObject({ ratio: null, met: null });
  });

  it('line up in a table, also where a name is long', () => {
    const rows = ['short', 'a much longer name'].map((name) => rowOf({ room: 'r', name, value: 1, unit: 'ms' }));
    const starts = tableOf(rows)
      .split('\n')
      .map((line) => line.search(/ms|unit/));
    expect(new Set(starts).size).toBe(1);
  });

  it('take percentiles by nearest rank, and none of nothing', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(percentile([4, 1, 3, 2], 0.99)).toBe(4);
    expect(() => median([])).toThrow('no sample');
  });
});
