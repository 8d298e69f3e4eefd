import type { NeighbourEntry } from '../drivers/switch/switch.port.js';

type Place = Pick<NeighbourEntry, 'interface' | 'address'>;

/** Entries by where they hang; asked for every line of a device, so no key is made of the two words. The later of two wins. */
export class EntryIndex<Entry extends Place> {
  private readonly byInterface = new Map<string, Map<string, Entry>>();

  constructor(entries: readonly Entry[]) {
    let name: string | undefined;
    let known: Map<string, Entry> | undefined;
    for (const entry of entries) {
      if (entry.interface !== name || known === undefined) {
        name = entry.interface;
        known = this.byInterface.get(name) ?? new Map<string, Entry>();
        this.byInterface.set(name, known);
      }
      known.set(entry.address, entry);
    }
  }

  at({ interface: name, address }: Place): Entry | undefined {
    return this.byInterface.get(name)?.get(address);
  }
}
