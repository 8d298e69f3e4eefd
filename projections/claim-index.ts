import type { Ipv6Prefix, Ipv6Words, ServerId } from '../events/index.js';
import type { Claim } from './claims.js';
import { ExactLines, type ExactThing, type VisitClaimant } from './exact-lines.js';
import { PrefixLines } from './prefix-lines.js';
import { contains, overlap } from './prefix-overlap.js';

/** One claim in line, with the server, or the customer, that makes it. */
export interface Claimant<Id extends string = ServerId> {
  readonly serverId: Id;
  readonly claim: Claim;
}

/** The servers, or customers, of which the claims are indexed, each by its slot. */
export interface ClaimingServers<Id extends string = ServerId> {
  /** -1 for a server that is not known. */
  slotOf(serverId: string): number;
  serverIdAt(slot: number): Id;
  /** What the server claims now. */
  claimsAt(slot: number): readonly Claim[];
}

/**
 * Who claims what, derived from the rows and kept as numbers; a claim itself is taken from the row that makes it.
 * A claim holds when no conflicting claim of another server stands before it in line, whether that one holds or waits:
 * so a release can only add holders and never evicts one.
 */
export class ClaimIndex<Id extends string = ServerId> {
  private readonly exact = new ExactLines();
  private readonly prefixes = new PrefixLines();
  /** For claims that waited and hold now: ordinal of the event by which the one before them in line went away. */
  private readonly freed = new Map<string, number>();

  constructor(private readonly servers: ClaimingServers<Id>) {}

  /** Claims in line. */
  get size(): number {
    return this.exact.size + this.prefixes.size;
  }

  /** Takes the claims of one server from what they were to what its row says now; `at` is the ordinal that did it. */
  replace(slot: number, before: readonly Claim[], after: readonly Claim[], at: number): void {
    if (before === after) return;
    const gone = without(before, after);
    const made = without(after, before);
    const waiting: Claimant<Id>[] = [];
    for (const claim of gone) {
      if (this.remove(slot, claim)) waiting.push(...this.behind(slot, claim));
    }
    for (const claim of made) this.add(slot, claim);
    for (const other of waiting) {
      if (this.blockerOf(other.serverId, other.claim) === undefined) this.freed.set(freedKey(other), at);
    }
    if (gone.length > 0 && this.freed.size > 0) this.forgetFreed(slot, gone, after);
  }

  /** Ordinal of the event by which this claim, having waited, came to hold; undefined when it held from the start. */
  freedAt(serverId: Id, claim: Claim): number | undefined {
    return this.freed.size === 0 ? undefined : this.freed.get(freedKey({ serverId, claim }));
  }

  /** All of the above, for who keeps it beyond this process. */
  freedPlaces(): ReadonlyMap<string, number> {
    return this.freed;
  }

  /** Takes back what `freedPlaces` gave, into an index that is as it was then. */
  restoreFreed(key: string, at: number): void {
    this.freed.set(key, at);
  }

  /** The claimant first in line among those that keep this claim waiting; undefined when the claim holds. */
  blockerOf(serverId: Id, claim: Claim): Claimant<Id> | undefined {
    // Nearly every claim stands alone: who it belongs to is asked when another stands before it.
    let own: number | undefined;
    let first = -1;
    let firstSince = claim.since;
    this.eachRival(claim, (server, since) => {
      if (since >= firstSince || server === (own ??= this.servers.slotOf(serverId))) return;
      first = server;
      firstSince = since;
    });
    if (first < 0) return undefined;
    return this.claimants(first, (other) => other.since === firstSince && conflicts(claim, other))[0];
  }

  /** The claimants that this claim keeps waiting: later in line and in conflict with it. */
  waitingBehind(serverId: Id, claim: Claim): Claimant<Id>[] {
    return this.behind(this.servers.slotOf(serverId), claim);
  }

  /** Every claim of another server that this one is in conflict with, before it in line or behind. */
  rivalsOf(serverId: Id, claim: Claim): Claimant<Id>[] {
    return this.behind(this.servers.slotOf(serverId), claim, Number.NEGATIVE_INFINITY);
  }

  /** Everybody whose claims are in conflict with this one, whether they hold or wait; nobody need make it. */
  claimantsOf(claim: Claim): Claimant<Id>[] {
    return this.behind(-1, claim, Number.NEGATIVE_INFINITY);
  }

