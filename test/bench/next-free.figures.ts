import { FreeNumbers } from '../../projections/allocation/free-numbers.js';
import { type BenchRow, rowOf } from './row.js';
import { median } from './statistics.js';

export interface NextFreeSize {
  readonly addresses: number;
  readonly orders: number;
  readonly runs: number;
}

/** The goal of the issue, microseconds. */
const goalUs = 10;
const taken = 0.95;

/**
 * Orders against a pool of which 95 % are taken: the next free address from anywhere on is found and taken.
 * Once with what is free lying about anywhere, once with all of it at the pool's end, where a scan is slowest.
 */
export function nextFreeFigures(room: string, size: NextFreeSize, say: (text: string) => void): BenchRow[] {
  return [anywhere, atTheEnd].map((layout) => {
    const own: number[] = [];
    const scanned: number[] = [];
    for (let run = 0; run < size.runs; run++) {
      own.push(ownUs(layout, size));
      scanned.push(scanUs(layout, size));
      say(`next free ${layout.name}, run ${run + 1} of ${size.runs}: ${own.at(-1)?.toFixed(3)} us`);
    }
    const name = `next free of ${size.addresses} addresses, 95 % taken, ${layout.name} (peer: a scan of bytes)`;
    return rowOf({ room, name, value: median(own), unit: 'us', limit: goalUs, peer: median(scanned), goal: 1 });
  });
}

interface Layout {
  readonly name: string;
  readonly isFree: (number: number, addresses: number) => boolean;
}

const anywhere: Layout = { name: 'free ones anywhere', isFree: (number) => scattered(number) % 20 === 0 };
const atTheEnd: Layout = {
  name: 'free ones at the end',
  isFree: (number, addresses) => number >= Math.floor(addresses * taken),
};

/** The same numbers in every run, in no order. */
const scattered = (number: number): number => (Math.imul(number ^ (number >>> 15), 0x2c1b3c6d) >>> 12) & 0xfffff;

function ownUs(layout: Layout, { addresses, orders }: NextFreeSize): number {
  const numbers = new FreeNumbers(addresses);
  for (let number = 0; number < addresses; number++) if (!layout.isFree(number, addresses)) numbers.take(number);
  return timeOf(orders, addresses, (from) => {
    const next = numbers.nextFree(from) ?? numbers.nextFree();
    if (next !== undefined) numbers.take(next);
    return next;
  });
}

/** Of a pool this large a scan from its start to its end takes milliseconds: a hundredth of the orders tells as much. */
function scanUs(layout: Layout, { addresses, orders }: NextFreeSize): number {
  const isTaken = Uint8Array.from({ length: addresses }, (_, number) => (layout.isFree(number, addresses) ? 0 : 1));
  return timeOf(Math.ceil(orders / 100), addresses, (from) => {
    const next = isTaken.indexOf(0, from);
    if (next >= 0) isTaken[next] = 1;
    return next < 0 ? undefined : next;
  });
}

function timeOf(orders: number, addresses: number, serve: (from: number) => number | undefined): number {
  const start = performance.now();
  for (let order = 0; order < orders; order++) {
    const from = (scattered(order) * 16) % addresses;
    if (serve(from) === undefined) throw new Error(`Order ${order} found no free address from ${from} on.`);
  }
  return ((performance.now() - start) * 1000) / orders;
}
