import type { RateBudget } from './guard.port.js';

/** The default of `net.ipv4.neigh.default.gc_thresh3` and its IPv6 twin. */
export const kernelTableSize = 1024;

/**
 * A neighbour that passed once is known for this long, in seconds, and passes without counting.
 * The kernel may drop an entry that was not changed for as long when the table is full (`neigh_forced_gc`):
 * what cannot fill the table within that time can never fill it.
 */
export const knownForSeconds = 5;

/**
 * How fast new neighbours may appear, so that all ports together never have more than three quarters of the table.
 *
 * Within any 5 s a neighbour is heard only if it passed within those 5 s or the 5 s before, so at most
 * `burst + 10 * rate` of them are heard. With 48 ports and a table of 1024:
 *
 *     entries  = 1024 * 3/4            = 768
 *     together = 38/s, burst 388       : 388 + 10 * 38 = 768
 *     a port   = 768 / 48 = 16         : 1/s, burst 6, and 6 + 10 * 1 = 16
 *
 * A port always has 1/s and a burst of 5. Where that times the number of ports is more than there is, the limit on all
 * of them together still holds, and a larger table is the cure.
 */
export function rateBudget(tableSize: number | undefined, ports: number): RateBudget {
  const size = tableSize ?? kernelTableSize;
  const entries = Math.max(20, Math.floor((size * 3) / 4));
  const window = 2 * knownForSeconds;
  const share = Math.floor(entries / Math.max(1, ports));
  const rate = clamp(Math.floor(share / (2 * window)), 1, 10);
  const burst = clamp(share - window * rate, 5, 50);
  const allRate = Math.max(1, Math.floor(entries / (2 * window)));
  const together = { rate: allRate, burst: entries - window * allRate };
  return {
    tableSize: size,
    tableSizeRead: tableSize !== undefined,
    ports,
    entries,
    perPort: { rate, burst },
    together,
  };
}

/** The most neighbours that are heard from all ports within any `knownForSeconds`. */
export function mostNeighbours({ perPort, together, ports }: RateBudget): number {
  const window = 2 * knownForSeconds;
  return Math.min(ports * (perPort.burst + window * perPort.rate), together.burst + window * together.rate);
}

const clamp = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));
