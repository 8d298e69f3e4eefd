// The browser the console is looked at with, and the reason where there is none.
import { type Browser, chromium } from 'playwright-core';
import { whyMissing } from '../lab/lab-needs.js';

const program = '/usr/bin/chromium';

/** Why no page can be opened here, with the one command that helps; undefined where it can. */
export const whyNoBrowser = (): string | undefined => whyMissing({ chromium: 'chromium' });

/** Chromium without a window. As root it has no sandbox of its own: it opens pages of this machine only. */
export function launchChromium(): Promise<Browser> {
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath: program, args: [...sandbox, '--disable-dev-shm-usage', '--disable-gpu'] });
}

/** A describe block that needs Chromium: skipped with the reason where there is none, failed when `CI=true`. */
export function describeBrowser(name: string, suite: () => void): void {
  const reason = whyNoBrowser();
  if (reason === undefined) describe(name, suite);
  else if (process.env.CI === 'true') {
    it(`${name}: needs Chromium`, () => {
      throw new Error(reason);
    });
  } else describe.skip(`${name} (${reason})`, suite);
}
