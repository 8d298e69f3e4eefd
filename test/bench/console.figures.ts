import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { ConsoleRig } from '../browser/console-rig.js';
import { type BenchRow, rowOf } from './row.js';
import { median, percentile } from './statistics.js';

const room = 'feed';
const assets = 'dist/console/assets';
const wanted = { shownMs: 300, firstPaintMs: 1_000, scriptKiB: 80 };
const stored = 50;
/** The row that stands first. */
const newest = `v${stored}`;
const pauseMs = 100;
const patienceMs = 15_000;

/** How soon an open page shows what was stored, how soon a page shows anything, and what of it travels. */
export async function consoleFigures(rounds: number, pages: number, say: (text: string) => void): Promise<BenchRow[]> {
  const rig = await ConsoleRig.start();
  try {
    await rig.store(stored);
    say(`a page shows ${rounds} changes`);
    const shown = await storedUntilShown(rig, rounds);
    say(`${pages} readers open the page`);
    const painted = await firstPaints(rig, pages);
    const name = 'console';
    return [
      rowOf({
        room,
        name: `${name}, stored -> shown p99 of ${rounds}`,
        value: percentile(shown, 0.99),
        unit: 'ms',
        limit: wanted.shownMs,
        goal: 1,
      }),
      rowOf({
        room,
        name: `${name}, first contentful paint, median of ${pages}`,
        value: median(painted),
        unit: 'ms',
        limit: wanted.firstPaintMs,
        goal: 1,
      }),
      rowOf({
        room,
        name: `${name}, scripts of all pages, gzip`,
        value: scriptKiB(),
        unit: 'KiB',
        limit: wanted.scriptKiB,
        goal: 1,
      }),
    ];
  } finally {
    await rig.stop();
  }
}

/** From just before an event is handed to the store until the frame is drawn in which its row says so. */
async function storedUntilShown(rig: ConsoleRig, rounds: number): Promise<number[]> {
  const page = await rig.open('violations');
  await page.getByRole('row').nth(2).waitFor();
  const took: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    const frames = round + 1;
    const drawn = drawnAt(page, `${frames} frames`);
    const begun = performance.timeOrigin + performance.now();
    await rig.repeat(newest, 1);
    took.push((await drawn) - begun);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  return took;
}

/** When the page has a cell of this name, looked at before each frame; ms since 1970 by the clock of the browser, which is the one of this machine. */
function drawnAt(page: Page, text: string): Promise<number> {
  return page.evaluate(
    `new Promise((resolve, reject) => {
      const give = performance.now() + ${patienceMs};
      const look = () => {
        if (document.querySelector('[aria-label=' + ${JSON.stringify(JSON.stringify(text))} + ']') !== null)
          return resolve(performance.timeOrigin + performance.now());
        if (performance.now() > give) return reject(new Error(${JSON.stringify(`the page never showed: ${text}`)}));
        requestAnimationFrame(look);
      };
      look();
    })`,
  );
}

async function firstPaints(rig: ConsoleRig, pages: number): Promise<number[]> {
  const took: number[] = [];
  for (let reader = 0; reader < pages; reader++) {
    const page = await rig.open('violations');
    await page.getByRole('row').nth(2).waitFor();
    took.push(await page.evaluate(`performance.getEntriesByName('first-contentful-paint')[0].startTime`));
    await rig.closePages();
  }
  return took;
}

function scriptKiB(): number {
  const packed = readdirSync(assets).filter((name) => name.endsWith('.js.gz'));
  return packed.reduce((sum, name) => sum + statSync(join(assets, name)).size, 0) / 1024;
}
