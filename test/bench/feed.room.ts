import type { BenchRow } from './row.js';
import { streamFigures } from './violation-stream.figures.js';

const full = { clients: 1_000, perSecond: 100, seconds: 5 };
const small = { clients: 20, perSecond: 50, seconds: 1 };

/** What it costs to tell many people at once. */
export function feedRoom(smoke: boolean, say: (text: string) => void): Promise<BenchRow[]> {
  return streamFigures(smoke ? small : full, say);
}
