import { setTimeout as wait } from 'node:timers/promises';
import type { EventStore } from '../../src/event-store/event-store.port.js';
import { openEmbeddedStore } from '../../src/event-store/embedded/embedded.event-store.js';
import { Alerts } from '../../src/ops/alerts.js';
import { Log } from '../../src/ops/log.js';
import { Projector } from '../../src/projector/projector.js';
import { Snapshots } from '../../src/projector/snapshots.js';
import { storeFact } from '../support/publish.js';

export interface LogLine {
  readonly message: string;
  readonly [field: string]: unknown;
}

/** A log and its projector, with snapshots beside the log, as the engine has them. */
export class SnapshotRig {
  readonly lines: LogLine[] = [];
  readonly alerts: Alerts;
  readonly projector: Projector;

  private constructor(
    readonly store: EventStore,
    readonly directory: string,
    everyEvents: number,
  ) {
    const log = new Log('json', (line) => this.lines.push(JSON.parse(line) as LogLine));
    this.alerts = new Alerts(log);
    const door = {
      module: new URL('../../src/open-store.js', import.meta.url).href,
      choice: { dataDir: directory, eventStore: 'embedded' },
    };
    const snapshots = new Snapshots({ directory: this.snapshots, everyEvents, door, log, alerts: this.alerts });
    this.projector = new Projector(store, snapshots);
  }

  static async start(directory: string, everyEvents = 1_000): Promise<SnapshotRig> {
    const rig = new SnapshotRig(await openEmbeddedStore({ directory, create: true }), directory, everyEvents);
    rig.projector.start();
    await until('live', () => rig.projector.liveMap.live);
    return rig;
  }

  get snapshots(): string {
    return snapshotsIn(this.directory);
  }

  /** Sells servers with an address each, and waits until the map has them. */
  async sell(first: number, count: number): Promise<void> {
    for (let number = first; number < first + count; number++) {
      const serverId = `srv-${number}`;
      const place = { port: `leaf1:Ethernet${number}`, vlan: 100 + number, mac: macOf(number) };
      await storeFact(this.store, 'ServerAdded', { serverId, customerId: 'c1', ...place });
      await storeFact(this.store, 'Ipv4AddOnBought', { serverId, addOnId: 'a1', address: `198.51.100.${number}` });
    }
    await this.caughtUp();
  }

  async caughtUp(): Promise<void> {
    const head = (await this.store.head())?.ordinal ?? -1;
    await until('the map has the head', () => this.projector.liveMap.ordinal >= head);
  }

  said(message: string): LogLine[] {
    return this.lines.filter((line) => line.message === message);
  }

  async stop(): Promise<void> {
    await this.projector.close();
    await this.store.close();
  }
}

export const snapshotsIn = (directory: string): string => `${directory}/snapshots`;

/** Waits for a condition, a minute at most. */
export async function until(what: string, holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 6_000; tries++) {
    if (holds()) return;
    await wait(10);
  }
  throw new Error(`Waited a minute for this in vain: ${what}`);
}

const macOf = (number: number): string => `52:54:00:00:00:${number.toString(16).padStart(2, '0')}`;
