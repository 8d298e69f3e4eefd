type Column = Int32Array | Uint32Array | Float64Array | Uint8Array;

/** A copy with room for at least `length` values, half as long again as before: growing by one is cheap on average. */
export function grown<Kind extends Column>(column: Kind, length: number): Kind {
  const copy = new (column.constructor as new (length: number) => Kind)(
    Math.max(length, column.length + (column.length >>> 1)),
  );
  copy.set(column);
  return copy;
}
