import type { BenchRow } from './row.js';
import { listFigures } from './violation-list.figures.js';
import { streamFigures } from './violation-stream.figures.js';

const full = { clients: 1_000, perSecond: 100, seconds: 5 };
const small = { clients: 20, perSecond: 50, seconds: 1 };

/** How soon a page of the list is there, and what it costs to tell many people at once. */
export async function feedRoom(smoke: boolean, say: (text: string) => void): Promise<BenchRow[]> {
  const list = await listFigures(smoke ? 2_000 : 1_000_000, smoke ? 20 : 300, say);
  return [...list, ...(await streamFigures(smoke ? small : full, say))];
}
