import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { openTruth } from '../../../src/intake/comparison/truth-file.js';
import { readTruth, type TruthReading } from '../../../src/intake/comparison/read-truth.js';
import { readTruthRows } from '../../../src/intake/comparison/truth-rows.js';
import type { TruthEnd, TruthOrder } from '../../../src/intake/comparison/truth-told.js';
import { tempDirectory } from '../../support/temp-directory.js';

const directory = tempDirectory();
const at = (name: string): string => join(directory, name);
const write = (name: string, text: string): string => {
  writeFileSync(at(name), text);
  return at(name);
};
const header = 'server,customer,port,vlan\n';
const row = (number: number): string => `srv-${number},c1,leaf1:Ethernet${number},${number}\n`;
const rows = (count: number): string => Array.from({ length: count }, (_, index) => row(index + 1)).join('');

const order = (file: string): TruthOrder => ({ file, format: 'csv', maxBytes: 1e6, now: 0 });
const inThread = (file: string, more: Partial<TruthReading> = {}): Promise<TruthEnd> =>
  readTruth(
    { ...order(file), maxSeconds: 30, onRecords: () => {}, onFile: () => {}, ...more },
    new AbortController().signal,
  );

/** As the thread reads it, here. */
async function read(file: string, onRecords: () => void = () => {}): Promise<TruthEnd> {
  const truth = await openTruth(file, 1e6);
  try {
    return await readTruthRows(truth, order(file), () => Promise.resolve(onRecords()));
  } finally {
    await truth.handle.close();
  }
}

describe("billing's file", () => {
  it('is read whole and in order, with its digest', async () => {
    const file = write('whole.csv', header + rows(1201) + 'srv-x,c1,leaf1:Ethernet1,none\n');
    const seen: string[] = [];
    const end = await inThread(file, { onRecords: (some) => void seen.push(...some.map(({ serverId }) => serverId)) });
    expect(seen).toEqual(Array.from({ length: 1201 }, (_, index) => `srv-${index + 1}`));
    const sha256 = execFileSync('sha256sum', [file]).toString().slice(0, 64);
    expect(end).toMatchObject({ rows: 1202, rejected: 1, passedOver: ['srv-x'], file: { sha256 } });
  });

  it.each([
    ['a file that is not there', () => at('nowhere.csv'), 'file-missing', 'Let billing write it'],
    [
      'a symbolic link',
      () => (symlinkSync(write('target.csv', header + row(1)), at('link.csv')), at('link.csv')),
      'file-is-link',
      'Name the file itself',
    ],
    ['a directory', () => (mkdirSync(at('folder')), at('folder')), 'file-not-regular', 'Name one'],
    [
      'a pipe, without waiting for its writer',
      () => (execFileSync('mkfifo', [at('pipe')]), at('pipe')),
      'file-not-regular',
      'Name one',
    ],
    ['a large file', () => write('large.csv', header + 'x'.repeat(1e6)), 'file-too-large', 'comparison.maxBytes'],
    ['an empty file', () => write('empty.csv', ''), undefined, 'expected a header'],
    ['a file without a row', () => write('no-row.csv', header), 'file-cut-short', 'rename it when it is whole'],
    [
      'a file that ends within a line',
      () => write('torn.csv', header + rows(3).slice(0, -1)),
      'file-cut-short',
      'rename it when it is whole',
    ],
    ['a file that ends within quotes', () => write('quoted.csv', `${header}${row(1)}"srv-2`), undefined, 'quotes'],
    ['another file', () => write('other.csv', 'a,b\n1,2\n'), undefined, 'no column server'],
  ])('is not believed where it is %s', async (_, make, code, cure) => {
    const message = expect.stringContaining(cure) as string;
    await expect(read(make())).rejects.toMatchObject(code === undefined ? { message } : { code, message });
  });

  it('that may not be read is told with the cure', () => {
    const file = write('secret.csv', header + row(1));
    chmodSync(file, 0o600);
    const program = `
      const { openTruth } = await import(${JSON.stringify(resolve('dist/src/intake/comparison/truth-file.js'))});
      if (process.getuid() === 0) process.seteuid(65534);
      else (await import('node:fs')).chmodSync(${JSON.stringify(file)}, 0);
      await openTruth(${JSON.stringify(file)}, 1e6).catch(({ code, message }) => console.log(code, message));`;
    chmodSync(directory, 0o755);
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
    expect(stdout).toMatch(/^file-unreadable .* \(EACCES\)\. Let the user of this engine read it/);
  });

  it('is refused where it is written while it is read', async () => {
    const file = write('growing.csv', header + rows(600));
    let isWritten = false;
    const onRecords = (): void => {
      if (!isWritten) appendFileSync(file, row(601));
      isWritten = true;
    };
    await expect(read(file, onRecords)).rejects.toMatchObject({ code: 'file-changed' });
    const { handle, check } = await openTruth(file, 1e6);
    await check();
    writeFileSync(file, header);
    await expect(check()).rejects.toMatchObject({ code: 'file-changed' });
    await handle.close();
  });

  it('that is not believed is told from its thread as well', async () => {
    const torn = write('torn-too.csv', `${header}${row(1)}"srv-2`);
    await expect(inThread(torn)).rejects.toMatchObject({ code: 'file-malformed' });
  });

  it('is given up at the time limit', async () => {
    const file = write('slow.csv', header + rows(600));
    await expect(inThread(file, { maxSeconds: 0.001 })).rejects.toMatchObject({ code: 'out-of-time' });
  });
});
