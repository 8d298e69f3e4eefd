import { appendFigures } from './append.figures.js';
import { bulkFigures } from './bulk.figures.js';
import { restartFigures } from './restart.figures.js';
import type { BenchRow } from './row.js';

/** The log: durable appends, a bulk import over HTTP, and what a restart takes. */
export async function storeRoom(smoke: boolean, say: (text: string) => void): Promise<BenchRow[]> {
  return [
    ...(await appendFigures(smoke, say)),
    ...(await bulkFigures(smoke, say)),
    ...(await restartFigures(smoke, say)),
  ];
}
