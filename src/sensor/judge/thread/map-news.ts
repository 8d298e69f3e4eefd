import type { Subscription } from 'rxjs';
import type { StoredEvent } from '../../../../events/index.js';
import { type ChangedRow, GrantChanges, type NetbootPrefixes } from '../../../../projections/index.js';
import type { LiveMap } from '../../../projector/live-map.js';
import type { JudgeNews, Seen } from './judge-messages.js';

/** Rows told at a time while everything is told: the engine's thread does other things in between. */
const rowsAtATime = 200;

/**
 * Tells a judge what the live map knows: everything once, bit by bit, and every change as it comes. A change is dated by
 * the `recordedAt` of the events that made it.
 */
export class MapNews {
  private readonly changes: GrantChanges;
  private readonly subscriptions: Subscription[] = [];
  private waiting: ChangedRow[] = [];
  private isStopped = false;

  constructor(
    private readonly liveMap: LiveMap,
    private readonly tell: (news: JudgeNews) => void,
    netboot?: NetbootPrefixes,
  ) {
    this.changes = new GrantChanges(liveMap.map, netboot);
  }

  /** Resolves when everything there was has been told; the map must be live. */
  async start(): Promise<void> {
    const { liveMap } = this;
    // The events of a page are told of right after the rows that they changed.
    this.subscriptions.push(liveMap.changes$.subscribe((rows) => void this.waiting.push(...rows)));
    this.subscriptions.push(liveMap.events$.subscribe((events) => this.changed(events)));
    for (const records of this.changes.all(() => liveMap.ordinal, rowsAtATime)) {
      if (this.isStopped) return;
      this.tell({ kind: 'records', records });
      await nextTurn();
    }
    await this.tellStored();
  }

  stop(): void {
    this.isStopped = true;
    for (const one of this.subscriptions) one.unsubscribe();
  }

  private changed(events: readonly StoredEvent[]): void {
    const rows = this.waiting;
    this.waiting = [];
    const { map, ordinal } = this.liveMap;
    const records = this.changes.touchedBy(rows, ordinal);
    const recordedAt = Date.parse(events.at(-1)?.metadata.recordedAt ?? '');
    if (records !== undefined)
      this.tell({ kind: 'records', records, ...(Number.isFinite(recordedAt) && { recordedAt }) });
    const violations = rows.filter(({ table }) => table === 'violations').map(({ key }) => key);
    const seen = rows.filter(({ table }) => table === 'seen-macs').flatMap(({ key }) => seenAt(map, key));
    if (violations.length + seen.length > 0) this.tell({ kind: 'stored', violations, seen });
  }

  private async tellStored(): Promise<void> {
    const { map } = this.liveMap;
    let violations: string[] = [];
    for (const id of map.violations.keys()) {
      violations.push(id);
      if (violations.length < 5_000) continue;
      this.tell({ kind: 'stored', violations, seen: [] });
      violations = [];
      await nextTurn();
    }
    let seen: Seen[] = [];
    for (const port of map.seenMacs.keys()) {
      seen.push(...seenAt(map, port));
      if (seen.length < 5_000) continue;
      this.tell({ kind: 'stored', violations: [], seen });
      seen = [];
      await nextTurn();
    }
    this.tell({ kind: 'stored', violations, seen });
  }
}

function seenAt(map: LiveMap['map'], port: string): Seen[] {
  const row = map.seenMacs.get(port);
  // The newest of a VLAN is told last, so that it stands.
  return row?.sightings.toReversed().map(({ vlan, mac }) => ({ port: row.port, vlan, mac })) ?? [];
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
