import type { Page } from 'playwright-core';
import { describeBrowser } from './chromium.js';
import { ConsoleRig } from './console-rig.js';

/** Runs in the page: counts what only a pointer does. */
const countPointer = {
  content: `window.pointed = 0;
  for (const name of ['mousedown', 'pointerdown', 'click', 'touchstart'])
    document.addEventListener(name, (event) => { if (event.isTrusted && event.detail !== 0) window.pointed++; }, true);`,
};

describeBrowser('triage by keyboard', () => {
  let rig: ConsoleRig;
  beforeAll(async () => {
    rig = await ConsoleRig.start();
  });
  afterAll(() => rig.stop());

  const press = async (page: Page, ...keys: string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key);
  };
  /** The row the reader is on says so. */
  const untilRowSays = (page: Page, text: string): Promise<void> =>
    page.locator('[role=row].cursor').filter({ hasText: text }).waitFor();
  const select = async (page: Page, count: number): Promise<void> => {
    for (let row = 0; row < count; row++) await press(page, 'Shift+J');
    await page.getByText(`${count} violations selected`).waitFor();
  };

  it('works off forty violations with no mouse at all', async () => {
    await rig.store(40, (number) => ({ claimedAddress: `203.0.113.${number}` }));
    const page = await rig.open('violations', { roles: ['security-analyst'] });
    await page.addInitScript(countPointer);
    await page.reload();
    await page.getByRole('row', { name: /203\.0\.113\.40/ }).waitFor();
    await press(page, 'j');
    for (let row = 0; row < 4; row++) {
      await press(page, 'a');
      await untilRowSays(page, 'acknowledged');
      await press(page, 'j');
    }
    for (let row = 0; row < 3; row++) {
      await press(page, 'r');
      await untilRowSays(page, 'resolved');
      await press(page, 'j');
    }
    await press(page, 'f');
    await page.getByRole('dialog', { name: 'False positive: 1 violation' }).waitFor();
    await page.keyboard.type('the lab tests its printers');
    await press(page, 'Control+Enter');
    // The row can hear of it from the stream while the dialog still waits for its answer, and takes the keys.
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await untilRowSays(page, 'false positive');
    await press(page, 'j', 'm');
    const mute = page.getByRole('dialog', { name: 'Mute' });
    await mute.getByText('Hides 1 violation').waitFor();
    await page.keyboard.type('maintenance until four');
    await press(page, 'Enter');
    await mute.waitFor({ state: 'detached' });
    await untilRowSays(page, 'muted');
    await press(page, 'j', 'c');
    await page.getByRole('dialog', { name: 'Comment: 1 violation' }).waitFor();
    // Words of a person may hold anything: they are shown, and do nothing.
    await page.keyboard.type('<b onmouseover=alert(1)>asked the customer</b>');
    await press(page, 'Control+Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await press(page, 'Enter');
    await page.getByRole('complementary').getByText('<b onmouseover=alert(1)>asked the customer</b>').waitFor();
    await press(page, 'Escape', 'j');
    await select(page, 20);
    await press(page, 'a');
    await page.getByText('20 violations acknowledged.').waitFor();
    await select(page, 10);
    await press(page, 'r');
    await page.getByText('10 violations resolved.').waitFor();

    const counted = new Map<string, number>();
    for (const { state, assignee } of rig.engine.parts.projector.liveMap.map.violations.values()) {
      const key = assignee === undefined ? state : `${state} ${assignee}`;
      counted.set(key, (counted.get(key) ?? 0) + 1);
    }
    // The muted one and the one that was commented are still new: neither closes anything.
    expect(Object.fromEntries(counted)).toEqual({
      'acknowledged user:security-analyst': 24,
      resolved: 13,
      'false-positive': 1,
      new: 2,
    });
    expect(await page.evaluate('window.pointed')).toBe(0);
    expect(rig.complaintsOf(page)).toEqual({ csp: [], errors: [] });
    await page.context().close();
  });

  it('does nothing to a violation that somebody else was first at, and names them', async () => {
    await rig.store(1, () => ({ claimedAddress: '203.0.113.200' }));
    const page = await rig.open('violations', { roles: ['security-analyst'] });
    // The page does not hear of what others do: its stream is cut.
    await page.route('**/v1/violations/stream*', (route) => route.abort());
    await page.reload();
    await page.getByText(/Offline/).waitFor();
    await page.getByRole('row', { name: /203\.0\.113\.200/ }).waitFor();
    const first = await rig.act('acknowledge', 'v41', {});
    expect(first).toBe(200);
    await press(page, 'j', 'r');
    await page.getByText(/Not done, somebody was first: token:every/).waitFor();
    await untilRowSays(page, 'acknowledged');
    await page.context().close();
  });
});
