// One temporary folder for a whole run, which all its processes inherit: what a test leaves behind goes with it at the end.
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Jest calls it before the first file of tests. */
export default function begin() {
  globalThis.foldersOfTests = mkdtempSync(join(tmpdir(), 'portledger-tests-'));
  // As any temporary folder: some tests run processes as somebody without rights.
  chmodSync(globalThis.foldersOfTests, 0o1777);
  process.env.TMPDIR = globalThis.foldersOfTests;
}
