import { changeUser, password, putUser } from '../auth/local-user.js';
import { describeBrowser } from './chromium.js';
import { ConsoleRig } from './console-rig.js';

describeBrowser('who reads the console', () => {
  let rig: ConsoleRig;
  beforeAll(async () => {
    rig = await ConsoleRig.start();
    await rig.store(2);
    await putUser(rig.engine.usersFile, 'eve', ['security-analyst']);
  });
  afterAll(() => rig.stop());
  afterEach(() => rig.closePages());

  it('signs in with no mouse, where they wanted to go, and out again', async () => {
    const page = await rig.open('violations?severity=high', { roles: [] });
    await page.getByLabel('User').waitFor();
    await page.keyboard.type('eve');
    await page.keyboard.press('Tab');
    await page.keyboard.type('wrong');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    await page.getByLabel('Password').fill(password);
    await page.keyboard.press('Enter');
    await page
      .getByRole('row', { name: /Address spoof/ })
      .first()
      .waitFor();
    expect(page.url()).toContain('severity=high');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('User').waitFor();
    await page.reload();
    await page.getByLabel('User').waitFor();
  });

  it('as an auditor sees the feed and nothing to do with it', async () => {
    const page = await rig.open('violations', { roles: ['auditor'] });
    await page
      .getByRole('row', { name: /Address spoof/ })
      .first()
      .waitFor();
    expect(await page.getByRole('checkbox').count()).toBe(0);
    expect(await page.getByRole('button', { name: /Acknowledge|Mute|Resolve/ }).count()).toBe(0);
    for (const key of ['j', 'a', 'm', 'x', 'f']) await page.keyboard.press(key);
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  it('as a viewer sees ports, and is told that the feed is not theirs', async () => {
    const page = await rig.open('violations', { roles: ['viewer'] });
    await page.getByRole('heading', { name: 'Not for your roles' }).waitFor();
    expect(await page.getByRole('link', { name: 'Violations' }).count()).toBe(0);
    await page.getByRole('link', { name: 'Ports' }).click();
    await page.getByRole('link', { name: 'leaf1:Ethernet16' }).click();
    await page.getByRole('article', { name: 'Server srv-16' }).waitFor();
    expect(await page.getByRole('heading', { name: 'Violations' }).count()).toBe(0);
  });

  it('is shown the door when they are shut out while they read', async () => {
    const page = await rig.open('violations', { roles: ['security-analyst'] });
    await page
      .getByRole('row', { name: /Address spoof/ })
      .first()
      .waitFor();
    changeUser(rig.engine.usersFile, 'security-analyst', { isDisabled: true });
    await page.getByLabel('User').waitFor();
  });
});
