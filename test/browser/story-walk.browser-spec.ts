import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { password, putUser } from '../auth/local-user.js';
import { ask, publish, serverFact } from '../story/billing.js';
import { makeTokens, startStoryEngine } from '../story/engine.js';
import { type Play, until } from '../story/scene.js';
import { changes } from '../story/scenes-billing.js';
import { openSimulatedStage } from '../story/simulated.stage.js';
import { story } from '../story/story.js';
import { ByKeyboard } from './by-keyboard.js';
import { describeBrowser, launchChromium } from './chromium.js';

interface Stored {
  readonly ordinal: number;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

describeBrowser('the story of the demo, walked through by keyboard alone', () => {
  let play: Play;
  let browser: Browser;
  let page: Page;
  let anna: ByKeyboard;
  /** What the page and its browser complained of. */
  const complaints: string[] = [];

  beforeAll(async () => {
    const stage = openSimulatedStage('for this test');
    const tokens = makeTokens(stage);
    const engine = await startStoryEngine(stage, 'data');
    play = { stage, tokens, engine, moments: new Map(), tell: () => undefined };
    for (const scene of story.slice(0, story.indexOf(changes) + 1)) await scene.play(play);
    const roles = ['security-analyst', 'viewer', 'auditor', 'operator'] as const;
    await putUser(join(stage.directory, 'users.json'), 'anna', roles);
    browser = await launchChromium();
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' });
    page = await context.newPage();
    page.setDefaultTimeout(60_000);
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(`${engine.url}/console/`);
    anna = await ByKeyboard.on(page);
  });
  afterAll(async () => {
    await browser?.close();
    await play?.engine.stop();
    await play?.stage.close();
  });

  const heading = (name: string | RegExp) => page.getByRole('heading', { name });
  const detail = () => page.getByRole('complementary', { name: 'Violation' });
  const link = (name: string | RegExp) => page.getByRole('link', { name });
  const button = (name: string | RegExp) => page.getByRole('button', { name });
  const openViolations = async () => {
    const { violations } = await ask<{ violations: { state: string; severity: string }[] }>(
      play.engine,
      play.tokens,
      '/v1/violations?port=leaf1:Ethernet66',
    );
    return violations.filter(({ state }) => state === 'new');
  };
  const stored = async (stream: string): Promise<Stored[]> =>
    (await ask<{ events: Stored[] }>(play.engine, play.tokens, `/v1/log?stream=${stream}&limit=500`)).events;

  it('signs in, and stands on the overview, which says that critical violations wait', async () => {
    await page.getByLabel('User').waitFor();
    await anna.type('anna');
    await anna.press('Tab');
    await anna.type(password);
    await anna.press('Enter');
    await heading('Overview').waitFor();
    await page
      .getByRole('region', { name: 'Needs a human now' })
      .getByRole('link', { name: /critical violations that nobody acknowledged/ })
      .waitFor();
  });

  it('comes from the overview to the switch port, the customer and the cause of a forged frame in a handful of keys', async () => {
    const before = anna.keys;
    await anna.press('g', 'v');
    await page
      .getByRole('row', { name: /srv-66/ })
      .first()
      .waitFor();
    await anna.press('j', 'Enter');
    for (const text of ['leaf1:Ethernet66', 'srv-66', 'cust-66'])
      await detail().getByText(text, { exact: true }).first().waitFor();
    await detail()
      .getByText(/52:54:00:00:00:66/)
      .first()
      .waitFor();
    await detail()
      .getByText(
        /router advertisement came from 52:54:00:00:00:66 on port leaf1:Ethernet66 \(sold to srv-66 of cust-66\)/,
      )
      .waitFor();
    expect(anna.keys - before).toBeLessThanOrEqual(5);
  });

  it('acknowledges it', async () => {
    const before = (await openViolations()).length;
    await anna.press('a');
    await detail()
      .getByText(/acknowledged/)
      .first()
      .waitFor();
    await detail()
      .getByRole('listitem')
      .filter({ hasText: /acknowledged by anna/ })
      .waitFor();
    expect((await openViolations()).length).toBe(before - 1);
    await anna.press('Escape');
    await detail().waitFor({ state: 'detached' });
  });

  it('is told by the overview what is left, and comes by its link to just that', async () => {
    const left = (await openViolations()).filter(({ severity }) => severity === 'critical').length;
    await anna.press('g', 'o');
    await anna.tabTo(link(`${left} critical violations that nobody acknowledged`));
    await anna.press('Enter');
    await page.waitForURL(/state=new&severity=critical/);
    await page.locator(`[role=grid][aria-rowcount="${left + 1}"]`).waitFor();
  });

  it('goes over the front of the switch to the page of the port', async () => {
    await anna.press('g', 's');
    await anna.tabTo(page.getByRole('main').getByRole('link', { name: 'leaf1', exact: true }));
    await anna.press('Enter');
    // Of all ports the one that is worst has the focus first.
    await anna.tabTo(page.getByRole('grid').getByRole('link', { name: /^Ethernet66: violation, srv-66/ }));
    const card = page.getByRole('region', { name: 'Port', exact: true });
    await card.getByText('cust-66', { exact: true }).waitFor();
    await anna.press('ArrowLeft');
    await card.getByText('srv-66', { exact: true }).waitFor({ state: 'detached' });
    await anna.press('ArrowRight');
    await card.getByText('cust-66', { exact: true }).waitFor();
    await anna.press('Enter');
    await heading('leaf1:Ethernet66').waitFor();
    await page.getByRole('article', { name: 'Server srv-66' }).waitFor();
    await page
      .getByRole('listitem')
      .filter({ hasText: /acknowledged/ })
      .waitFor();
  });

  it('finds the address that was forged, and who had it when', async () => {
    const { ipv4 } = play.stage.servers.vlan16;
    await anna.press('/');
    await anna.type(ipv4);
    await page.getByRole('option', { name: new RegExp(`${ipv4}.*srv-16`) }).waitFor();
    await anna.press('Enter');
    await heading(`Address ${ipv4}`).waitFor();
    const table = page.getByRole('region', { name: 'Who had it when' });
    await table.getByRole('row', { name: /srv-16 .*ServerAdded.*Ipv4AddOnBought.*ServerNicReplaced/ }).waitFor();
    await table.getByRole('row', { name: /now srv-16 .*ServerNicReplaced/ }).waitFor();
    await page.getByRole('img', { name: /stretches of 2 holders/ }).waitFor();
    await table.getByRole('row', { name: /srv-40 \(waits\)/ }).waitFor();
  });

  it('steps through time to the moment at which the network card was replaced', async () => {
    const replaced = (await stored('server-srv-16')).find(({ type }) => type === 'ServerNicReplaced')?.ordinal ?? -1;
    await anna.press('g', 't');
    await heading(/^As of #\d+$/).waitFor();
    await anna.press('Home');
    await heading('As of #0').waitFor();
    for (let at = 1; at <= replaced; at++) {
      await anna.press('ArrowRight');
      await heading(`As of #${at}`).waitFor();
    }
    await link(`#${replaced} ServerNicReplaced`).first().waitFor();
    const row = page.getByRole('row', { name: /srv-16 .*mac/i }).first();
    await row.getByText('52:54:00:00:00:16').waitFor();
    await row.getByText('52:54:00:00:01:16').waitFor();
    // The map with the last event before it still has the old one.
    await anna.press('ArrowLeft', '2');
    await heading(`As of #${replaced - 1}`).waitFor();
    await page.getByRole('row', { name: /srv-16 .*52:54:00:00:00:16/ }).waitFor();
  });

  it('freezes the switch, sees what would be taken away, and approves exactly that', async () => {
    const { stage, engine, tokens } = play;
    await anna.press('g', 'd');
    await anna.tabTo(page.getByRole('cell').getByRole('link', { name: 'leaf1' }));
    await anna.press('Enter');
    await anna.tabTo(button('Freeze…'));
    await anna.press('Enter');
    await page.getByRole('dialog', { name: 'Freeze leaf1' }).waitFor();
    await anna.type('all customers leave at once');
    await anna.press('Control+Enter');
    await page
      .getByRole('listitem')
      .filter({ hasText: /Frozen by .*anna.*all customers leave at once/ })
      .waitFor();
    const before = (await stage.entries()).size;
    const gone = ['srv-11', 'srv-16', 'srv-40', 'srv-66'].map((id) =>
      serverFact('ServerRemoved', id, { reason: 'moved out' }),
    );
    await publish(engine, tokens, gone);
    await page
      .getByRole('region', { name: 'Lines of the plan' })
      .getByRole('row', { name: /remove.*198\.51\.100\.66.*ServerRemoved/ })
      .first()
      .waitFor();
    expect((await stage.entries()).size).toBe(before);
    await anna.tabTo(button('Resume…'));
    await anna.press('Enter');
    await page.getByRole('dialog', { name: 'Resume leaf1' }).waitFor();
    await anna.press('Control+Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await anna.tabTo(button('Approve this plan…'));
    expect((await stage.entries()).size).toBe(before);
    await anna.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Approve the plan of leaf1' });
    await dialog.waitFor();
    await anna.press('Control+Enter');
    const words = /Type “(?<words>remove \d+ from leaf1)” to confirm/;
    const asked = (await dialog.getByText(words).textContent()) ?? '';
    await anna.type(words.exec(asked)?.groups?.['words'] ?? '');
    await anna.press('Control+Enter');
    await heading('Plan: nothing to do').waitFor();
    await until('the switch holds nothing of who left', async () => {
      const entries = [...(await stage.entries())];
      return !entries.some((entry) => /198\.51\.100\.(11|66) |52:54:00:00:(00:11|01:16|00:66)/.test(entry));
    });
    expect((await stage.announced()).has('2001:db8:66::/48')).toBe(false);
  });

  it('opens in the log what was written to the switch, with its causes, and exports just that', async () => {
    await anna.press('g', 'l');
    await page
      .getByRole('row', { name: /ReconcileFinished/ })
      .first()
      .waitFor();
    await anna.press('/');
    await anna.type('journal-leaf1');
    await anna.press('Enter');
    await page.waitForURL(/stream=journal-leaf1/);
    await page.getByRole('row', { name: /ServerAdded/ }).waitFor({ state: 'detached' });
    await anna.tabTo(link('Export what fits'));
    const coming = page.waitForEvent('download');
    await anna.press('Enter');
    const lines = (await readFile(await (await coming).path(), 'utf8')).trimEnd().split('\n');
    const journal = (await stored('journal-leaf1')).map(({ ordinal }) => ordinal);
    expect(lines.map((line) => (JSON.parse(line) as Stored).ordinal)).toEqual(journal.toReversed());

    await anna.press('j');
    const event = page.getByRole('complementary', { name: `Event #${journal.at(-1)}` });
    const causes = event.locator('section').filter({ has: page.getByRole('heading', { name: 'Caused by' }) });
    await causes
      .getByRole('link', { name: /ServerRemoved/ })
      .first()
      .waitFor();
    await anna.tabTo(causes.getByRole('link', { name: /ServerRemoved/ }).first());
    await anna.press('Enter');
    await page.getByRole('complementary').getByText('moved out').waitFor();
  });

  it('leaves the front of the switch as a picture, and signs out', async () => {
    await anna.press('g', 's');
    await anna.tabTo(page.getByRole('main').getByRole('link', { name: 'leaf1', exact: true }));
    await anna.press('Enter');
    await anna.tabTo(button('Save as PNG'));
    const coming = page.waitForEvent('download');
    await anna.press('Enter');
    const picture = await readFile(await (await coming).path());
    expect(picture.subarray(1, 4).toString('latin1')).toBe('PNG');
    await anna.tabTo(button('Sign out'));
    await anna.press('Enter');
    await page.getByLabel('User').waitFor();
    expect(await anna.pointed()).toBe(0);
    expect(complaints).toEqual([]);
  });
});
