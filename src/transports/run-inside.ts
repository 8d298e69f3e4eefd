import { spawn } from 'node:child_process';
import { IpError } from './ip-error.js';
import type { NetworkNamespace } from './network-namespace.js';

/** What a program said before it ended; `code` is undefined where it was ended or could not be started. */
export interface Said {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | undefined;
}

const mostOutput = 64 << 20;

/**
 * Runs a program to its end inside a network namespace, without a shell. The kernel ends it when we die.
 * Rejects with an IpError when the namespace is gone, or when the program takes longer than `deadline` ms.
 */
export async function runInside(
  namespace: NetworkNamespace,
  program: string,
  args: readonly string[],
  deadline: number,
): Promise<Said> {
  namespace.check();
  const inside = namespace.name === undefined ? [] : ['ip', 'netns', 'exec', namespace.name];
  return new Promise((resolve, reject) => {
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', ...inside, program, ...args], {
      env: { PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin`, LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const out: Buffer[] = [];
    const complaint: Buffer[] = [];
    let size = 0;
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new IpError('timeout', `"${program}" did not end within ${deadline} ms; it was ended`));
    }, deadline);
    child.stdout.on('data', (chunk: Buffer) => ((size += chunk.length) > mostOutput ? child.kill() : out.push(chunk)));
    child.stderr.on('data', (chunk: Buffer) => complaint.length < 16 && complaint.push(chunk));
    child.on('error', (cause) => {
      clearTimeout(timer);
      reject(new IpError('misconfigured', `"${program}" cannot be started: ${cause.message}`, { cause }));
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({
        stdout: Buffer.concat(out).toString('utf8'),
        stderr: Buffer.concat(complaint).toString('utf8').trim(),
        code: code ?? undefined,
      });
    });
  });
}

/** The texts of small kernel files below /proc as somebody inside the namespace sees them; those that are not there are absent. */
export async function readInside(
  namespace: NetworkNamespace,
  paths: readonly string[],
  deadline: number,
): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  if (paths.length === 0) return texts;
  const { stdout } = await runInside(namespace, 'grep', ['-sH', '', '--', ...paths], deadline);
  for (const line of stdout.split('\n')) {
    const colon = line.indexOf(':');
    if (colon < 0) continue;
    const path = line.slice(0, colon);
    const before = texts.get(path);
    texts.set(path, before === undefined ? line.slice(colon + 1) : `${before}\n${line.slice(colon + 1)}`);
  }
  return texts;
}
