import { createConnection, type Socket } from 'node:net';
import { LineSplitter } from '../../transports/line-splitter.js';
import { DeviceError } from '../switch/switch.port.js';

/** One reply of the daemon: the code of its last line, and all its lines without codes. */
export interface BirdReply {
  readonly code: string;
  readonly lines: readonly { readonly code: string; readonly text: string }[];
}

interface Exchange {
  readonly lines: { code: string; text: string }[];
  readonly resolve: (reply: BirdReply) => void;
  readonly reject: (error: Error) => void;
}

/**
 * BIRD's control socket: a command a line; a reply of lines `NNNN-text` and ` text` (same code again), ended by `NNNN text`.
 * The connection is kept, and made again at the next command after it broke. Commands go one at a time.
 */
export class BirdControl {
  private socket: Socket | undefined;
  private exchange: Exchange | undefined;
  private queue: Promise<unknown> = Promise.resolve();
  private closed = false;

  /** `deadline` in ms bounds each reply. */
  constructor(
    private readonly device: string,
    private readonly path: string,
    private readonly deadline: number,
  ) {}

  /** The reply, whatever its code. Rejects when the daemon cannot be asked. */
  command(text: string): Promise<BirdReply> {
    const reply = this.queue.then(() => this.ask(text));
    this.queue = reply.catch(() => undefined);
    return reply;
  }

  async close(): Promise<void> {
    this.closed = true;
    this.drop(new DeviceError(this.device, 'unreachable', 'the connection to BIRD was closed'));
    await this.queue;
  }

  private async ask(text: string): Promise<BirdReply> {
    if (this.closed) throw new DeviceError(this.device, 'unreachable', 'the connection to BIRD was closed');
    if (this.socket === undefined) await this.connect();
    if (this.socket === undefined) throw this.unreachable(undefined);
    return this.exchangeOn(this.socket, text);
  }

  private async connect(): Promise<void> {
    const socket = createConnection(this.path).unref(); // a deadline holds us while a reply is owed
    const lines = new LineSplitter((line) => this.heard(socket, line.toString('utf8')));
    socket.on('data', (chunk: Buffer) => lines.push(chunk));
    let failure: NodeJS.ErrnoException | undefined;
    socket.on('error', (error) => (failure = error));
    socket.on('close', () => {
      if (this.socket === socket) this.drop(this.unreachable(failure));
    });
    this.socket = socket;
    const greeting = await this.exchangeOn(socket, undefined);
    if (greeting.code === '0001') return;
    const error = new DeviceError(
      this.device,
      'misconfigured',
      `${this.path} does not greet like BIRD's control socket; give the path that bird was started with (-s)`,
    );
    this.drop(error);
    throw error;
  }

  private exchangeOn(socket: Socket, text: string | undefined): Promise<BirdReply> {
    return new Promise<BirdReply>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.drop(
          new DeviceError(
            this.device,
            'timeout',
            `BIRD did not answer "${text ?? 'the connection'}" on ${this.path} within ${this.deadline} ms; look whether the daemon is stuck`,
          ),
        );
      }, this.deadline);
      const settled = (): void => {
        clearTimeout(timer);
        this.exchange = undefined;
      };
      this.exchange = {
        lines: [],
        resolve: (reply) => (settled(), resolve(reply)),
        reject: (error) => (settled(), reject(error)),
      };
      if (text !== undefined) socket.write(`${text}\n`);
    });
  }

  private heard(socket: Socket, line: string): void {
    const exchange = this.exchange;
    // `+` begins what the daemon says unasked, such as "Config timeout expired, starting undo".
    if (socket !== this.socket || exchange === undefined || line.startsWith('+')) return;
    const [, code, mark, text] = /^(\d{4})([- ])(.*)$/.exec(line) ?? [];
    if (code === undefined || text === undefined) {
      exchange.lines.push({ code: exchange.lines.at(-1)?.code ?? '0000', text: line.slice(1) });
      return;
    }
    exchange.lines.push({ code, text });
    if (mark === ' ') exchange.resolve({ code, lines: exchange.lines });
  }

  private drop(error: Error): void {
    const socket = this.socket;
    this.socket = undefined;
    socket?.destroy();
    this.exchange?.reject(error);
  }

  private unreachable(cause: NodeJS.ErrnoException | undefined): DeviceError {
    const options = cause === undefined ? {} : { cause };
    if (cause?.code === 'EACCES') {
      return new DeviceError(
        this.device,
        'unreachable',
        `no permission to use BIRD's control socket ${this.path}; join the group that owns it (usually bird), or run as root`,
        options,
      );
    }
    return new DeviceError(
      this.device,
      'unreachable',
      `BIRD is not running behind its control socket ${this.path} (${cause?.code ?? 'it hung up'}); start it ("systemctl start bird") or correct the path, work resumes by itself`,
      options,
    );
  }
}
