import { readFileSync } from 'node:fs';
import { describeTypedPage } from './typed-page.js';

describeTypedPage('src/control/pools/a-prefix-per-customer.md', 8);

it('the README leads to the page', () =>
  expect(readFileSync('README.md', 'utf8')).toContain('(src/control/pools/a-prefix-per-customer.md)'));
