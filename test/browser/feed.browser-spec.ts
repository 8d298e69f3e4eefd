import { setTimeout } from 'node:timers/promises';
import type { Locator, Page } from 'playwright-core';
import { storeFact } from '../support/publish.js';
import { describeBrowser } from './chromium.js';
import { ConsoleRig } from './console-rig.js';

const row = (page: Page, name: string | RegExp): Locator => page.getByRole('row', { name });
const cursor = (page: Page): Locator => page.locator('[role=row].cursor');

describeBrowser('the feed page', () => {
  let rig: ConsoleRig;
  beforeAll(async () => {
    rig = await ConsoleRig.start();
  });
  afterAll(() => rig.stop());
  afterEach(() => rig.closePages());

  it('shows a forged frame as soon as it is judged, who sent it and whose address it claims', async () => {
    const page = await rig.open('violations');
    await page.getByRole('heading', { name: 'No violations' }).waitFor();
    rig.forge('10');
    await row(page, /high Address spoof 198\.51\.100\.16 srv-66 as srv-16 leaf1:Ethernet66/).waitFor();
  });

  it('counts further frames where the row stands', async () => {
    const [older = ''] = await rig.store(2, (number) => ({ claimedAddress: `203.0.113.${100 + number}` }));
    const address = `203.0.113.${100 + Number(older.slice(1))}`;
    const page = await rig.open('violations');
    await page.getByRole('row').nth(2).waitFor();
    const place = await row(page, address).getAttribute('aria-rowindex');
    await rig.repeat(older, 41);
    await row(page, /42 frames/).waitFor();
    expect(await row(page, /42 frames/).getAttribute('aria-rowindex')).toBe(place);
    expect(await row(page, /42 frames/).innerText()).toContain(address);
  });

  it('tells what the frames of a violation claim when it is opened, and hands out the kept frames', async () => {
    const page = await rig.open('violations?port=leaf1:Ethernet66&victim=srv-11');
    await page.getByRole('heading', { name: 'Nothing fits' }).waitFor();
    rig.forge('0b');
    await row(page, /198\.51\.100\.11 .* 1 frames/).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    const detail = page.getByRole('complementary', { name: 'Violation' });
    await detail.getByRole('heading', { name: 'Address spoof' }).waitFor();
    await detail.getByText('srv-11').first().waitFor();
    await detail.getByRole('link', { name: 'leaf1:Ethernet66' }).waitFor();
    await page.keyboard.press('Escape');
    await detail.waitFor({ state: 'detached' });
    expect(page.url()).toMatch(/violations\?port=/);
  });

  it('says of an address that is being moved to or from in which prefix it lies, and how that goes on', async () => {
    const [id = ''] = await rig.store(1, () => ({ claimedAddress: '2001:db8:66::7' }));
    const page = await rig.open(`violations/${id}`);
    const detail = page.getByRole('complementary', { name: 'Violation' });
    await detail.getByText('2001:db8:66::7', { exact: true }).waitFor();
    expect(await detail.getByText('Renumbering').count()).toBe(0);
    const about = { renumberingId: 'rn-1', serverId: 'srv-66', by: 'token:night' };
    const [from, to] = ['2001:db8:66::/48', '2001:db8:1066::/48'];
    const { store } = rig.engine.parts;
    const now = (): string => new Date().toISOString();
    await storeFact(store, 'RenumberingStarted', { ...about, from, to, quietSeconds: 60 }, now());
    await rig.repeat(id, 1);
    await row(page, /2001:db8:66::7.*old prefix/).waitFor();
    await detail.getByText(`goes from ${from} to ${to}: planned`).waitFor();
    await storeFact(store, 'RenumberingAdvanced', { ...about, asked: 'Ipv6PrefixAssigned', prefix: to }, now());
    await detail.getByText(`goes from ${from} to ${to}: waiting for grant`).waitFor();
    await detail.getByRole('link', { name: 'All that it explains' }).click();
    await page.waitForURL(/renumbering=rn-1/);
    await row(page, /2001:db8:66::7/).waitFor();
    expect(await page.getByRole('row').count()).toBe(2);
  });

  it('keeps the reader on the row they are on while others come in, and shows those when asked', async () => {
    await rig.store(2);
    const page = await rig.open('violations');
    await page.getByRole('row').nth(2).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    const before = await cursor(page).innerText();
    const place = await cursor(page).boundingBox();
    await rig.store(3, () => ({ rule: 'mac-moved', claimedAddress: '203.0.113.9' }));
    await page.getByRole('button', { name: '3 new' }).waitFor();
    expect(await cursor(page).boundingBox()).toEqual(place);
    await page.keyboard.press('n');
    await row(page, /203\.0\.113\.9/)
      .first()
      .waitFor();
    const text = (shown: string): string => shown.replace(/\d+ (?:s|min|h)/, '');
    expect(text(await cursor(page).innerText())).toBe(text(before));
  });

  it('shows what is new since the last visit, also after it was seen in this one', async () => {
    await rig.store(1);
    const first = await rig.open('violations');
    await row(first, /Address spoof/)
      .first()
      .waitFor();
    expect(await first.getByRole('button', { name: 'New since last visit' }).count()).toBe(0);
    await first.close();
    await rig.store(2, () => ({ rule: 'dad-attack', claimedAddress: '203.0.113.201' }));
    const second = await first.context().newPage();
    second.setDefaultTimeout(90_000);
    await second.goto(`${rig.engine.url}/console/violations`);
    await row(second, /203\.0\.113\.201/)
      .first()
      .waitFor();
    await second.reload();
    await second.getByRole('button', { name: 'New since last visit' }).click();
    await second.waitForURL(/newSince=/);
    await second.locator('[role=grid][aria-rowcount="3"]').waitFor();
    expect(await row(second, /203\.0\.113\.201/).count()).toBe(2);
  });

  it('puts its filters into the address, which shows somebody else the same', async () => {
    await rig.store(1);
    await rig.store(1, () => ({ severity: 'low', rule: 'neighbour-scan', claimedAddress: '203.0.113.77' }));
    const page = await rig.open('violations');
    await page.getByLabel('Severity').selectOption('low');
    await page.waitForURL(/severity=low/);
    await row(page, /low Neighbour scan/).waitFor();
    const other = await rig.open(page.url().replace(/.*\/console\//, ''));
    await row(other, /low Neighbour scan/).waitFor();
    expect(await other.getByRole('row').count()).toBe(2);
    await page.goBack();
    await row(page, /high Address spoof/)
      .first()
      .waitFor();
  });

  it('counts the whole list into groups, more than a page of it, and goes on counting', async () => {
    await rig.store(501, () => ({
      rule: 'neighbour-exhaustion',
      port: 'leaf2:Ethernet1',
      switch: 'leaf2',
      severity: 'critical',
    }));
    const page = await rig.open('violations?group=port&rule=neighbour-exhaustion');
    await row(page, /critical leaf2:Ethernet1 .* 501 violations, 501 open/).waitFor();
    await rig.store(2, () => ({ rule: 'neighbour-exhaustion', port: undefined, switch: 'leaf3' }));
    await row(page, /leaf3, port not known .* 2 violations, 2 open/).waitFor();
    await page.getByText('2 groups, 503 violations').waitFor();
    const place = await row(page, /leaf2:Ethernet1/).getAttribute('aria-rowindex');
    const first = await row(page, /leaf2:Ethernet1/)
      .getByRole('link')
      .getAttribute('href');
    await rig.store(1, () => ({ rule: 'neighbour-exhaustion', port: 'leaf2:Ethernet1', switch: 'leaf2' }));
    await row(page, /leaf2:Ethernet1 .* 502 violations, 502 open/).waitFor();
    expect(await row(page, /leaf2:Ethernet1/).getAttribute('aria-rowindex')).toBe(place);
    expect(first).toMatch(/violations\?rule=neighbour-exhaustion&port=leaf2/);
  });

  it('opens the list of a group, also of those whose port nobody knows, and marks all of it', async () => {
    await rig.store(2, () => ({ rule: 'rogue-redirect', port: undefined, switch: 'leaf4' }));
    const page = await rig.open('violations?group=rule-port&rule=rogue-redirect');
    await row(page, /Rogue redirect leaf4, port not known/).waitFor();
    await row(page, /leaf4, port not known/)
      .getByRole('link')
      .click();
    await page.getByText('2 violations', { exact: true }).waitFor();
    const { searchParams } = new URL(page.url());
    expect(Object.fromEntries(searchParams)).toEqual({
      rule: 'rogue-redirect',
      switch: 'leaf4',
      unknown: 'port',
    });
    await page.keyboard.press('Shift+X');
    await page.getByText('2 violations selected').waitFor();
    await page.keyboard.press('a');
    await page.getByText('2 violations acknowledged.').waitFor();
    await page.goBack();
    await row(page, /leaf4, port not known/).waitFor();
    // With keys alone: the groups are lines like others.
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => !url.searchParams.has('group'));
  });

  it('says what is wrong with a filter in the address, asks no more, and shows everything when told to', async () => {
    await rig.store(1);
    const page = await rig.open('violations');
    await row(page, /Address spoof/)
      .first()
      .waitFor();
    await page.clock.install();
    let asked = 0;
    page.on('request', (request) => void (asked += request.url().includes('/v1/violations/stream') ? 1 : 0));
    for (const group of ['', '&group=port']) {
      asked = 0;
      await page.goto(`${rig.engine.url}/console/violations?port=nowhere${group}`);
      const trouble = page.getByRole('alert').filter({ hasText: 'does not understand these filters' });
      await trouble.getByText('port: found "nowhere", expected a port as switch:interface').waitFor();
      expect(await page.getByText(/Offline/).count()).toBe(0);
      await page.clock.runFor(60_000);
      expect(asked).toBe(1);
    }
    await page.getByRole('button', { name: 'Show everything' }).click();
    await row(page, /Address spoof/)
      .first()
      .waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
  });

  it('says times in UTC or in the time of the reader, and remembers which', async () => {
    const [violationId] = await rig.store(1);
    const page = await rig.open(`violations/${violationId}`);
    // Everything is there, so the first time stays the first.
    await page.getByText('No frames are kept of it.').waitFor();
    const first = page.getByRole('complementary').locator('dd time').first();
    const utc = await first.innerText();
    await page.getByRole('button', { name: /Times are UTC/ }).click();
    await page.getByRole('button', { name: /Times are local, UTC\+05:30/ }).waitFor();
    await first.filter({ hasNotText: utc }).waitFor();
    const ms = (text: string): number => Date.parse(`${text.replace(' ', 'T')}Z`);
    expect(ms(await first.innerText()) - ms(utc)).toBe(5.5 * 3_600_000);
    await page.reload();
    await page.getByRole('button', { name: /Times are local/ }).waitFor();
  });

  it('shows every key that means something, and is dark when that is asked for', async () => {
    await rig.store(1);
    const page = await rig.open('violations');
    await page.getByRole('row').nth(1).waitFor();
    await page.keyboard.press('?');
    const help = page.getByRole('dialog', { name: 'Keys' });
    await help.getByText('acknowledge').waitFor();
    await page.keyboard.press('Escape');
    await help.waitFor({ state: 'detached' });
    const ground = (): Promise<string> => page.evaluate('getComputedStyle(document.body).backgroundColor');
    const light = await ground();
    await page.getByRole('button', { name: /^Auto theme; change/ }).click();
    await page.getByRole('button', { name: /^Light; change/ }).click();
    await page.getByRole('button', { name: /^Dark; change/ }).waitFor();
    // The page follows its button after the next frame.
    for (let round = 0; round < 1000 && (await ground()) === light; round++) await setTimeout(20);
    expect(await ground()).not.toBe(light);
  });
});
