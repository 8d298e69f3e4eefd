import type { Locator, Page } from 'playwright-core';
import { until } from '../sensor/judge/sensor-rig.js';
import { describeBrowser } from './chromium.js';
import { ConsoleRig } from './console-rig.js';

const box = (page: Page): Locator => page.getByRole('combobox', { name: 'Find anything' });
const hit = (page: Page, text: RegExp): Locator => page.getByRole('option', { name: text });

describeBrowser('to find anything in the console', () => {
  let rig: ConsoleRig;
  beforeAll(async () => {
    rig = await ConsoleRig.start();
  });
  afterAll(() => rig.stop());
  afterEach(() => rig.closePages());

  it('goes straight to a MAC in the notation of a switch, by keys alone', async () => {
    const page = await rig.open('ports');
    await page.getByRole('heading', { name: 'Ports' }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('5254.0000.0016');
    await hit(page, /52:54:00:00:00:16.*srv-16/).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'MAC 52:54:00:00:00:16' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/console/find/mac/52%3A54%3A00%3A00%3A00%3A16');
  });

  it('chooses among what begins so with the arrows, and says so to who cannot see', async () => {
    const page = await rig.open('ports');
    await box(page).fill('leaf1:Ethernet1');
    const option = hit(page, /leaf1:Ethernet11/);
    await option.waitFor();
    await page.keyboard.press('ArrowDown');
    const active = await box(page).getAttribute('aria-activedescendant');
    expect(await page.locator(`#${active}`).getAttribute('aria-selected')).toBe('true');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: /leaf1:Ethernet1/ }).waitFor();
  });

  it('finds what billing sells while somebody looks, and shows who had it before', async () => {
    await rig.publish('Ipv4AddOnBought', { serverId: 'srv-11', addOnId: 'x', address: '198.51.100.77' });
    const page = await rig.open('ports');
    await box(page).fill('198.51.100.77');
    await hit(page, /198\.51\.100\.77.*srv-11/).waitFor();
    await rig.publish('Ipv4AddOnCancelled', { serverId: 'srv-11', addOnId: 'x' });
    await rig.publish('Ipv4AddOnBought', { serverId: 'srv-66', addOnId: 'y', address: '198.51.100.77' });
    await page.goto(`${rig.engine.url}/console/find/address/198.51.100.77`);
    const table = page.getByRole('region', { name: 'Who had it when' });
    await table.getByRole('row', { name: /srv-11.*Ipv4AddOnCancelled/ }).waitFor();
    await table.getByRole('row', { name: /now.*srv-66/ }).waitFor();
    await page.getByRole('img', { name: '2 stretches of 2 holders' }).waitFor();
    await table
      .getByRole('link', { name: /Ipv4AddOnCancelled/ })
      .first()
      .click();
    const event = page.getByRole('complementary', { name: /^Event #\d+$/ });
    await event.getByRole('link', { name: 'server-srv-11' }).waitFor();
  });

  it('says of each stretch who told it, when that was late, and from when to when a device held it', async () => {
    const yesterday = new Date(Date.now() - 86_400_000).toISOString();
    const sale = { serverId: 'srv-11', addOnId: 'z', address: '198.51.100.78' };
    await rig.publish('Ipv4AddOnBought', sale, yesterday);
    const holds = (): boolean => rig.leaf1.entries().some(({ address }) => address === sale.address);
    await until('the switch has it', holds);
    const page = await rig.open('find/address/198.51.100.78');
    const row = page.getByRole('region', { name: 'Who had it when' }).getByRole('row', { name: /srv-11/ });
    await row.getByText(/Ipv4AddOnBought.* by urn:billing:eu told late, \d/).waitFor();
    await rig.publish('Ipv4AddOnCancelled', { serverId: 'srv-11', addOnId: 'z' });
    await until('the switch has it no more', () => !holds());
    await until('the page tells it', async () => {
      await page.getByRole('button', { name: 'Read again' }).click();
      return /entry \d.* to \d/.test(await row.innerText());
    });
    await row.getByText(/Ipv4AddOnCancelled.* by urn:billing:eu$/).waitFor();
    await row.getByRole('link', { name: 'leaf1', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'leaf1' }).waitFor();
  });

  it('leads from a port to its server and customer, and from the server back to the port', async () => {
    const page = await rig.open('ports/leaf1:Ethernet16');
    const server = page.getByRole('article', { name: 'Server srv-16' });
    await server.getByRole('link', { name: 'srv-16', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Server srv-16' }).waitFor();
    await page.getByRole('link', { name: 'leaf1:Ethernet16' }).first().click();
    await page.getByRole('heading', { level: 1, name: 'leaf1:Ethernet16' }).waitFor();
    await server.getByRole('link', { name: /^cust/ }).click();
    await page.getByRole('heading', { level: 1, name: /^Customer / }).waitFor();
  });

  it('shows with a server the pair of its MAC, each address of which leads on', async () => {
    await rig.publish('Ipv6PrefixAssigned', { serverId: 'srv-16', prefix: '2001:db8:16::/48' });
    const { liveMap } = rig.engine.parts.projector;
    await until('the map has it', () => liveMap.map.holderOfAddress('2001:db8:16::')?.serverId === 'srv-16');
    const page = await rig.open('find/server/srv-16');
    const pair = page.locator('dl.facts > div').filter({ has: page.getByText('Pair', { exact: true }) });
    await pair.getByRole('link', { name: '2001:db8:16::c633:6410' }).waitFor();
    await pair.getByRole('link', { name: '198.51.100.16' }).click();
    await page.getByRole('heading', { level: 1, name: 'Address 198.51.100.16' }).waitFor();
    await page.getByRole('heading', { name: 'Who had it when' }).waitFor();
    expect(await pair.count()).toBe(0);
  });

  it('tells on the other axis what had been told by an event', async () => {
    const page = await rig.open('find/mac/52:54:00:00:00:16');
    await page
      .getByRole('region', { name: 'Who had it when' })
      .getByRole('row', { name: /srv-16/ })
      .waitFor();
    await page.getByLabel('As known at').fill('#0');
    await page.getByRole('button', { name: 'Show' }).click();
    await page.waitForURL(/knownAt=%230$/);
    await page.getByRole('heading', { name: 'Who had it when' }).waitFor();
  });

  it('says what a text was taken for that nobody has', async () => {
    const page = await rig.open('ports');
    await box(page).fill('52-54-00-00-99-99');
    await page.getByText(/looks like the MAC 52:54:00:00:99:99/).waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('No event of the log names it.').waitFor();
  });

  it('leaves the key / to the search of the feed', async () => {
    const page = await rig.open('violations');
    await page.getByRole('searchbox').waitFor();
    await page.keyboard.press('/');
    expect(await page.evaluate('document.activeElement.type')).toBe('search');
  });

  it('tells a reader who is no auditor what is missing, and shows the map', async () => {
    const page = await rig.open('find/address/198.51.100.16', { roles: ['viewer'], width: 360 });
    await page.getByRole('heading', { name: 'Its history is not for your roles' }).waitFor();
    await page.getByRole('link', { name: 'srv-16' }).first().waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
  });
});
