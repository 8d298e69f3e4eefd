import { prefixBits, type ServerId } from '../events/index.js';
import type { Claim } from './claims.js';
import { PrefixTree } from './prefix-tree.js';

/** One claim in line, with the server that makes it. */
export interface Claimant {
  readonly serverId: ServerId;
  readonly claim: Claim;
}

/**
 * Who claims what, derived from the rows.
 * A claim holds when no conflicting claim of another server stands before it in line, whether that one holds or waits:
 * so a release can only add holders and never evicts one.
 */
export class ClaimIndex {
  /** The line at each key; a lone claimant, the usual case, stands there without a list around it. */
  private readonly exact = new Map<string, Claimant | readonly Claimant[]>();
  private readonly prefixes = new PrefixTree<Claimant>();
  /** For claims that waited and hold now: ordinal of the event by which the one before them in line went away. */
  private readonly freed = new Map<string, number>();

  /** Takes the claims of one server from what they were to what they are; `at` is the ordinal that did it. */
  replace(serverId: ServerId, before: readonly Claim[], after: readonly Claim[], at: number): void {
    if (before === after) return;
    const gone = before.filter((claim) => !after.includes(claim));
    const waiting = gone.flatMap((claim) => this.waitingBehind(serverId, claim));
    for (const claim of gone) this.remove(serverId, claim);
    for (const claim of after) if (!before.includes(claim)) this.add({ serverId, claim });
    for (const other of waiting) {
      if (this.blockerOf(other.serverId, other.claim) === undefined) this.freed.set(freedKey(other), at);
    }
    for (const claim of gone) {
      const isKept = after.some((one) => one.key === claim.key && one.since === claim.since);
      if (!isKept) this.freed.delete(freedKey({ serverId, claim }));
    }
  }

  /** Ordinal of the event by which this claim, having waited, came to hold; undefined when it held from the start. */
  freedAt(serverId: ServerId, claim: Claim): number | undefined {
    return this.freed.get(freedKey({ serverId, claim }));
  }

  /** The claimant first in line among those that keep this claim waiting; undefined when the claim holds. */
  blockerOf(serverId: ServerId, claim: Claim): Claimant | undefined {
    let first: Claimant | undefined;
    for (const other of this.rivals(claim)) {
      if (other.serverId === serverId || other.claim.since >= claim.since || !conflicts(claim, other.claim)) continue;
      if (first === undefined || other.claim.since < first.claim.since) first = other;
    }
    return first;
  }

  /** The claimants that this claim keeps waiting: later in line and in conflict with it. */
  waitingBehind(serverId: ServerId, claim: Claim): Claimant[] {
    return [...this.rivals(claim)].filter(
      (other) => other.serverId !== serverId && other.claim.since > claim.since && conflicts(claim, other.claim),
    );
  }

  /** The server whose claim to an exact key holds. */
  holderOf(key: string): ServerId | undefined {
    const line = this.lineAt(key);
    if (line.length === 0) return undefined;
    return line.reduce((first, one) => (one.claim.since < first.claim.since ? one : first)).serverId;
  }

  /** The holders of the prefixes that contain an address, the longest prefix first. */
  holdersOfAddress(words: readonly [number, number, number, number]): Claimant[] {
    return [...this.prefixes.covering(words, 128)]
      .reverse()
      .filter((one) => this.blockerOf(one.serverId, one.claim) === undefined);
  }

  private *rivals(claim: Claim): Iterable<Claimant> {
    if (claim.kind !== 'prefix') {
      yield* this.lineAt(claim.key);
      return;
    }
    const { words, length } = prefixBits(claim.prefix);
    yield* this.prefixes.covering(words, length);
    yield* this.prefixes.inside(words, length);
  }

  private lineAt(key: string): readonly Claimant[] {
    const line = this.exact.get(key);
    return line === undefined ? [] : listOf(line);
  }

  private add(claimant: Claimant): void {
    const { claim } = claimant;
    const line = this.exact.get(claim.key);
    this.exact.set(claim.key, line === undefined ? claimant : [...listOf(line), claimant]);
    if (claim.kind !== 'prefix') return;
    const { words, length } = prefixBits(claim.prefix);
    this.prefixes.add(words, length, claimant);
  }

  private remove(serverId: ServerId, claim: Claim): void {
    const line = this.lineAt(claim.key);
    const claimant = line.find((one) => one.serverId === serverId);
    if (claimant === undefined) return;
    if (line.length === 1) this.exact.delete(claim.key);
    else
      this.exact.set(
        claim.key,
        line.filter((one) => one !== claimant),
      );
    if (claim.kind !== 'prefix') return;
    const { words, length } = prefixBits(claim.prefix);
    this.prefixes.remove(words, length, claimant);
  }
}

function freedKey({ serverId, claim }: Claimant): string {
  return `${serverId} ${claim.key}`;
}

function listOf(line: Claimant | readonly Claimant[]): readonly Claimant[] {
  return 'claim' in line ? [line] : line;
}

/** Within one customer prefixes may nest; only the identical one conflicts. */
function conflicts(a: Claim, b: Claim): boolean {
  if (a.kind !== 'prefix' || b.kind !== 'prefix') return a.key === b.key;
  return a.prefix === b.prefix || a.customer !== b.customer;
}
