import { setTimeout as sleep } from 'node:timers/promises';
import type { IpPlace, RunningIp } from './ip-place.js';
import { LineSplitter } from './line-splitter.js';
import { localIp } from './local-ip.js';
import type { NetworkNamespace } from './network-namespace.js';

/** Something may have changed: read again. Never a fact by itself: the kernel merges and delays these. */
export interface IpHint {
  readonly about: 'link' | 'address' | 'neighbour';
  readonly interface: string;
}

const namespaceCheckMs = 1_000;
/** Where nobody can see whether the process listens, it does so by then: what came before may have gone unheard. */
const unseenStartMs = 1_000;
const backoffMs = { first: 100, most: 5_000 };

/**
 * Follows `ip -o monitor link address neigh` in a namespace and starts it again, with growing pauses, when it dies.
 * Calls back with undefined when it dies, and each time the kernel has begun to report: what happened between went unheard.
 */
export class IpMonitor {
  private readonly place: IpPlace;
  private child: RunningIp | undefined;
  private timer: NodeJS.Timeout | undefined;
  private readonly checks: NodeJS.Timeout;
  private pause = backoffMs.first;
  private listening = false;
  private closed = false;

  constructor(
    where: NetworkNamespace | IpPlace,
    private readonly onHint: (hint: IpHint | undefined) => void,
  ) {
    this.place = 'start' in where ? where : localIp(where);
    this.place.onGone(() => this.child?.kill());
    this.checks = setInterval(() => this.lookAfterNamespace(), namespaceCheckMs).unref();
    void this.start();
  }

  close(): void {
    this.closed = true;
    clearInterval(this.checks);
    clearTimeout(this.timer);
    this.child?.kill();
  }

  private lookAfterNamespace(): void {
    try {
      this.place.check();
    } catch {
      // Whoever reads is told; here its listeners were, and that ended the process inside.
    }
  }

  private async start(): Promise<void> {
    if (this.closed) return;
    let child: RunningIp;
    try {
      child = await this.place.start(['-o', 'monitor', 'link', 'address', 'neigh'], 'streamed');
    } catch {
      return this.startAgain(); // whoever reads is told why
    }
    this.child = child;
    if (this.closed) return child.kill();
    let ended = false;
    const lines = new LineSplitter((line) => this.heard(line.toString('utf8')));
    child.output?.on('data', (chunk: Buffer) => lines.push(chunk));
    child.complaints.resume();
    child.onClose(() => {
      ended = true;
      this.startAgain();
    });
    await this.announceStart(child, () => ended || this.closed);
  }

  private startAgain(): void {
    if (this.closed) return;
    if (this.listening) this.onHint(undefined); // nothing is heard from now on: whoever reads finds out why
    this.listening = false;
    this.timer = setTimeout(() => void this.start(), this.pause).unref();
    this.pause = Math.min(this.pause * 2, backoffMs.most);
  }

  /** The process says nothing when it is ready; its netlink socket is listed with groups as soon as it listens. */
  private async announceStart(child: RunningIp, isOver: () => boolean): Promise<void> {
    let seen: boolean | undefined = false;
    for (let look = 0; look < 250 && !isOver(); look++) {
      seen = await this.place.listens(child);
      if (seen !== false) {
        this.pause = backoffMs.first;
        this.listening = this.child === child;
        break;
      }
      await sleep(4);
    }
    if (isOver() || this.child !== child) return;
    this.onHint(undefined);
    if (seen !== undefined) return;
    await sleep(unseenStartMs, undefined, { ref: false });
    if (!isOver()) this.onHint(undefined);
  }

  private heard(line: string): void {
    const hint = hintOf(line);
    if (hint !== undefined && !this.closed) this.onHint(hint);
  }
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
