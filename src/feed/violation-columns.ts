import { wordsOf } from '../../events/index.js';
import { grown, hashOfText, type TriageState, triageStates, type ViolationRow } from '../../projections/index.js';
import { HeardColumns } from './heard-columns.js';
import { Names, noName } from './names.js';
import { SlotChains } from './slot-chains.js';

/** What the feed is asked by, of each violation a number: named, hashed, or as it is. */
const namedFields = [
  'severity',
  'rule',
  'site',
  'switch',
  'port',
  'offenderServerId',
  'offenderCustomerId',
  'victimServerId',
  'victimCustomerId',
  'assignee',
] as const;
const hashedFields = ['etherSource', 'claimedMac', 'claimedAddress'] as const;
/** Those that name where and who: they never change, and each name has few violations. */
const linkedFields = [
  'switch',
  'port',
  'offenderServerId',
  'offenderCustomerId',
  'victimServerId',
  'victimCustomerId',
] as const;
export type LinkedField = (typeof linkedFields)[number];
export type NamedField = (typeof namedFields)[number];
export type HashedField = (typeof hashedFields)[number];

/** What can change about a violation that was detected, and decide whether a filter fits. */
export type Changing = Pick<
  ViolationRow,
  'state' | 'assignee' | 'quiet' | 'acknowledgedAt' | 'lastSeen' | 'openedPosition'
>;

type Columns<Name extends string, Column> = Record<Name, Column>;
const columnsOf = <Name extends string, Column>(names: readonly Name[], column: () => Column): Columns<Name, Column> =>
  Object.fromEntries(names.map((name) => [name, column()])) as Columns<Name, Column>;

/**
 * What is asked of violations, by their slot in the map, as numbers beside each other: a row is unpacked only once it is
 * to be shown. About 200 bytes a violation.
 */
export class ViolationColumns {
  readonly names = new Names();
  /** Numbers of `names`; 0 where the row says nothing. */
  readonly named = columnsOf(namedFields, () => new Uint32Array(16));
  /** Hashes of what there are too many different ones of to name: who looks compares the row. */
  readonly hashed = columnsOf(hashedFields, () => new Uint32Array(16));
  /** When, and how often. */
  readonly heard = new HeardColumns();
  /** The slots of each name, and of none. */
  readonly linked = columnsOf(linkedFields, () => new SlotChains());
  /** The slots of hashes by `bucketOf`: some hashes share one. */
  readonly bucketed = columnsOf(hashedFields, () => new SlotChains());
  /** ms since 1970, and the ordinal of the detection: the order of the list. */
  lastSeen = new Float64Array(16);
  detectedAt = new Float64Array(16);
  /** The first 64 bits of the claimed IPv6 address, in two; 0 for an IPv4 one, and for none. */
  claimedHigh = new Uint32Array(16);
  claimedLow = new Uint32Array(16);
  /** ms since 1970; 0 while it is not acknowledged. */
  acknowledgedAt = new Float64Array(16);
  /** The position at which it became new last, as near as a number can say it. */
  opened = new Float64Array(16);
  quiet = new Uint8Array(16);
  /** Ordinal of the event that changed it last. */
  changedAt = new Float64Array(16);
  /** 0 for a slot nobody told of, else 1 + the number of the state. */
  private states = new Uint8Array(16);

  put(slot: number, row: ViolationRow): void {
    if (slot >= this.states.length) this.grow(slot + 1);
    for (const name of namedFields) this.named[name][slot] = this.names.add(row[name]);
    for (const name of hashedFields) this.hashed[name][slot] = hashOfText(row[name] ?? '');
    const [high, low] = row.claimedAddress?.includes(':') ? wordsOf(row.claimedAddress) : [0, 0];
    this.claimedHigh[slot] = high;
    this.claimedLow[slot] = low;
    this.heard.put(slot, row);
    if (this.states[slot] === 0) this.link(slot);
    this.lastSeen[slot] = row.lastSeen;
    this.detectedAt[slot] = row.detectedAt;
    this.acknowledgedAt[slot] = row.acknowledgedAt ?? 0;
    this.opened[slot] = Number(row.openedPosition);
    this.quiet[slot] = row.quiet ? 1 : 0;
    this.changedAt[slot] = row.changedAt;
    this.states[slot] = 1 + triageStates.indexOf(row.state);
  }

  bucketOf(hash: number): number {
    return hash >>> 16;
  }

  /** One more than the highest slot there may be. */
  get length(): number {
    return this.states.length;
  }

  /** Undefined for a slot nobody told of. */
  stateOf(slot: number): TriageState | undefined {
    return triageStates[(this.states[slot] ?? 0) - 1];
  }

  /** Whether a slot is in one of these states; not, where nobody told of it. */
  inStates(states: readonly TriageState[]): (slot: number) => boolean {
    const wanted = Uint8Array.from([0, ...triageStates.map((state) => (states.includes(state) ? 1 : 0))]);
    return (slot) => wanted[this.states[slot] ?? 0] === 1;
  }

  /** What a slot has in a field; undefined where its row says nothing. */
  nameOf(field: NamedField, slot: number): string | undefined {
    const number = this.named[field][slot] ?? noName;
    return number === noName ? undefined : this.names.nameOf(number);
  }

  /** What `put` was told last; undefined for a slot nobody told of. */
  changingOf(slot: number): Changing | undefined {
    const state = this.stateOf(slot);
    if (state === undefined) return undefined;
    const assignee = this.named.assignee[slot] ?? 0;
    const acknowledgedAt = this.acknowledgedAt[slot] ?? 0;
    return {
      state,
      ...(assignee > 0 && { assignee: this.names.nameOf(assignee) }),
      ...(this.quiet[slot] === 1 && { quiet: true }),
      ...(acknowledgedAt > 0 && { acknowledgedAt }),
      lastSeen: this.lastSeen[slot] ?? 0,
      openedPosition: String(BigInt(this.opened[slot] ?? 0)),
    };
  }

  /** As the list is sorted, the one heard last being the last. No two are equal. */
  readonly compare = (a: number, b: number): number =>
    (this.lastSeen[a] ?? 0) - (this.lastSeen[b] ?? 0) || (this.detectedAt[a] ?? 0) - (this.detectedAt[b] ?? 0);

  /** The one that changed last being the last. No two are equal. */
  readonly compareChange = (a: number, b: number): number => (this.changedAt[a] ?? 0) - (this.changedAt[b] ?? 0);

  private link(slot: number): void {
    for (const name of linkedFields) this.linked[name].add(this.named[name][slot] ?? noName, slot);
    for (const name of hashedFields) this.bucketed[name].add(this.bucketOf(this.hashed[name][slot] ?? 0), slot);
  }

  private grow(length: number): void {
    for (const name of namedFields) this.named[name] = grown(this.named[name], length);
    for (const name of hashedFields) this.hashed[name] = grown(this.hashed[name], length);
    this.claimedHigh = grown(this.claimedHigh, length);
    this.claimedLow = grown(this.claimedLow, length);
    this.lastSeen = grown(this.lastSeen, length);
    this.detectedAt = grown(this.detectedAt, length);
    this.acknowledgedAt = grown(this.acknowledgedAt, length);
    this.opened = grown(this.opened, length);
    this.quiet = grown(this.quiet, length);
    this.changedAt = grown(this.changedAt, length);
    this.states = grown(this.states, length);
  }
}
