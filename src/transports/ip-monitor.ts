import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { spawnIp } from './ip-process.js';
import { LineSplitter } from './line-splitter.js';
import type { NetworkNamespace } from './network-namespace.js';

/** Something may have changed: read again. Never a fact by itself: the kernel merges and delays these. */
export interface IpHint {
  readonly about: 'link' | 'address' | 'neighbour';
  readonly interface: string;
}

const namespaceCheckMs = 1_000;
const backoffMs = { first: 100, most: 5_000 };

/**
 * Follows `ip -o monitor link address neigh` in a namespace and starts it again, with growing pauses, when it dies.
 * Calls back with undefined when it dies, and each time the kernel has begun to report: what happened between went unheard.
 */
export class IpMonitor {
  private child: ChildProcessWithoutNullStreams | undefined;
  private timer: NodeJS.Timeout | undefined;
  private readonly checks: NodeJS.Timeout;
  private pause = backoffMs.first;
  private listening = false;
  private closed = false;

  constructor(
    private readonly namespace: NetworkNamespace,
    private readonly onHint: (hint: IpHint | undefined) => void,
  ) {
    namespace.onGone(() => this.child?.kill('SIGKILL'));
    this.checks = setInterval(() => this.lookAfterNamespace(), namespaceCheckMs).unref();
    this.start();
  }

  close(): void {
    this.closed = true;
    clearInterval(this.checks);
    clearTimeout(this.timer);
    this.child?.kill('SIGKILL');
  }

  private lookAfterNamespace(): void {
    try {
      this.namespace.check();
    } catch {
      // Whoever reads is told; here its listeners were, and that ended the process inside.
    }
  }

  private start(): void {
    if (this.closed) return;
    const child = spawnIp([...this.namespace.arguments, '-o', 'monitor', 'link', 'address', 'neigh']);
    this.child = child;
    const lines = new LineSplitter((line) => this.heard(line.toString('utf8')));
    child.stdout.on('data', (chunk: Buffer) => lines.push(chunk));
    child.stderr.resume();
    child.on('error', () => undefined); // 'close' follows, and reading names the cause
    child.on('close', () => this.startAgain());
    void this.announceStart(child);
  }

  private startAgain(): void {
    if (this.closed) return;
    if (this.listening) this.onHint(undefined); // nothing is heard from now on: whoever reads finds out why
    this.listening = false;
    this.timer = setTimeout(() => this.start(), this.pause).unref();
    this.pause = Math.min(this.pause * 2, backoffMs.most);
  }

  /** The process says nothing when it is ready; its netlink socket is listed with groups as soon as it listens. */
  private async announceStart(child: ChildProcessWithoutNullStreams): Promise<void> {
    for (let look = 0; look < 250 && child.exitCode === null && child.signalCode === null && !this.closed; look++) {
      if (child.pid !== undefined && (await listens(child.pid))) {
        this.pause = backoffMs.first;
        this.listening = this.child === child;
        break;
      }
      await sleep(4);
    }
    if (!this.closed && this.child === child && child.exitCode === null && child.signalCode === null)
      this.onHint(undefined);
  }

  private heard(line: string): void {
    const hint = hintOf(line);
    if (hint !== undefined && !this.closed) this.onHint(hint);
  }
}

async function listens(pid: number): Promise<boolean> {
  const sockets = await readFile(`/proc/${pid}/net/netlink`, 'utf8').catch(() => '');
  return sockets.split('\n').some((line) => {
    const [, family, port, groups] = line.trim().split(/\s+/);
    return family === '0' && port === String(pid) && groups !== undefined && !/^0+$/.test(groups);
  });
}

/**
 * What one line of `ip -o monitor` hints at. Of neighbour lines only the loss of an entry that somebody had set counts
 * (permanent, or carrying a protocol number): the others are the traffic of dynamic entries.
 */
export function hintOf(line: string): IpHint | undefined {
  const deleted = line.startsWith('Deleted ');
  const text = deleted ? line.slice('Deleted '.length) : line;
  const device = /^\d+: ([^\s:@]+)(@[^\s:]+)?(:?)\s/.exec(text);
  if (device?.[1] !== undefined) return { about: device[3] === ':' ? 'link' : 'address', interface: device[1] };
  const neighbour = /^\S+ dev (\S+) /.exec(text);
  if (neighbour?.[1] === undefined || !deleted || !/ PERMANENT| proto /.test(text)) return undefined;
  return { about: 'neighbour', interface: neighbour[1] };
}
