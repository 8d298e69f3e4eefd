import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { IpError } from './ip-error.js';
import { ipFailure, spawnIp } from './ip-process.js';
import { LineSplitter } from './line-splitter.js';
import { NetworkNamespace } from './network-namespace.js';

/** The answer to one command: what a show command printed, or what went wrong. */
export interface IpAnswer {
  readonly json?: unknown;
  readonly error?: string;
}

interface Exchange {
  readonly commands: readonly string[];
  readonly firstLine: number;
  readonly shown: Buffer[];
  readonly errors: Map<number, string>;
  heardOut: boolean;
  interrupted: boolean;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

const commandShape = /^[A-Za-z0-9][A-Za-z0-9 .:_/-]*$/;
const isShow = (command: string): boolean => / show( |$)/.test(command);

/**
 * One long-lived `ip -j -force -batch -`: a command costs a pipe write instead of a process start.
 *
 * A show command answers one line of JSON, or none when it fails; a change answers nothing; failures go to stderr as
 * `Command failed -:LINE`. So every request ends with an object that `ip` does not know: its complaint on stderr proves
 * that all commands before it were carried out, and tells how many lines stdout owes.
 */
export class IpCoprocess {
  private readonly namespace: NetworkNamespace;
  private child: ChildProcessWithoutNullStreams | undefined;
  private linesSent = 0;
  private exchange: Exchange | undefined;
  private complaint: string[] = [];
  private queue: Promise<unknown> = Promise.resolve();
  private closed = false;

  /** `deadline` is the longest time in ms one request may take. */
  constructor(
    namespace: NetworkNamespace | string | undefined,
    private readonly deadline = 10_000,
  ) {
    this.namespace = namespace instanceof NetworkNamespace ? namespace : new NetworkNamespace(namespace);
    this.namespace.onGone(() => this.kill());
  }

  /**
   * Carries out the commands in order, one request at a time; a failed command does not stop the later ones.
   * A request of show commands only is repeated (three times at most) when the kernel says that its table changed meanwhile.
   * Rejects with an IpError when `ip` cannot be asked at all.
   */
  run(commands: readonly string[]): Promise<IpAnswer[]> {
    for (const command of commands) {
      if (!commandShape.test(command)) throw new TypeError(`not a command for ip: ${JSON.stringify(command)}`);
    }
    const answer = this.queue.then(() => this.runConsistently(commands));
    this.queue = answer.catch(() => undefined);
    return answer;
  }

  async close(): Promise<void> {
    this.closed = true;
    this.kill();
    await this.queue;
  }

  private async runConsistently(commands: readonly string[]): Promise<IpAnswer[]> {
    const repeatable = commands.every(isShow);
    for (let round = 1; ; round++) {
      await this.namespace.check();
      const exchange = await this.send(commands);
      if (!exchange.interrupted || !repeatable) return this.answersOf(exchange);
      if (round === 3) throw new IpError('unreadable', 'the kernel table changed during each of three reads; read again when it is quieter');
    }
  }

  private send(commands: readonly string[]): Promise<Exchange> {
    if (this.closed) return Promise.reject(new IpError('unreachable', 'this connection to ip was closed'));
    return new Promise<Exchange>((resolve, reject) => {
      const child = (this.child ??= this.start());
      const timer = setTimeout(() => {
        exchange.reject(new IpError('timeout', `ip did not answer within ${this.deadline} ms; it was ended and is started again at the next request`));
        this.kill();
      }, this.deadline);
      const settle = (): void => {
        clearTimeout(timer);
        this.exchange = undefined;
      };
      const exchange: Exchange = {
        commands,
        firstLine: this.linesSent + 1,
        shown: [],
        errors: new Map(),
        heardOut: false,
        interrupted: false,
        resolve: () => (settle(), resolve(exchange)),
        reject: (error) => (settle(), reject(error)),
      };
      this.exchange = exchange;
      this.linesSent += commands.length + 1;
      child.stdin.write(`${commands.join('\n')}${commands.length > 0 ? '\n' : ''}sync\n`);
    });
  }

  private start(): ChildProcessWithoutNullStreams {
    const child = spawnIp([...this.namespace.arguments, '-j', '-force', '-batch', '-']);
    this.linesSent = 0;
    this.complaint = [];
    const shown = new LineSplitter((line) => this.heardOutput(child, line));
    const complained = new LineSplitter((line) => this.heardComplaint(child, line.toString('utf8')));
    child.stdout.on('data', (chunk: Buffer) => shown.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => complained.push(chunk));
    child.stdin.on('error', () => undefined); // a dead child is reported by 'close'
    let failure: Error | undefined;
    child.on('error', (error) => (failure = error));
    child.on('close', () => {
      if (this.child !== child) return;
      this.child = undefined;
      this.exchange?.reject(ipFailure(this.complaint.join('\n'), failure));
    });
    return child;
  }

  private kill(): void {
    const child = this.child;
    this.child = undefined;
    child?.kill('SIGKILL');
    this.exchange?.reject(new IpError('unreachable', 'ip was ended while it worked'));
  }

  private heardOutput(child: ChildProcessWithoutNullStreams, line: Buffer): void {
    if (child !== this.child || this.exchange === undefined) return;
    this.exchange.shown.push(line);
    this.finishWhenComplete(this.exchange);
  }

  private heardComplaint(child: ChildProcessWithoutNullStreams, line: string): void {
    if (child !== this.child) return;
    const exchange = this.exchange;
    if (exchange !== undefined && line.startsWith('Dump was interrupted')) {
      exchange.interrupted = true;
      return;
    }
    const failed = /^Command failed -:(\d+)$/.exec(line);
    if (failed === null || exchange === undefined) {
      this.complaint.push(line);
      return;
    }
    const index = Number(failed[1]) - exchange.firstLine;
    if (index === exchange.commands.length) exchange.heardOut = true;
    else exchange.errors.set(index, this.complaint.join('; ') || 'refused without a word');
    this.complaint = [];
    this.finishWhenComplete(exchange);
  }

  private finishWhenComplete(exchange: Exchange): void {
    if (!exchange.heardOut) return;
    const owed = exchange.commands.filter((command, index) => isShow(command) && !exchange.errors.has(index)).length;
    if (exchange.shown.length >= owed) exchange.resolve();
  }

  private answersOf(exchange: Exchange): IpAnswer[] {
    let next = 0;
    return exchange.commands.map((command, index) => {
      const error = exchange.errors.get(index);
      if (error !== undefined) return { error };
      return isShow(command) ? { json: this.parse(exchange.shown[next++], command) } : {};
    });
  }

  private parse(line: Buffer | undefined, command: string): unknown {
    try {
      return JSON.parse(line?.toString('utf8') ?? '');
    } catch (cause) {
      this.kill();
      throw new IpError('unreadable', `"ip -j ${command}" did not answer JSON; iproute2 5.0 or newer is needed`, { cause });
    }
  }
}
