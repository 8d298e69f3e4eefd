import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rulesReadme } from './readme.js';

describe('the README of the rules', () => {
  const path = join(process.cwd(), 'projections/rules/README.md');

  it('says what the rule files say', () => {
    if (process.env['PORTLEDGER_WRITE_DOCS'] === '1') writeFileSync(path, rulesReadme());
    expect(readFileSync(path, 'utf8')).toBe(rulesReadme());
  });
});
