import type { Page, Route } from 'playwright-core';
import { describeBrowser } from './chromium.js';
import { ConsoleRig } from './console-rig.js';

/** Requests that wait until they are let go. */
class Held {
  private readonly routes: Route[] = [];
  private told: () => void = () => undefined;
  private isOpen = false;

  static async on(page: Page, what: RegExp): Promise<Held> {
    const held = new Held();
    await page.route(what, async (route) => {
      if (held.isOpen) return route.fallback();
      held.routes.push(route);
      held.told();
    });
    return held;
  }

  /** Resolves when so many wait. */
  async until(count: number): Promise<void> {
    while (this.routes.length < count) await new Promise<void>((resolve) => void (this.told = resolve));
  }

  /** Lets go of what waits and of what comes later; gives how many waited. */
  async letGo(): Promise<number> {
    this.isOpen = true;
    for (const route of this.routes) await route.fallback();
    return this.routes.length;
  }
}

describeBrowser('the feed page over a slow way', () => {
  let rig: ConsoleRig;
  let count = 0;
  beforeAll(async () => {
    rig = await ConsoleRig.start();
  });
  afterAll(() => rig.stop());
  afterEach(() => rig.closePages());

  /** The feed with one new violation that the cursor is on. */
  async function openOnNew(): Promise<{ readonly page: Page; readonly id: string }> {
    const address = `203.0.113.${++count}`;
    await rig.store(1, () => ({ claimedAddress: address }));
    const page = await rig.open(`violations?q=${address}`, { roles: ['security-analyst'] });
    await page.getByRole('row', { name: address }).waitFor();
    await page.keyboard.press('j');
    return { page, id: `v${count}` };
  }
  const cursorRow = (page: Page, text: string): Promise<void> =>
    page.locator('[role=row].cursor').filter({ hasText: text }).waitFor();

  it('does what quick keys say in their order, and the same only once', async () => {
    const { page, id } = await openOnNew();
    const held = await Held.on(page, /\/(acknowledge|resolve)$/);
    for (const key of ['a', 'a', 'r']) await page.keyboard.press(key);
    await held.until(1);
    expect(await held.letGo()).toBe(1);
    await cursorRow(page, 'resolved');
    await page.keyboard.press('Enter');
    const history = page.getByRole('complementary').getByRole('listitem').filter({ hasText: 'security-analyst' });
    await history.filter({ hasText: 'resolved' }).waitFor();
    expect(await history.filter({ hasText: 'acknowledged' }).count()).toBe(1);
    expect(rig.engine.parts.projector.liveMap.map.violations.get(id)?.state).toBe('resolved');
  });

  it('gives a dialog what is typed right after the key that opens it, and sends it once', async () => {
    const { page } = await openOnNew();
    const held = await Held.on(page, /\/comment$/);
    await page.keyboard.press('c');
    await page.keyboard.type('asked the customer');
    for (let times = 0; times < 3; times++) await page.keyboard.press('Control+Enter');
    await page.getByRole('button', { name: 'Sending…' }).waitFor();
    await held.until(1);
    expect(await held.letGo()).toBe(1);
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('Enter');
    await page.getByRole('complementary').getByText('asked the customer').waitFor();
    expect(await page.getByRole('complementary').getByText('asked the customer').count()).toBe(1);
  });

  it('tells of a refusal although its dialog was closed, and leaves the next dialog open', async () => {
    const { page, id } = await openOnNew();
    const held = await Held.on(page, /\/comment$/);
    await page.keyboard.press('c');
    await page.keyboard.type('asked the customer');
    await page.keyboard.press('Control+Enter');
    await held.until(1);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('m');
    await page.keyboard.type('printers');
    expect(await rig.act('acknowledge', id, {})).toBe(200);
    await held.letGo();
    await page.getByText(/^Not done: .*token:every/).waitFor();
    expect(await page.getByRole('dialog', { name: 'Mute' }).getByLabel('Reason').inputValue()).toBe('printers');
  });

  it('keeps a selection that was begun while an earlier one was acted on', async () => {
    await rig.store(4, () => ({ rule: 'mac-moved' }));
    count += 4;
    const page = await rig.open('violations?rule=mac-moved', { roles: ['security-analyst'] });
    await page.locator('[role=grid][aria-rowcount="5"]').waitFor();
    const held = await Held.on(page, /\/bulk$/);
    for (const key of ['j', 'Shift+J', 'Shift+J', 'a']) await page.keyboard.press(key);
    await held.until(1);
    await page.keyboard.press('x');
    await page.getByText('3 violations selected').waitFor();
    await held.letGo();
    await page.getByText('2 violations acknowledged.').waitFor();
    await page.getByText('1 violation selected').waitFor();
  });

  it('shows the detail and what is searched for while an attack goes on', async () => {
    const { page, id } = await openOnNew();
    await page.route(/\/v1\/violations\//, async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 400));
      await route.fallback().catch(() => undefined);
    });
    let isOver = false;
    const attack = (async () => {
      while (!isOver) {
        await rig.repeat(id, 1);
        await new Promise((resolve) => setTimeout(resolve, 30));
      }
    })();
    try {
      await page.keyboard.press('Enter');
      await page.getByText('No frames are kept of it.').waitFor();
      await page.keyboard.press('/');
      await page.keyboard.press('Control+a');
      await page.keyboard.type('srv-66');
      await page.waitForURL(/q=srv-66/);
    } finally {
      isOver = true;
      await attack;
    }
  });
});
