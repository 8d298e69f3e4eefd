import { createConnection } from 'node:net';
import { DeviceError } from '../switch/switch.port.js';

/** What Kea answers to a command. */
export interface KeaReply {
  /** 0 done, 1 error, 2 unknown command, 3 nothing found. */
  readonly result: number;
  readonly text: string;
  readonly arguments: unknown;
}

/** The largest answer that is read, bytes: the configuration of a daemon with tens of thousands of places. */
const longestAnswer = 256 << 20;

/**
 * Kea's control socket: one JSON command a connection; the daemon closes it after its answer. Commands go one at a time.
 * @param deadline in ms, of each command
 */
export class KeaControl {
  private queue: Promise<unknown> = Promise.resolve();
  private closed = false;

  constructor(
    private readonly device: string,
    /** Such as `kea-dhcp4`; for messages. */
    readonly daemon: string,
    private readonly path: string,
    private readonly deadline: number,
  ) {}

  /** The answer, whatever its result. Rejects when the daemon cannot be asked, or says what Kea does not say. */
  command(command: string, args?: object): Promise<KeaReply> {
    const reply = this.queue.then(() => this.ask(command, args));
    this.queue = reply.catch(() => undefined);
    return reply;
  }

  /** The answer of a command that has to be done. @param cure what the operator can do where it is not */
  async done(command: string, args: object | undefined, cure: string): Promise<KeaReply> {
    const reply = await this.command(command, args);
    if (reply.result === 0) return reply;
    throw this.error('refused', `${this.daemon} refused ${command}: ${reply.text.slice(0, 300)}. ${cure}`);
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.queue;
  }

  error(code: DeviceError['code'], message: string, cause?: unknown): DeviceError {
    return new DeviceError(this.device, code, message, cause === undefined ? {} : { cause });
  }

  private async ask(command: string, args: object | undefined): Promise<KeaReply> {
    if (this.closed) throw this.error('unreachable', `the connection to ${this.daemon} was closed`);
    const text = await this.exchange(JSON.stringify({ command, ...(args === undefined ? {} : { arguments: args }) }));
    const reply = replyOf(text);
    if (reply !== undefined) return reply;
    const said = `what answered ${command} on ${this.path} is not Kea ("${text.slice(0, 60)}")`;
    throw this.error('misconfigured', `${said}; give the socket-name of ${this.daemon}'s control-socket`);
  }

  private exchange(text: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = createConnection(this.path);
      const heard: Buffer[] = [];
      let size = 0;
      const fail = (error: DeviceError): void => {
        clearTimeout(timer);
        socket.destroy();
        reject(error);
      };
      const timer = setTimeout(() => {
        const stuck = `${this.daemon} did not answer on ${this.path} within ${this.deadline} ms`;
        fail(this.error('timeout', `${stuck}; look whether the daemon is stuck`));
      }, this.deadline);
      socket.on('data', (chunk: Buffer) => {
        heard.push(chunk);
        size += chunk.length;
        if (size > longestAnswer)
          fail(this.error('unreadable', `${this.daemon} answers more than ${longestAnswer} bytes`));
      });
      socket.on('error', (cause: NodeJS.ErrnoException) => fail(this.unreachable(cause)));
      socket.on('end', () => {
        clearTimeout(timer);
        if (size === 0) fail(this.unreachable(undefined));
        else resolve(Buffer.concat(heard).toString('utf8'));
      });
      socket.write(text);
    });
  }

  private unreachable(cause: NodeJS.ErrnoException | undefined): DeviceError {
    const message =
      cause?.code === 'EACCES'
        ? `no permission to use the control socket ${this.path} of ${this.daemon}; join the group that owns it (usually _kea), or run as root`
        : `${this.daemon} is not running behind its control socket ${this.path} (${cause?.code ?? 'it hung up'}); start it, or correct the path: leases that were given out go on meanwhile, and work resumes by itself`;
    return this.error('unreachable', message, cause);
  }
}

function replyOf(text: string): KeaReply | undefined {
  try {
    const said = JSON.parse(text) as { result?: unknown; text?: unknown; arguments?: unknown };
    if (typeof said.result !== 'number') return undefined;
    return { result: said.result, text: typeof said.text === 'string' ? said.text : '', arguments: said.arguments };
  } catch {
    return undefined;
  }
}
