import { tmpdir } from 'node:os';
import { IpError } from './ip-error.js';
import type { IpPlace, RunningIp } from './ip-place.js';
import { ipFailure } from './ip-process.js';
import { LineSplitter } from './line-splitter.js';
import { localIp } from './local-ip.js';
import type { NetworkNamespace } from './network-namespace.js';

/** The answer to one command: what a show command printed, or what went wrong. */
export interface IpAnswer {
  readonly json?: unknown;
  readonly error?: string;
}

/** The same as the bytes that `ip` printed. */
export interface IpText {
  readonly text?: Buffer;
  readonly error?: string;
}

interface Exchange {
  readonly commands: readonly string[];
  /** Changes from the front that are followed by a marker each. */
  readonly marked: number;
  /** For each line sent the index of its command; a marker after change `index` is `-index - 1`, the last line is `end`. */
  readonly lines: readonly (number | 'end')[];
  readonly firstLine: number;
  readonly shown: Buffer[];
  readonly errors: Map<number, string>;
  /** Commands up to here were carried out. */
  done: number;
  heardOut: boolean;
  interrupted: boolean;
  /** Some change after `done` was refused, and it is not known which. */
  unclear: boolean;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

const commandShape = /^[A-Za-z0-9][A-Za-z0-9 .:_/-]*$/;
/** Prints one line, or fails. */
const isShow = (command: string): boolean => / (show|get)( |$)/.test(command);

/** Changes between two markers: a marker costs as much as a change. */
const stride = 128;
/** Requests up to this many commands have a marker after each change. */
const few = 16;

/**
 * One long-lived `ip -j -force -batch -`: a command costs a pipe write instead of a process start.
 *
 * A show command answers one line of JSON (`neigh get` of iproute2 6 one of text), or none when it fails; a change answers nothing; failures go to stderr as
 * `Command failed -:LINE`. So every request, and every so many changes, are followed by an object that `ip` does not
 * know: its complaint on stderr proves that what stands before it was carried out, and tells how many lines stdout owes.
 * What the kernel itself refuses makes `ip` exit in spite of `-force`; the rest of the request goes to the next process.
 * Where only the marker tells that a change since the last one was refused, those since then are said once more with a
 * marker each. So a change must be one that may be said twice, as `replace` and `del` are.
 */
export class IpCoprocess {
  private readonly place: IpPlace;
  private child: RunningIp | undefined;
  private linesSent = 0;
  private exchange: Exchange | undefined;
  private complaint: string[] = [];
  private queue: Promise<unknown> = Promise.resolve();
  private takeOutput = (): void => undefined;
  private closed = false;

  /** `deadline` is the longest time in ms one request may take. */
  constructor(
    where: IpPlace | NetworkNamespace | string | undefined,
    private readonly deadline = 10_000,
  ) {
    this.place = typeof where === 'object' && 'start' in where ? where : localIp(where);
    this.place.onGone(() => this.kill());
  }

  /**
   * Carries out the commands in order, one request at a time; a failed command does not stop the later ones.
   * A request of show commands only is repeated (three times at most) when the kernel says that its table changed meanwhile.
   * Rejects with an IpError when `ip` cannot be asked at all.
   */
  run(commands: readonly string[]): Promise<IpAnswer[]> {
    return this.ask(commands).then((answers) =>
      answers.map(({ text, error }, index) =>
        error !== undefined ? { error } : text === undefined ? {} : { json: jsonOf(text, commands[index] ?? '') },
      ),
    );
  }

