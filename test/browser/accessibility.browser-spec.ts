import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { describeBrowser } from './chromium.js';
import { ConsoleRig } from './console-rig.js';

interface Found {
  readonly violations: readonly {
    readonly id: string;
    readonly impact?: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
  }[];
}

/** What axe finds serious or critical, each with where it is. */
async function serious(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found: Found = await page.evaluate('axe.run(document)');
  return found.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary}`),
    );
}

describeBrowser('the console for everybody', () => {
  let rig: ConsoleRig;
  beforeAll(async () => {
    rig = await ConsoleRig.start();
    await rig.store(12, (number) => ({
      severity: ['low', 'medium', 'high', 'critical'][number % 4],
      rule: ['address-spoof', 'mac-moved'][number % 2],
    }));
  });
  afterAll(() => rig.stop());
  afterEach(() => rig.closePages());

  const looks = (['light', 'dark'] as const).flatMap((theme) => [1280, 360].map((width) => [theme, width] as const));

  it.each(looks)('has nothing that axe finds serious, %s at %i px', async (theme, width) => {
    const page = await rig.open('violations', { theme, width });
    await page
      .getByRole('row', { name: /critical/ })
      .first()
      .waitFor();
    expect(await serious(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    if (theme === 'light' && width === 1280) {
      for (const key of ['j', 'x', 'm']) await page.keyboard.press(key);
      await page.getByText(/Hides 1 violation/).waitFor();
      await page.getByRole('dialog').waitFor();
      expect(await serious(page)).toEqual([]);
      await page.keyboard.press('Escape');
    }
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Evidence' }).waitFor();
    expect(await serious(page)).toEqual([]);
    await page.goto(`${rig.engine.url}/console/violations?group=rule`);
    await page.locator('[aria-expanded]').first().waitFor();
    expect(await serious(page)).toEqual([]);
    await page.goto(`${rig.engine.url}/console/ports/leaf1:Ethernet16`);
    await page.getByRole('heading', { name: 'On leaf1' }).waitFor();
    expect(await serious(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
  });

  it('has a sign-in that axe finds nothing serious about', async () => {
    const page = await rig.open('violations', { roles: [] });
    await page.getByRole('heading', { name: 'portledger' }).waitFor();
    expect(await serious(page)).toEqual([]);
  });

  it('is found out when something is serious', async () => {
    const page = await rig.open('violations');
    await page.getByRole('row').nth(1).waitFor();
    await page.evaluate(`document.querySelector('h1').append(document.createElement('button'))`);
    expect((await serious(page)).join()).toContain('button-name');
  });
});
