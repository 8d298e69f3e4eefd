import { describeBrowser } from './chromium.js';
import { ConsoleRig } from './console-rig.js';

describeBrowser('a violation that billing’s late word makes none', () => {
  let rig: ConsoleRig;
  beforeAll(async () => {
    rig = await ConsoleRig.start();
  });
  afterAll(() => rig.stop());

  it('is shown as exonerated on the open page, by the event that says so', async () => {
    const page = await rig.open('violations');
    await page.getByRole('heading', { name: 'No violations' }).waitFor();
    const before = new Date().toISOString();
    // srv-66 uses an address before billing said that it was sold.
    rig.forge('6f');
    await page.getByRole('row', { name: /Unassigned address 198\.51\.100\.111 srv-66 .* new/ }).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    const detail = page.getByRole('complementary', { name: 'Violation' });
    await detail.getByText('Nobody did anything about it yet.').waitFor();
    const bought = { serverId: 'srv-66', addOnId: 'late', address: '198.51.100.111' };
    await rig.publish('Ipv4AddOnBought', bought, before);
    await page.getByRole('row', { name: /Unassigned address 198\.51\.100\.111 .* exonerated/ }).waitFor();
    await detail.getByRole('listitem').filter({ hasText: 'exonerated' }).getByText('Ipv4AddOnBought').waitFor();
    expect(rig.complaintsOf(page)).toEqual({ csp: [], errors: [] });
    await page.context().close();
  });
});
