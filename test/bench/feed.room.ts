import { listFigures } from './violation-list.figures.js';
import type { BenchRow } from './row.js';
import { streamFigures } from './violation-stream.figures.js';

const full = { clients: 1_000, perSecond: 100, seconds: 5, rounds: 3 };
const small = { clients: 20, perSecond: 50, seconds: 1, rounds: 1 };

/** How soon a page of the list is there, what it costs to tell many people at once, and when a reader sees it. */
export async function feedRoom(smoke: boolean, say: (text: string) => void): Promise<BenchRow[]> {
  const list = await listFigures(smoke ? 2_000 : 1_000_000, smoke ? 20 : 300, say);
  const stream = await streamFigures(smoke ? small : full, say);
  return [...list, ...stream];
}
