import { whyNoLab } from '../lab/lab-needs.js';
import { coldBootFigures } from './cold-boot.figures.js';
import { nextFreeFigures } from './next-free.figures.js';
import { reservationsFigures } from './reservations.figures.js';
import type { BenchRow } from './row.js';

const room = 'addresses';
const full = { addresses: 2 ** 24, orders: 100_000, runs: 5 };
const many = { ours: 4_000, theirs: 6_000, runs: 7 };
const few = { ours: 40, theirs: 60, runs: 1 };
const small = { addresses: 2 ** 16, orders: 2_000, runs: 1 };

/** Addresses from order to lease. */
export async function addressesRoom(smoke: boolean, say: (text: string) => void): Promise<BenchRow[]> {
  const rows = nextFreeFigures(room, smoke ? small : full, say);
  const why = whyNoLab();
  if (why !== undefined) {
    say(`cold boot and reservations skipped: ${why}`);
    return rows;
  }
  rows.push(...(await coldBootFigures(room, smoke ? 1 : 7, say)));
  rows.push(...(await reservationsFigures(room, smoke ? few : many, say)));
  return rows;
}
