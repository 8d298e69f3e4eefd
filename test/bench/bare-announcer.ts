import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { searchPath } from '../lab/lab-needs.js';

// The least that can be done: hear of the link, write the include files, tell BIRD. Nothing is checked, kept or read back.
// bare-announcer.js NETNS INTERFACE SOCKET INCLUDE6 ROUTE6 INCLUDE4 ROUTE4; prints `ready`, ends with its parent.

const [, , netns = '', name = '', socketPath = '', include6 = '', route6 = '', include4 = '', route4 = ''] =
  process.argv;
const bird = createConnection(socketPath);
bird.resume();
const monitor = spawn('ip', ['-n', netns, '-o', 'monitor', 'link'], {
  env: { PATH: searchPath, LC_ALL: 'C' },
  stdio: ['ignore', 'pipe', 'inherit'],
});
let announced = false;
let rest = '';
monitor.stdout.on('data', (chunk: Buffer) => {
  const lines = (rest + chunk.toString('latin1')).split('\n');
  rest = lines.pop() ?? '';
  for (const line of lines) if (line.includes(` ${name}@`)) heard(line.includes('LOWER_UP'));
});

function heard(up: boolean): void {
  if (up === announced) return;
  announced = up;
  writeFileSync(include6, up ? `${route6}\n` : '');
  writeFileSync(include4, up ? `${route4}\n` : '');
  bird.write('configure\n');
}

process.on('disconnect', () => {
  monitor.kill('SIGKILL');
  process.exit();
});
bird.once('data', () => process.send?.('ready'));
