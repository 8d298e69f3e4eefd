import { readShown, ShownTextError } from './read-shown.js';
import { TableReadError, type TableReader } from './table-reader.js';

/** A table that somebody else writes into a file, read anew each time. */
export function fileTableReader(file: string, format: string): TableReader {
  return {
    async read() {
      try {
        return [{ from: file, format, text: await readShown(file) }];
      } catch (error) {
        if (!(error instanceof ShownTextError)) throw error;
        throw new TableReadError(error.message, "correct the sensor's file", { cause: error });
      }
    },
    close: () => Promise.resolve(),
  };
}
