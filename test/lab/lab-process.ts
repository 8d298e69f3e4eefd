import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import { searchPath } from './lab-needs.js';

const execute = promisify(execFile);
const environment = { PATH: searchPath, LC_ALL: 'C' };

/** Runs a command to its end, a minute at most, and gives what it printed; its own complaint becomes the error. */
export async function run(program: string, args: readonly string[]): Promise<string> {
  const { stdout } = await execute(program, [...args], { env: environment, timeout: 60_000, maxBuffer: 64 << 20 });
  return stdout;
}

/** Feeds commands to one `ip -batch`; the first failing line stops it. */
export function ipBatch(netns: string | undefined, lines: readonly string[]): Promise<void> {
  const inside = netns === undefined ? [] : ['-n', netns];
  return new Promise((resolve, reject) => {
    const child = execFile(
      'ip',
      [...inside, '-batch', '-'],
      { env: environment, timeout: 60_000 },
      (error, _out, complaint) => {
        const line = Number(/Command failed -:(\d+)/.exec(complaint)?.[1] ?? 0);
        if (error === null) resolve();
        else reject(new Error(`ip ${lines[line - 1] ?? ''}: ${complaint.trim()}`, { cause: error }));
      },
    );
    child.stdin?.end(`${lines.join('\n')}\n`);
  });
}

/** Starts a program in a namespace that the kernel ends when we die, even by kill -9. */
export function startInside(netns: string, program: string, args: readonly string[]): ChildProcessWithoutNullStreams {
  return spawn('setpriv', ['--pdeathsig', 'KILL', '--', 'ip', 'netns', 'exec', netns, program, ...args], {
    env: environment,
    stdio: 'pipe',
  });
}

/** Ends a process we started, by its own handle, and waits until it is gone. */
export async function end(child: ChildProcessWithoutNullStreams, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('close', resolve));
  child.kill(signal);
  const impatient = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await gone;
  clearTimeout(impatient);
}
