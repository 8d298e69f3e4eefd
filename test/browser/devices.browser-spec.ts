import type { Locator, Page } from 'playwright-core';
import type { IpAddress, MacAddress } from '../../events/index.js';
import { until } from '../sensor/judge/sensor-rig.js';
import { describeBrowser } from './chromium.js';
import { ConsoleRig } from './console-rig.js';

const operator = { roles: ['operator', 'viewer', 'auditor'] } as const;
const lineOf = (page: Page, table: string, text: RegExp): Locator =>
  page.getByRole('region', { name: table }).getByRole('row', { name: text }).first();

describeBrowser('the page of a device that waits for an operator', () => {
  let rig: ConsoleRig;
  beforeAll(async () => {
    rig = await ConsoleRig.start({ mode: 'propose' });
  });
  afterAll(() => rig.stop());
  afterEach(() => rig.closePages());

  const addresses = (): string[] => rig.leaf1.entries().map(({ address }) => address);
  const add = (address: string) => rig.publish('Ipv4AddOnBought', { serverId: 'srv-11', addOnId: address, address });

  it('shows what billing sells with the event behind it, and does it when an operator approves by keyboard', async () => {
    const page = await rig.open('devices', operator);
    await page.getByText('waits for an operator').waitFor();
    await page.getByRole('link', { name: 'leaf1' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'leaf1' }).waitFor();
    await add('198.51.100.111');
    await lineOf(page, 'Lines of the plan', /add nothing .*198\.51\.100\.111 .*Ipv4AddOnBought/).waitFor();
    expect(addresses()).not.toContain('198.51.100.111');
    await page.getByRole('button', { name: 'Approve this plan' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Control+Enter');
    await page.getByRole('heading', { name: 'Plan: nothing to do' }).waitFor();
    expect(addresses()).toContain('198.51.100.111');
    const pushed = page.getByRole('listitem').filter({ hasText: /read back as wanted.*approved by/ });
    await pushed.first().locator('summary').focus();
    await page.keyboard.press('Enter');
    await pushed
      .getByText(/neighbour 198\.51\.100\.111 .*read back: present.*Ipv4AddOnBought/)
      .first()
      .waitFor();
  });

  it('approves nothing that was not seen: a plan that moved is refused, and the new one shown', async () => {
    await add('198.51.100.112');
    const page = await rig.open('devices/leaf1', operator);
    await lineOf(page, 'Lines of the plan', /198\.51\.100\.112/).waitFor();
    await page.getByRole('button', { name: 'Approve this plan' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(/to add/).waitFor();
    await add('198.51.100.113');
    await dialog.getByText(/The plan moved/).waitFor();
    expect(await dialog.getByRole('button', { name: 'Approve' }).isDisabled()).toBe(true);
    await page.keyboard.press('Control+Enter');
    await page.keyboard.press('Escape');
    await lineOf(page, 'Lines of the plan', /198\.51\.100\.113/).waitFor();
    expect(addresses()).not.toContain('198.51.100.112');
  });

  it('hears from the engine that the plan moved where the page could not know it yet', async () => {
    const page = await rig.open('devices/leaf1', operator);
    await lineOf(page, 'Lines of the plan', /198\.51\.100\.112/).waitFor();
    await page.getByRole('button', { name: 'Approve this plan' }).click();
    await page.getByRole('dialog').waitFor();
    // From here on the page sees nothing new.
    await page.route('**/v1/devices', (route) => route.abort());
    await add('198.51.100.114');
    await until('the engine has the new plan', () => moved(rig, '198.51.100.114'));
    await page.keyboard.press('Control+Enter');
    await page
      .getByRole('alert')
      .getByText(/moved since/)
      .first()
      .waitFor();
    expect(addresses()).not.toContain('198.51.100.112');
  });

  it('wants the engine’s words typed where a plan takes more than the removal limit', async () => {
    const gone = Array.from({ length: 12 }, (_, number) => `198.51.100.${130 + number}`);
    for (const address of gone) await add(address);
    const page = await rig.open('devices/leaf1', operator);
    const approve = page.getByRole('button', { name: 'Approve this plan' });
    await lineOf(page, 'Lines of the plan', /198\.51\.100\.141/).waitFor();
    await approve.click();
    await page.keyboard.press('Control+Enter');
    await until('all are on the switch', () => gone.every((address) => addresses().includes(address)));
    for (const address of gone) await rig.publish('Ipv4AddOnCancelled', { serverId: 'srv-11', addOnId: address });
    await page.getByRole('heading', { name: 'Plan: 24 to remove' }).waitFor();
    await approve.click();
    await page.keyboard.press('Control+Enter');
    const field = page.getByRole('dialog').getByRole('textbox', { name: 'Type “remove 24 from leaf1” to confirm' });
    await field.waitFor();
    await field.fill('remove 23 from leaf1');
    await page.keyboard.press('Control+Enter');
    expect(addresses()).toContain('198.51.100.130');
    await field.fill('remove 24 from leaf1');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('heading', { name: 'Plan: nothing to do' }).waitFor();
    expect(addresses()).not.toContain('198.51.100.130');
  });

  it('names the lines with our mark that nobody is granted, whose they were, and takes them away with the plan', async () => {
    const page = await rig.open('devices/leaf1', operator);
    const approve = page.getByRole('button', { name: 'Approve this plan' });
    const orphan = (text: RegExp): Locator => lineOf(page, 'Orphans', text);
    const leftOver = (last: number, vlan: number) => ({
      interface: `vlan${vlan}`,
      address: `198.51.100.${last}` as IpAddress,
      mac: `52:54:00:00:00:${vlan}` as MacAddress,
    });
    await add('198.51.100.151');
    await lineOf(page, 'Lines of the plan', /198\.51\.100\.151/).waitFor();
    await approve.click();
    await page.keyboard.press('Control+Enter');
    await until('it is there', () => addresses().includes('198.51.100.151'));
    await rig.publish('Ipv4AddOnCancelled', { serverId: 'srv-11', addOnId: '198.51.100.151' });
    await lineOf(page, 'Lines of the plan', /198\.51\.100\.151/).waitFor();
    expect(await page.getByRole('heading', { name: /^Orphans/ }).count()).toBe(0);
    await approve.click();
    await page.keyboard.press('Control+Enter');
    await until('it is gone', () => !addresses().includes('198.51.100.151'));
    // An engine that somebody started from an old copy puts one back that was of srv-11, and one that nobody ever had.
    await rig.leaf1.apply([
      { change: 'set', entry: leftOver(151, 11) },
      { change: 'set', entry: leftOver(152, 66) },
    ]);
    // It is seen when the switch is looked at, whatever for.
    await add('198.51.100.153');
    await page.getByRole('heading', { name: 'Orphans: 2' }).waitFor();
    await orphan(/198\.51\.100\.151 vlan11 .* srv-11 \d/).waitFor();
    await orphan(/198\.51\.100\.152 vlan66 .* nobody known never by us/).waitFor();
    await approve.click();
    await page.keyboard.press('Control+Enter');
    await page.getByRole('heading', { name: 'Plan: nothing to do' }).waitFor();
    expect(await page.getByRole('heading', { name: /^Orphans/ }).count()).toBe(0);
    expect(addresses()).not.toContain('198.51.100.151');
    expect(addresses()).not.toContain('198.51.100.152');
    expect(addresses()).toContain('198.51.100.153');
  });

  it('offers nothing to a reader who may not', async () => {
    await add('198.51.100.115');
    const page = await rig.open('devices/leaf1', { roles: ['viewer'] });
    await lineOf(page, 'Lines of the plan', /198\.51\.100\.115/).waitFor();
    for (const name of [/Approve/, /Freeze/, /Resume/, /Adopt/])
      expect(await page.getByRole('button', { name }).count()).toBe(0);
  });
});

async function moved(rig: ConsoleRig, address: string): Promise<boolean> {
  const headers = { authorization: `Bearer ${rig.engine.tokens.every}` };
  const { body } = await rig.engine.call('/v1/devices/leaf1/plan', { headers });
  return JSON.stringify(body).includes(address);
}

describeBrowser('the page of a device that is made equal to the map', () => {
  let rig: ConsoleRig;
  beforeAll(async () => {
    rig = await ConsoleRig.start();
  });
  afterAll(() => rig.stop());
  afterEach(() => rig.closePages());

  it('shows an entry that somebody put there by hand, and takes it over only for the words typed', async () => {
    const page = await rig.open('devices/leaf1', operator);
    await page.getByRole('heading', { name: 'Plan: nothing to do' }).waitFor();
    const entry = {
      interface: 'vlan16',
      address: '198.51.100.99' as IpAddress,
      mac: '52:54:00:aa:aa:aa' as MacAddress,
    };
    rig.leaf1.handSet(entry);
    // It is seen when the switch is looked at, whatever for.
    await rig.publish('Ipv4AddOnBought', { serverId: 'srv-11', addOnId: 'a2', address: '198.51.100.119' });
    await lineOf(page, 'Foreign entries', /198\.51\.100\.99 vlan16 52:54:00:aa:aa:aa/).waitFor();
    await page.getByRole('button', { name: 'Adopt 198.51.100.99' }).click();
    await page.keyboard.press('Control+Enter');
    const words = page.getByRole('dialog').getByRole('textbox', { name: /adopt 198\.51\.100\.99 on vlan16/ });
    await words.fill('adopt 198.51.100.99 on vlan16');
    await page.keyboard.press('Control+Enter');
    await page
      .getByRole('listitem')
      .filter({ hasText: /Adopted by .*198\.51\.100\.99/ })
      .waitFor();
    // Billing sold it to nobody: being ours now, it goes.
    await until('it is gone', () => !rig.leaf1.entries().some(({ address }) => address === entry.address));
  });

  it('leaves what somebody put there as it is, also where billing sells that address, until they take it away', async () => {
    const page = await rig.open('devices/leaf1', operator);
    const entry = {
      interface: 'vlan11',
      address: '198.51.100.98' as IpAddress,
      mac: '52:54:00:bb:bb:bb' as MacAddress,
    };
    const held = (): string[] =>
      rig.leaf1.entries().flatMap(({ address, mac }) => (address === entry.address ? mac : []));
    const sold = { serverId: 'srv-11', addOnId: 'a98', address: entry.address };
    await page.getByRole('heading', { name: /^Plan/ }).waitFor();
    rig.leaf1.handSet(entry);
    await rig.publish('Ipv4AddOnBought', sold);
    await lineOf(page, 'Foreign entries', /198\.51\.100\.98 vlan11 52:54:00:bb:bb:bb/).waitFor();
    await lineOf(page, 'Withheld', /srv-11 .*198\.51\.100\.98/).waitFor();
    expect(held()).toEqual([entry.mac]);
    rig.leaf1.handRemove(entry);
    await lineOf(page, 'Foreign entries', /198\.51\.100\.98/).waitFor({ state: 'detached' });
    await lineOf(page, 'Withheld', /198\.51\.100\.98/).waitFor({ state: 'detached' });
    await until('the one that was sold is there', () => held().includes('52:54:00:00:00:11'));
    await rig.publish('Ipv4AddOnCancelled', { serverId: 'srv-11', addOnId: 'a98' });
    await until('it is gone', () => held().length === 0);
  });

  it('puts drift right and says so', async () => {
    const page = await rig.open('devices/leaf1', operator);
    const entry = rig.leaf1.entries().find(({ address }) => address === '198.51.100.16');
    if (entry === undefined) throw new Error('srv-16 has its entry');
    await page.getByRole('heading', { name: 'Plan: nothing to do' }).waitFor();
    rig.leaf1.handRemove(entry);
    await until('it is back', () => rig.leaf1.entries().some(({ address }) => address === entry.address));
    await page
      .getByRole('listitem')
      .filter({ hasText: /drift put right.*\+ neighbour 198\.51\.100\.16 .*read back: present.*drift/ })
      .first()
      .waitFor();
  });

  it('is written to no more once it is frozen, and again when it is resumed', async () => {
    const page = await rig.open('devices/leaf1', operator);
    await page.getByRole('button', { name: 'Freeze…' }).click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByRole('button', { name: 'Freeze' }).isDisabled()).toBe(true);
    await page.keyboard.type('fan is replaced');
    await page.keyboard.press('Control+Enter');
    await page
      .getByRole('listitem')
      .filter({ hasText: /Frozen by .*fan is replaced/ })
      .waitFor();
    await rig.publish('Ipv4AddOnBought', { serverId: 'srv-11', addOnId: 'b', address: '198.51.100.120' });
    await lineOf(page, 'Lines of the plan', /198\.51\.100\.120/).waitFor();
    expect(await page.getByRole('button', { name: 'Approve this plan' }).count()).toBe(0);
    expect(rig.leaf1.entries().map(({ address }) => address)).not.toContain('198.51.100.120');
    await page.getByRole('button', { name: 'Resume…' }).click();
    await page.keyboard.press('Control+Enter');
    await page.getByRole('heading', { name: 'Plan: nothing to do' }).waitFor();
    expect(rig.leaf1.entries().map(({ address }) => address)).toContain('198.51.100.120');
  });

  it('freezes every device only for the word typed', async () => {
    const page = await rig.open('devices', operator);
    await page.getByRole('button', { name: 'Freeze every device' }).click();
    await page.keyboard.type('night');
    await page.keyboard.press('Control+Enter');
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByRole('button', { name: 'Freeze' }).isDisabled()).toBe(true);
    await dialog.getByRole('textbox', { name: 'Type “all” to confirm' }).fill('all');
    await page.keyboard.press('Control+Enter');
    await page.getByText(/every device frozen by .*night/).waitFor();
    await page.getByRole('button', { name: 'Resume every device' }).click();
    await page.keyboard.press('Control+Enter');
    await page.getByRole('row', { name: /leaf1 .*equal/ }).waitFor();
  });

  it('is said to be unknown where no device has that name, and stays as it was when the engine stops', async () => {
    const page = await rig.open('devices/leaf9', operator);
    await page
      .getByRole('alert')
      .getByText(/no device leaf9/)
      .waitFor();
    await page.goto(`${rig.engine.url}/console/devices`);
    await page.getByRole('row', { name: /leaf1 .*equal/ }).waitFor();
    await rig.stopEngine();
    await page.getByText(/Offline/).waitFor();
    await page.getByRole('row', { name: /leaf1 .*equal/ }).waitFor();
    await rig.engine.startAgain();
  });
});
