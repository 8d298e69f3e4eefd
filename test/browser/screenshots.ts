// Pictures of the console for the README and for the eye: `npm run build && node dist/test/browser/screenshots.js FOLDER`.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { ConsoleRig } from './console-rig.js';

/** As WebP: a page of text is a third of the PNG, and no letter is less sharp. */
async function pictureOf(page: Page): Promise<Buffer> {
  const devtools = await page.context().newCDPSession(page);
  const { data } = await devtools.send('Page.captureScreenshot', { format: 'webp', quality: 80 });
  return Buffer.from(data, 'base64');
}

const folder = process.argv[2] ?? 'screenshots';
mkdirSync(folder, { recursive: true });
const rig = await ConsoleRig.start();
const rules = [
  ['address-spoof', 'high'],
  ['gateway-impersonation', 'critical'],
  ['unassigned-address', 'medium'],
  ['mac-moved', 'medium'],
  ['neighbour-scan', 'low'],
  ['rogue-router-advertisement', 'critical'],
] as const;
try {
  await rig.store(60, (n) => {
    const [rule, severity] = rules[n % rules.length] ?? rules[0];
    const port = n % 4 === 0 ? { port: undefined } : { port: `leaf1:Ethernet${[11, 16, 66][n % 3]}` };
    return {
      rule,
      severity,
      ...port,
      claimedAddress: `198.51.100.${n}`,
      detail: 'srv-66 claims an address that was sold to srv-16.',
    };
  });
  rig.forge('10');
  rig.forge('10');
  rig.forge('0b');
  for (const number of Array.from({ length: 44 }, (_, at) => at + 1).filter(
    (one) => one % 7 !== 0 && one !== 11 && one !== 16,
  ))
    await rig.publish('ServerAdded', {
      serverId: `srv-${number}`,
      customerId: `cust-${(number % 9) + 1}`,
      port: `leaf1:Ethernet${number}`,
      vlan: 100 + number,
      mac: `52:54:00:00:01:${number.toString(16).padStart(2, '0')}`,
    });
  const renumberingId = await rig.renumber();
  await rig.pools();
  // A change that nobody approved yet, for the plan.
  await rig.publish('Ipv4AddOnBought', { serverId: 'srv-16', addOnId: 'more', address: '198.51.100.216' });
  await rig.untilLive();
  for (const theme of ['light', 'dark'] as const)
    for (const width of [1280, 360]) {
      const shot = async (name: string, path: string, wait: string): Promise<void> => {
        const page = await rig.open(path, { width, height: width === 360 ? 720 : 760, theme });
        await page.getByText(wait).locator('visible=true').first().waitFor();
        writeFileSync(join(folder, `${name}-${width}-${theme}.webp`), await pictureOf(page));
        await page.context().close();
      };
      await shot('overview', 'overview', 'Billed');
      await shot('difference', 'overview/billed-not-seen', 'in all');
      await shot('feed', 'violations', 'Live');
      await shot('detail', 'violations/v60', 'What was done');
      await shot('port', 'ports/leaf1:Ethernet66', 'Last events');
      await shot('switches', 'switches', 'leaf1');
      await shot('switch', 'switches/leaf1', 'Matched');
      await shot('devices', 'devices', 'leaf1');
      await shot('device', 'devices/leaf1', 'Plan');
      await shot('renumberings', 'renumberings', 'under way');
      await shot('renumbering', `renumberings/${renumberingId}`, 'Who and what');
      await shot('pools', 'pools', 'nets');
      await shot('log', 'log?beginning=server-', 'Live');
      await shot('event', 'log/4', 'Led to');
      await shot('log-state', 'log/state', 'Proof');
      await shot('time', 'time?at=%23100&tab=map', 'srv-16');
      await shot('found', 'find?q=srv-1', 'Servers');
      await shot('entity', 'find/address/198.51.100.16', 'Who had it when');
    }
} finally {
  await rig.stop();
}
