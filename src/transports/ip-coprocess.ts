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
  /** For each line sent the index of its command; a marker after change `index` is `-index - 1`, the last line is `end`. */
  readonly lines: readonly (number | 'end')[];
  readonly firstLine: number;
  readonly shown: Buffer[];
  readonly errors: Map<number, string>;
  /** Commands up to here were carried out. */
  done: number;
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
 * `Command failed -:LINE`. So every change, and every request, is followed by an object that `ip` does not know: its
 * complaint on stderr proves that what stands before it was carried out, and tells how many lines stdout owes.
 * What the kernel itself refuses makes `ip` exit in spite of `-force`; the rest of the request goes to the next process.
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

  /** The running `ip`, if one runs. */
  processId(): number | undefined {
    return this.child?.pid;
  }

  async close(): Promise<void> {
    this.closed = true;
    this.kill();
    await this.queue;
  }

  private async runConsistently(commands: readonly string[]): Promise<IpAnswer[]> {
    const repeatable = commands.every(isShow);
    for (let round = 1; ; round++) {
      const { answers, interrupted } = await this.runOnce(commands);
      if (!interrupted || !repeatable) return answers;
      if (round === 3)
        throw new IpError(
          'unreadable',
          'the kernel table changed during each of three reads; read again when it is quieter',
        );
    }
  }

  private async runOnce(commands: readonly string[]): Promise<{ answers: IpAnswer[]; interrupted: boolean }> {
    const answers: IpAnswer[] = [];
    let interrupted = false;
    do {
      this.namespace.check();
      const exchange = await this.send(commands.slice(answers.length));
      interrupted ||= exchange.interrupted;
      answers.push(...this.answersOf(exchange));
      const last = answers.at(-1)?.error;
      // The kernel will refuse the others for the same reason, at the price of a process each.
      while (last?.includes('Operation not permitted') && answers.length < commands.length)
        answers.push({ error: last });
    } while (answers.length < commands.length);
    return { answers, interrupted };
  }

  private send(commands: readonly string[]): Promise<Exchange> {
    if (this.closed) return Promise.reject(new IpError('unreachable', 'this connection to ip was closed'));
    return new Promise<Exchange>((resolve, reject) => {
      const child = (this.child ??= this.start());
      const timer = setTimeout(() => {
        exchange.reject(
          new IpError(
            'timeout',
            `ip did not answer within ${this.deadline} ms; it was ended and is started again at the next request`,
          ),
        );
        this.kill();
      }, this.deadline);
      const settle = (): void => {
        clearTimeout(timer);
        this.exchange = undefined;
      };
      const lines = commands.flatMap((command, index) => (isShow(command) ? [index] : [index, -index - 1]));
      const exchange: Exchange = {
        commands,
        lines: [...lines, 'end'],
        done: 0,
        firstLine: this.linesSent + 1,
        shown: [],
        errors: new Map(),
        heardOut: false,
        interrupted: false,
        resolve: () => (settle(), resolve(exchange)),
        reject: (error) => (settle(), reject(error)),
      };
      this.exchange = exchange;
      this.linesSent += exchange.lines.length;
      const text = lines.map((line) => `${line < 0 ? 'sync' : commands[line]}\n`).join('');
      child.stdin.write(`${text}sync\n`);
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
      const lastWords = this.complaint.join('; ');
      const exchange = this.exchange;
      if (exchange === undefined) return;
      const refused = exchange.commands.findIndex((command, index) => index >= exchange.done && !isShow(command));
      if (refused < 0 || !lastWords.startsWith('RTNETLINK answers:'))
        return exchange.reject(ipFailure(lastWords, failure));
      exchange.errors.set(refused, lastWords);
      exchange.done = refused + 1;
      exchange.resolve();
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
    const meant = exchange.lines[Number(failed[1]) - exchange.firstLine];
    if (meant === 'end') {
      exchange.heardOut = true;
      exchange.done = exchange.commands.length;
    } else if (meant !== undefined && meant < 0) exchange.done = -meant;
    else if (meant !== undefined) exchange.errors.set(meant, this.complaint.join('; ') || 'refused without a word');
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
    return exchange.commands.slice(0, exchange.done).map((command, index) => {
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
      throw new IpError('unreadable', `"ip -j ${command}" did not answer JSON; iproute2 5.0 or newer is needed`, {
        cause,
      });
    }
  }
}
