import type { Page } from 'playwright-core';
import { until } from '../sensor/judge/sensor-rig.js';
import { describeBrowser } from './chromium.js';
import { ConsoleRig } from './console-rig.js';

const operator = { roles: ['operator', 'viewer', 'auditor'] } as const;

/** Sells an address to srv-11, or takes it back. */
const sell = (rig: ConsoleRig, number: number): Promise<void> =>
  rig.publish('Ipv4AddOnBought', { serverId: 'srv-11', addOnId: `a${number}`, address: `198.51.100.${number}` });
const cancel = (rig: ConsoleRig, number: number): Promise<void> =>
  rig.publish('Ipv4AddOnCancelled', { serverId: 'srv-11', addOnId: `a${number}` });
const holds = (rig: ConsoleRig, number: number): boolean =>
  rig.leaf1.entries().some(({ address }) => address === `198.51.100.${number}`);
const room = (page: Page, text: string | RegExp) => page.getByRole('definition').filter({ hasText: text });

describeBrowser('the page of a device whose room is known', () => {
  let rig: ConsoleRig;
  beforeAll(async () => {
    rig = await ConsoleRig.start({ room: 10, saidRoom: 10 });
    // The rack is three servers, each with an address and a link-local one.
    await until('the rack is on the switch', () => rig.leaf1.entries().length === 6);
  });
  afterAll(() => rig.stop());
  afterEach(() => rig.closePages());

  it('says while billing sells how much is left and that it gets short, and what waits where nothing is left', async () => {
    const page = await rig.open('devices/leaf1', operator);
    await room(page, /\b6 of 10 entries/).waitFor();
    const meter = page.getByRole('meter', { name: 'entries' });
    expect([await meter.getAttribute('value'), await meter.getAttribute('max')]).toEqual(['6', '10']);
    await sell(rig, 121);
    await room(page, /7 of 10 entries high/).waitFor();
    await sell(rig, 122);
    await sell(rig, 123);
    await room(page, /9 of 10 entries critical/).waitFor();
    await sell(rig, 124);
    await room(page, /10 of 10 entries full/).waitFor();
    expect(holds(rig, 124)).toBe(true);
    await sell(rig, 125);
    await room(page, /10 of 10 entries, 1 to come full/).waitFor();
    const waiting = page
      .getByRole('region', { name: 'Lines of the plan' })
      .getByRole('row', { name: /198\.51\.100\.125/ });
    await waiting
      .getByText(/waits: no room: it needs 1 more neighbour entries, the device holds 10/)
      .first()
      .waitFor();
    expect(holds(rig, 125)).toBe(false);
    const list = await rig.open('devices', operator);
    await list.getByRole('row', { name: /leaf1 .*10 of 10 entries, 1 to come full/ }).waitFor();
    await cancel(rig, 121);
    await page.getByRole('heading', { name: 'Plan: nothing to do' }).waitFor();
    await room(page, /10 of 10 entries full/).waitFor();
    expect([holds(rig, 121), holds(rig, 125)]).toEqual([false, true]);
  });
});

describeBrowser('the page of a device that holds less than anybody knew', () => {
  let rig: ConsoleRig;
  beforeAll(async () => {
    rig = await ConsoleRig.start({ room: 7 });
    await until('the rack is on the switch', () => rig.leaf1.entries().length === 6);
  });
  afterAll(() => rig.stop());

  it('says that what was pushed was not read back, and that it is well again once there is room', async () => {
    const page = await rig.open('devices/leaf1', operator);
    await room(page, /^6 entries/).waitFor();
    await sell(rig, 121);
    await room(page, /^7 entries/).waitFor();
    await sell(rig, 122);
    const partial = page
      .getByRole('listitem')
      .filter({ hasText: /partial 2 lines pushed, 0 of them read back as wanted/ });
    await partial.first().locator('summary').click();
    await partial
      .getByText(/neighbour 198\.51\.100\.122 .*read back: absent/)
      .first()
      .waitFor();
    await room(page, /^7 entries, 1 to come/).waitFor();
    await page.getByRole('heading', { name: 'Plan: 2 to add' }).waitFor();
    expect(holds(rig, 122)).toBe(false);
    await cancel(rig, 121);
    await until('the other one is there', () => holds(rig, 122));
    await page.getByRole('heading', { name: 'Plan: nothing to do' }).waitFor();
    await room(page, /^7 entries7 routes$/).waitFor();
  });
});
