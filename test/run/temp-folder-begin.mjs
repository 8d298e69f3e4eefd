// One temporary folder for a whole run, which all its processes inherit: what a test leaves behind goes with it at the end.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Jest calls it before the first file of tests. */
export default function begin() {
  globalThis.foldersOfTests = mkdtempSync(join(tmpdir(), 'portledger-tests-'));
  process.env.TMPDIR = globalThis.foldersOfTests;
}
