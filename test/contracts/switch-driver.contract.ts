import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import type { DriverLimit } from '../../src/drivers/switch/switch.port.js';
import type { SwitchCheck } from './switch-driver.check.js';
import { entryChecks } from './switch-driver.entry-checks.js';
import type { SwitchHarness, SwitchUnderTest } from './switch-driver.harness.js';
import { interfaceChecks } from './switch-driver.interface-checks.js';
import { type Saboteur, saboteurs } from './switch-driver.saboteurs.js';
import { troubleChecks } from './switch-driver.trouble-checks.js';
import { vrfChecks } from './switch-driver.vrf-checks.js';

/** What every switch driver promises. */
export const switchDriverChecks: readonly SwitchCheck[] = [
  ...entryChecks,
  ...interfaceChecks,
  ...troubleChecks,
  ...vrfChecks,
];

/**
 * Runs the contract on one driver, and then on the same driver with a saboteur before it, which must fail. A check is
 * skipped only for a limit the driver declares, or for what cannot be tried here; the reason is printed with it.
 */
export function describeSwitchDriver(name: string, subject: SwitchUnderTest): void {
  const limits = [...subject.limits, ...(subject.untried ?? [])];

  describe(`${name}: the contract`, () => {
    it('is tried with the limits the driver declares', () =>
      withHarness(subject, {}, ({ driver }) => {
        assert.deepEqual(driver.limits, subject.limits);
        return Promise.resolve();
      }));
    for (const check of switchDriverChecks) {
      const excuse = excuseFor(check, limits);
      if (excuse === undefined) it(check.name, () => withHarness(subject, check.setting ?? {}, check.run));
      else it.skip(`${check.name} (${excuse})`, () => undefined);
    }
  });

  describe(`${name}: the contract catches a driver that`, () => {
    for (const saboteur of saboteurs) {
      const able = checksFor(saboteur).filter((check) => excuseFor(check, limits) === undefined);
      const [first] = checksFor(saboteur);
      if (able.length > 0) it(saboteur.name, () => expectCaught(subject, saboteur, able));
      else it.skip(`${saboteur.name} (${first && excuseFor(first, limits)})`, () => undefined);
    }
  });
}

function excuseFor({ needs }: SwitchCheck, limits: readonly DriverLimit[]): string | undefined {
  const limit = limits.find(({ promise }) => needs?.includes(promise));
  return limit && `${limit.promise}: ${limit.reason}`;
}

function checksFor({ caughtBy }: Saboteur): SwitchCheck[] {
  return caughtBy.map(
    (name) => switchDriverChecks.find((check) => check.name === name) ?? assert.fail(`there is no check "${name}"`),
  );
}

/** Each check that is to catch a saboteur must fail because what it asserts is not so. */
async function expectCaught(subject: SwitchUnderTest, saboteur: Saboteur, checks: SwitchCheck[]): Promise<void> {
  for (const check of checks) {
    const result = await withHarness(subject, check.setting ?? {}, async (honest) => {
      const harness = Object.assign(Object.create(honest) as SwitchHarness, {
        patienceMs: 3_000,
        driver: saboteur.make(honest.driver, honest),
        restarted: () => saboteur.make(honest.restarted(), honest),
      });
      return check.run(harness).then(
        () => undefined,
        (error: unknown) => error,
      );
    });
    assert.ok(result !== undefined, `"${check.name}" passes with a driver that ${saboteur.name}`);
    assert.ok(result instanceof assert.AssertionError, `"${check.name}" fails for another reason: ${inspect(result)}`);
  }
}

async function withHarness<Result>(
  subject: SwitchUnderTest,
  setting: Parameters<SwitchUnderTest['make']>[0],
  work: (harness: SwitchHarness) => Promise<Result>,
): Promise<Result> {
  const harness = await subject.make(setting);
  try {
    return await work(harness);
  } finally {
    await harness.close();
  }
}
