import { rules } from '../../../projections/index.js';
import { Hearing, primaries } from './hearing.js';
import { type Fixture, heardIn, ruleFixtures } from './rule-fixtures.js';

/** atk6-flood_advertise6 makes MACs up that begin with 00:18. */
const once = (all: readonly string[]): string[] => [
  ...new Set(all.map((one) => one.replace(/00:18:[0-9a-f:]+/, 'made-up MACs'))),
];

const fixtures = Object.entries(ruleFixtures);

describe('every rule', () => {
  it('has frames that break it, from a tool or a kernel', () => {
    expect(fixtures.map(([name]) => name).sort()).toEqual(rules.map((rule) => rule.name).sort());
  });

  it.each(fixtures)('%s: its frames give exactly these primary findings', async (_name, fixture) => {
    expect(once(primaries(await heardIn(fixture), fixture.grants))).toEqual(fixture.primaries);
  });

  it.each(fixtures)('%s: is missed when it is taken out of the list', async (name, fixture) => {
    expect(await namesFoundIn(fixture)).toContain(name);
    expect(await namesFoundIn(fixture, name)).not.toContain(name);
    const fewer = rules.filter((rule) => rule.name !== name);
    expect(primaries(await heardIn(fixture), fixture.grants, fewer)).not.toEqual(
      primaries(await heardIn(fixture), fixture.grants),
    );
  });
});

async function namesFoundIn(fixture: Fixture, left?: string): Promise<string[]> {
  const hearing = new Hearing(
    fixture.grants,
    rules.filter((rule) => rule.name !== left),
  );
  const heard = await heardIn(fixture);
  return [...new Set(heard.flatMap((one) => hearing.hear(one).found.map(({ rule }) => rule.name)))];
}
