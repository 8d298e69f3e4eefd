import { spawn } from 'node:child_process';
import { IpError } from './ip-error.js';
import { ipFailure, notPermitted } from './ip-process.js';
import type { NetworkNamespace } from './network-namespace.js';

/** What one run of `nft` said. */
export interface NftAnswer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const longestAnswer = 256 << 20;

/**
 * Runs `nft` inside a namespace, `deadline` ms at most; the kernel ends it when we die.
 * Rejects with an IpError where it could not run; what nft itself refuses is an answer.
 */
export async function runNft(
  namespace: NetworkNamespace,
  args: readonly string[],
  input: string,
  deadline: number,
): Promise<NftAnswer> {
  namespace.check();
  const inside = namespace.name === undefined ? [] : ['ip', 'netns', 'exec', namespace.name];
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', ...inside, 'nft', ...args], {
    env: { PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin`, LC_ALL: 'C' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let [late, tooLong] = [false, false];
  const timer = setTimeout(() => {
    late = true;
    child.kill('SIGKILL');
  }, deadline);
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  let length = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    out.push(chunk);
    if ((length += chunk.length) > longestAnswer) {
      tooLong = true;
      child.kill('SIGKILL');
    }
  });
  child.stderr.on('data', (chunk: Buffer) => void err.push(chunk));
  child.stdin.on('error', () => undefined); // it ended before it had read all: its answer says why
  child.stdin.end(input);
  const code = await new Promise<number | NodeJS.ErrnoException>((resolve) => {
    child.once('error', resolve);
    child.once('close', (status) => resolve(status ?? 1));
  }).finally(() => clearTimeout(timer));
  const stderr = Buffer.concat(err).toString('utf8');
  if (late)
    throw new IpError('timeout', `nft did not answer within ${deadline} ms; it is asked again at the next look`);
  if (tooLong) throw new IpError('unreadable', `nft said more than ${longestAnswer} bytes`);
  if (typeof code !== 'number') throw ipFailure(stderr, code);
  if (/(?:failed to execute|exec of) "?nft\b/.test(stderr))
    throw new IpError('misconfigured', 'nft is not installed; install it with "apt-get install nftables"');
  if (/Operation not permitted|Permission denied/.test(stderr)) throw new IpError('misconfigured', notPermitted);
  if (stderr.includes('Cannot open network namespace')) throw new IpError('namespace-gone', stderr.trim());
  return { code, stdout: Buffer.concat(out).toString('utf8'), stderr };
}
