import { until } from '../sensor/judge/sensor-rig.js';
import { describeBrowser } from './chromium.js';
import { ConsoleRig } from './console-rig.js';

describeBrowser('what stands around every page', () => {
  let rig: ConsoleRig;
  beforeAll(async () => {
    rig = await ConsoleRig.start();
    await rig.store(2);
  });
  afterAll(() => rig.stop());
  afterEach(() => rig.closePages());

  it('goes to a page by g and its letter, and the letter does nothing else there', async () => {
    const page = await rig.open('violations');
    await page.getByRole('row').nth(1).waitFor();
    // On a line, p alone would open the port of it.
    for (const key of ['j', 'g', 'p']) await page.keyboard.press(key);
    await page.getByRole('heading', { name: 'Ports', exact: true }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/console/ports');
    await page.keyboard.press('g');
    await page.getByRole('link', { name: 'Violations' }).getByText('v', { exact: true }).waitFor();
    await page.keyboard.press('v');
    await page.getByRole('row').nth(1).waitFor();
    expect(await page.locator('nav a[aria-current=page]').innerText()).toBe('Violations');
    expect(rig.complaintsOf(page)).toEqual({ csp: [], errors: [] });
  });

  it('draws a page that it is sent to again, whether the browser has its script at once or not', async () => {
    const page = await rig.open('log?beginning=server-');
    for (let times = 0; times < 20; times++) {
      await page.getByRole('row').nth(1).waitFor();
      await page.goto(page.url());
    }
    await page.getByRole('row').nth(1).waitFor();
  });

  it('lets a field have the letters that are typed into it', async () => {
    const page = await rig.open('ports');
    await page.getByRole('searchbox').pressSequentially('gv?');
    expect(await page.getByRole('searchbox').inputValue()).toBe('gv?');
    expect(new URL(page.url()).pathname).toBe('/console/ports');
  });

  it('shows the keys on every page, and no key reaches the page behind', async () => {
    const page = await rig.open('ports/leaf1:Ethernet16');
    await page.getByRole('heading', { name: 'On leaf1' }).waitFor();
    await page.keyboard.press('?');
    const help = page.getByRole('dialog', { name: 'Keys' });
    await help.getByText('Violations').waitFor();
    for (const key of ['g', 'v']) await page.keyboard.press(key);
    await page.keyboard.press('Escape');
    await help.waitFor({ state: 'detached' });
    expect(new URL(page.url()).pathname).toBe('/console/ports/leaf1:Ethernet16');
  });

  it('shows every page in the bar of a telephone', async () => {
    const page = await rig.open('violations', { width: 360, height: 720 });
    await page.getByRole('row').nth(1).waitFor();
    const links = await page.getByRole('navigation', { name: 'Pages' }).getByRole('link').all();
    expect(links.length).toBeGreaterThanOrEqual(2);
    for (const link of links) {
      const box = await link.boundingBox();
      expect(box === null ? Number.NaN : box.x + box.width).toBeLessThanOrEqual(360);
    }
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
  });

  it('goes on to a page that was not opened before while the engine is stopped', async () => {
    const page = await rig.open('violations');
    await page.getByRole('row').nth(1).waitFor();
    // The page after it is read only once it is there.
    const readAhead = `performance.getEntriesByType('resource').some(({ name }) => name.includes('/port-page-'))`;
    await until('the page was read ahead', () => page.evaluate<boolean>(readAhead));
    await rig.stopEngine();
    await page.getByRole('link', { name: 'Ports' }).click();
    await page.getByRole('heading', { name: 'The map does not answer' }).waitFor();
  });
});
