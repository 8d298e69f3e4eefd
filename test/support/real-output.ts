import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const shared = process.env['PORTLEDGER_REALDATA'] ?? resolve('../shared/realdata');

/** Describes tests on what real devices printed, which nobody here wrote; says so where the folder is not there. */
export function describeRealOutput(name: string, tests: (read: (file: string) => string) => void): void {
  const folder = join(shared, 'cli');
  if (existsSync(folder)) return describe(name, () => tests((file) => readFileSync(join(shared, file), 'utf8')));
  const missing = `skipped: no output of real devices in ${folder}; set PORTLEDGER_REALDATA to the folder that holds cli/`;
  // jest does not name the tests of a file that is skipped whole.
  console.log(missing);
  describe(name, () => it.skip(missing, () => undefined));
}
