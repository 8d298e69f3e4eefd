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
  for (const theme of ['light', 'dark'] as const)
    for (const width of [1280, 360]) {
      const shot = async (name: string, path: string, wait: string): Promise<void> => {
        const page = await rig.open(path, { width, height: width === 360 ? 720 : 760, theme });
        await page.getByText(wait).first().waitFor();
        writeFileSync(join(folder, `${name}-${width}-${theme}.webp`), await pictureOf(page));
        await page.context().close();
      };
      await shot('overview', 'overview', 'Billed');
      await shot('difference', 'overview/billed-not-seen', 'in all');
      await shot('feed', 'violations', 'Live');
      await shot('detail', 'violations/v60', 'What was done');
      await shot('port', 'ports/leaf1:Ethernet66', 'Last events');
    }
} finally {
  await rig.stop();
}