  /** The server whose claim to a VLAN, a MAC on one or an IPv4 address holds. */
  holderOf(thing: ExactThing): Id | undefined {
    let first = -1;
    let firstSince = Number.POSITIVE_INFINITY;
    this.exact.each(thing, (server, since) => {
      if (since < firstSince) [first, firstSince] = [server, since];
    });
    return first < 0 ? undefined : this.servers.serverIdAt(first);
  }

  /** True where anybody claims a prefix that shares an address with this one, also in vain. */
  isMet(prefix: Ipv6Prefix): boolean {
    return this.prefixes.isMet(prefix);
  }

  /** True where anybody claims this prefix or one around it, also in vain. */
  isCovered(prefix: Ipv6Prefix): boolean {
    return this.prefixes.isCovered(prefix);
  }

  /** What anybody claims of a prefix, in its parts of `unit` bits, or more where more is claimed. */
  partsClaimed(prefix: Ipv6Prefix, unit: number): Ipv6Prefix[] {
    return this.prefixes.partsClaimed(prefix, unit);
  }

  /** The holders of the prefixes that contain an address, the longest prefix first. */
  holdersOfAddress(words: Ipv6Words): Claimant<Id>[] {
    const around: Claimant<Id>[] = [];
    const found: { readonly server: number; readonly since: number; readonly length: number }[] = [];
    this.prefixes.eachAround(words, (server, since, length) => found.push({ server, since, length }));
    for (const { server, since, length } of found.reverse())
      around.push(...this.claimants(server, (one) => one.since === since && isAround(one, words, length)));
    return around.filter((one) => this.blockerOf(one.serverId, one.claim) === undefined);
  }

  /** A claim that its server no longer makes was freed for nothing. */
  private forgetFreed(slot: number, gone: readonly Claim[], after: readonly Claim[]): void {
    const serverId = this.servers.serverIdAt(slot);
    for (const claim of gone) {
      const isKept = after.some((one) => one.key === claim.key && one.since === claim.since);
      if (!isKept) this.freed.delete(freedKey({ serverId, claim }));
    }
  }

  private behind(slot: number, claim: Claim, place = claim.since): Claimant<Id>[] {
    const later = new Set<number>();
    this.eachRival(claim, (server, since) => {
      if (server !== slot && since > place) later.add(server);
    });
    return [...later].flatMap((server) =>
      this.claimants(server, (other) => other.since > place && conflicts(claim, other)),
    );
  }

  private claimants(server: number, isMeant: (claim: Claim) => boolean): Claimant<Id>[] {
    const claims = this.servers.claimsAt(server).filter(isMeant);
    const serverId = this.servers.serverIdAt(server);
    return claims.map((claim) => ({ serverId, claim }));
  }

  private eachRival(claim: Claim, visit: VisitClaimant): void {
    if (claim.kind === 'prefix') this.prefixes.eachRival(claim, visit);
    else this.exact.each(claim, visit);
  }

  private add(slot: number, claim: Claim): void {
    if (claim.kind === 'prefix') this.prefixes.add(claim, slot, claim.since);
    else this.exact.add(claim, slot, claim.since);
  }

  /** Takes a claim out of line; false when it surely stood alone. */
  private remove(slot: number, claim: Claim): boolean {
    if (claim.kind !== 'prefix') return this.exact.remove(claim, slot);
    this.prefixes.remove(claim, slot);
    return true;
  }
}

/** Those of a row's claims that are not among its others; most rows claim a handful. */
function without(claims: readonly Claim[], others: readonly Claim[]): Claim[] {
  const left: Claim[] = [];
  for (const claim of claims) if (!others.includes(claim)) left.push(claim);
  return left;
}

function freedKey({ serverId, claim }: Claimant<string>): string {
  return `${serverId} ${claim.key}`;
}

/** Within one customer prefixes may nest; only the identical one conflicts. */
function conflicts(a: Claim, b: Claim): boolean {
  if (a.kind !== b.kind) return false;
  if (a.kind !== 'prefix' || b.kind !== 'prefix') return a.key === b.key;
  if (a.prefix === b.prefix) return true;
  return a.customer !== b.customer && overlap(a.prefix, b.prefix);
}

function isAround(claim: Claim, words: Ipv6Words, length: number): boolean {
  return claim.kind === 'prefix' && contains(claim.prefix, words, length);
}
