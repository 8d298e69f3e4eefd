import { readFile } from 'node:fs/promises';
import type { Locator, Page } from 'playwright-core';
import { password } from '../auth/local-user.js';
import { describeBrowser } from './chromium.js';
import { ConsoleRig } from './console-rig.js';

const row = (page: Page, text: string | RegExp): Locator => page.getByRole('row', { name: text });

describeBrowser('the log page', () => {
  let rig: ConsoleRig;
  beforeAll(async () => {
    rig = await ConsoleRig.start();
  });
  afterAll(() => rig.stop());
  afterEach(() => rig.closePages());

  it('shows what billing says while it is looked at, on top, and only what fits the filter', async () => {
    const page = await rig.open('log?stream=server-srv-11');
    await row(page, /ServerAdded/).waitFor();
    await rig.publish('Ipv4AddOnBought', { serverId: 'srv-11', addOnId: 'late', address: '198.51.100.112' });
    await row(page, /Ipv4AddOnBought .*198\.51\.100\.112/).waitFor();
    expect(await page.getByRole('row').nth(1).innerText()).toContain('Ipv4AddOnBought');
    expect(await row(page, /server-srv-16/).count()).toBe(0);
    await page.getByRole('button', { name: 'Oldest first' }).click();
    await page.waitForURL(/order=oldest/);
    await page.getByRole('row').nth(1).filter({ hasText: 'ServerAdded' }).waitFor();
  });

  it('keeps the rows where they are while one is looked at, and says that there is more', async () => {
    const page = await rig.open('log?beginning=server-');
    await row(page, /ServerAdded .*srv-16/).click();
    await page.getByRole('heading', { name: /^Event #/ }).waitFor();
    const first = await page.getByRole('row').nth(1).innerText();
    await rig.publish('ServerTransferred', { serverId: 'srv-11', customerId: 'cust-12' });
    const news = page.getByRole('button', { name: /new events? n/ });
    await news.waitFor();
    expect(await page.getByRole('row').nth(1).innerText()).toBe(first);
    await news.click();
    await row(page, /ServerTransferred/).waitFor();
  });

  it('opens an event with what it led to on the switch, its proof and its JSON, by keyboard', async () => {
    const page = await rig.open('log?stream=server-srv-16&type=ServerAdded');
    await row(page, /ServerAdded/).waitFor();
    await page.keyboard.press('j');
    const event = page.getByRole('complementary', { name: /^Event #/ });
    await event.getByRole('heading', { name: 'Led to' }).waitFor();
    await event.getByText('leaf1:Ethernet16').first().waitFor();
    await event.getByText(/No checkpoint was signed yet/).waitFor();
    await event.getByRole('button', { name: 'Show JSON' }).click();
    await event.getByText('"serverId": "srv-16"').waitFor();
    const address = page.url();
    await page.keyboard.press('Escape');
    await event.waitFor({ state: 'detached' });
    await page.goto(address);
    await event.getByRole('heading', { name: 'Led to' }).waitFor();
  });

  it('leaves types out and takes types in, and exports exactly what it shows', async () => {
    const page = await rig.open('log?beginning=server-&oldest');
    await row(page, /ServerAdded/)
      .first()
      .waitFor();
    await page.getByText(/^Types:/).click();
    await page.getByRole('button', { name: 'not Ipv4AddOnBought' }).click();
    await page.waitForURL(/notType=Ipv4AddOnBought/);
    await row(page, /Ipv4AddOnBought/)
      .first()
      .waitFor({ state: 'detached' });
    await row(page, /ServerAdded/)
      .first()
      .waitFor();
    const shown = (await page.getByRole('row').allInnerTexts()).slice(1).map((text) => Number(/^\d+/.exec(text)?.[0]));
    await page.getByText(/^Types:/).click();
    const coming = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Export what fits' }).click();
    const lines = (await readFile(await (await coming).path(), 'utf8')).trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { ordinal: number }).ordinal)).toEqual(shown);
  });

  it('says what is wrong with a filter, and that nothing fits', async () => {
    const page = await rig.open('log?recorded=yesterday..');
    await page
      .getByRole('alert')
      .getByText(/recorded: "yesterday" is not an instant/)
      .waitFor();
    await page.goto(`${rig.engine.url}/console/log?type=Nothing`);
    await page.getByRole('heading', { name: 'No event fits' }).waitFor();
    await page.getByRole('link', { name: 'Show all events' }).click();
    await row(page, /ServerAdded/)
      .first()
      .waitFor();
  });

  it('shows a parked event with its reason, and an operator passes it over with a reason of theirs', async () => {
    const metadata = { source: 'urn:x', sourceId: 'p1', schemaVersion: 1, time: new Date().toISOString() };
    const events = [{ id: '11111111-1111-4111-8111-111111111111', type: 'ServerPainted', data: { red: 1 }, metadata }];
    await rig.engine.parts.store.append({ stream: 'server-painted', expected: 'any', events });
    const page = await rig.open('log/state', { roles: ['operator', 'auditor'] });
    const parked = page.getByRole('article', { name: 'Parked in server-painted' });
    await parked.getByText('type: ServerPainted is unknown').waitFor();
    await page.getByRole('row', { name: /^server- / }).waitFor();
    await page.getByText(/✓ as written/).waitFor();
    await parked.getByRole('button', { name: 'Read it again' }).click();
    await page.getByText(/Still unreadable/).waitFor();
    await parked.getByRole('button', { name: 'Skip it…' }).click();
    await page.getByLabel('Why it is passed over').fill('painted by a trial of billing');
    await page.keyboard.press('Control+Enter');
    await parked.waitFor({ state: 'detached' });
    const { events: stored } = await rig.engine.parts.store.readStream('server-painted');
    expect(stored.at(-1)).toMatchObject({ type: 'EventSkipped', data: { reason: 'painted by a trial of billing' } });
  });

  it('hides nothing and runs nothing of what a stranger wrote', async () => {
    const metadata = { source: 'urn:<b>', sourceId: 'h1', schemaVersion: 1, time: new Date().toISOString() };
    const data = { serverId: '\u202e<img src=x onerror=alert(1)>', note: '</pre><script>1</script>' };
    const events = [{ id: '22222222-2222-4222-8222-222222222222', type: 'Odd<i>', data, metadata }];
    await rig.engine.parts.store.append({ stream: 'odd-\u200bone', expected: 'any', events });
    const page = await rig.open('log?type=Odd%3Ci%3E', { width: 360 });
    await page.getByRole('row', { name: /Odd<i>/ }).click();
    await page.getByRole('button', { name: 'Show JSON' }).click();
    await page.getByRole('complementary').getByText('odd-\\u200bone', { exact: true }).waitFor();
    expect(rig.complaintsOf(page)).toEqual({ csp: [], errors: [] });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
  });

  it('keeps what it shows while no engine answers, and goes on when it is back', async () => {
    const page = await rig.open('log?beginning=server-');
    await page.getByText('Live', { exact: true }).waitFor();
    await rig.stopEngine();
    await page.getByText('Offline: what is shown may be old').waitFor();
    expect(await row(page, /ServerAdded/).count()).toBeGreaterThan(1);
    await rig.engine.startAgain();
    await page.getByLabel('User', { exact: true }).fill('anna');
    await page.getByLabel('Password').fill(password);
    await page.keyboard.press('Enter');
    await page.getByText('Live', { exact: true }).waitFor();
    await rig.publish('ServerSuspended', { serverId: 'srv-11', reason: 'invoice' });
    await row(page, /ServerSuspended/).waitFor();
  });
});

describeBrowser('the log page of an empty engine', () => {
  it('says that there is nothing, and shows the first event that comes', async () => {
    const rig = await ConsoleRig.start({ isSold: false });
    try {
      const page = await rig.open('log?beginning=server-');
      await page
        .getByRole('status')
        .getByRole('heading', { name: /No event fits|no such events/ })
        .waitFor();
      await rig.publish('ServerAdded', { serverId: 's1', customerId: 'c1', port: 'leaf1:Ethernet11', vlan: 11 });
      await row(page, /ServerAdded/).waitFor();
    } finally {
      await rig.stop();
    }
  });
});