  /** As `run`, for who reads the bytes himself. */
  ask(commands: readonly string[]): Promise<IpText[]> {
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

  private async runConsistently(commands: readonly string[]): Promise<IpText[]> {
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

  private async runOnce(commands: readonly string[]): Promise<{ answers: IpText[]; interrupted: boolean }> {
    const answers: IpText[] = [];
    let interrupted = false;
    let marked = commands.length <= few ? commands.length : 0;
    do {
      this.place.check();
      const exchange = await this.send(commands.slice(answers.length), marked);
      interrupted ||= exchange.interrupted;
      answers.push(...this.answersOf(exchange));
      marked = exchange.unclear ? stride : 0;
      const last = answers.at(-1)?.error;
      // The kernel will refuse the others for the same reason, at the price of a process each.
      while (last?.includes('Operation not permitted') && answers.length < commands.length)
        answers.push({ error: last });
    } while (answers.length < commands.length);
    return { answers, interrupted };
  }

  private async send(commands: readonly string[], marked: number): Promise<Exchange> {
    if (this.closed) throw new IpError('unreachable', 'this connection to ip was closed');
    const child = (this.child ??= await this.start());
    return new Promise<Exchange>((resolve, reject) => {
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
      const lines: number[] = [];
      let text = '';
      commands.forEach((command, index) => {
        lines.push(index);
        text += `${command}\n`;
        if (isShow(command) || (index >= marked && index % stride !== stride - 1)) return;
        lines.push(-index - 1);
        text += 'sync\n';
      });
      const exchange: Exchange = {
        commands,
        marked,
        lines: [...lines, 'end'],
        done: 0,
        firstLine: this.linesSent + 1,
        shown: [],
        errors: new Map(),
        heardOut: false,
        interrupted: false,
        unclear: false,
        resolve: () => (settle(), resolve(exchange)),
        reject: (error) => (settle(), reject(error)),
      };
      this.exchange = exchange;
      this.linesSent += exchange.lines.length;
      child.input.write(`${text}sync\n`);
    });
  }

  private async start(): Promise<RunningIp> {
    const child = await this.place.start(['-j', '-force', '-batch', '-'], 'kept');
    this.linesSent = 0;
    this.complaint = [];
    const shown = new LineSplitter((line) => this.heardOutput(child, line));
    const complained = new LineSplitter((line) => this.heardComplaint(child, line.toString('utf8')));
    child.output?.on('data', (chunk: Buffer) => shown.push(chunk));
    this.takeOutput = () => void (child.drain && shown.push(child.drain()));
    child.complaints.on('data', (chunk: Buffer) => complained.push(chunk));
    child.onClose((failure) => {
      if (this.child === child) this.ended(failure);
    });
    return child;
  }

  private ended(failure: NodeJS.ErrnoException | undefined): void {
    this.takeOutput();
    this.child = undefined;
    const lastWords = this.complaint.join('; ');
    const exchange = this.exchange;
    if (exchange === undefined) return;
    const { commands, marked, done, errors } = exchange;
    const refused = commands.findIndex((command, index) => index >= done && !isShow(command));
    if (refused < 0 || !lastWords.startsWith('RTNETLINK answers:'))
      return exchange.reject(ipFailure(lastWords, failure));
    if (refused >= marked) {
      exchange.unclear = true; // one of those since the last marker; what was heard of them is asked again
      for (const index of errors.keys()) if (index >= done) errors.delete(index);
    } else {
      errors.set(refused, lastWords);
      exchange.done = refused + 1;
    }
    exchange.resolve();
  }

  private kill(): void {
    const child = this.child;
    this.child = undefined;
    child?.kill();
    this.exchange?.reject(new IpError('unreachable', 'ip was ended while it worked'));
  }

  private heardOutput(child: RunningIp, line: Buffer): void {
    if (child !== this.child || this.exchange === undefined) return;
    this.exchange.shown.push(line);
    this.finishWhenComplete(this.exchange);
  }

  private heardComplaint(child: RunningIp, line: string): void {
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
      this.takeOutput(); // what a command prints is written before the next line is read
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

  private answersOf(exchange: Exchange): IpText[] {
    let next = 0;
    return exchange.commands.slice(0, exchange.done).map((command, index) => {
      const error = exchange.errors.get(index);
      if (error !== undefined) return { error };
      const text = isShow(command) ? exchange.shown[next++] : undefined;
      return text === undefined ? {} : { text };
    });
  }
}

/** What `ip -j` printed for a show command. Throws an `unreadable` IpError where that is no JSON. */
export function jsonOf(text: Buffer, command: string): unknown {
  try {
    return JSON.parse(text.toString('utf8')) as unknown;
  } catch (cause) {
    throw new IpError(
      'unreadable',
      `"ip -j ${command}" did not answer JSON; iproute2 5.0 or newer is needed, and room on the disk of ${tmpdir()}`,
      { cause },
    );
  }
}
