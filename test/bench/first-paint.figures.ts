import type { Page } from 'playwright-core';
import type { ConsoleRig } from '../browser/console-rig.js';
import { type BenchRow, rowOf } from './row.js';
import { median } from './statistics.js';

const wantedMs = 1_000;
/** Later than a page without a script, of the same server in the same browser. */
const wantedLaterMs = 100;
const patienceMs = 60_000;
/** The browser shows its few characters of text as a page: nothing that paints is served with less. */
const barePath = '/livez';

/** How soon a reader who was never here sees anything, beside the barest page; each opened anew, in turns. */
export async function paintFigures(rig: ConsoleRig, readers: number, say: (text: string) => void): Promise<BenchRow[]> {
  say(`${readers} readers open the console, a list, and a bare page`);
  const took = { bare: [] as number[], first: [] as number[], list: [] as number[] };
  // One before, which finds nothing warm.
  for (let reader = -1; reader < readers; reader++) {
    const bare = await paintedAt(rig, () => barePage(rig));
    const first = await paintedAt(rig, () => rig.open(''));
    const list = await paintedAt(rig, () => rig.open('violations'));
    if (reader < 0) continue;
    took.bare.push(bare);
    took.first.push(first);
    took.list.push(list);
  }
  const bare = median(took.bare);
  return [['first page', median(took.first)] as const, ['list of violations', median(took.list)] as const].flatMap(
    ([what, ms]) => {
      const name = `first contentful paint, ${what}, median of ${readers}`;
      const common = { room: 'console', unit: 'ms', goal: 1 };
      return [
        rowOf({ ...common, name: `${name} (peer: a bare page)`, value: ms, limit: wantedMs, peer: bare }),
        rowOf({ ...common, name: `${name}, later than a bare page`, value: ms - bare, limit: wantedLaterMs }),
      ];
    },
  );
}

async function barePage(rig: ConsoleRig): Promise<Page> {
  const context = await rig.browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await page.goto(rig.engine.url + barePath);
  return page;
}

/** ms from the start of the navigation. */
async function paintedAt(rig: ConsoleRig, open: () => Promise<Page>): Promise<number> {
  const page = await open();
  const at: number = await page.evaluate(`new Promise((resolve, reject) => {
    const giveUp = setTimeout(() => reject(new Error('the page painted nothing')), ${patienceMs});
    const look = () => {
      const [painted] = performance.getEntriesByName('first-contentful-paint');
      if (painted === undefined) return setTimeout(look, 20);
      clearTimeout(giveUp);
      resolve(painted.startTime);
    };
    look();
  })`);
  await rig.closePages();
  return at;
}
