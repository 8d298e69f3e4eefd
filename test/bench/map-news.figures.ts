import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedStore } from '../../src/event-store/embedded/embedded.event-store.js';
import { Projector } from '../../src/projector/projector.js';
import type { JudgeLink } from '../../src/sensor/judge/thread/judge-link.js';
import { JudgeKeeper } from '../../src/sensor/judge/thread/judge-keeper.js';
import type { JudgeReport } from '../../src/sensor/judge/thread/judge-messages.js';
import { judgeInThread } from '../../src/sensor/judge/thread/judge-thread.js';
import { until } from '../lab/lab.js';
import { rack } from '../projections/rules/rack.js';
import { tell } from '../sensor/judge/sensor-rig.js';
import { type BenchRow, rowOf } from './row.js';
import { percentile } from './statistics.js';

const room = 'sensor';
/** From a change of the map until the judge knows it, ms. */
const wantedMs = 10;
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** How long after a change of the map the judge's thread says that its index has it: with the way there and the way back. */
export async function mapNews(rounds: number): Promise<BenchRow[]> {
  const directory = mkdtempSync(join(tmpdir(), 'portledger-bench-'));
  const store = await openEmbeddedStore({ directory, create: true });
  const projector = new Projector(store);
  const { liveMap } = projector;
  let link: JudgeLink | undefined;
  let closing = (): Promise<void> => Promise.resolve();
  let changedAt = NaN;
  let heard: (report: JudgeReport) => void = () => undefined;
  liveMap.changes$.subscribe(() => (changedAt = performance.now()));
  const known = new Promise<void>((resolve) => {
    const keeper = new JudgeKeeper({
      openJudge: (...all) => (link = judgeInThread(...all)),
      liveMap,
      log: quiet,
      start: { limits: {}, sources: [] },
      onReady: resolve,
      onReport: (report) => heard(report),
      onRestart: () => undefined,
    });
    keeper.open();
    closing = () => keeper.close();
  });
  const told = (ordinal: number): Promise<number> =>
    new Promise((resolve) => {
      heard = (report) => {
        if (report.kind !== 'counts') return;
        if (report.ordinal >= ordinal) resolve(performance.now());
        else link?.send({ kind: 'flush', now: Date.now() });
      };
    });
  // The judge's thread keeps no process alive.
  const awake = setInterval(() => undefined, 1_000);
  try {
    projector.start();
    await tell(store);
    await known;
    await until('the map has what was told', () => liveMap.ordinal >= rack.length - 1);
    const changes: number[] = [];
    const trips: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const ordinal = liveMap.ordinal + 1;
      const arrived = told(ordinal);
      const data = { serverId: `srv-b${round}`, customerId: 'cust-b', port: `leaf9:Ethernet${round}`, vlan: 1 };
      const metadata = { source: 'urn:bench', sourceId: `b${round}`, schemaVersion: 1, time: new Date().toISOString() };
      const event = { id: randomUUID(), type: 'ServerAdded', data, metadata };
      const changed = new Promise<void>((resolve) => {
        // After the judge's own news of the same change: they were subscribed to before.
        const once = liveMap.events$.subscribe(() => {
          once.unsubscribe();
          link?.send({ kind: 'flush', now: Date.now() });
          resolve();
        });
      });
      await store.append({ stream: `server-srv-b${round}`, expected: 'any', events: [event] });
      await changed;
      changes.push((await arrived) - changedAt);
      const start = performance.now();
      const back = told(ordinal);
      link?.send({ kind: 'flush', now: Date.now() });
      trips.push((await back) - start);
    }
    const p99 = { unit: 'ms', limit: wantedMs, goal: 1 };
    return [
      rowOf({ room, name: `map change to judge, p99 of ${rounds}`, value: percentile(changes, 0.99), ...p99 }),
      rowOf({ room, name: 'order and report of the judge alone, p99', value: percentile(trips, 0.99), unit: 'ms' }),
    ];
  } finally {
    await closing();
    clearInterval(awake);
    await projector.close();
    await store.close();
    rmSync(directory, { recursive: true, force: true });
  }
}
