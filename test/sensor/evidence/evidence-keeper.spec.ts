import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openEmbeddedStore } from '../../../src/event-store/embedded/embedded.event-store.js';
import type { EventStore } from '../../../src/event-store/event-store.port.js';
import {
  EvidenceKeeper,
  type EvidenceOptions,
  type EvidenceTrouble,
  type KnownViolation,
} from '../../../src/sensor/evidence/evidence-keeper.js';
import { tempDirectory } from '../../support/temp-directory.js';
import { until } from '../judge/sensor-rig.js';
import { keptFrame, keptFrames } from './kept.js';

const parent = tempDirectory();
const open: KnownViolation = { open: true };
let store: EventStore;
let directory: string;
let violations: Map<string, KnownViolation>;
let troubles: (EvidenceTrouble | undefined)[];
let keepers: EvidenceKeeper[];

beforeEach(async () => {
  directory = mkdtempSync(join(parent, 'evidence-'));
  store = await openEmbeddedStore({ directory: mkdtempSync(join(parent, 'log-')), create: true });
  violations = new Map();
  troubles = [];
  keepers = [];
});
afterEach(async () => {
  for (const keeper of keepers) await keeper.close();
  await store.close();
});

function start(more: Partial<EvidenceOptions> = {}): EvidenceKeeper {
  const keeper = new EvidenceKeeper({
    directory,
    maxBytes: 1024 * 1024,
    store,
    violation: (id) => violations.get(id),
    isLive: () => true,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    onTrouble: (trouble) => troubles.push(trouble),
    settleMs: 50,
    lookEveryMs: 10,
    restMs: 50,
    ...more,
  });
  keepers.push(keeper);
  keeper.start();
  return keeper;
}

const files = (): string[] => readdirSync(directory).sort();
const sha256 = (name: string): string =>
  createHash('sha256')
    .update(readFileSync(join(directory, name)))
    .digest('hex');
const kept = async (id: string): Promise<{ sha256: string; frames: number }[]> =>
  (await store.readStream(`violation-${id}`)).events.map(({ data }) => data as { sha256: string; frames: number });

/** As the map does: it hears of the events in the log. */
async function fold(): Promise<void> {
  for (const [id, known] of violations) {
    const last = (await kept(id)).at(-1);
    if (last !== undefined) violations.set(id, { open: known.open, kept: last });
  }
}

