import { ipv4Number, macNumber } from '../events/index.js';
import type { Ipv4Claim, MacClaim, VlanClaim } from './claims.js';
import { Claimants } from './packing/claimants.js';
import { hashOfNumbers } from './packing/hashes.js';
import { HashIndex } from './packing/hash-index.js';
import { Names } from './packing/names.js';

/** Told of one claimant: the slot of its server and its place in line. */
export type VisitClaimant = (server: number, since: number) => void;

/** What an exact claim is about. */
export type ExactThing =
  | Pick<VlanClaim, 'kind' | 'switchName' | 'vlan'>
  | Pick<MacClaim, 'kind' | 'switchName' | 'vlan' | 'mac'>
  | Pick<Ipv4Claim, 'kind' | 'address'>;

const none = -1;

/**
 * Who claims each VLAN of a switch, each MAC on one and each IPv4 address. A thing is told by two numbers:
 * (switch and VLAN, none), (switch and VLAN, MAC) or (none, address).
 */
export class ExactLines {
  /** By the hash of a thing the first claimant; things that share a hash share a list. */
  private readonly heads = new HashIndex();
  private readonly claimants = new Claimants();
  private readonly switches = new Names();

  get size(): number {
    return this.claimants.size;
  }

  add(thing: ExactThing, server: number, since: number): void {
    const first = 'switchName' in thing ? this.placeOf(this.switches.numberFor(thing.switchName), thing.vlan) : none;
    const second = secondOf(thing);
    const hash = hashOfNumbers(first, second);
    this.heads.set(hash, this.claimants.add(this.heads.get(hash), server, since, first, second));
  }

  /** Takes a server out of the line for a thing; false when nobody else stands there. */
  remove(thing: ExactThing, server: number): boolean {
    const [first, second] = [this.firstOf(thing), secondOf(thing)];
    const hash = hashOfNumbers(first, second);
    const head = this.claimants.remove(this.heads.get(hash), server, first, second);
    if (head === none) this.heads.delete(hash);
    else this.heads.set(hash, head);
    return head !== none;
  }

  /** Visits everyone in line for a thing. */
  each(thing: ExactThing, visit: VisitClaimant): void {
    const [first, second] = [this.firstOf(thing), secondOf(thing)];
    const { claimants } = this;
    let one = this.heads.get(hashOfNumbers(first, second));
    for (; one >= 0; one = claimants.next[one] ?? none) {
      if (claimants.first[one] !== first || claimants.second[one] !== second) continue;
      visit(claimants.servers[one] ?? none, claimants.since[one] ?? none);
    }
  }

  private firstOf(thing: ExactThing): number {
    return 'switchName' in thing ? this.placeOf(this.switches.numberOf(thing.switchName), thing.vlan) : none;
  }

  private placeOf(switchNumber: number, vlan: number): number {
    return switchNumber * 4096 + vlan;
  }
}

function secondOf(thing: ExactThing): number {
  switch (thing.kind) {
    case 'vlan':
      return none;
    case 'mac':
      return macNumber(thing.mac);
    case 'ipv4':
      return ipv4Number(thing.address);
  }
}
