import { rmSync } from 'node:fs';

/** Jest calls it after the last file of tests, in the process that began. */
export default function end() {
  rmSync(globalThis.foldersOfTests, { recursive: true, force: true });
}
