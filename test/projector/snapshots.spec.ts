import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from '../support/property.js';
import { readSnapshot, snapshotNames, type SnapshotHeader, writeSnapshot } from '../../src/projector/snapshot-file.js';
import { stateHash } from '../../src/projector/state-hash.js';
import { foldStored, serverAdded, stored } from '../support/history.js';
import { storeFact } from '../support/publish.js';
import { tempDirectory } from '../support/temp-directory.js';
import { everythingOf } from '../support/told.js';
import { SnapshotRig, snapshotsIn, until } from './snapshot-rig.js';

const root = tempDirectory();
let logs = 0;
const freshDirectory = (): string => join(root, `log-${logs++}`);

/** A log of eight events that was stopped cleanly: one snapshot stands beside it. */
async function stoppedLog(): Promise<{ directory: string; name: string; everything: unknown }> {
  const directory = freshDirectory();
  const rig = await SnapshotRig.start(directory);
  await rig.sell(1, 4);
  const everything = everythingOf(rig.projector.liveMap);
  await rig.stop();
  const [name] = snapshotNames(snapshotsIn(directory));
  if (name === undefined) throw new Error('a clean stop wrote no snapshot');
  return { directory, name, everything };
}

/** Writes a snapshot's bytes anew, header and checksums made to fit what they say now. */
function rewrite(path: string, change: (state: Buffer, header: SnapshotHeader) => SnapshotHeader): void {
  const bytes = readFileSync(path);
  const state = bytes.subarray(1024);
  const header = change(state, JSON.parse(bytes.toString('utf8', 0, 1024 - 65)) as SnapshotHeader);
  const text = Buffer.alloc(1024 - 65, ' ');
  text.write(JSON.stringify(header));
  const checksum = createHash('sha256').update(text).digest('hex');
  writeFileSync(path, Buffer.concat([text, Buffer.from(`${checksum}\n`), state]));
}

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('a start from a snapshot', () => {
  it('gives the map of a full replay, goes on from there, and is verified', async () => {
    const { directory, everything } = await stoppedLog();
    const rig = await SnapshotRig.start(directory);
    expect(everythingOf(rig.projector.liveMap)).toEqual(everything);
    await rig.sell(5, 2);
    await until('it is verified', () => rig.said('snapshot verified').length === 1);
    const { events } = await rig.store.readAll();
    expect(everythingOf(rig.projector.liveMap)).toEqual(everythingOf(foldStored(events)));
    expect(rig.alerts.current()).toEqual([]);
    expect(rig.projector.distrust).toBeUndefined();
    await rig.stop();
  });

  it('holds frozen streams and what waits in them, so that a skip opens them afterwards', async () => {
    const directory = freshDirectory();
    const first = await SnapshotRig.start(directory);
    await first.sell(1, 1);
    const parked = await storeUnreadable(first, 'server-srv-1');
    await storeFact(first.store, 'ServerNicReplaced', { serverId: 'srv-1', mac: '52:54:00:00:00:99' });
    await first.caughtUp();
    await first.stop();

    const second = await SnapshotRig.start(directory);
    expect(second.projector.liveMap.frozenStreams()).toMatchObject([{ stream: 'server-srv-1', held: [{}] }]);
    const skip = {
      id: '00000000-0000-5000-8000-0000000000aa',
      type: 'EventSkipped',
      data: { eventId: parked, reason: 'x' },
    };
    const metadata = { source: 'urn:test', sourceId: 'skip', schemaVersion: 1, time: '2026-01-01T00:00:00.000Z' };
    await second.store.append({ stream: 'server-srv-1', expected: 'any', events: [{ ...skip, metadata }] });
    await second.caughtUp();
    expect(second.projector.liveMap.map.binding('srv-1')?.mac).toBe('52:54:00:00:00:99');
    await second.stop();
  });

  it('happens with no event since: a snapshot of the whole log is enough', async () => {
    const { directory } = await stoppedLog();
    for (let start = 0; start < 2; start++) {
      const rig = await SnapshotRig.start(directory);
      expect(rig.projector.liveMap.ordinal).toBe(7);
      await rig.stop();
      expect(rig.said('snapshot written')).toEqual([]);
    }
  });
});

