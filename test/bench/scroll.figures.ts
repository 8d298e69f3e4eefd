import type { Page } from 'playwright-core';
import type { ConsoleRig } from '../browser/console-rig.js';
import { storeFacts } from '../support/publish.js';
import { type BenchRow, rowOf } from './row.js';
import { median } from './statistics.js';

/** At 60 frames a second two of them take 33.3 ms: a longer gap is a frame that nobody saw. */
const longestGapMs = 34;
const frameMs = 1_000 / 60;
const patienceMs = 180_000;

interface Scrolled {
  readonly frames: number;
  readonly dropped: number;
  readonly longestMs: number;
  /** Time that the page's one thread had of a processor, ms a frame; a busy machine does not make it more. */
  readonly workMs: number;
}

/**
 * Long lists scrolled from the top to the end, one screen a frame, so that each frame draws nothing but new rows: the share of
 * frames that came in time, beside an empty page that scrolls as far in the same browser, in turns.
 */
export async function scrollFigures(
  rig: ConsoleRig,
  { rows, scrolls }: { readonly rows: number; readonly scrolls: number },
  say: (text: string) => void,
): Promise<BenchRow[]> {
  say(`${rows} violations and ${rows} other events are stored`);
  await rig.store(rows);
  await storeFacts(rig.engine.parts.store, Array.from({ length: rows }, flap));
  const figures: BenchRow[] = [];
  for (const [what, path] of [
    ['violations', 'violations'],
    ['events of the log', 'log?beginning=port-'],
  ] as const) {
    const page = await rig.open(path);
    const pixels = await readAll(page, rows);
    const empty = await rig.browser.newPage({ viewport: { width: 1280, height: 800 } });
    await empty.setContent(emptyList(pixels));
    const took = { ours: [] as Scrolled[], empty: [] as Scrolled[] };
    for (let scroll = 0; scroll < scrolls; scroll++) {
      took.empty.push(await scrolled(empty));
      took.ours.push(await scrolled(page));
    }
    say(`${what}: ${toldOf(took.ours)}; empty: ${toldOf(took.empty)}`);
    figures.push(...figuresOf(`${rows.toLocaleString('en-US')} ${what} scrolled through`, took));
    await empty.context().close();
    await rig.closePages();
  }
  return figures;
}

function flap(_: unknown, at: number): Parameters<typeof storeFacts>[1][number] {
  return { type: at % 2 === 0 ? 'LinkDown' : 'LinkUp', data: { port: `leaf9:Ethernet${(at >> 1) % 48}` } };
}

/** Goes to the end until every row was read; gives the height of what is scrolled, px. */
async function readAll(page: Page, rows: number): Promise<number> {
  await page.getByRole('row').nth(2).waitFor();
  await page.evaluate(`new Promise((resolve, reject) => {
    const giveUp = setTimeout(() => reject(new Error('the page never had all ${rows} rows')), ${patienceMs});
    const grid = document.querySelector('[role=grid]');
    const look = () => {
      grid.scrollTop = grid.scrollHeight;
      if (Number(grid.getAttribute('aria-rowcount')) <= ${rows}) return setTimeout(look, 20);
      clearTimeout(giveUp);
      resolve();
    };
    look();
  })`);
  return page.evaluate(`document.querySelector('[role=grid]').scrollHeight`);
}

const emptyList = (pixels: number): string =>
  `<div role="grid" style="height: 640px; overflow: auto"><div style="height: ${pixels}px"></div></div>`;

async function scrolled(page: Page): Promise<Scrolled> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const workedMs = async (): Promise<number> => {
    const { metrics } = await session.send('Performance.getMetrics');
    return 1_000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN);
  };
  const before = await workedMs();
  const told = await scrolledThrough(page);
  const workMs = ((await workedMs()) - before) / told.frames;
  await session.detach();
  return { ...told, workMs };
}

function scrolledThrough(page: Page): Promise<Omit<Scrolled, 'workMs'>> {
  return page.evaluate(`new Promise((resolve) => {
    const grid = document.querySelector('[role=grid]');
    const step = grid.clientHeight - 40;
    grid.scrollTop = 0;
    const gaps = [];
    let before;
    const frame = (now) => {
      if (before !== undefined) gaps.push(now - before);
      before = now;
      if (grid.scrollTop + grid.clientHeight < grid.scrollHeight - 1) {
        grid.scrollTop += step;
        return requestAnimationFrame(frame);
      }
      const dropped = gaps.filter((gap) => gap > ${longestGapMs}).length;
      resolve({ frames: gaps.length, dropped, longestMs: Math.max(...gaps) });
    };
    // The jump back to the top is none of it.
    setTimeout(() => requestAnimationFrame(frame), 500);
  })`);
}

const inTime = (one: Scrolled): number => (100 * (one.frames - one.dropped)) / one.frames;

const toldOf = (all: readonly Scrolled[]): string =>
  all.map(({ frames, dropped, longestMs }) => `${dropped} of ${frames} late, ${longestMs.toFixed(0)} ms`).join(', ');

function figuresOf(what: string, { ours, empty }: Readonly<Record<'ours' | 'empty', Scrolled[]>>): BenchRow[] {
  const dropped = (all: readonly Scrolled[]): number => median(all.map((one) => one.dropped));
  const work = (all: readonly Scrolled[]): number => median(all.map((one) => one.workMs));
  return [
    rowOf({
      room: 'console',
      name: `${what}, frames in time, median of ${ours.length} (dropped ${dropped(ours)}, an empty page ${dropped(empty)})`,
      value: median(ours.map(inTime)),
      unit: '%',
      limit: median(empty.map(inTime)),
      goal: 1,
      better: 'more',
    }),
    rowOf({
      room: 'console',
      name: `${what}, work of the page a frame (peer: an empty page)`,
      value: work(ours),
      unit: 'ms',
      limit: frameMs,
      peer: work(empty),
      goal: 1,
    }),
  ];
}
