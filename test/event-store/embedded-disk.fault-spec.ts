import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openEmbeddedStore } from '../../src/event-store/embedded/embedded.event-store.js';
import { wholeLog } from '../contracts/event-store.check.js';
import { StoreProcess } from './store-process.js';
import { temporaryDirectories } from './temporary-directory.js';

const newDirectory = temporaryDirectories();
// A mount that only the child sees, and that is gone with it.
const canMount = spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;
if (!canMount && process.env['CI'] === 'true')
  throw new Error('full and read-only disks need root to mount: run as root');
if (!canMount) process.stderr.write('SKIPPED full and read-only disks: needs root to mount; run as root\n');
const onTmpfs = (directory: string, options: string): string[] => [
  ...['unshare', '-m', 'sh', '-c'],
  `mount -t tmpfs -o ${options} none "${directory}" && exec "$@"`,
  'sh',
];

describe('an embedded log on a disk that fails', () => {
  (canMount ? it : it.skip)(
    'refuses appends while the disk is full, loses nothing, and goes on when there is room',
    async () => {
      const directory = newDirectory();
      const engine = StoreProcess.start(directory, 'starve-with-ballast', onTmpfs(directory, 'size=2m'));
      const [, end] = await engine.says(2);
      await engine.kill();
      expect(end).toMatchObject({ failure: 'store-full', reading: 'answered', again: 'stored', dropped: [] });
      expect(end?.['acknowledged']).toBeGreaterThan(10);
      expect(end?.['found']).toBe(end?.['acknowledged']);
    },
  );

  (canMount ? it : it.skip)('refuses a directory it may not write and names it', async () => {
    const directory = newDirectory();
    const engine = StoreProcess.start(directory, 'hold', onTmpfs(directory, 'ro'));
    const [refusal] = await engine.says(1);
    await engine.kill();
    expect(refusal).toMatchObject({ refused: 'store-unusable' });
    expect(refusal?.['message']).toContain(directory);
    expect(existsSync(directory)).toBe(true);
  });

  (canMount ? it : it.skip)(
    'refuses a lock file it may not write, because a lock on that excludes nobody',
    async () => {
      const directory = newDirectory();
      await (await openEmbeddedStore({ directory, create: true })).close();
      const lock = join(directory, 'writer.lock');
      const script = `mount --bind "${lock}" "${lock}" && mount -o remount,ro,bind "${lock}" && exec "$@"`;
      const engine = StoreProcess.start(directory, 'hold', ['unshare', '-m', 'sh', '-c', script, 'sh']);
      const [refusal] = await engine.says(1);
      await engine.kill();
      expect(refusal).toMatchObject({ refused: 'store-unusable' });
      expect(refusal?.['message']).toContain(lock);
    },
  );

  it('answers nothing more after a write failed for another reason, and has kept what it acknowledged', async () => {
    const directory = newDirectory();
    // Files may grow to 600 KiB (in blocks of 512 bytes), so a write fails with EFBIG.
    const engine = StoreProcess.start(directory, 'starve', ['sh', '-c', 'ulimit -f 1200 && exec "$@"', 'sh']);
    const [, end] = await engine.says(2);
    await engine.kill();
    expect(end).toMatchObject({ failure: 'store-failed', reading: 'store-failed', again: 'store-failed' });
    expect(end?.['dropped']).toEqual(['store-failed']);
    const store = await openEmbeddedStore({ directory });
    const log = await wholeLog(store);
    await store.close();
    expect(end?.['acknowledged']).toBeGreaterThan(10);
    expect(log.length).toBeGreaterThanOrEqual(Number(end?.['acknowledged']));
    expect(log.length).toBeLessThanOrEqual(Number(end?.['acknowledged']) + 1);
  });
});
