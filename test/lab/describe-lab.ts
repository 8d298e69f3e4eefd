import { whyNoLab } from './lab-needs.js';

/**
 * A describe block that needs the lab: skipped with the reason where there is none, failed when `CI=true`.
 * @param why what else it needs, where that is more than the lab
 */
export function describeLab(name: string, suite: () => void, why: () => string | undefined = whyNoLab): void {
  const reason = why();
  if (reason === undefined) describe(name, suite);
  else if (process.env.CI === 'true') {
    it(`${name}: needs the network lab`, () => {
      throw new Error(reason);
    });
  } else describe.skip(`${name} (${reason})`, suite);
}
