import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** What a MAC says of who made the card. Never proof: anybody can send with any MAC. */
export type MacVendor =
  /** The block was assigned to this maker by the IEEE. */
  | { readonly kind: 'assigned'; readonly vendor: string }
  /** Made up by a machine (U/L bit, IEEE 802 section 8.2.2): virtual machines, containers, private Wi-Fi addresses, forgers. */
  | { readonly kind: 'locally-administered' }
  | { readonly kind: 'unassigned' };

const longestName = 80;
const blockDigits = [9, 7, 6];

/**
 * Vendors of MACs by their assigned block (MA-L, MA-M and MA-S: 24, 28 and 36 bits). The list is read when it is first
 * asked for, and kept packed: one and a half megabytes of the file's five.
 */
export class MacVendors {
  private blocks: PackedBlocks | undefined;

  /** @param mac lower case, with colons */
  of(mac: string): MacVendor {
    const digits = mac.replaceAll(':', '').toUpperCase();
    if ((Number.parseInt(digits.slice(0, 2), 16) & 2) !== 0) return { kind: 'locally-administered' };
    this.blocks ??= new PackedBlocks(readBlocks());
    for (const length of blockDigits) {
      const vendor = this.blocks.find(digits.slice(0, length));
      if (vendor !== undefined) return { kind: 'assigned', vendor };
    }
    return { kind: 'unassigned' };
  }
}

/** Blocks sorted as numbers, each with the number of its name; the names, each once, are one text. */
export class PackedBlocks {
  private readonly keys: Float64Array;
  private readonly names: Uint32Array;
  private readonly text: string;
  private readonly starts: Uint32Array;

  constructor(blocks: Readonly<Record<string, string>>) {
    const numbers = new Map<string, number>();
    const entries = Object.entries(blocks).map(([block, text]) => {
      const name = text.split('\n', 1)[0]?.slice(0, longestName).trim() ?? '';
      const number = numbers.get(name) ?? numbers.size;
      numbers.set(name, number);
      return [keyOf(block), number] as const;
    });
    entries.sort(([a], [b]) => a - b);
    this.keys = Float64Array.from(entries, ([key]) => key);
    this.names = Uint32Array.from(entries, ([, number]) => number);
    // Through a buffer: what is cut out of a longer text would keep all of that one in memory.
    this.text = Buffer.from([...numbers.keys()].join('')).toString();
    let at = 0;
    this.starts = Uint32Array.from(numbers.keys(), (name) => (at += name.length) - name.length);
  }

  get size(): number {
    return this.keys.length;
  }

  /** The name of the block of just these hexadecimal digits, in upper case. */
  find(block: string): string | undefined {
    const key = keyOf(block);
    let low = 0;
    let high = this.keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.keys[middle] ?? 0) < key) low = middle + 1;
      else high = middle;
    }
    if (this.keys[low] !== key) return undefined;
    const number = this.names[low] ?? 0;
    return this.text.slice(this.starts[number], this.starts[number + 1]);
  }
}

/** Blocks of different lengths are different numbers. */
const keyOf = (block: string): number => Number.parseInt(block, 16) * 16 + block.length;

function readBlocks(): Record<string, string> {
  const file = createRequire(import.meta.url).resolve('oui-data');
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
}
