import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A directory of its own that goes away after the test, whatever happens. */
export function tempDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'portledger-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
