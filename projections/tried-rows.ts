import { type Claimant, ClaimIndex } from './claim-index.js';
import type { Claim } from './claims.js';
import type { LedgerEvent } from '../events/index.js';

/** The rows of one table of a map, and who claims what in them. */
export interface ClaimingTable<Row, Id extends string> {
  row(id: string): Row | undefined;
  rivalsOf(id: Id, claim: Claim): Claimant<Id>[];
}

/** Rows that a trial changed, kept on top of a table that does not know of it: all other rows are the table's own. */
export class TriedRows<Row extends { readonly claims: readonly Claim[] }, Id extends string> {
  /** The rows that are kept here, by slot. */
  private readonly changed: Row[] = [];
  private readonly slots = new Map<string, number>();
  private readonly claims = new ClaimIndex<Id>({
    slotOf: (id) => this.slots.get(id) ?? -1,
    serverIdAt: (slot) => this.idOf(this.rowAt(slot)),
    claimsAt: (slot) => this.rowAt(slot).claims,
  });

  constructor(
    private readonly base: ClaimingTable<Row, Id>,
    private readonly idOf: (row: Row) => Id,
  ) {}

  get(id: string): Row | undefined {
    const slot = this.slots.get(id);
    return slot === undefined ? this.base.row(id) : this.rowAt(slot);
  }

  /** Whether a row is not the table's own any more. */
  isChanged(id: string): boolean {
    return this.slots.has(id);
  }

  /** Keeps a row as it is after an event. */
  put(after: Row, { foldedAt }: Pick<LedgerEvent, 'foldedAt'>): void {
    const id = this.idOf(after);
    const before = this.get(id);
    if (after === before) return;
    const known = this.slots.get(id);
    const slot = known ?? this.changed.length;
    this.slots.set(id, slot);
    this.changed[slot] = after;
    // The table's own index still has the row as it was: its claims of rows that are kept here do not count.
    this.claims.replace(slot, known === undefined ? [] : (before?.claims ?? []), after.claims, foldedAt);
  }

  /** Every claim of another row that this one is in conflict with, whoever stands first. */
  rivals(id: Id, claim: Claim): Claimant<Id>[] {
    const unchanged = this.base.rivalsOf(id, claim).filter((other) => !this.slots.has(other.serverId));
    return [...unchanged, ...this.claims.rivalsOf(id, claim)];
  }

  /** Whose claim stands before this one, the first in line of them; undefined when it holds. */
  blockerOf(id: Id, claim: Claim): Id | undefined {
    const before = this.rivals(id, claim).filter((other) => other.claim.since < claim.since);
    return before.sort((a, b) => a.claim.since - b.claim.since)[0]?.serverId;
  }

  private rowAt(slot: number): Row {
    const row = this.changed[slot];
    if (row === undefined) throw new RangeError(`A trial of ${this.changed.length} rows has no slot ${slot}.`);
    return row;
  }
}
