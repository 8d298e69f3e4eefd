import { whyNoLab } from './lab-needs.js';

/** A describe block that needs the lab: skipped with the reason where there is none, failed when `CI=true`. */
export function describeLab(name: string, suite: () => void): void {
  const reason = whyNoLab();
  if (reason === undefined) describe(name, suite);
  else if (process.env.CI === 'true') {
    it(`${name}: needs the network lab`, () => {
      throw new Error(reason);
    });
  } else describe.skip(`${name} (${reason})`, suite);
}
