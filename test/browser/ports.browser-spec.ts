import type { Page } from 'playwright-core';
import { storeFacts } from '../support/publish.js';
import { describeBrowser } from './chromium.js';
import { ConsoleRig } from './console-rig.js';

const servers = 400;
const portOf = (number: number): string => `leaf2:Ethernet${100 + number}`;

describeBrowser('the list of ports', () => {
  let rig: ConsoleRig;
  beforeAll(async () => {
    rig = await ConsoleRig.start({ isSold: false, isBare: true });
    await storeFacts(
      rig.engine.parts.store,
      Array.from({ length: servers }, (_, number) => ({
        type: 'ServerAdded' as const,
        data: {
          serverId: `s${String(number).padStart(3, '0')}`,
          customerId: 'c',
          port: portOf(number),
          vlan: 2 + number,
        },
      })),
    );
    await rig.untilLive();
  });
  afterAll(() => rig.stop());
  afterEach(() => rig.closePages());

  const open = async (width = 1280): Promise<Page> => {
    const page = await rig.open('ports', { width });
    await page.getByRole('link', { name: portOf(0) }).waitFor();
    return page;
  };
  const link = (page: Page, number: number) => page.getByRole('link', { name: portOf(number) });
  const drawn = (page: Page): Promise<number> => page.getByRole('row').count();
  const focused = (page: Page): Promise<string> => page.evaluate('document.activeElement.textContent');
  const pagesOf = (pdf: Buffer): number => pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;

  it.each([1280, 360])('draws only what is in sight at %i px, and tells how many there are', async (width) => {
    const page = await open(width);
    await page.locator(`table[aria-rowcount="${servers + 1}"]`).waitFor();
    expect(await drawn(page)).toBeLessThan(60);
    expect(await link(page, servers - 1).count()).toBe(0);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    await page.getByRole('region', { name: 'Ports sold' }).focus();
    await page.keyboard.press('End');
    await link(page, servers - 1).waitFor();
    expect(await page.getByRole('row').last().getAttribute('aria-rowindex')).toBe(String(servers + 1));
    expect(await drawn(page)).toBeLessThan(60);
    expect(await link(page, 0).count()).toBe(0);
  });

  it('is walked through from link to link by Tab alone, there and back', async () => {
    const page = await open();
    await page.getByRole('region', { name: 'Ports sold' }).focus();
    for (let number = 0; number < 120; number++) {
      await page.keyboard.press('Tab');
      expect(await focused(page)).toBe(portOf(number));
    }
    expect(await link(page, 0).count()).toBe(0);
    for (let number = 118; number >= 0; number--) {
      await page.keyboard.press('Shift+Tab');
      expect(await focused(page)).toBe(portOf(number));
    }
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: portOf(0) }).waitFor();
  });

  it('shows what fits from its top, also to who had scrolled down', async () => {
    const page = await open();
    await page.getByRole('region', { name: 'Ports sold' }).focus();
    await page.keyboard.press('End');
    await link(page, servers - 1).waitFor();
    await page.getByRole('searchbox').fill('ethernet10');
    await link(page, 9).waitFor();
    expect(await drawn(page)).toBe(11);
  });

  it('is whole on paper, and in sight again afterwards', async () => {
    const page = await open();
    const pdf = await page.pdf({ format: 'A4' });
    // An A4 page has room for fewer than 60 rows of 30 px.
    expect(pagesOf(pdf)).toBeGreaterThanOrEqual(servers / 60);
    await link(page, 0).waitFor();
    await page.locator('table').getByRole('row').nth(1).waitFor();
    expect(await drawn(page)).toBeLessThan(60);
  });
});
