import { nextFreeFigures } from './next-free.figures.js';
import type { BenchRow } from './row.js';

export const addressesRoomName = 'addresses';

const full = { addresses: 2 ** 24, orders: 100_000, runs: 5 };
const small = { addresses: 2 ** 16, orders: 2_000, runs: 1 };

/** Addresses from order to lease. */
export function addressesRoom(smoke: boolean, say: (text: string) => void): Promise<BenchRow[]> {
  return Promise.resolve(nextFreeFigures(addressesRoomName, smoke ? small : full, say));
}
