import { ipv4Number, macNumber } from '../events/index.js';
import { Claimants } from './packing/claimants.js';
import { hashOfNumbers } from './packing/hashes.js';
import { HashIndex } from './packing/hash-index.js';
import { Names } from './packing/names.js';

/** Told of one claimant: the slot of its server and its place in line. */
export type VisitClaimant = (server: number, since: number) => void;

/** What an exact claim is about, as two numbers: (switch and VLAN, none), (switch and VLAN, MAC) or (none, address). */
interface Thing {
  readonly first: number;
  readonly second: number;
}

const none = -1;

/** Who claims each VLAN of a switch, each MAC on one and each IPv4 address. */
export class ExactLines {
  /** By the hash of a thing the first claimant; things that share a hash share a list. */
  private readonly heads = new HashIndex();
  private readonly claimants = new Claimants();
  private readonly switches = new Names();

  get size(): number {
    return this.claimants.size;
  }

  /** @param key of the claim, as `claims.ts` spells it */
  add(key: string, server: number, since: number): void {
    const { first, second } = this.thingOf(key, true);
    const hash = hashOfNumbers(first, second);
    this.heads.set(hash, this.claimants.add(this.heads.get(hash), server, since, first, second));
  }

  remove(key: string, server: number): void {
    const { first, second } = this.thingOf(key, false);
    const hash = hashOfNumbers(first, second);
    const head = this.claimants.remove(this.heads.get(hash), server, first, second);
    if (head === none) this.heads.delete(hash);
    else this.heads.set(hash, head);
  }

  /** Visits everyone in line for a key. */
  each(key: string, visit: VisitClaimant): void {
    const { first, second } = this.thingOf(key, false);
    const { claimants } = this;
    let one = this.heads.get(hashOfNumbers(first, second));
    for (; one >= 0; one = claimants.next[one] ?? none) {
      if (claimants.first[one] !== first || claimants.second[one] !== second) continue;
      visit(claimants.servers[one] ?? none, claimants.since[one] ?? none);
    }
  }

  private thingOf(key: string, mayName: boolean): Thing {
    if (key.startsWith('ipv4 ')) return { first: none, second: ipv4Number(key.slice(5)) };
    const start = key.indexOf(' ') + 1;
    const slash = key.indexOf('/', start);
    const end = key.indexOf('/', slash + 1);
    const name = key.slice(start, slash);
    const number = mayName ? this.switches.numberFor(name) : this.switches.numberOf(name);
    const place = number * 4096 + Number(end < 0 ? key.slice(slash + 1) : key.slice(slash + 1, end));
    return { first: place, second: end < 0 ? none : macNumber(key.slice(end + 1)) };
  }
}
