import { whyNoBrowser } from '../browser/chromium.js';
import { ConsoleRig } from '../browser/console-rig.js';
import { paintFigures } from './first-paint.figures.js';
import { gridFigures } from './port-grid.figures.js';
import type { BenchRow } from './row.js';
import { scriptFigure } from './script-size.figures.js';
import { scrollFigures } from './scroll.figures.js';
import { searchFigure } from './search.figures.js';
import { shownFigure } from './stored-shown.figures.js';

const full = { readers: 9, shown: 100, changes: 30, rows: 10_000, scrolls: 5, servers: 1_000_000, asked: 100 };
const small: typeof full = { readers: 1, shown: 3, changes: 1, rows: 600, scrolls: 1, servers: 1_000, asked: 2 };
type Size = typeof full;
type Say = (text: string) => void;

/**
 * What somebody who looks at the console waits for, in Chromium where there is one, and how long the engine behind it searches.
 * @param wanted how many servers are searched (`--servers`)
 */
export async function consoleRoom(smoke: boolean, say: Say, wanted: { servers?: number }): Promise<BenchRow[]> {
  const size = smoke ? small : { ...full, ...wanted };
  const noBrowser = whyNoBrowser();
  if (noBrowser !== undefined) say(`the pages are not measured: ${noBrowser}`);
  const pages = noBrowser === undefined ? await pageFigures(size, say) : [];
  return [...pages, scriptFigure(), await searchFigure(size, say)];
}

async function pageFigures({ readers, shown, changes, rows, scrolls }: Size, say: Say): Promise<BenchRow[]> {
  const rig = await ConsoleRig.start();
  try {
    await rig.store(50);
    return [
      ...(await paintFigures(rig, readers, say)),
      await shownFigure(rig, shown, say),
      ...(await gridFigures(rig, changes, say)),
      ...(await scrollFigures(rig, { rows, scrolls }, say)),
    ];
  } finally {
    await rig.stop();
  }
}
