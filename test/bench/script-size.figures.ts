import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type BenchRow, rowOf } from './row.js';

const assets = 'dist/console/assets';
const mostKiB = 80;

/** What travels to a browser that looks at every page: all scripts, as they are sent. */
export function scriptFigure(): BenchRow {
  const packed = readdirSync(assets).filter((name) => name.endsWith('.js.gz'));
  if (packed.length === 0) throw new Error(`${assets} holds no scripts: build the console first`);
  const bytes = packed.reduce((sum, name) => sum + statSync(join(assets, name)).size, 0);
  const name = 'scripts of all pages, gzip';
  return rowOf({ room: 'console', name, value: bytes / 1024, unit: 'KiB', limit: mostKiB, goal: 1 });
}
