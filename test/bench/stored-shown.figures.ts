import { setTimeout as wait } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { ConsoleRig } from '../browser/console-rig.js';
import { type BenchRow, rowOf } from './row.js';
import { percentile } from './statistics.js';

const wantedMs = 300;
/** The row that stands first where fifty were stored. */
const newest = 'v50';
const pauseMs = 100;
const patienceMs = 15_000;

/** From just before an event is handed to the store until the frame is drawn in which its row of an open page says so. */
export async function shownFigure(rig: ConsoleRig, rounds: number, say: (text: string) => void): Promise<BenchRow> {
  say(`a page shows ${rounds} changes`);
  const value = percentile(await storedUntilShown(rig, rounds), 0.99);
  const name = `stored -> shown p99 of ${rounds}`;
  return rowOf({ room: 'console', name, value, unit: 'ms', limit: wantedMs, goal: 1 });
}

async function storedUntilShown(rig: ConsoleRig, rounds: number): Promise<number[]> {
  const page = await rig.open('violations');
  await page.getByRole('row').nth(2).waitFor();
  const took: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    const drawn = drawnAt(page, `${round + 1} frames`);
    const begun = performance.timeOrigin + performance.now();
    await rig.repeat(newest, 1);
    took.push((await drawn) - begun);
    await wait(pauseMs);
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
