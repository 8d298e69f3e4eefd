import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { IpError } from './ip-error.js';

/**
 * Starts `ip` so that the kernel ends it when we die, even by kill -9; it does not keep us from ending.
 * What it prints goes to `output`, an open file, where one is given.
 */
export function spawnIp(
  args: readonly string[],
  output?: number,
): ChildProcessByStdio<Writable, Readable | null, Readable> {
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', 'ip', ...args], {
    env: { PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin`, LC_ALL: 'C' },
    stdio: ['pipe', output ?? 'pipe', 'pipe'],
  }) as ChildProcessByStdio<Writable, Readable | null, Readable>;
  child.unref();
  for (const pipe of [child.stdin, child.stdout, child.stderr]) if (pipe instanceof Socket) pipe.unref();
  return child;
}

/** Turns the last words of an `ip` process, or the failure to start one, into an error with its cure. */
export function ipFailure(lastWords: string, cause?: NodeJS.ErrnoException): IpError {
  const options = cause === undefined ? {} : { cause };
  if (cause?.code === 'ENOENT') {
    return new IpError(
      'misconfigured',
      'setpriv is not installed; install it with "apt-get install util-linux"',
      options,
    );
  }
  if (/failed to execute ip|\bip: (command )?not found/.test(lastWords)) {
    return new IpError('misconfigured', 'ip is not installed; install it with "apt-get install iproute2"', options);
  }
  if (lastWords.includes('Operation not permitted') || lastWords.includes('Permission denied')) {
    return new IpError('misconfigured', notPermitted, options);
  }
  if (lastWords.startsWith('sudo:'))
    return new IpError(
      'misconfigured',
      `${lastWords.trim()}; let this user run ip by sudo without a password`,
      options,
    );
  if (lastWords.includes('Cannot open network namespace'))
    return new IpError('namespace-gone', lastWords.trim(), options);
  return new IpError(
    'unreachable',
    `ip ended unexpectedly: ${lastWords.trim() || (cause?.message ?? 'without a word')}; it is started again at the next request`,
    options,
  );
}

export const notPermitted =
  'the kernel refuses the change or the namespace to this user; run as root, or with CAP_NET_ADMIN and CAP_SYS_ADMIN';
