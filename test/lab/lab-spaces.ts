import { spawnSync } from 'node:child_process';
import { searchPath } from './lab-needs.js';
import { run } from './lab-process.js';

/** Writes settings of the kernel in a namespace, each as `net/ipv6/conf/eth0/accept_ra=0`; the first that fails stops it. */
export async function setSysctls(netns: string, settings: readonly string[]): Promise<void> {
  const script = settings.map((setting) => setting.replace(/^(.*)=(.*)$/, 'echo $2 > /proc/sys/$1')).join('\n');
  await run('ip', ['netns', 'exec', netns, 'sh', '-e', '-c', script]);
}

/** Removes namespaces with everything in them, also while this process exits; one that is gone already is no error. */
export function removeSpaces(spaces: readonly string[]): void {
  for (const space of spaces) spawnSync('ip', ['netns', 'del', space], { env: { PATH: searchPath }, stdio: 'ignore' });
}
