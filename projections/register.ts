/** When a fact became true and where it stands in the log; the later (`time`, `ordinal`) wins. */
export interface Stamp {
  readonly time: number;
  readonly ordinal: number;
}

/** The latest fact about one attribute. */
export interface Register<Value> extends Stamp {
  readonly value: Value;
}

/** True when `a` is later than `b` by (`time`, position). */
export function isLater(a: Stamp, b: Stamp): boolean {
  return a.time > b.time || (a.time === b.time && a.ordinal > b.ordinal);
}

/** The register after this fact: the very same object when the fact is overtaken. */
export function write<Value>(register: Register<Value> | undefined, value: Value, at: Stamp): Register<Value> {
  if (register !== undefined && !isLater(at, register)) return register;
  return { value, time: at.time, ordinal: at.ordinal };
}

/** Writes one register of a sorted list; the same list when the fact is overtaken. */
export function writeKeyed<Item extends Stamp>(
  list: readonly Item[],
  keyOf: (item: Item) => string,
  item: Item,
): readonly Item[] {
  const key = keyOf(item);
  const found = list.findIndex((one) => keyOf(one) >= key);
  const place = found < 0 ? list.length : found;
  const old = list[place];
  if (old === undefined || keyOf(old) !== key) return list.toSpliced(place, 0, item);
  return isLater(item, old) ? list.with(place, item) : list;
}
