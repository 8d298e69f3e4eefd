// npm test: set-up, then every tier this machine allows, one jest project each; ends with `N passed, N failed, N skipped`.
// Further arguments go to jest: npm test -- --testPathPatterns reactors
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { setup } from './setup.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
// The lab's tests share the machine's two cores with daemons and measure order, not speed: one file after another.
const tiers = [
  { name: 'unit', options: ['--maxWorkers=2'] },
  { name: 'contract', options: ['--maxWorkers=2'] },
  { name: 'e2e', options: ['--maxWorkers=2'] },
  { name: 'lab', options: ['--runInBand'] },
  { name: 'browser', options: ['--runInBand'] },
  { name: 'faults', options: ['--runInBand'] },
  { name: 'bench', options: ['--runInBand'] },
];

function runTier({ name, options }, folder, more) {
  const results = join(folder, `${name}.json`);
  const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const node = ['--experimental-vm-modules', '--no-warnings=ExperimentalWarning', '--enable-source-maps'];
  const own = ['--selectProjects', name, '--forceExit', '--passWithNoTests', '--json', `--outputFile=${results}`];
  process.stdout.write(`\n== ${name}\n`);
  const { status } = spawnSync(process.execPath, [...node, jest, ...own, ...options, ...more], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return { status, results };
}

function count({ status, results }, name, totals) {
  let report;
  try {
    report = JSON.parse(readFileSync(results, 'utf8'));
  } catch {
    totals.failed++;
    totals.failures.push(`${name}: ended with ${status} and left no results`);
    return;
  }
  const crashed = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  ).length;
  totals.passed += report.numPassedTests;
  totals.failed += report.numFailedTests + crashed;
  if (status !== 0 && report.numFailedTests + crashed === 0) {
    totals.failed++;
    totals.failures.push(`${name}: ended with ${status}, though no test of it failed`);
  }
  for (const file of report.testResults) {
    totals.failures.push(...failuresOf(file, name));
    for (const test of file.assertionResults) {
      if (test.status !== 'pending' && test.status !== 'todo') continue;
      totals.skipped++;
      totals.reasons.add(`${name}: ${whatWasSkipped(test)}`);
    }
  }
}

try {
  setup();
} catch (error) {
  process.stderr.write(`${error.message}\n0 passed, 1 failed, 0 skipped\n`);
  process.exit(1);
}
const folder = mkdtempSync(join(tmpdir(), 'portledger-results-'));
const totals = { passed: 0, failed: 0, skipped: 0, reasons: new Set(), failures: [] };
try {
  for (const tier of tiers) count(runTier(tier, folder, process.argv.slice(2)), tier.name, totals);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
/** The suite and the reason: in its own title, or in brackets at the end of the title of the test. */
function whatWasSkipped({ ancestorTitles: [suite], title }) {
  if (suite === undefined) return title;
  const reason = /\((.+)\)$/.exec(title)?.[1];
  return suite.includes('[skipped') || reason === undefined ? suite : `${suite} [skipped: ${reason}]`;
}

/** Every failed test of a file, or the file that broke outside of its tests: where it is and how its message begins. */
function failuresOf(file, tier) {
  const where = `${tier}: ${relative(root, file.name)}`;
  const failed = file.assertionResults.filter((test) => test.status === 'failed');
  if (file.status === 'failed' && failed.length === 0) return [`${where}\n${beginningOf(file.message)}`];
  return failed.map((test) => `${where}: ${test.fullName}\n${beginningOf(test.failureMessages.join('\n'))}`);
}

function beginningOf(message) {
  const lines = stripVTControlCharacters(message)
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^\s+at .*(node_modules|node:internal)/.test(line));
  return lines
    .slice(0, 40)
    .map((line) => `    ${line.slice(0, 300)}`)
    .join('\n');
}

for (const reason of totals.reasons) process.stdout.write(`skipped ${reason}\n`);
// Told again at the very end: of a long log often only the end is kept.
for (const failure of totals.failures) process.stdout.write(`\nFAILED ${failure}\n`);
process.stdout.write(`\n${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped\n`);
process.exit(totals.failed === 0 ? 0 : 1);