async function storeUnreadable(rig: SnapshotRig, stream: string): Promise<string> {
  const id = '00000000-0000-5000-8000-0000000000bb';
  const metadata = { source: 'urn:test', sourceId: 'wreck', schemaVersion: 1, time: '2026-01-01T00:00:00.000Z' };
  await rig.store.append({ stream, expected: 'any', events: [{ id, type: 'ServerMoved', data: {}, metadata }] });
  return id;
}

describe('a snapshot that does not fit', () => {
  const cases: readonly [string, RegExp, (path: string) => void][] = [
    ['empty', /damaged/, (path) => writeFileSync(path, '')],
    ['cut short', /damaged/, (path) => writeFileSync(path, readFileSync(path).subarray(0, -1))],
    [
      'of another format',
      /format 2, expected 1/,
      (path) => rewrite(path, (_state, header) => ({ ...header, format: 2 })),
    ],
    [
      'of another log',
      /of the log other/,
      (path) => rewrite(path, (_state, header) => ({ ...header, logId: 'other' })),
    ],
    [
      'made by other code',
      /other code/,
      (path) => rewrite(path, (_state, header) => ({ ...header, version: 'other' })),
    ],
    ['ahead of the log', /ahead of the log/, (path) => rewrite(path, (_state, header) => ({ ...header, ordinal: 8 }))],
    [
      'of a log that went another way since',
      /another event at ordinal 7/,
      (path) => rewrite(path, (_state, header) => ({ ...header, eventId: '00000000-0000-5000-8000-000000000000' })),
    ],
    [
      'whole, but no image',
      /expected the bytes of one image/,
      (path) => {
        writeFileSync(path, Buffer.concat([readFileSync(path), Buffer.from([0])]));
        rewrite(path, (state, header) => ({ ...header, stateHash: hashOf(state) }));
      },
    ],
  ];
  it.each(cases)(
    'because it is %s is passed by with the reason, and the log is replayed',
    async (_what, reason, spoil) => {
      const { directory, name, everything } = await stoppedLog();
      spoil(join(snapshotsIn(directory), name));
      const rig = await SnapshotRig.start(directory);
      expect(rig.said('snapshot ignored')).toMatchObject([{ reason: expect.stringMatching(reason) as string }]);
      expect(everythingOf(rig.projector.liveMap)).toEqual(everything);
      await rig.stop();
      expect(rig.said('snapshot verified')).toEqual([]);
    },
  );

  it('makes room for the one before it', async () => {
    const { directory, name } = await stoppedLog();
    const rig = await SnapshotRig.start(directory);
    await rig.sell(5, 1);
    await rig.stop();
    const [newest] = snapshotNames(snapshotsIn(directory));
    writeFileSync(join(snapshotsIn(directory), String(newest)), 'nothing');
    const again = await SnapshotRig.start(directory);
    await until('the older one is verified', () => again.said('snapshot verified').length === 1);
    expect(again.said('snapshot verified')).toMatchObject([{ ordinal: 7 }]);
    expect(name).toContain('0007');
    await again.stop();
  });

  it('is seen, whichever byte of it was changed', async () => {
    const { directory, name } = await stoppedLog();
    const whole = readFileSync(join(snapshotsIn(directory), name));
    const spoiled = join(root, 'spoiled');
    mkdirSync(spoiled);
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const bytes = Buffer.from(whole);
        bytes[at] = (bytes[at] ?? 0) ^ change;
        writeFileSync(join(spoiled, name), bytes);
        const read = readSnapshot(spoiled, name);
        // The line feed behind the header says nothing.
        if (at !== 1023) expect(read).toHaveProperty('problem');
      }),
      { numRuns: 500 },
    );
  });
});

