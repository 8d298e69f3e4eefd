import type { Page } from 'playwright-core';
import { describeBrowser } from './chromium.js';
import { ConsoleRig } from './console-rig.js';

describeBrowser('the time page', () => {
  let rig: ConsoleRig;
  /** Ordinal of the last event before somebody was suspended. */
  let before: number;
  beforeAll(async () => {
    rig = await ConsoleRig.start();
    await rig.store(1);
    before = (await rig.engine.parts.store.head())?.ordinal ?? 0;
    await rig.publish('ServerSuspended', { serverId: 'srv-16', reason: 'invoice' });
    await rig.untilLive();
  });
  afterAll(() => rig.stop());
  afterEach(() => rig.closePages());

  const at = (ordinal: number, more = ''): string => `time?at=%23${ordinal}${more}`;
  /** Ordinal of the suspension: the engine may store events of its own around it. */
  const suspended = async (): Promise<number> => {
    const { events } = await rig.engine.parts.store.readStream('server-srv-16', { backwards: true, limit: 1 });
    return events[0]?.ordinal ?? 0;
  };
  const heading = (page: Page, ordinal: number) => page.getByRole('heading', { name: `As of #${ordinal}` });

  it('shows what one event changed, and goes on by the arrow keys', async () => {
    const event = await suspended();
    const page = await rig.open(at(event - 1));
    await heading(page, event - 1).waitFor();
    await page.keyboard.press('ArrowRight');
    await heading(page, event).waitFor();
    await page
      .getByRole('link', { name: `#${event} ServerSuspended` })
      .first()
      .waitFor();
    await page
      .getByRole('row', { name: /srv-16 .*state/ })
      .getByRole('cell', { name: 'suspended' })
      .waitFor();
    expect(page.url()).toContain(`at=%23${event}`);
    await page.keyboard.press('Home');
    await heading(page, 0).waitFor();
  });

  it('shows the map, a device and the open violations as they were then', async () => {
    const page = await rig.open(at(before, '&tab=map&server=srv-16'));
    await page.getByRole('row', { name: /srv-16 active/ }).waitFor();
    await page.keyboard.press('3');
    await page
      .getByLabel('Desired configuration')
      .getByText(/neighbour 198\.51\.100\.16 vlan16/)
      .waitFor();
    await page.keyboard.press('4');
    await page.getByText('1 open').waitFor();
    await page.goto(`${rig.engine.url}/console/${at(await suspended(), '&tab=device&device=leaf1')}`);
    await page
      .getByLabel('Desired configuration')
      .getByText(/198\.51\.100\.11/)
      .waitFor();
    expect(await page.getByLabel('Desired configuration').innerText()).not.toContain('198.51.100.16 ');
    await page.goto(`${rig.engine.url}/console/${at(0, '&tab=violations')}`);
    await page.getByText('No violation was open then.').waitFor();
  });

  it('puts two moments side by side, with the events between them that made the difference', async () => {
    const event = await suspended();
    const page = await rig.open(at(event, `&tab=difference&other=%23${before}`));
    await page.getByRole('columnheader', { name: `At #${before}` }).waitFor();
    await page.getByRole('cell', { name: 'suspended' }).waitFor();
    await page.getByRole('link', { name: `#${event} ServerSuspended` }).waitFor();
  });

  it('names the field for facts that came late on a telephone too', async () => {
    const page = await rig.open(at(before), { width: 360, height: 720 });
    await heading(page, before).waitFor();
    const label = await page.getByText('Only facts true by').boundingBox();
    expect(label?.width).toBeGreaterThan(60);
    expect((label?.x ?? Number.NaN) + (label?.width ?? 0)).toBeLessThanOrEqual(360);
    const device = await rig.open(at(before, '&tab=device'), { width: 360, height: 720 });
    await device.getByLabel('Desired configuration').waitFor();
    expect((await device.getByText('Device', { exact: true }).last().boundingBox())?.width).toBeGreaterThan(20);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
  });

  it('leaves a slow answer, and asks for it again', async () => {
    const page = await rig.open('ports');
    let release = (): void => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    await page.route('**/v1/audit/at?**', async (route) => {
      await held;
      await route.continue().catch(() => undefined);
    });
    await page.goto(`${rig.engine.url}/console/${at(before, '&tab=map')}`);
    await page.getByRole('button', { name: 'Leave it' }).click();
    await page.getByText(/Left before the map came/).waitFor();
    release();
    await page.getByRole('button', { name: 'Ask again' }).click();
    await page.getByRole('row', { name: /srv-11/ }).waitFor();
  });
});
