import type { Locator, Page } from 'playwright-core';
import { describeBrowser } from './chromium.js';
import { ConsoleRig } from './console-rig.js';

const entry = (page: Page, line: RegExp): Locator => page.getByRole('row', { name: line });

describeBrowser('the port page', () => {
  let rig: ConsoleRig;
  beforeAll(async () => {
    rig = await ConsoleRig.start();
  });
  afterAll(() => rig.stop());
  afterEach(() => rig.closePages());

  it('shows whose port it is, and what the switch should hold and holds', async () => {
    const page = await rig.open('ports/leaf1:Ethernet16');
    const server = page.getByRole('article', { name: 'Server srv-16' });
    for (const text of ['cust-16', '52:54:00:00:00:16', '198.51.100.16', '2001:db8:16::/48'])
      await server.getByText(text, { exact: true }).first().waitFor();
    await entry(page, /198\.51\.100\.16 .*vlan16.* there/)
      .first()
      .waitFor();
    expect(rig.leaf1.entries().map(({ address }) => address)).toContain('198.51.100.16');
  });

  it('shows what billing sells while it is looked at, down to the entry on the switch', async () => {
    const page = await rig.open('ports/leaf1:Ethernet11');
    await page.getByRole('article', { name: 'Server srv-11' }).waitFor();
    await rig.publish('Ipv4AddOnBought', { serverId: 'srv-11', addOnId: 'more', address: '198.51.100.111' });
    await entry(page, /198\.51\.100\.111 .* there/)
      .first()
      .waitFor();
    await page.getByRole('listitem').filter({ hasText: 'Ipv4AddOnBought' }).first().waitFor();
    await rig.publish('ServerSuspended', { serverId: 'srv-11', reason: 'invoice overdue' });
    await page.getByRole('article').getByText('suspended', { exact: true }).waitFor();
  });

  it('shows that somebody edited an entry at the switch by hand, and that it was mended', async () => {
    const line = /198\.51\.100\.16 .*vlan16/;
    const page = await rig.open('ports/leaf1:Ethernet16');
    await entry(page, /198\.51\.100\.16 .*vlan16.* there/)
      .first()
      .waitFor();
    const [held] = rig.leaf1.entries().filter(({ address }) => address === '198.51.100.16');
    if (held === undefined) throw new Error('The switch holds no entry of srv-16.');
    // Nothing is written for as long as the switch is locked, so what is seen stays.
    rig.leaf1.fault = 'locked';
    const { mac } = held;
    rig.leaf1.handSet({ ...held, mac: '52:54:00:00:00:66' as typeof mac });
    await entry(page, /198\.51\.100\.16 .*vlan16.* another MAC: 52:54:00:00:00:66 stands there$/)
      .first()
      .waitFor();
    rig.leaf1.fault = 'none';
    // The switch says that something happened, so it is looked at now and not at the next round.
    rig.leaf1.setCarrier('vlan16', true);
    await entry(page, /198\.51\.100\.16 .*vlan16.* there/)
      .first()
      .waitFor();
    await entry(page, line).filter({ hasText: 'another MAC' }).waitFor({ state: 'detached' });
    const macs = rig.leaf1.entries().filter(({ address }) => address === '198.51.100.16');
    expect(macs.map((one) => one.mac)).toEqual([mac]);
  });

  it('shows that a cable was pulled, and that its routes are not announced for it', async () => {
    const page = await rig.open('ports/leaf1:Ethernet16');
    await page.getByText('link up').waitFor();
    rig.leaf1.setCarrier('vlan16', false);
    await page.getByText('link down').waitFor();
    await entry(page, /not announced/)
      .first()
      .waitFor();
    rig.leaf1.setCarrier('vlan16', true);
    await page.getByText('link up').waitFor();
  });

  it('says of a port that nobody was sold that it is nobody’s, and shows what was heard there', async () => {
    const page = await rig.open('ports/leaf1:Ethernet66');
    rig.forge('10');
    await page
      .getByRole('listitem')
      .filter({ hasText: /Address spoof 198\.51\.100\.16/ })
      .waitFor();
    await page.goto(`${rig.engine.url}/console/ports/leaf1:Ethernet99`);
    await page.getByRole('heading', { name: 'Nobody' }).waitFor();
  });

  it('says that an address names no port, and does not ask for it again', async () => {
    const page = await rig.open('ports');
    await page.clock.install();
    let asked = 0;
    page.on('request', (request) => void (asked += request.url().includes('/v1/map?port=') ? 1 : 0));
    await page.goto(`${rig.engine.url}/console/ports/nonsense`);
    await page
      .getByRole('alert')
      .getByText(/nonsense/)
      .waitFor();
    await page.getByRole('alert').getByRole('link', { name: 'Find the port by its name' }).waitFor();
    expect(await page.getByText(/Offline/).count()).toBe(0);
    await page.clock.runFor(30_000);
    expect(asked).toBe(1);
  });

  it('is found by the name of a server, with no mouse', async () => {
    const page = await rig.open('ports');
    await page.getByRole('link', { name: 'leaf1:Ethernet16' }).waitFor();
    await page.getByRole('searchbox').focus();
    await page.keyboard.type('srv-16');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'leaf1:Ethernet16' }).waitFor();
  });
});