describe('the verification', () => {
  it('finds a snapshot of which content and checksums were changed together: alert, not ready, removed', async () => {
    const { directory, name } = await stoppedLog();
    const path = join(snapshotsIn(directory), name);
    rewrite(path, (state, header) => {
      const at = state.indexOf('198.51.100.2');
      state.write('198.51.100.9', at);
      return { ...header, stateHash: hashOf(state) };
    });
    copyFileSync(path, join(snapshotsIn(directory), 'snapshot-0000000000000003.bin'));
    const rig = await SnapshotRig.start(directory);
    expect(rig.projector.liveMap.map.holderOfAddress('198.51.100.9')?.serverId).toBe('srv-2');
    await until('the difference is found', () => rig.projector.distrust !== undefined);
    expect(rig.alerts.current()).toMatchObject([{ code: 'snapshot-differs', key: '7' }]);
    expect(rig.projector.distrust).toContain('restart the engine');
    expect(snapshotNames(snapshotsIn(directory))).toEqual(['snapshot-0000000000000003.bin']);
    await rig.sell(5, 1);
    await rig.stop();
    expect(rig.said('snapshot written')).toEqual([]);

    rmSync(join(snapshotsIn(directory), 'snapshot-0000000000000003.bin'));
    const again = await SnapshotRig.start(directory);
    expect(again.projector.liveMap.map.holderOfAddress('198.51.100.9')).toBeUndefined();
    expect(again.projector.distrust).toBeUndefined();
    await again.stop();
  });

  it('stops with the engine', async () => {
    const { directory } = await stoppedLog();
    const rig = await SnapshotRig.start(directory);
    await rig.stop();
    expect(rig.said('snapshot not verified')).toEqual([]);
    expect(rig.alerts.current()).toEqual([]);
  });
});

describe('snapshots', () => {
  it('are written while the engine runs, every so many events, and the newest two are kept', async () => {
    const directory = freshDirectory();
    const rig = await SnapshotRig.start(directory, 4);
    for (let round = 0; round < 4; round++) {
      await rig.sell(1 + 2 * round, 2);
      await until('it is written', () => rig.said('snapshot written').length === round + 1);
    }
    const names = readdirSync(rig.snapshots).sort();
    expect(names).toEqual(['snapshot-0000000000000011.bin', 'snapshot-0000000000000015.bin']);
    const { events } = await rig.store.readAll();
    expect(readSnapshot(rig.snapshots, String(names[0]))).toMatchObject({
      header: { ordinal: 11, stateHash: stateHash(foldStored(events.slice(0, 12)).image()) },
    });
    await rig.stop();
  });

  it('are neither written nor read with snapshotEveryEvents 0', async () => {
    const { directory, everything } = await stoppedLog();
    const rig = await SnapshotRig.start(directory, 0);
    expect(everythingOf(rig.projector.liveMap)).toEqual(everything);
    await rig.sell(5, 1);
    await rig.stop();
    expect(rig.lines).toEqual([]);
    expect(snapshotNames(snapshotsIn(directory))).toHaveLength(1);
  });

  it('that cannot be written are said so, and nothing else happens', async () => {
    const directory = freshDirectory();
    const rig = await SnapshotRig.start(directory);
    await rig.sell(1, 1);
    writeFileSync(rig.snapshots, 'a file where the directory should be');
    await rig.stop();
    expect(rig.said('snapshot not written')).toHaveLength(1);
    rmSync(snapshotsIn(directory));
  });

  it('remove what a writer that was killed left unfinished', () => {
    const directory = join(root, 'left');
    mkdirSync(directory);
    writeFileSync(join(directory, 'snapshot-0000000000000001.bin.unfinished'), 'half');
    const fold = foldStored(stored([serverAdded('s1', { customerId: 'c1', port: 'leaf1:Ethernet1', vlan: 11 }, 1)]));
    const origin = { logId: 'log', version: 'v', ordinal: 0, position: '0', eventId: 'e' };
    writeSnapshot(directory, origin, fold.image());
    expect(readdirSync(directory)).toEqual(['snapshot-0000000000000000.bin']);
  });
});
