import { readFile } from 'node:fs/promises';
import type { Locator, Page } from 'playwright-core';
import { describeBrowser } from './chromium.js';
import { ConsoleRig } from './console-rig.js';

/** A port by what it is called aloud: its name, its state, and why. */
const socket = (page: Page, name: string, state: string): Locator =>
  page.getByRole('grid').getByRole('link', { name: new RegExp(`^${name}: ${state}\\b`) });

describeBrowser('the switches', () => {
  let rig: ConsoleRig;
  beforeAll(async () => {
    rig = await ConsoleRig.start();
  });
  afterAll(() => rig.stop());
  afterEach(() => rig.closePages());

  it('are listed with the states of their ports, and lead to the front of each', async () => {
    const page = await rig.open('switches');
    await page.getByRole('listitem').filter({ hasText: 'leaf1' }).getByText('3 matched').waitFor();
    await page.getByRole('link', { name: 'leaf1', exact: true }).click();
    await socket(page, 'Ethernet16', 'matched').waitFor();
    expect(new URL(page.url()).pathname).toBe('/console/switches/leaf1');
    expect(await page.getByRole('row').count()).toBeGreaterThan(1);
    expect(rig.complaintsOf(page)).toEqual({ csp: [], errors: [] });
  });

  it('show that a cable was pulled while they are looked at, and that it was put back', async () => {
    const page = await rig.open('switches/leaf1');
    await socket(page, 'Ethernet16', 'matched').waitFor();
    rig.leaf1.setCarrier('vlan16', false);
    await socket(page, 'Ethernet16', 'sold but down').waitFor();
    await page.getByRole('button', { name: 'sold but down 1' }).waitFor();
    rig.leaf1.setCarrier('vlan16', true);
    await socket(page, 'Ethernet16', 'matched').waitFor();
  });

  it('show a forged frame at its port, with the server behind it and the way to the violation', async () => {
    const page = await rig.open('switches/leaf1');
    await socket(page, 'Ethernet66', 'matched').waitFor();
    rig.forge('10');
    await socket(page, 'Ethernet66', 'violation').hover();
    const card = page.getByRole('region', { name: 'Port', exact: true });
    for (const text of ['srv-66', 'cust-66', '52:54:00:00:00:66', '198.51.100.66'])
      await card.getByText(text, { exact: true }).waitFor();
    await card.getByRole('link', { name: 'the violation' }).click();
    await page.getByText('What was done').first().waitFor();
  });

  it('are walked through by keys as on the metal, down to the page of a port', async () => {
    const page = await rig.open('switches/leaf1');
    await socket(page, 'Ethernet11', 'matched').focus();
    for (const [key, name] of [
      ['ArrowDown', 'Ethernet12'],
      ['ArrowRight', 'Ethernet14'],
      ['ArrowRight', 'Ethernet16'],
    ] as const) {
      await page.keyboard.press(key);
      await page.locator(`[data-name="${name}"]:focus`).waitFor();
    }
    expect(await page.getByRole('grid').locator('[tabindex="0"]').count()).toBe(1);
    await page.getByRole('region', { name: 'Port', exact: true }).getByText('srv-16', { exact: true }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'leaf1:Ethernet16' }).waitFor();
  });

  it('keep the ports of one state in sight, as the address says', async () => {
    const page = await rig.open('switches/leaf1');
    await page.getByRole('button', { name: /^free/ }).click();
    await page.getByRole('region', { name: 'free' }).waitFor();
    expect(new URL(page.url()).search).toBe('?state=free');
    const listed = page.getByRole('region', { name: 'free' }).getByRole('listitem');
    await listed.filter({ hasText: 'Ethernet12' }).waitFor();
    expect(await listed.filter({ hasText: 'Ethernet16' }).count()).toBe(0);
  });

  it('are saved as a PNG of the panel', async () => {
    const page = await rig.open('switches/leaf1');
    await socket(page, 'Ethernet16', 'matched').waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save as PNG' }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^leaf1-.*\.png$/);
    const bytes = await readFile(await download.path());
    expect(bytes.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
    // IHDR: width and height. 66 ports are 33 columns of 80 dots, and more.
    expect(bytes.readUInt32BE(16)).toBeGreaterThan(33 * 80);
    expect(bytes.readUInt32BE(20)).toBeGreaterThan(2 * 80);
    expect(rig.complaintsOf(page)).toEqual({ csp: [], errors: [] });
  });

  it('are told by symbols alone on paper', async () => {
    const page = await rig.open('switches/leaf1');
    const port = socket(page, 'Ethernet16', 'matched');
    await port.waitFor();
    await page.emulateMedia({ media: 'print' });
    expect(await port.innerText()).toMatch(/✓\s*16/);
    const colour = `getComputedStyle(document.querySelector('[data-name="Ethernet16"]')).color`;
    expect(await page.evaluate(colour)).toBe('rgb(0, 0, 0)');
    expect(await page.getByRole('navigation', { name: 'Pages' }).isVisible()).toBe(false);
  });

  it('fit a telephone', async () => {
    const page = await rig.open('switches/leaf1', { width: 360, height: 720 });
    await socket(page, 'Ethernet16', 'matched').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  });

  it('say that a switch is not known', async () => {
    const page = await rig.open('switches/nobody');
    await page.getByRole('alert').getByText('nobody').waitFor();
  });

  // Last: the engine ends.
  it('say how old they are once the engine does not answer, and keep what was read', async () => {
    const page = await rig.open('switches/leaf1');
    await socket(page, 'Ethernet16', 'matched').waitFor();
    await rig.stopEngine();
    await page.getByText(/Offline: .* old\./).waitFor();
    expect(await socket(page, 'Ethernet16', 'matched').count()).toBe(1);
    await rig.engine.startAgain();
  });
});
