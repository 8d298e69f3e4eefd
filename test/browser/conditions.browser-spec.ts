import { setTimeout } from 'node:timers/promises';
import { describeBrowser } from './chromium.js';
import { generateLog } from '../bench/generated-log.js';
import { ConsoleRig } from './console-rig.js';
import { password } from '../auth/local-user.js';

/** Pages of the API are of 500. */
const many = process.env.PORTLEDGER_LONG === '1' ? 10_000 : 1_500;

/** What the log of a hosting company holds after its first weeks, or after years. */
const long =
  process.env.PORTLEDGER_LONG === '1' ? { events: 1_000_000, servers: 25_000 } : { events: 20_000, servers: 400 };

describeBrowser('the console over an engine', () => {
  let rig: ConsoleRig;
  afterEach(() => rig.stop());

  it('without a word in its log says that there is nothing, on every page', async () => {
    rig = await ConsoleRig.start({ isSold: false });
    const page = await rig.open('violations');
    await page.getByRole('heading', { name: 'No violations' }).waitFor();
    await page.goto(`${rig.engine.url}/console/violations?severity=high`);
    await page.getByRole('heading', { name: 'Nothing fits these filters' }).waitFor();
    await page.getByRole('link', { name: 'Ports' }).click();
    await page.getByRole('heading', { name: 'No port is sold' }).waitFor();
  });

  it('with many violations draws a screenful of them, and goes to the last one', async () => {
    rig = await ConsoleRig.start();
    await rig.store(many, (number) => ({ claimedAddress: `10.0.${number >> 8}.${number & 255}` }));
    const newest = new RegExp(`10\\.0\\.${many >> 8}\\.${many & 255} `);
    const page = await rig.open('violations');
    await page.getByRole('row', { name: newest }).waitFor();
    for (let rows = 1_000; rows <= many; rows += 500) {
      await page.keyboard.press('End');
      await page.locator(`[role=grid][aria-rowcount="${rows + 1}"]`).waitFor();
    }
    await page.keyboard.press('End');
    await page.getByRole('row', { name: /10\.0\.0\.1 / }).waitFor();
    expect(await page.getByRole('row').count()).toBeLessThan(80);
    await page.keyboard.press('Home');
    await page.getByRole('row', { name: newest }).waitFor();
    rig.forge('10');
    await page.getByRole('button', { name: '1 new' }).waitFor();
  });

  it('with a long log shows its newest violations, each port, and what comes next', async () => {
    rig = await ConsoleRig.start({ isSold: false });
    await generateLog(rig.engine.parts.store, long);
    while (rig.engine.parts.projector.liveMap.ordinal < long.events - 1) await setTimeout(50);
    const page = await rig.open('violations');
    await page
      .getByRole('row', { name: /Address spoof/ })
      .nth(20)
      .waitFor();
    // More than the first page where the engine exonerates some meanwhile: those come by the stream.
    const foot = page.getByRole('status').filter({ hasText: /^[\d,]+ read so far; scroll for more$/ });
    await foot.waitFor();
    expect(await page.getByRole('row').count()).toBeLessThan(80);
    await rig.store(1, () => ({ claimedAddress: '203.0.113.250' }));
    await page.getByRole('row', { name: /203\.0\.113\.250/ }).waitFor();
    await page.goto(`${rig.engine.url}/console/ports/leaf1:Ethernet7`);
    await page.getByRole('article', { name: 'Server srv-47' }).waitFor();
    expect(rig.complaintsOf(page)).toEqual({ csp: [], errors: [] });
  }, 600_000);

  it('that stops says so, keeps what it shows, and goes on when it is back', async () => {
    rig = await ConsoleRig.start();
    await rig.store(3);
    const page = await rig.open('violations');
    const port = await rig.open('ports/leaf1:Ethernet16');
    await page
      .getByRole('row', { name: /Address spoof/ })
      .first()
      .waitFor();
    await port.getByText('cust-16').first().waitFor();
    await rig.stopEngine();
    await page.getByText(/Offline: what is shown may be old/).waitFor();
    await port.getByText(/Offline: The engine does not answer/).waitFor();
    expect(await page.getByRole('row', { name: /Address spoof/ }).count()).toBe(3);
    const late = await rig.openStopped(page);
    await late.getByRole('heading', { name: 'The engine does not answer' }).waitFor();
    await rig.engine.startAgain();
    // Sessions end with the engine that gave them: the same address is there again after signing in.
    await page.getByLabel('User').fill('anna');
    await page.getByLabel('Password').fill(password);
    await page.keyboard.press('Enter');
    await page
      .getByRole('row', { name: /Address spoof/ })
      .first()
      .waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    expect(page.url()).toMatch(/violations$/);
  });
});
