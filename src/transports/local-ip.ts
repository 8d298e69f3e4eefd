import { readFile } from 'node:fs/promises';
import { KeptOutput } from './kept-output.js';
import type { IpPlace, RunningIp } from './ip-place.js';
import { spawnIp } from './ip-process.js';
import { NetworkNamespace } from './network-namespace.js';

/** `ip` on this machine, in a namespace or in the one we run in. */
export function localIp(namespace: NetworkNamespace | string | undefined): IpPlace {
  const inside = namespace instanceof NetworkNamespace ? namespace : new NetworkNamespace(namespace);
  return {
    check: () => inside.check(),
    onGone: (listener) => inside.onGone(listener),
    start: (args, output) =>
      Promise.resolve(running([...inside.arguments, ...args], output === 'kept' ? new KeptOutput() : undefined)),
    listens: ({ pid }) => (pid === undefined ? Promise.resolve(false) : listens(pid)),
  };
}

function running(args: readonly string[], kept: KeptOutput | undefined): RunningIp {
  const child = spawnIp(args, kept?.file);
  let failure: NodeJS.ErrnoException | undefined;
  child.on('error', (error) => (failure = error));
  child.stdin.on('error', () => undefined); // a dead child is reported by 'close'
  child.on('close', () => setImmediate(() => kept?.close())); // whoever waits for the end may drain it first
  return {
    input: child.stdin,
    output: child.stdout ?? undefined,
    drain: kept && (() => kept.drain()),
    complaints: child.stderr,
    pid: child.pid,
    onClose: (listener) => child.on('close', () => listener(failure)),
    kill: () => void child.kill('SIGKILL'),
  };
}

async function listens(pid: number): Promise<boolean> {
  return netlinkListener(await readFile(`/proc/${pid}/net/netlink`, 'utf8').catch(() => ''), pid);
}

/** Whether this process has a netlink socket with groups, by the text of `/proc/PID/net/netlink`. */
export function netlinkListener(sockets: string, pid: number): boolean {
  return sockets.split('\n').some((line) => {
    const [, family, port, groups] = line.trim().split(/\s+/);
    return family === '0' && port === String(pid) && groups !== undefined && !/^0+$/.test(groups);
  });
}
