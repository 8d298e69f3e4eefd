import { serious } from './axe.js';
import { describeBrowser } from './chromium.js';
import { ConsoleRig } from './console-rig.js';

describeBrowser('the console for everybody', () => {
  let rig: ConsoleRig;
  beforeAll(async () => {
    rig = await ConsoleRig.start();
    await rig.store(12, (number) => ({
      severity: ['low', 'medium', 'high', 'critical'][number % 4],
      rule: ['address-spoof', 'mac-moved'][number % 2],
    }));
    await rig.renumber();
    await rig.pools();
  });
  afterAll(() => rig.stop());
  afterEach(() => rig.closePages());

  /** Where, what shows that all of it is there, and how the reader looks. */
  const pages = [
    ['overview', 'heading', 'Billed', 'light', 360],
    ['overview', 'heading', 'Billed', 'dark', 1280],
    ['overview/billed-not-seen', 'row', /srv-16/, 'light', 360],
    ['violations', 'row', /critical/, 'light', 1280],
    ['violations', 'row', /critical/, 'dark', 360],
    ['violations?group=rule', 'row', /MAC moved|mac-moved/, 'dark', 1280],
    ['violations/v1', 'heading', 'Evidence', 'dark', 1280],
    ['violations/v1', 'heading', 'Evidence', 'light', 360],
    ['ports/leaf1:Ethernet16', 'heading', 'On leaf1', 'light', 1280],
    ['ports/leaf1:Ethernet16', 'heading', 'On leaf1', 'dark', 360],
    ['devices', 'row', /leaf1/, 'dark', 360],
    ['devices/leaf1', 'heading', /^Plan/, 'light', 1280],
    ['devices/leaf1', 'heading', /^Plan/, 'dark', 360],
    ['renumberings', 'row', /srv-66/, 'light', 360],
    ['renumberings', 'row', /srv-66/, 'dark', 1280],
    ['pools', 'row', /^nets /, 'light', 360],
    ['pools', 'row', /^nets /, 'dark', 1280],
    ['log?beginning=server-', 'row', /ServerAdded/, 'dark', 1280],
    ['log/2', 'heading', 'Led to', 'light', 360],
    ['time?tab=map', 'cell', 'srv-16', 'light', 1280],
    ['time?tab=violations', 'link', /critical/, 'dark', 360],
    ['log/state', 'heading', 'Proof', 'dark', 360],
    ['find?q=leaf1', 'heading', 'Ports', 'light', 360],
    ['find/address/198.51.100.16', 'heading', 'Who had it when', 'dark', 1280],
    ['find/address/198.51.100.16', 'heading', 'Who had it when', 'light', 360],
    ['switches', 'link', 'leaf1', 'light', 360],
    ['switches', 'link', 'leaf1', 'dark', 1280],
    ['switches/leaf1', 'link', /^Ethernet16: /, 'light', 1280],
    ['switches/leaf1', 'link', /^Ethernet16: /, 'dark', 360],
    ['switches/leaf1?state=free', 'link', /^Ethernet16: /, 'light', 1280],
  ] as const;
  it.each(pages)(
    'has nothing that axe finds serious at %s (%s %s, %s, %i px)',
    async (path, role, name, theme, width) => {
      const page = await rig.open(path, { theme, width });
      await page.getByRole(role, { name }).first().waitFor();
      expect(await serious(page)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    },
  );

  it.each([320, 620, 700, 961, 1_100, 1_240, 1_241])('fits %i px, with all of the bar', async (width) => {
    const page = await rig.open('pools', { width });
    await page.getByRole('row', { name: /^nets / }).waitFor();
    const widths = 'document.documentElement.scrollWidth - innerWidth + " " + innerWidth';
    expect(await page.evaluate(widths)).toBe(`0 ${width}`);
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
  });

  it('has dialogs that axe finds nothing serious about', async () => {
    const page = await rig.open('violations');
    await page
      .getByRole('row', { name: /critical/ })
      .first()
      .waitFor();
    for (const key of ['j', 'x', 'm']) await page.keyboard.press(key);
    await page.getByText(/Hides 1 violation/).waitFor();
    expect(await serious(page)).toEqual([]);
  });

  it('has a sign-in that axe finds nothing serious about', async () => {
    const page = await rig.open('violations', { roles: [] });
    await page.getByRole('heading', { name: 'portledger' }).waitFor();
    expect(await serious(page)).toEqual([]);
  });

  it('is found out when something is serious', async () => {
    const page = await rig.open('violations');
    await page.getByRole('row').nth(1).waitFor();
    await page.evaluate(`document.querySelector('h1').append(document.createElement('button'))`);
    expect((await serious(page)).join()).toContain('button-name');
  });
});