describe('evidence', () => {
  it('is one file and one event for ten frames that come at once', async () => {
    violations.set('v0', open);
    const keeper = start();
    for (const frame of keptFrames('v0', 30)) keeper.keep(frame);
    await until('the file is there', () => files().includes('v0.pcap'));
    await until('nothing waits', () => keeper.state.waitingFrames === 0);
    expect(await kept('v0')).toEqual([{ violationId: 'v0', sha256: sha256('v0.pcap'), frames: 10 }]);
    expect(await keeper.evidenceOf('v0')).toMatchObject({ state: 'kept', frames: 10 });
  });

  it('of a slow violation is written after a moment, and once more when its ten are full', async () => {
    violations.set('v0', open);
    const keeper = start();
    keeper.keep(keptFrame('v0', 1));
    await until('the first frame is kept', async () => (await kept('v0')).length === 1);
    await fold();
    for (let n = 2; n <= 9; n++) keeper.keep(keptFrame('v0', n));
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(await kept('v0')).toHaveLength(1);
    keeper.keep(keptFrame('v0', 10));
    await until('all ten are kept', async () => (await kept('v0')).length === 2);
    await until('the file has its name', () => files().join() === 'v0.pcap');
    expect((await kept('v0')).map((one) => one.frames)).toEqual([1, 10]);
    expect((await kept('v0')).at(-1)?.sha256).toBe(sha256('v0.pcap'));
  });

  it('that waits is written at a clean stop', async () => {
    violations.set('v0', open);
    const keeper = start({ settleMs: 60_000 });
    for (const frame of keptFrames('v0', 3)) keeper.keep(frame);
    await keeper.close();
    expect(await kept('v0')).toMatchObject([{ frames: 3 }]);
    expect(files()).toEqual(['v0.pcap']);
  });

  it('waits for its violation to be in the log', async () => {
    const keeper = start();
    for (const frame of keptFrames('v0', 10)) keeper.keep(frame);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(files()).toEqual([]);
    violations.set('v0', open);
    await until('the file is there', () => files().includes('v0.pcap'));
  });

  it('is read again after a restart, and an interrupted write is finished when the log knows of it', async () => {
    violations.set('v0', open).set('v1', open);
    const first = start();
    for (const id of ['v0', 'v1']) for (const frame of keptFrames(id, 10)) first.keep(frame);
    await until('both are kept', () => first.state.files === 2);
    await first.close();
    await fold();
    // As if the process had died between the event and the name; and, for v2, before the event.
    renameSync(join(directory, 'v1.pcap'), join(directory, 'v1.pcap.next'));
    writeFileSync(join(directory, 'v2.pcap.next'), 'half a fi');
    const second = start();
    await until('what was left is finished or gone', () => files().join() === 'v0.pcap,v1.pcap');
    expect(await second.evidenceOf('v1')).toMatchObject({ state: 'kept', frames: 10 });
  });

  it('that was changed on disk is told apart from what the log says, and is not added to', async () => {
    violations.set('v0', open);
    const keeper = start();
    keeper.keep(keptFrame('v0', 1));
    await until('it is kept', async () => (await kept('v0')).length === 1 && files().join() === 'v0.pcap');
    await fold();
    const changed = readFileSync(join(directory, 'v0.pcap'));
    changed[60] = (changed[60] ?? 0) ^ 1;
    writeFileSync(join(directory, 'v0.pcap'), changed);
    expect(await keeper.evidenceOf('v0')).toEqual({ state: 'altered' });
    for (let n = 2; n <= 10; n++) keeper.keep(keptFrame('v0', n));
    await until('the frames are given up', () => keeper.state.waitingFrames === 0);
    expect(await kept('v0')).toHaveLength(1);
    expect(readFileSync(join(directory, 'v0.pcap'))).toEqual(changed);
  });

  it('is none for a violation without, and for a name that leads out of the directory', async () => {
    const keeper = start();
    expect(await keeper.evidenceOf('v0')).toEqual({ state: 'none' });
    violations.set('../v0', { open: true, kept: { sha256: '', frames: 1 } });
    keeper.keep(keptFrame('../v0'));
    expect(await keeper.evidenceOf('../v0')).toEqual({ state: 'none' });
    expect(keeper.state.waitingFrames).toBe(0);
  });

  describe('when its part of the disk is used up', () => {
    const threeFiles = 3 * 4096;
    const violation = (n: number): string => `v${n}`;

    async function keepOne(keeper: EvidenceKeeper, id: string): Promise<void> {
      violations.set(id, open);
      for (const frame of keptFrames(id, 10)) keeper.keep(frame);
      await until(`${id} is kept`, () => keeper.state.waitingFrames === 0);
      await fold();
    }

    it('removes that of the closed violation that was written first', async () => {
      const keeper = start({ maxBytes: threeFiles });
      for (const n of [0, 1, 2]) await keepOne(keeper, violation(n));
      for (const id of ['v1', 'v2']) violations.set(id, { ...violations.get(id), open: false });
      await keepOne(keeper, 'v3');
      expect(files()).toEqual(['v0.pcap', 'v2.pcap', 'v3.pcap']);
      expect(await keeper.evidenceOf('v1')).toEqual({ state: 'removed' });
      expect(troubles).toEqual([]);
    });

    it('removes nothing of open ones, says so once, and goes on when one is closed', async () => {
      const keeper = start({ maxBytes: threeFiles });
      for (const n of [0, 1, 2]) await keepOne(keeper, violation(n));
      violations.set('v3', open);
      for (const frame of keptFrames('v3', 10)) keeper.keep(frame);
      await until('it is told', () => troubles.length === 1);
      await new Promise((resolve) => setTimeout(resolve, 200));
      expect(troubles).toMatchObject([{ kind: 'full', detail: expect.stringContaining('maxBytes') as string }]);
      expect(files()).toEqual(['v0.pcap', 'v1.pcap', 'v2.pcap']);
      violations.set('v1', { ...violations.get('v1'), open: false });
      await until('it is kept after all', () => files().includes('v3.pcap'));
      await until('the trouble is over', () => troubles.at(-1) === undefined);
      expect(keeper.state).toMatchObject({ lostFrames: 0, files: 3 });
    });
  });

  it('stays in memory while the log takes nothing, and is kept after', async () => {
    violations.set('v0', open);
    let down = true;
    const failing = new Proxy(store, {
      get: (target, name) =>
        name === 'appendMany' && down
          ? () => Promise.reject(new Error('no log'))
          : (Reflect.get(target, name) as (...args: unknown[]) => unknown).bind(target),
    });
    const keeper = start({ store: failing });
    for (const frame of keptFrames('v0', 10)) keeper.keep(frame);
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(await kept('v0')).toEqual([]);
    down = false;
    await until('it is kept', async () => (await keeper.evidenceOf('v0')).state === 'kept');
    expect(await keeper.evidenceOf('v0')).toMatchObject({ frames: 10 });
    expect(await kept('v0')).toHaveLength(1);
    expect(troubles).toEqual([]);
  });
});
