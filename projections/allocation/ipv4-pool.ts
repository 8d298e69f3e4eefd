import { type AddressPoolAdded, ipv4Number, parseIpv4 } from '../../events/index.js';
import type { NumberRange } from './kind.js';
import { FreeNumbers } from './free-numbers.js';

/** The largest pool that is handed out from: 16 million addresses. */
const shortestPrefix = 8;

/** The addresses of one pool for IPv4 add-ons: which are kept back for good, and which are free. Addresses are numbers. */
export class Ipv4Pool implements NumberRange<number> {
  readonly free: FreeNumbers;
  readonly all = undefined;
  private readonly first: number;
  private readonly keptBack: ReadonlySet<number>;

  private constructor(
    readonly declared: AddressPoolAdded,
    first: number,
    length: number,
  ) {
    this.first = first;
    this.free = new FreeNumbers(2 ** (32 - length));
    this.keptBack = new Set([...ends(first, length), ...reserved(declared)]);
  }

  /** Undefined where nothing is handed out: a pool for something else, or one wider than a /8. */
  static of(declared: AddressPoolAdded): Ipv4Pool | undefined {
    const [network = '', length = ''] = declared.prefix.split('/');
    const first = parseIpv4(network);
    if (declared.purpose !== 'ipv4-add-on' || first === undefined || Number(length) < shortestPrefix) return undefined;
    return new Ipv4Pool(declared, ipv4Number(first), Number(length));
  }

  get size(): number {
    return this.free.size;
  }

  overlaps(address: number): boolean {
    return address >= this.first && address < this.first + this.free.size;
  }

  unitOf(address: number): number {
    return address;
  }

  isUnit(): boolean {
    return true;
  }

  isKeptBack(address: number): boolean {
    return this.keptBack.has(address);
  }

  count(address: number): number {
    return this.overlaps(address) ? 1 : 0;
  }

  /** What is kept back is never free. */
  mark(address: number, isFree: boolean): void {
    if (isFree && !this.keptBack.has(address)) this.free.give(address - this.first);
    else this.free.take(address - this.first);
  }

  /** The lowest free address; undefined where the pool is empty. */
  next(): number | undefined {
    const number = this.free.nextFree();
    return number === undefined ? undefined : this.first + number;
  }

  /** Takes what is kept back out of the free ones: once, before anything is marked. */
  takeKeptBack(): this {
    for (const address of this.keptBack) if (this.overlaps(address)) this.mark(address, false);
    return this;
  }
}

/** Network and broadcast address; a /31 and a /32 have none (RFC 3021). */
function ends(first: number, length: number): number[] {
  return length > 30 ? [] : [first, first + 2 ** (32 - length) - 1];
}

function reserved({ reserved: addresses = [] }: AddressPoolAdded): number[] {
  return addresses.flatMap((one) => {
    const address = parseIpv4(one);
    return address === undefined ? [] : [ipv4Number(address)];
  });
}
