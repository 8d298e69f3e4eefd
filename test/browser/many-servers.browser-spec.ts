import { setTimeout } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { generateLog, namesOf } from '../bench/generated-log.js';
import { describeBrowser } from './chromium.js';
import { ConsoleRig } from './console-rig.js';

/** A million with `PORTLEDGER_LONG=1`: to make such a log alone takes ten minutes. */
const servers = process.env.PORTLEDGER_LONG === '1' ? 1_000_000 : 50_000;
const eventsOfServer = 4;
const portsOfSwitch = 40;
const count = servers.toLocaleString('en');
const last = namesOf(servers - 1);
const lastSwitch = last.port.slice(0, last.port.indexOf(':'));
/** A page that draws all of it would have as many elements as there are servers. */
const mostElements = 3_000;
/** How long they may be counted for the first time, ms; the page says how far it is. */
const countedWithinMs = 600_000;

describeBrowser(`the console over ${count} servers`, () => {
  let rig: ConsoleRig;
  beforeAll(async () => {
    rig = await ConsoleRig.start({ isSold: false, isBare: true });
    const events = servers * eventsOfServer + Math.ceil(servers / portsOfSwitch);
    await generateLog(rig.engine.parts.store, { events, servers });
    const { projector, history } = rig.engine.parts;
    while (projector.liveMap.ordinal < events - 1) await setTimeout(50);
    // Without its index a question about one address reads the whole log.
    while ((history.current().history?.reaches ?? -1) < events - 1) await setTimeout(500);
  }, 5_400_000);
  afterAll(() => rig.stop());
  afterEach(() => rig.closePages());

  const open = (path: string) => rig.open(path, { roles: ['viewer', 'auditor', 'security-analyst'] });
  async function staysSmall(page: Page): Promise<void> {
    expect(await page.evaluate<number>('document.querySelectorAll("*").length')).toBeLessThan(mostElements);
    expect(rig.complaintsOf(page)).toEqual({ csp: [], errors: [] });
  }

  it('counts them all on the overview, and lists the first of those that nobody saw', async () => {
    const page = await open('overview');
    const numbers = page.getByRole('region', { name: 'Servers' });
    await numbers.getByText(count, { exact: true }).first().waitFor({ timeout: countedWithinMs });
    await staysSmall(page);
    await page.getByRole('link', { name: `${count} billed, not seen` }).click();
    await page.getByRole('link', { name: /^The next \d+$/ }).waitFor();
    await staysSmall(page);
  });

  it('finds the last of them by its address, its MAC and its port', async () => {
    const page = await open('find');
    for (const name of [last.address, last.mac, last.port]) {
      await page.getByRole('combobox', { name: 'Find anything' }).fill(name);
      await page
        .getByRole('option', { name: new RegExp(`srv-${servers - 1}\\b`) })
        .first()
        .waitFor();
      await staysSmall(page);
    }
    await page.goto(`${rig.engine.url}/console/find/address/${encodeURIComponent(last.address)}`);
    const table = page.getByRole('region', { name: 'Who had it when' });
    await table.getByRole('row', { name: new RegExp(`now srv-${servers - 1}\\b`) }).waitFor();
    await staysSmall(page);
  });

  it('lists some of the switches, finds the last one, and shows its front', async () => {
    const page = await open('switches');
    await page.getByRole('link', { name: 'More switches' }).waitFor();
    await staysSmall(page);
    await page.goto(`${rig.engine.url}/console/switches?q=${encodeURIComponent(lastSwitch)}`);
    await page.getByRole('link', { name: lastSwitch, exact: true }).click();
    const name = last.port.slice(lastSwitch.length + 1);
    await page.getByRole('grid').locator(`[data-name="${name}"]`).waitFor();
    await staysSmall(page);
  });

  it('lists the first ports, of which it draws those in sight', async () => {
    const page = await open('ports');
    await page.getByText('The first 500 servers are listed').waitFor();
    await page.locator('table[aria-rowcount="501"]').waitFor();
    expect(await page.getByRole('row').count()).toBeLessThan(60);
    await staysSmall(page);
  });

  it('shows a page of the map as it was', async () => {
    const page = await open('time?tab=map');
    await page.getByRole('button', { name: 'Next page' }).waitFor();
    expect(await page.getByRole('row').count()).toBeLessThanOrEqual(101);
    await staysSmall(page);
  });

  it('follows a log of that length at its end', async () => {
    const page = await open('log?beginning=server-');
    await page
      .getByRole('row', { name: new RegExp(`server-srv-${servers - 1}\\b`) })
      .first()
      .waitFor();
    await staysSmall(page);
    await rig.publish('ServerTransferred', { serverId: 'srv-0', customerId: 'cust-x' });
    await page.getByRole('row', { name: /ServerTransferred .*cust-x/ }).waitFor();
    await staysSmall(page);
  });
});
