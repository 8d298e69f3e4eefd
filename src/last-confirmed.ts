import { parseIp, parseMac } from '../events/index.js';
import type { LastConfirmed } from './drivers/owned-entries.js';
import type { NeighbourEntry } from './drivers/switch/switch.port.js';
import type { EngineParts } from './engine-parts.js';
import { Journal } from './reactors/journal.js';

/** The entries that the journal of a device last confirmed there, for a driver that has no record of its own yet. */
export function lastConfirmedOf({ store }: EngineParts, device: string): LastConfirmed {
  const journal = new Journal(store, device, Date.now);
  return async () => [...(await journal.recall()).lines.keys()].flatMap((line) => entryOf(line) ?? []);
}

/** The entry of a line of the journal such as `neighbour 198.51.100.16 Vlan11 52:54:00:00:00:16`. */
function entryOf(line: string): NeighbourEntry | undefined {
  const [kind, second, name, fourth] = line.split(' ');
  const [address, mac] = [parseIp(second), parseMac(fourth)];
  if (kind !== 'neighbour' || address === undefined || mac === undefined || name === undefined) return undefined;
  return { interface: name, address, mac };
}
