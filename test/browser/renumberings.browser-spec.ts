import type { Page } from 'playwright-core';
import { serious } from './axe.js';
import { describeBrowser } from './chromium.js';
import { ConsoleRig } from './console-rig.js';

const operator = { roles: ['operator', 'viewer', 'auditor', 'security-analyst'] } as const;
const to = '2001:db8:1066::/48';
const from = '2001:db8:66::/48';

describeBrowser('the pages of renumberings', () => {
  let rig: ConsoleRig;
  beforeEach(async () => {
    rig = await ConsoleRig.start({ mode: 'enforce' });
  });
  afterEach(() => rig.stop());

  const state = async (id: string): Promise<unknown> => {
    const headers = { authorization: `Bearer ${rig.engine.tokens.every}` };
    return (await rig.engine.call(`/v1/renumberings/${id}`, { headers })).body['state'];
  };
  const here = (page: Page) => page.getByRole('list', { name: 'The way of it' }).locator('[aria-current=step]');
  const stands = (page: Page, words: string) => here(page).getByText(words).waitFor();
  const give = async (page: Page, button: string, reason = ''): Promise<void> => {
    await page.getByRole('button', { name: button }).click();
    if (reason !== '')
      await page
        .getByRole('dialog')
        .getByLabel(/Reason/)
        .fill(reason);
    await page.keyboard.press('Control+Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  };

  it('start one, and go on with it: billing is asked, and each step shows where it is', async () => {
    const page = await rig.open('renumberings', operator);
    await page.getByText('No renumbering yet').waitFor();
    await page.getByRole('button', { name: 'Start one…' }).click();
    const dialog = page.getByRole('dialog');
    for (const [label, text] of [
      ['Server', 'srv-66'],
      ['From the prefix', from],
      ['To the prefix', to],
      ['Has to be quiet for', '1 s'],
    ] as const)
      await dialog.getByLabel(label).fill(text);
    expect(await serious(page)).toEqual([]);
    await page.keyboard.press('Control+Enter');
    await stands(page, 'planned');
    await page.getByText(`Nothing was asked yet. To go on is to ask billing for ${to}.`).waitFor();
    await page.getByRole('button', { name: 'Go on…' }).click();
    await dialog.getByText(`Billing is asked for ${to}. Nothing is taken away by that.`).waitFor();
    await page.keyboard.press('Control+Enter');
    await stands(page, 'waiting for grant');
    await rig.publish('Ipv6PrefixAssigned', { serverId: 'srv-66', prefix: to });
    await page.getByText(`${to}, granted, announced`).waitFor();
    await stands(page, 'safe to remove');
    await page.getByRole('button', { name: 'Go on…' }).click();
    await dialog
      .getByText(`Billing is asked to release ${from}. Once it is released, ${from} is routed no more`)
      .waitFor();
    await page.keyboard.press('Control+Enter');
    await stands(page, 'waiting for release');
    await rig.publish('Ipv6PrefixReleased', { serverId: 'srv-66', prefix: from });
    await stands(page, 'finished');
    await page.getByText(`${from} is released, and srv-66 lives on ${to}.`).waitFor();
    await page.getByRole('link', { name: 'Every order, and what was found' }).click();
    await page.getByRole('row', { name: /RenumberingStarted/ }).waitFor();
  });

  it('go back only with a reason, and offer nothing that may not be ordered', async () => {
    const id = await rig.renumber();
    const page = await rig.open(`renumberings/${id}`, operator);
    await page.getByRole('button', { name: 'Go back…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('It ends. Billing was asked for nothing, and hears nothing.').waitFor();
    expect(await dialog.getByRole('button', { name: 'Go back' }).isDisabled()).toBe(true);
    await page.keyboard.press('Escape');
    await give(page, 'Go back…', 'not this week');
    await stands(page, 'rolled back');
    await page.getByText('not this week').waitFor();
    const list = await rig.open('renumberings', operator);
    await list.getByRole('link', { name: 'None is under way: those that have ended' }).click();
    await list.getByRole('row', { name: /srv-66 .* rolled back .* nobody/ }).waitFor();
    expect(await page.getByRole('button', { name: /^Go / }).count()).toBe(0);
  });

  it('order nothing that was not seen: where somebody else went on, the dialog says so', async () => {
    const id = await rig.renumber();
    const page = await rig.open(`renumberings/${id}`, operator);
    await page.getByRole('button', { name: 'Go back…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(/Reason/).fill('too early');
    const other = await rig.open(`renumberings/${id}`, operator);
    await give(other, 'Go on…');
    await dialog
      .getByText(/It went on after you looked at it: waiting for grant now, the last word by user:/)
      .waitFor();
    expect(await dialog.getByRole('button', { name: 'Go back' }).isDisabled()).toBe(true);
    await page.keyboard.press('Control+Enter');
    expect(await state(id)).toBe('waiting-for-grant');
  });

  it('go on although nobody can say that the old prefix is quiet, by a word with a reason', async () => {
    const id = await rig.renumber(to, 3_600);
    const page = await rig.open(`renumberings/${id}`, operator);
    await give(page, 'Go on…');
    await rig.publish('Ipv6PrefixAssigned', { serverId: 'srv-66', prefix: to });
    await stands(page, 'both live');
    expect(await page.getByRole('button', { name: 'Go on…' }).count()).toBe(0);
    await give(page, 'Go on although it may not be quiet…', 'the customer says so');
    await stands(page, 'waiting for release');
    await page.getByText('the customer says so').waitFor();
  });

  it('show what the engine refuses, where it was ordered', async () => {
    const page = await rig.open('renumberings', operator);
    await page.getByRole('button', { name: 'Start one…' }).click();
    const dialog = page.getByRole('dialog');
    const wanted = [
      ['Server', 'srv-66'],
      ['From the prefix', '2001:db8:99::/48'],
      ['To the prefix', to],
    ] as const;
    for (const [label, text] of wanted) await dialog.getByLabel(label).fill(text);
    await page.keyboard.press('Control+Enter');
    await dialog
      .getByRole('alert')
      .getByText(/2001:db8:99::\/48/)
      .waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('No renumbering yet').waitFor();
  });

  it('list those under way, by who has to do something and by state, as the address says', async () => {
    const id = await rig.renumber();
    const page = await rig.open('renumberings', operator);
    const row = page.getByRole('row', {
      name: /srv-66 cust-66 2001:db8:66::\/48 2001:db8:1066::\/48 planned .* an operator/,
    });
    await row.waitFor();
    const choices = page.getByRole('navigation', { name: 'Which renumberings' });
    await choices.getByRole('link', { name: 'wait for billing 0' }).click();
    await page.getByText('No renumbering fits').waitFor();
    await choices.getByRole('link', { name: 'ended 0' }).waitFor();
    await choices.getByRole('link', { name: 'planned 1' }).click();
    await row.waitFor();
    expect(new URL(page.url()).search).toBe('?state=planned');
    await page.getByRole('searchbox', { name: 'Find a renumbering' }).fill('srv-11');
    await page.keyboard.press('Enter');
    await page.getByText('No renumbering fits').waitFor();
    await choices.getByRole('link', { name: 'under way 0' }).waitFor();
    const again = await rig.open('renumberings?text=1066', operator);
    await again.getByRole('link', { name: 'srv-66' }).click();
    await again.getByRole('heading', { name: `Renumbering ${id}` }).waitFor();
    const viewer = await rig.open(`renumberings/${id}`, { roles: ['viewer'] });
    await stands(viewer, 'planned');
    expect(await viewer.getByRole('button', { name: /^Go |^Start/ }).count()).toBe(0);
  });

  it('are led to from the overview while an old prefix is safe to remove, and from their server, and fit a telephone', async () => {
    const id = await rig.renumber();
    const page = await rig.open(`renumberings/${id}`, { ...operator, width: 360, theme: 'dark' });
    await give(page, 'Go on…');
    await rig.publish('Ipv6PrefixAssigned', { serverId: 'srv-66', prefix: to });
    await stands(page, 'safe to remove');
    expect(await serious(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    const overview = await rig.open('overview', operator);
    await overview.getByRole('link', { name: /renumbering-safe-to-remove: .*srv-66/ }).click();
    await overview.getByRole('heading', { name: `Renumbering ${id}` }).waitFor();
    await overview.getByRole('link', { name: 'srv-66' }).click();
    const section = overview.locator('section', { has: overview.getByRole('heading', { name: 'Renumberings' }) });
    await section.getByText(`${from} to ${to}: safe to remove`).waitFor();
    await section.getByRole('link').click();
    await stands(overview, 'safe to remove');
  });
});
