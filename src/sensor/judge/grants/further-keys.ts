import { ipv4Number, macNumber, prefixBits } from '../../../../events/index.js';
import type { ServerGrants } from '../../../../projections/index.js';
import { cut, prefixKind } from './prefix-index.js';
import { parted } from './server-rows.js';
import type { KeyKind } from './word-table.js';

/** What the keys beside a server's row are about; a prefix has the number of its length more. */
export const kind = { address: 1, otherMac: 2, formerMac: 3, formerAddress: 4, prefix: prefixKind } as const;

type VisitKey = (first: number, second: number, third: number, fourth: number, which: KeyKind) => void;

/** Visits what a record has beside the first address, the first prefix and the MAC of its row. */
export function eachFurther(record: ServerGrants, visit: VisitKey): void {
  const { more } = parted(record);
  for (const address of more.a ?? []) visit(ipv4Number(address), 0, 0, 0, kind.address);
  for (const prefix of more.p ?? []) {
    const { words, length } = prefixBits(prefix);
    visit(...cut(words, length), kind.prefix + length);
  }
  for (const mac of more.m ?? []) visit(...halves(mac), 0, 0, kind.otherMac);
  for (const mac of new Set((more.fm ?? []).map((one) => one.value))) visit(...halves(mac), 0, 0, kind.formerMac);
  for (const address of new Set((more.fa ?? []).map((one) => one.value)))
    visit(ipv4Number(address), 0, 0, 0, kind.formerAddress);
}

/** The high 16 and the low 32 bits of a MAC. */
export function halves(mac: string): [high: number, low: number] {
  const bits = macNumber(mac);
  return [Math.floor(bits / 0x100000000), bits >>> 0];
}
