// npm run check: types (by building), then lint, format and the layout of the house side by side.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const steps = {
  lint: ['npm', 'run', '--silent', 'lint'],
  format: ['npm', 'run', '--silent', 'format:check'],
  architecture: [
    'npm',
    'run',
    '--silent',
    'jest',
    '--',
    '--selectProjects',
    'unit',
    '--testPathPatterns',
    'architecture',
  ],
};

/** Runs a step to its end; what it says is shown only when it fails. */
function run(name, [program, ...args]) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    child.stdout.on('data', (piece) => (said += piece));
    child.stderr.on('data', (piece) => (said += piece));
    child.once('close', (code) => {
      process.stdout.write(code === 0 ? `${name}: ok\n` : `${name}: FAILED\n${said}\n`);
      resolve(code === 0);
    });
  });
}

const isBuilt = await run('types', ['npm', 'run', '--silent', 'build']);
const results = isBuilt ? await Promise.all(Object.entries(steps).map(([name, step]) => run(name, step))) : [false];
process.exit(results.every(Boolean) ? 0 : 1);
