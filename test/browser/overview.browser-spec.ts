import type { Page } from 'playwright-core';
import type { MacAddress, PortId, Vlan } from '../../events/index.js';
import { storeFact } from '../support/publish.js';
import { describeBrowser } from './chromium.js';
import { ConsoleRig } from './console-rig.js';

/** A number of the overview, once it is this. */
const untilNumber = (page: Page, name: string, value: number): Promise<void> =>
  page
    .getByRole('region', { name: 'Servers' })
    .locator('.number')
    .filter({ has: page.getByRole('heading', { name }) })
    .getByText(String(value), { exact: true })
    .first()
    .waitFor();
const gap = (page: Page, words: string | RegExp) => page.getByRole('link', { name: words });
const needs = (page: Page) => page.getByRole('region', { name: 'Needs a human now' });

describeBrowser('the overview', () => {
  let rig: ConsoleRig;
  beforeAll(async () => {
    rig = await ConsoleRig.start();
  });
  afterAll(() => rig.stop());
  afterEach(() => rig.closePages());

  it('is where the bare address leads, and follows what billing sells and the network shows', async () => {
    const page = await rig.open('', { roles: ['viewer'] });
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await page.getByRole('heading', { name: 'Billed' }).waitFor();
    const before = rig.sold();
    await untilNumber(page, 'Billed', before);
    await rig.publish('ServerAdded', {
      serverId: 'srv-77',
      customerId: 'cust-77',
      port: 'leaf9:Ethernet77',
      vlan: 77,
      mac: '52:54:00:00:00:77',
    });
    await untilNumber(page, 'Billed', before + 1);
    const seen = { port: 'leaf9:Ethernet77' as PortId, vlan: 78 as Vlan, mac: '52:54:00:00:00:99' as MacAddress };
    await storeFact(rig.engine.parts.store, 'MacSeen', { ...seen }, new Date().toISOString());
    await gap(page, '1 seen, not billed').click();
    await page.getByRole('row', { name: /52:54:00:00:00:99.*nobody was sold this MAC/ }).waitFor();
    await page.getByRole('link', { name: 'Back to the overview' }).click();
    await gap(page, /billed, not pushed/).click();
    await page.getByRole('row', { name: /srv-77.*no device of leaf9 is configured/ }).waitFor();
    expect(rig.complaintsOf(page)).toEqual({ csp: [], errors: [] });
  });

  it('says what needs a human, leads to where it is worked, and says so no more when it was', async () => {
    await rig.store(1, () => ({ severity: 'critical', claimedAddress: '203.0.113.1' }));
    const page = await rig.open('overview');
    const sign = needs(page).getByRole('link', { name: '1 critical violation that nobody acknowledged' });
    await sign.click();
    await page.getByRole('row', { name: /203\.0\.113\.1/ }).waitFor();
    expect(new URL(page.url()).search).toBe('?state=new&severity=critical');
    expect(await rig.act('acknowledge', 'v1', {})).toBe(200);
    await page.goBack();
    await page.getByRole('heading', { name: 'Billed' }).waitFor();
    await sign.waitFor({ state: 'detached' });
  });

  it('tells of a device that is frozen, and of one that goes on', async () => {
    const page = await rig.open('overview', { roles: ['operator'] });
    await page.getByRole('cell', { name: 'leaf1' }).waitFor();
    const told = needs(page).getByText('leaf1 is frozen: a bad change is under way');
    const leaf1 = rig.engine.parts.devices.get('leaf1');
    await leaf1?.freeze('a bad change is under way', 'user:otto');
    await told.waitFor();
    await leaf1?.resume('user:otto', undefined);
    await told.waitFor({ state: 'detached' });
  });

  it('leads from each device to its page', async () => {
    const page = await rig.open('overview', { roles: ['operator'] });
    await page.getByRole('cell', { name: 'leaf1' }).getByRole('link', { name: 'leaf1' }).click();
    await page.getByRole('heading', { name: 'leaf1', level: 1 }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/console/devices/leaf1');
  });

  it('leads from a sensor that hears nothing to the front of its switch', async () => {
    const page = await rig.open('overview');
    const missing = { reason: 'tcpdump cannot run', cure: 'apt-get install tcpdump' };
    rig.captures.say('leaf1-e66', { state: 'failed', retryInMs: 60_000, ...missing });
    await needs(page)
      .getByRole('link', { name: /Sensor leaf1-e66 hears nothing: tcpdump cannot run/ })
      .click();
    await page.getByRole('heading', { name: 'Switches / leaf1' }).waitFor();
    rig.captures.say('leaf1-e66', { state: 'running' });
  });

  it('cuts nothing off on a telephone', async () => {
    const page = await rig.open('overview', { width: 360, height: 720 });
    await page.getByRole('heading', { name: 'Pushed' }).waitFor();
    for (const region of ['Servers', 'Needs a human now', 'Engine']) {
      const box = await page.getByRole('region', { name: region }).boundingBox();
      expect(box === null ? Number.NaN : box.x + box.width).toBeLessThanOrEqual(360);
    }
  });

  it('keeps what it read, and says so, while the engine does not answer', async () => {
    const page = await rig.open('overview');
    await page.getByRole('heading', { name: 'Billed' }).waitFor();
    await page.route('**/v1/overview', (route) => route.abort());
    await page.getByText(/Offline: The engine does not answer/).waitFor();
    expect(await page.getByRole('heading', { name: 'Billed' }).isVisible()).toBe(true);
  });
});

describeBrowser('the overview of an engine that knows nothing', () => {
  it('shows nothing sold, and lists that are empty and say so', async () => {
    const rig = await ConsoleRig.start({ isSold: false });
    try {
      const page = await rig.open('overview');
      await untilNumber(page, 'Billed', 0);
      await gap(page, '0 billed, not seen').click();
      await page.getByText('Every server that is billed was seen on its own port and VLAN.').waitFor();
    } finally {
      await rig.stop();
    }
  });
});
