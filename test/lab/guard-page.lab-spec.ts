import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { password, putUser } from '../auth/local-user.js';
import { launchChromium, whyNoBrowser } from '../browser/chromium.js';
import { publish, serverFact } from '../story/billing.js';
import { makeTokens, startStoryEngine, type StoryEngine, type Tokens } from '../story/engine.js';
import { labStage } from '../story/lab.stage.js';
import { portName, type Stage } from '../story/stage.js';
import { approveFirstPlan } from '../support/approve.js';
import { describeLab } from './describe-lab.js';
import { createLab, type Lab, until } from './lab.js';
import { whyNoLab } from './lab-needs.js';
import { run } from './lab-process.js';

const whyNot = (): string | undefined => whyNoLab() ?? whyNoBrowser();

describeLab(
  'the guard of a device, on its page',
  () => {
    let lab: Lab;
    let stage: Stage;
    let tokens: Tokens;
    let engine: StoryEngine;
    let browser: Browser;
    let page: Page;

    beforeAll(async () => {
      lab = await createLab();
      const bare = labStage(lab);
      stage = { ...bare, deviceConfig: { ...bare.deviceConfig, guard: { mode: 'count' } } };
      tokens = makeTokens(stage);
      engine = await startStoryEngine(stage, 'data');
      const gateway = { switch: 'leaf1', addresses: ['fe80::1', '198.51.100.1'], macs: ['52:54:00:ff:00:01'] };
      await publish(engine, tokens, [{ type: 'GatewayDeclared', subject: 'leaf1', data: gateway }], 'operator');
      const { mac, ipv4, prefix } = stage.servers.vlan16;
      await publish(engine, tokens, [
        serverFact('ServerAdded', 'srv-16', { customerId: 'c1', port: portName('vlan16'), vlan: 16, mac }),
        serverFact('Ipv6PrefixAssigned', 'srv-16', { prefix }),
        serverFact('Ipv4AddOnBought', 'srv-16', { addOnId: 'a', address: ipv4 }),
      ]);
      await lab.setCarrier('vlan16', true);
      await approveFirstPlan(engine.url, tokens.operator);
      await putUser(join(stage.directory, 'users.json'), 'olga', ['operator', 'viewer']);
      browser = await launchChromium();
      page = await (await browser.newContext({ reducedMotion: 'reduce' })).newPage();
      page.setDefaultTimeout(60_000);
      await page.goto(`${engine.url}/console/devices/leaf1`);
      await page.getByLabel('User').fill('olga');
      await page.getByLabel('Password').fill(password);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'leaf1' }).waitFor();
    });
    afterAll(async () => {
      await browser?.close();
      await engine.stop();
      await stage.close();
    });

    const tables = (): Promise<string> => run('ip', ['netns', 'exec', lab.sw, 'nft', 'list', 'tables']);
    const rules = (): Promise<string> => run('ip', ['netns', 'exec', lab.sw, 'nft', 'list', 'ruleset']);
    const line = (text: RegExp): Locator =>
      page.getByRole('region', { name: 'Lines of the guard’s plan' }).getByRole('row', { name: text });
    const guard = (text: RegExp): Locator => page.getByRole('heading', { name: text });

    it('shows its first plan, of which nothing is done until an operator says so there', async () => {
      await guard(/^Guard: \d+ to add$/).waitFor();
      await page.getByText(/^count, .*first.plan/).waitFor();
      await line(/add guard vlan16 prefix 2001:db8:16::\/48 vlan16 srv-16$/).waitFor();
      expect(await tables()).toBe('');
      await page.getByRole('button', { name: 'Approve the guard’s plan' }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').waitFor();
      await page.keyboard.press('Control+Enter');
      await guard(/^Guard: nothing to do$/).waitFor();
      expect(await tables()).toBe('table netdev portledger_guard\n');
      expect(await rules()).toContain('2001:db8:16::/48');
      expect(await line(/guard/).count()).toBe(0);
      expect(await page.getByRole('button', { name: 'Approve the guard’s plan' }).count()).toBe(0);
    });

    it('shows what somebody flushed while the device is frozen, and that it is put back when it is resumed', async () => {
      await page.getByRole('button', { name: 'Freeze…' }).click();
      await page.keyboard.type('the wire is measured');
      await page.keyboard.press('Control+Enter');
      await page
        .getByRole('listitem')
        .filter({ hasText: /Frozen by .*the wire is measured/ })
        .waitFor();
      await run('ip', ['netns', 'exec', lab.sw, 'nft', 'flush', 'ruleset']);
      // It is seen when the guard is looked at, whatever for.
      await publish(engine, tokens, [
        serverFact('Ipv4AddOnBought', 'srv-16', { addOnId: 'b', address: '198.51.100.17' }),
      ]);
      await guard(/^Guard: \d+ to add$/).waitFor();
      await line(/add guard vlan16 .*198\.51\.100\.17 vlan16 srv-16$/).waitFor();
      await line(/add guard vlan16 prefix 2001:db8:16::\/48/).waitFor();
      expect(await tables()).toBe('');
      await page.getByRole('button', { name: 'Resume…' }).click();
      await page.keyboard.press('Control+Enter');
      await guard(/^Guard: nothing to do$/).waitFor();
      await until('the rules are back', async () => (await rules()).includes('198.51.100.17'));
    });
  },
  whyNot,
);
