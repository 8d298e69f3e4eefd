import { setImmediate as nextTurn } from 'node:timers/promises';
import { Subject } from 'rxjs';
import {
  isInSurvey,
  isOpen,
  Mutes,
  RenumberedPrefixes,
  type TriageState,
  triageStates,
  type ViolationRow,
} from '../../projections/index.js';
import type { SiteConfig } from '../config/app-config.js';
import type { LiveMap } from '../projector/live-map.js';
import { OrderedSlots } from './ordered-slots.js';
import { comparePositions, fromTheStart } from './position.js';
import { type Changing, ViolationColumns } from './violation-columns.js';
import type { Viewing } from './violation-view.js';

/** Rows taken in one go when a map is live that had them before: the engine does other things in between. */
const rowsAtATime = 2_000;

/** A violation that changed, and what of it can change as it was before; `before` is absent for a new one. */
export interface ViolationChange {
  readonly slot: number;
  readonly before?: Changing | undefined;
}

/**
 * Violations in the order of the list, kept up as they change: a question looks at those it answers with, and not at all.
 * Takes the whole map in once it is live, bit by bit, and every change from then on.
 */
export class ViolationIndex {
  readonly mutes = new Mutes();
  readonly renumbered = new RenumberedPrefixes();
  readonly columns = new ViolationColumns();
  /** By state, the one heard last being the last. */
  readonly byState = Object.fromEntries(
    triageStates.map((state) => [state, new OrderedSlots(this.columns.compare)]),
  ) as Record<TriageState, OrderedSlots>;
  /** Those that are open and not quiet. */
  readonly awake = new OrderedSlots(this.columns.compare);
  /** All, the one that changed last being the last. */
  private readonly byChange = new OrderedSlots(this.columns.compareChange);
  private readonly changed = new Subject<ViolationChange>();
  /** Each change as soon as it is in here. */
  readonly changed$ = this.changed.asObservable();
  /** Of the last event about any violation. */
  position = fromTheStart;
  private isReady = false;
  private isClosed = false;
  private readonly subscription;

  constructor(private readonly liveMap: LiveMap) {
    let begun = liveMap.live;
    if (begun) void this.takeAll();
    this.subscription = liveMap.changes$.subscribe((changes) => {
      if (!begun) void this.takeAll();
      begun = true;
      for (const { table, key } of changes) {
        if (table === 'violations') this.take(key);
        else if (table === 'mutes') this.takeMute(key);
        else if (table === 'renumberings') this.takeRenumbering(key);
      }
    });
  }

  /** True once every violation of the map is in here. */
  get live(): boolean {
    return this.isReady;
  }

  get size(): number {
    return triageStates.reduce((sum, state) => sum + this.byState[state].size, 0);
  }

  /** What a view of a violation needs to know just now. */
  viewing(sites: readonly SiteConfig[]): Viewing {
    const inSurvey = (site: string): boolean => isInSurvey(this.liveMap.map, sites, site);
    return { inSurvey, mutes: this.mutes, renumbered: this.renumbered, now: Date.now() };
  }

  rowAt(slot: number): ViolationRow {
    return this.liveMap.map.violations.at(slot);
  }

  /** The id of the violation in a slot, without unpacking its row. */
  idAt(slot: number): string {
    return this.liveMap.map.violations.keyAt(slot);
  }

  /** The slot of a violation; -1 for none. */
  slotOf(violationId: string): number {
    return this.liveMap.map.violations.slotOf(violationId);
  }

  /** Those that an event with a higher ordinal than this one changed last, in log order. */
  changedAfter(ordinal: number): number[] {
    const slots: number[] = [];
    for (const walk = this.byChange.down(); walk.slot >= 0; walk.step()) {
      if ((this.columns.changedAt[walk.slot] ?? 0) <= ordinal) break;
      slots.push(walk.slot);
    }
    return slots.reverse();
  }

  close(): void {
    this.isClosed = true;
    this.subscription.unsubscribe();
  }

  private async takeAll(): Promise<void> {
    const { map } = this.liveMap;
    for (const mute of map.mutes.values()) this.mutes.put(mute);
    for (const row of map.renumberings.values()) this.renumbered.put(row);
    let taken = 0;
    for (const violationId of map.violations.keys()) {
      this.take(violationId);
      if (++taken % rowsAtATime === 0) await nextTurn();
      if (this.isClosed) return;
    }
    this.isReady = true;
  }

  private takeMute(muteId: string): void {
    const mute = this.liveMap.map.mutes.get(muteId);
    if (mute !== undefined) this.mutes.put(mute);
  }

  private takeRenumbering(renumberingId: string): void {
    const row = this.liveMap.map.renumberings.get(renumberingId);
    if (row !== undefined) this.renumbered.put(row);
  }

  private take(violationId: string): void {
    const { columns } = this;
    const slot = this.slotOf(violationId);
    if (slot < 0) return;
    const row = this.rowAt(slot);
    const before = columns.stateOf(slot);
    const wasAwake = before !== undefined && isOpen(before) && columns.quiet[slot] === 0;
    const isAwake = isOpen(row.state) && row.quiet !== true;
    const stays = before === row.state && wasAwake === isAwake && columns.lastSeen[slot] === row.lastSeen;
    const former = this.changed.observed ? columns.changingOf(slot) : undefined;
    if (before !== undefined) this.byChange.remove(slot);
    if (!stays && before !== undefined) this.byState[before].remove(slot);
    if (!stays && wasAwake) this.awake.remove(slot);
    columns.put(slot, row);
    this.byChange.add(slot);
    if (!stays) this.byState[row.state].add(slot);
    if (!stays && isAwake) this.awake.add(slot);
    if (this.position === fromTheStart || comparePositions(row.position, this.position) > 0)
      this.position = row.position;
    if (this.changed.observed) this.changed.next({ slot, before: former });
  }
}
