import type { RowReader } from './row-reader.js';
import type { RowWriter } from './row-writer.js';

/**
 * How the rows of a projection are kept as bytes. Equal rows give equal bytes, and `unpack` gives back what was packed.
 * The key is kept by the table.
 */
export interface Packing<Row> {
  pack(row: Row, into: RowWriter): void;
  unpack(key: string, from: RowReader): Row;
}
