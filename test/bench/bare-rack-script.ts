import { type ChildProcess, fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { linkLocalOf } from '../../events/index.js';
import type { Pi, PiRack, RackSwitch } from '../lab/pi-rack.js';
import type { BareSwitch } from './bare-rack.js';

const bareScript = fileURLToPath(new URL('./bare-rack.js', import.meta.url));

/** Starts the least that can be done on a rack: hear of the links, write the include files, tell BIRD. */
export async function startBare(rack: PiRack): Promise<ChildProcess> {
  const file = join(rack.directory, 'bare.json');
  writeFileSync(file, JSON.stringify(rack.switches.map(bareSwitch)));
  const child = fork(bareScript, [file], { execArgv: [] });
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('exit', (code) => reject(new Error(`the bare script ended with ${code} before it was ready`)));
  });
  await sleep(300); // its `ip monitor` says nothing when it listens
  return child;
}

function bareSwitch({ namespace, bird, pis }: RackSwitch): BareSwitch {
  const route = ({ prefix, mac, vlanInterface }: Pi): string =>
    `route ${prefix} via ${linkLocalOf(mac)}%${vlanInterface} { bgp_med = 0; };`;
  const routes = Object.fromEntries(pis.map((pi) => [pi.vlanInterface, route(pi)]));
  return { netns: namespace, socket: bird.socket, include: bird.include6, routes };
}
