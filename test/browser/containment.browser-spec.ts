import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { keptFrames } from '../sensor/evidence/kept.js';
import { describeBrowser } from './chromium.js';
import { ConsoleRig } from './console-rig.js';

describeBrowser('an offender', () => {
  let rig: ConsoleRig;
  beforeAll(async () => {
    rig = await ConsoleRig.start();
  });
  afterAll(() => rig.stop());
  afterEach(() => rig.closePages());

  it('is contained by billing alone, which the page asks and whose answer it shows', async () => {
    rig.forge('10');
    const page = await rig.open('violations', { roles: ['security-analyst', 'containment', 'auditor'] });
    await page.getByRole('row', { name: /198\.51\.100\.16 srv-66 as srv-16/ }).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    const detail = page.getByRole('complementary', { name: 'Violation' });
    await detail.getByText('srv-66').first().waitFor();
    await page.keyboard.press('Shift+C');
    await page.getByRole('dialog', { name: /Ask to contain/ }).waitFor();
    await page.keyboard.type('it claims the address of srv-16');
    await page.keyboard.press('Control+Enter');
    await detail.getByText(/Containment requested/).waitFor();
    await rig.publish('ServerSuspended', { serverId: 'srv-66', reason: 'abuse' });
    await detail.getByText(/Containment suspended/).waitFor();
    expect(rig.complaintsOf(page)).toEqual({ csp: [], errors: [] });
  });

  it('is not to be contained by who lacks the role', async () => {
    const page = await rig.open('violations');
    await page.getByRole('row', { name: /198\.51\.100\.16/ }).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    const actions = page.getByRole('group', { name: 'Actions on this violation' });
    await actions.getByRole('button', { name: /Comment/ }).waitFor();
    expect(await actions.getByRole('button', { name: /contain/i }).count()).toBe(0);
  });

  it('leaves frames behind, which are handed out as a capture', async () => {
    const [violationId = ''] = rig.engine.parts.projector.liveMap.map.violations.keys();
    // This rig's captures hand over frames without their bytes.
    for (const frame of keptFrames(violationId, 3)) rig.engine.parts.sensorDesk.evidence.keep(frame);
    const page = await rig.open(`violations/${violationId}`);
    const link = page.getByRole('link', { name: 'Download 3 kept frames' });
    await link.waitFor();
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
    const capture = await readFile(await download.path());
    expect(download.suggestedFilename()).toBe(`${violationId}.pcap`);
    await page.getByText(`SHA-256 ${createHash('sha256').update(capture).digest('hex')}`).waitFor();
  });
});
