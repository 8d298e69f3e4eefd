import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { LogFold } from '../../projections/index.js';
import { readSnapshot, snapshotNames, writeSnapshot } from '../../src/projector/snapshot-file.js';
import { stateHash } from '../../src/projector/state-hash.js';
import { tempDirectory } from '../support/temp-directory.js';

const child = fileURLToPath(new URL('./snapshot-child.js', import.meta.url));
const root = tempDirectory();
const kills = process.env['PORTLEDGER_LONG'] === '1' ? 200 : 12;

/** Lets a writer say a few snapshots, then kills it a little later, wherever it is; gives what it said. */
async function killedWriter(directory: string, afterMs: number): Promise<string[]> {
  const writer: ChildProcessByStdio<null, Readable, null> = spawn(process.execPath, [child, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: 60_000,
    killSignal: 'SIGKILL',
  });
  const said: string[] = [];
  const ended = once(writer, 'close');
  const lines = createInterface(writer.stdout);
  const saidThree = new Promise<void>((resolve) => {
    lines.on('line', (line) => {
      said.push(line);
      if (said.length === 3) resolve();
    });
  });
  await Promise.race([saidThree, ended]);
  await wait(afterMs);
  writer.kill('SIGKILL');
  await ended;
  return said;
}

describe('a writer of snapshots that is killed', () => {
  it('leaves whole snapshots only: the newest is the last one it said, or the one after it', async () => {
    for (let round = 0; round < kills; round++) {
      const directory = join(root, `round-${round}`);
      const said = await killedWriter(directory, (round * 7) % 40);
      const names = snapshotNames(directory);
      expect(names.length).toBeGreaterThanOrEqual(1);
      expect(names.length).toBeLessThanOrEqual(3); // Two, and a third where it was killed before it removed that.
      for (const name of names) {
        const read = readSnapshot(directory, name);
        if ('problem' in read) throw new Error(`${name}: ${read.problem}`);
        const fold = new LogFold();
        fold.restore(read.state);
        expect(stateHash(fold.image())).toBe(read.header.stateHash);
        expect(fold.ordinal).toBe(read.header.ordinal);
      }
      const last = Number(said.at(-1)?.split(' ')[0]);
      const newest = Number(/\d+/.exec(String(names[0]))?.[0]);
      expect([last, last + 1]).toContain(newest);

      // Whoever writes next removes what was left unfinished.
      const fold = new LogFold();
      const origin = { logId: 'log-1', version: 'v', ordinal: newest + 1, position: '1', eventId: 'e' };
      writeSnapshot(directory, origin, fold.image());
      expect(readdirSync(directory).sort()).toEqual(snapshotNames(directory).sort());
      expect(snapshotNames(directory)).toHaveLength(2);
    }
  }, 300_000);
});
