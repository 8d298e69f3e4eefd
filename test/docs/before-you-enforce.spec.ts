import { readFileSync } from 'node:fs';
import { verbs } from '../../src/cli/verbs.js';
import { BrakesConfig } from '../../src/config/brakes-config.js';

const page = readFileSync('src/control/before-you-enforce.md', 'utf8');

describe('the page before you enforce', () => {
  it('names only verbs and options that there are', async () => {
    const calls = [...page.matchAll(/portledger ([a-z]+(?: stream)?)([^`\n]*)/g)];
    expect(calls.length).toBeGreaterThan(15);
    for (const [call, name = '', rest = ''] of calls) {
      const verb = verbs.find((one) => one.name === name || one.name === name.split(' ')[0]);
      if (verb === undefined) throw new Error(`${call}: there is no such verb`);
      const { options } = await verb.load();
      for (const [, option = ''] of rest.matchAll(/--([a-z-]+)/g)) expect(Object.keys(options)).toContain(option);
    }
  });

  it('tells the limits as they are', () => {
    for (const [key, value] of Object.entries(new BrakesConfig())) expect(page).toContain(`\`${key}\` (${value})`);
  });

  it('is linked from the README', () => {
    expect(readFileSync('README.md', 'utf8')).toContain('(src/control/before-you-enforce.md)');
  });
});
