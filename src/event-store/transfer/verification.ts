import { type LogCopy, StoreError } from '../event-store.port.js';
import { ExportDamaged } from './exported-log.js';

/** What was taken is not what the log it comes from says of itself. */
export function isVerificationFailure(error: unknown): error is Error {
  if (error instanceof ExportDamaged) return true;
  // What no store of ours accepts never came out of one either.
  if (error instanceof Error && error.name === 'NotJson') return true;
  return error instanceof StoreError && error.code === 'copy-differs';
}

/** A copy cannot be begun or continued there: something else stands in the way. */
export class PlaceTaken extends Error {
  constructor(where: string, why: string) {
    super(`${where} takes no copy. ${why}`);
    this.name = 'PlaceTaken';
  }
}

/** Opens a copy; rejects with PlaceTaken where a log stands already, or the copy of another one. */
export async function beginCopy(where: string, open: () => Promise<LogCopy>): Promise<LogCopy> {
  try {
    return await open();
  } catch (error) {
    const isTaken =
      error instanceof StoreError && ['store-unusable', 'copy-differs', 'store-locked'].includes(error.code);
    throw isTaken ? new PlaceTaken(where, error.message) : error;
  }
}
