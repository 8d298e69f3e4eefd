import type { Page } from 'playwright-core';
import type { Place } from '../../src/console/place.js';
import { password } from '../auth/local-user.js';
import { serious } from './axe.js';
import { describeBrowser } from './chromium.js';
import { ConsoleRig } from './console-rig.js';

type Role = Parameters<Page['getByRole']>[0];
type Views<Row> = { readonly [View in Place['view']]: Row };

const everyRole = ['viewer', 'auditor', 'security-analyst', 'operator'] as const;

/** Of each view: an address of it, and what it says where nothing was ever told. A view without a line does not compile. */
const empty: Views<readonly [path: string, ...says: RegExp[]]> = {
  overview: ['overview', /Nothing\. What does appears here by itself/, /name some under gateways in its configuration/],
  difference: ['overview/billed-not-seen', /Every server that is billed was seen/],
  feed: ['violations', /Nothing was heard that billing did not sell\. What is heard appears here by itself/],
  switches: ['switches', /No switch yet/, /What either names appears here by itself/],
  switch: ['switches/leaf1', /The switch cannot be shown/, /leaf1/],
  ports: ['ports', /No port is sold/, /What billing sells appears here by itself/],
  port: ['ports/leaf1:Ethernet16', /Billing sold no server at this port/],
  devices: ['devices', /No devices/, /name some under gateways in its configuration/],
  device: ['devices/leaf1', /no device leaf1/, /All devices/],
  renumberings: ['renumberings', /No renumbering yet/, /portledger renumber candidates --from-length 64/],
  renumbering: ['renumberings/rn-none', /There is no renumbering rn-none/, /All renumberings/],
  pools: ['pools', /No pool yet/, /an operator publishes AddressPoolAdded/, /None\./],
  // A sign-in is an event: somebody who looks finds no log without one.
  time: ['time?tab=map', /Nobody was sold anything then/],
  log: ['log?beginning=server-', /No event fits/, /What is recorded and fits appears here by itself/],
  'log-state': ['log/state', /every event can be read/, /^\d+ events?\.$/],
  find: ['find?q=leaf1', /Nothing is known of it/, /It looks like/],
  entity: ['find/address/198.51.100.16', /The map does not have it now/, /Nobody was sold it, as far as is known/],
};

/** Of each view: an address of it, and what it shows of a rack of three servers and a violation. */
const full: Views<readonly [path: string, role: Role, name: string | RegExp]> = {
  overview: ['overview', 'heading', 'Billed'],
  difference: ['overview/billed-not-seen', 'row', /srv-16/],
  feed: ['violations', 'row', /Address spoof/],
  switches: ['switches', 'link', 'leaf1'],
  switch: ['switches/leaf1', 'link', /^Ethernet16: /],
  ports: ['ports', 'link', 'leaf1:Ethernet16'],
  port: ['ports/leaf1:Ethernet16', 'article', 'Server srv-16'],
  devices: ['devices', 'row', /leaf1/],
  device: ['devices/leaf1', 'heading', /^Plan/],
  renumberings: ['renumberings', 'row', /srv-66/],
  renumbering: ['renumberings/ID', 'heading', 'Who and what'],
  pools: ['pools', 'row', /^nets /],
  time: ['time?tab=map', 'cell', 'srv-16'],
  log: ['log?beginning=server-', 'row', /ServerAdded .*srv-16/],
  'log-state': ['log/state', 'heading', 'Proof'],
  find: ['find?q=leaf1', 'heading', 'Ports'],
  entity: ['find/address/198.51.100.16', 'heading', 'Who had it when'],
};

const viewsOf = <Row>(table: Views<Row>): [Place['view'], Row][] => Object.entries(table) as [Place['view'], Row][];

describeBrowser('every page of an engine that was told nothing', () => {
  let rig: ConsoleRig;
  beforeAll(async () => {
    rig = await ConsoleRig.start({ isSold: false, isBare: true });
  });
  afterAll(() => rig.stop());
  afterEach(() => rig.closePages());

  it.each(viewsOf(empty))('says plainly that there is nothing: %s', async (_view, [path, ...says]) => {
    const page = await rig.open(path, { roles: everyRole, width: 360 });
    for (const text of says) await page.getByRole('main').getByText(text).first().waitFor();
    expect(await serious(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    expect(rig.complaintsOf(page)).toEqual({ csp: [], errors: [] });
  });
});

describeBrowser('every page of an engine that goes away while it is looked at', () => {
  let rig: ConsoleRig;
  const pages = new Map<Place['view'], Page>();
  const shown = (view: Place['view']) => {
    const page = pages.get(view);
    if (page === undefined) throw new Error(`${view} was not opened`);
    const [, role, name] = full[view];
    return { page, what: page.getByRole('main').getByRole(role, { name }).first() };
  };
  const away = (page: Page) =>
    page.getByText(/^The engine has not answered since \d.*What is shown is as it was then\.$/);
  const views = viewsOf(full).map(([view]) => view);

  beforeAll(async () => {
    rig = await ConsoleRig.start();
    await rig.store(1);
    const id = await rig.renumber();
    await rig.pools();
    for (const [view, [path]] of viewsOf(full)) {
      pages.set(view, await rig.open(path.replace('ID', id), { roles: everyRole }));
      await shown(view).what.waitFor();
    }
  }, 600_000);
  afterAll(() => rig.stop());

  describe('for a while, because the way to it is cut', () => {
    beforeAll(() => Promise.all([...pages.values()].map((page) => page.context().setOffline(true))));
    it.each(views)('keeps what it showed, and says since when it is old: %s', async (view) => {
      const { page, what } = shown(view);
      await away(page).waitFor();
      expect(await what.isVisible()).toBe(true);
      expect(await serious(page)).toEqual([]);
    });
    it.each(views)('goes on by itself: %s', async (view) => {
      const { page, what } = shown(view);
      await page.context().setOffline(false);
      await away(page).waitFor({ state: 'detached' });
      await page.getByText(/Offline/).waitFor({ state: 'detached' });
      expect(await what.isVisible()).toBe(true);
    });
  });

  describe('because it was stopped', () => {
    beforeAll(() => rig.stopEngine());
    it.each(views)('keeps what it showed, and says since when it is old: %s', async (view) => {
      const { page, what } = shown(view);
      await away(page).waitFor();
      expect(await what.isVisible()).toBe(true);
    });
  });

  describe('and was started again on the same port', () => {
    beforeAll(async () => {
      await rig.engine.startAgain();
      await rig.untilLive();
    });
    // Sessions end with the engine that gave them.
    it.each(views)('asks who is there, and shows the same page anew: %s', async (view) => {
      const { page, what } = shown(view);
      await page.getByLabel('User', { exact: true }).fill('anna');
      await page.getByLabel('Password').fill(password);
      await page.keyboard.press('Enter');
      await what.waitFor();
      expect(await away(page).count()).toBe(0);
      expect(rig.complaintsOf(page)).toEqual({ csp: [], errors: [] });
    });
  });
});
