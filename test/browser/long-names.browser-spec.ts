import type { Page } from 'playwright-core';
import { describeBrowser } from './chromium.js';
import { ConsoleRig } from './console-rig.js';

/** As long as the published language lets a name be, and no place in it where a line may end. */
const long = {
  serverId: `S${'e'.repeat(63)}`,
  customerId: `C${'u'.repeat(63)}`,
  switch: `w${'h'.repeat(62)}`,
  interface: `P${'o'.repeat(62)}`,
};
const port = `${long.switch}:${long.interface}`;
const mac = '52:54:00:00:99:01';
const address = '203.0.113.199';

/** What a reason may hold: it is a text of a person, or of whoever writes in their name. */
const markup = '<img src=x onerror="window.ran=1"><script>window.ran=2</script>"\'>';
const reason = `${markup} 😀 ${'y'.repeat(64)}`;
/** The engine takes no character that turns text; the page trusts no check but its own. */
const turned = `\u202egnorw\u2066 ${reason}`;

const everyRole = ['viewer', 'auditor', 'security-analyst', 'operator'] as const;
const one = encodeURIComponent;

describeBrowser('the longest names and the worst words that the engine takes', () => {
  let rig: ConsoleRig;
  beforeAll(async () => {
    rig = await ConsoleRig.start();
    await rig.publish('ServerAdded', { serverId: long.serverId, customerId: long.customerId, port, vlan: 99, mac });
    await rig.publish('Ipv4AddOnBought', { serverId: long.serverId, addOnId: 'A'.repeat(64), address });
    await rig.publish('ServerSuspended', { serverId: 'srv-11', reason });
    await rig.engine.parts.devices.get('leaf1')?.freeze(turned, 'user:otto');
    await rig.untilLive();
  });
  afterAll(() => rig.stop());
  afterEach(() => rig.closePages());

  async function staysAsItIs(page: Page): Promise<void> {
    expect(await page.evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth')).toBe(
      true,
    );
    expect(await page.evaluate('window.ran')).toBeUndefined();
    expect(await page.locator('#content img, #content script').count()).toBe(0);
    const text: string = await page.evaluate('document.body.innerText');
    expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/u);
    expect(rig.complaintsOf(page)).toEqual({ csp: [], errors: [] });
  }

  const pages = [
    ['switches', /whh/],
    [`switches/${one(long.switch)}`, /Poo/],
    ['ports', /See/],
    [`ports/${one(port)}`, /See/],
    [`find?q=${one(long.serverId)}`, /See/],
    [`find/server/${one(long.serverId)}`, /Cuu/],
    [`find/customer/${one(long.customerId)}`, /See/],
    [`find/address/${address}`, /See/],
    ['overview/billed-not-seen', /See/],
    ['overview', /leaf1 is frozen: \\u202egnorw\\u2066 <img src=x/],
    ['devices', /\\u202egnorw\\u2066 <img src=x/],
    ['devices/leaf1', /\\u202egnorw\\u2066 <img src=x/],
    ['time?tab=map', /See/],
    ['log?beginning=server-', /See/],
  ] as const;
  it.each(pages)('are text, and fit a telephone: %s', async (path, text) => {
    const page = await rig.open(path, { roles: everyRole, width: 360, height: 720 });
    await page.getByRole('main').getByText(text).first().waitFor();
    await staysAsItIs(page);
  });

  it('are text in an event that is opened, in its words and in its JSON', async () => {
    const page = await rig.open('log?stream=server-srv-11', { roles: everyRole, width: 360, height: 720 });
    await page.getByRole('row', { name: /ServerSuspended/ }).waitFor();
    await page.keyboard.press('j');
    const event = page.getByRole('complementary', { name: /^Event #/ });
    await event
      .getByText(/<img src=x/)
      .first()
      .waitFor();
    await event.getByRole('button', { name: 'Show JSON' }).click();
    await event
      .getByLabel('The event as JSON')
      .getByText(/onerror/)
      .waitFor();
    await staysAsItIs(page);
  });
});
