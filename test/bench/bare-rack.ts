import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { once } from 'node:events';
import { searchPath } from '../lab/lab-needs.js';

// As bare-announcer.js, for all ports of several switches: hear of links, write the include file, tell BIRD.
// bare-rack.js FILE, which holds a list of `BareSwitch` as JSON; sends `ready`, ends with its parent.

export interface BareSwitch {
  readonly netns: string;
  readonly socket: string;
  readonly include: string;
  /** The route of each interface. */
  readonly routes: Readonly<Record<string, string>>;
}

async function announce({ netns, socket, include, routes }: BareSwitch): Promise<void> {
  const bird = createConnection(socket);
  bird.resume();
  const up = new Set<string>();
  const monitor = spawn('ip', ['-n', netns, '-o', 'monitor', 'link'], {
    env: { PATH: searchPath, LC_ALL: 'C' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let rest = '';
  monitor.stdout.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString('latin1')).split('\n');
    rest = lines.pop() ?? '';
    const before = [...up].join();
    for (const line of lines) {
      const name = /^\d+: ([^@:]+)@/.exec(line)?.[1];
      if (name === undefined || routes[name] === undefined) continue;
      if (line.includes('LOWER_UP')) up.add(name);
      else up.delete(name);
    }
    if ([...up].join() === before) return;
    writeFileSync(include, [...up].map((name) => `${routes[name]}\n`).join(''));
    bird.write('configure\n');
  });
  process.on('disconnect', () => monitor.kill('SIGKILL'));
  await once(bird, 'data');
}

const switches = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as BareSwitch[];
await Promise.all(switches.map(announce));
process.on('disconnect', () => process.exit());
process.send?.('ready');
