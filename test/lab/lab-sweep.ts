import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { searchPath } from './lab-needs.js';

const spaces = '/run/netns';

/** Removes the namespaces and folders of labs whose process was killed before it could. */
export function sweepAfterTheDead(): void {
  for (const name of existsSync(spaces) ? readdirSync(spaces) : []) {
    if (isOrphan(name)) spawnSync('ip', ['netns', 'del', name], { env: { PATH: searchPath }, stdio: 'ignore' });
  }
  for (const name of readdirSync(tmpdir())) {
    if (isOrphan(name)) rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}

function isOrphan(name: string): boolean {
  const pid = /^pllab-(\d+)-/.exec(name)?.[1];
  return pid !== undefined && !existsSync(`/proc/${pid}`);
}
