import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { Alerts } from '../../src/ops/alerts.js';
import { Log } from '../../src/ops/log.js';
import { openStore, type StoreChoice } from '../../src/open-store.js';
import { Projector } from '../../src/projector/projector.js';
import { snapshotNames } from '../../src/projector/snapshot-file.js';
import { Snapshots } from '../../src/projector/snapshots.js';

// A fresh process for each start, as a restart is one: `restart-child.js replay|write|snapshot DIRECTORY` prints JSON.
// The log is opened and folded as the engine does it. `replay` has no snapshots; `write` replays and then writes one,
// while the event loop is watched; `snapshot` starts from that.

export interface Restarted {
  /** From before the log is opened until the map is live. */
  readonly milliseconds: number;
  readonly ordinal: number;
  readonly servers: number;
  readonly frozen: number;
  /** What the process grew by until then, in bytes, garbage collected before and after. */
  readonly rssBytes: number;
  readonly heapBytes: number;
  /** The longest stall of the event loop while the snapshot was written, in milliseconds; 0 where none was. */
  readonly stallMs: number;
}

const [, , task = '', directory = ''] = process.argv;
const snapshots = `${directory}/snapshots`;
const choice: StoreChoice = {
  dataDir: directory,
  eventStore: 'embedded',
  eventStoreNamespace: 'portledger',
  eventStoreHeartbeatMs: 5_000,
  eventStoreDeadlineMs: 5_000,
};

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await wait(5);
}

async function restart(): Promise<Restarted> {
  const log = new Log('json', (line) => process.stderr.write(line));
  const everyEvents = task === 'write' ? 1 : task === 'snapshot' ? 1_000_000_000 : 0;
  const door = { module: new URL('../../src/open-store.js', import.meta.url).href, choice };
  globalThis.gc?.();
  const before = process.memoryUsage();
  const start = performance.now();
  const store = await openStore(choice);
  const options = { directory: snapshots, everyEvents, door, log, alerts: new Alerts(log) };
  const projector = new Projector(store, new Snapshots(options));
  const delay = monitorEventLoopDelay({ resolution: 1 });
  projector.start();
  const { liveMap } = projector;
  await new Promise<void>((resolve) => {
    liveMap.changes$.subscribe(() => resolve());
  });
  const milliseconds = performance.now() - start;
  if (task === 'write') {
    delay.enable();
    await until(() => snapshotNames(snapshots).length > 0);
    delay.disable();
  }
  globalThis.gc?.();
  const after = process.memoryUsage();
  return {
    milliseconds,
    ordinal: liveMap.ordinal,
    servers: liveMap.map.assignments.size,
    frozen: liveMap.frozenStreams().length,
    rssBytes: after.rss - before.rss,
    heapBytes: after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers,
    stallMs: task === 'write' ? delay.max / 1e6 : 0,
  };
}

// Ends here, for the verification that runs beside a map taken from a snapshot has nothing to do with how soon it is live.
process.stdout.write(`${JSON.stringify(await restart())}\n`, () => process.exit(0));
