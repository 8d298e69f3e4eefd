import type { Readable, Writable } from 'node:stream';
import ssh2, { type Client, type ClientChannel } from 'ssh2';
import { SshError } from './ssh-error.js';
import { fingerprintOf, matchesPin, typeOfKey } from './ssh-host-key.js';
import { checkTarget, connectConfigOf, howToPin, nameOf, type SshTarget } from './ssh-target.js';

export interface SshOptions extends SshTarget {
  /** The longest time in ms until a connection stands, logged in, or a channel is open. */
  readonly connectDeadline?: number;
  /** Pause in ms between questions whether the other side is alive; after three without an answer the link is cut. */
  readonly keepaliveInterval?: number;
}

/** How a remote program, or the channel it ran in, came to an end; both undefined when the connection was lost. */
export interface SshEnd {
  readonly code: number | undefined;
  readonly signal: string | undefined;
}

/** A running remote program, or a shell: its three byte streams. */
export interface SshChannel {
  readonly input: Writable;
  readonly output: Readable;
  readonly complaints: Readable;
  /** Calls back once, also when the connection is lost. */
  onClose(listener: (end: SshEnd) => void): void;
  close(): void;
}

export interface SshResult extends SshEnd {
  readonly output: Buffer;
  readonly complaints: Buffer;
}

/**
 * One SSH connection, made when it is first needed and used for everything until it is lost; then the next request
 * makes a new one. No retry inside. Every method rejects with an SshError that names the host and the cure.
 */
export class SshConnection {
  private client: Promise<Client> | undefined;
  private readonly listeners = new Set<(why: string) => void>();
  private closed = false;

  /** Throws a `misconfigured` SshError for a target without a host key or without a way to log in. */
  constructor(private readonly options: SshOptions) {
    checkTarget(options);
  }

  /** The host and port, for messages. */
  get name(): string {
    return nameOf(this.options);
  }

  /** Calls back each time a connection that stood is lost; `why` is for people. */
  onLost(listener: (why: string) => void): void {
    this.listeners.add(listener);
  }

  /**
   * Runs one command to its end, with `stdin` as its whole input. The command is for the remote shell: never put into it
   * what came from outside. `deadline` in ms; when it passes the channel is closed, the connection stays.
   */
  async exec(
    command: string,
    options: { readonly stdin?: Buffer | string; readonly deadline: number },
  ): Promise<SshResult> {
    const channel = await this.start(command);
    return new Promise<SshResult>((resolve, reject) => {
      const output: Buffer[] = [];
      const complaints: Buffer[] = [];
      const timer = setTimeout(() => {
        channel.close();
        reject(
          new SshError(
            'timeout',
            `${this.name} did not finish a command within ${options.deadline} ms; look at its load`,
          ),
        );
      }, options.deadline);
      channel.output.on('data', (chunk: Buffer) => output.push(chunk));
      channel.complaints.on('data', (chunk: Buffer) => complaints.push(chunk));
      channel.onClose((end) => {
        clearTimeout(timer);
        if (end.code === undefined && end.signal === undefined) reject(this.lost('while a command ran'));
        else resolve({ ...end, output: Buffer.concat(output), complaints: Buffer.concat(complaints) });
      });
      channel.input.on('error', () => undefined); // the close that follows tells
      channel.input.end(options.stdin ?? '');
    });
  }

  /** Starts a command that stays; what it is told and says is the caller's. */
  async start(command: string): Promise<SshChannel> {
    return this.open((client, done) => client.exec(command, done));
  }

  /** Opens a shell on a terminal wide enough that a device does not break its lines. */
  async shell(): Promise<SshChannel> {
    const terminal = { term: 'vt100', cols: 511, rows: 1000 };
    return this.open((client, done) => client.shell(terminal, done));
  }

  /** Ends the connection and all that runs in it. */
  async close(): Promise<void> {
    this.closed = true;
    const client = await this.client?.catch(() => undefined);
    client?.destroy();
  }

  private get patience(): number {
    return this.options.connectDeadline ?? 10_000;
  }

  private async open(
    ask: (client: Client, done: (error: Error | undefined, channel: ClientChannel) => void) => void,
  ): Promise<SshChannel> {
    const client = await this.connected();
    return new Promise<SshChannel>((resolve, reject) => {
      const timer = setTimeout(() => {
        client.destroy(); // a host that opens no channel answers nothing else either
        reject(this.late('open a channel'));
      }, this.patience);
      const gone = (): void => (clearTimeout(timer), reject(this.lost('before a channel was open')));
      client.once('close', gone);
      ask(client, (error, channel) => {
        clearTimeout(timer);
        client.off('close', gone);
        if (error === undefined) resolve(channelOf(channel));
        else
          reject(
            new SshError('unreachable', `${this.name} opened no channel (${error.message}); look at its SSH limits`),
          );
      });
    });
  }

  private connected(): Promise<Client> {
    if (this.closed) return Promise.reject(new SshError('unreachable', `this connection to ${this.name} was closed`));
    if (this.client !== undefined) return this.client;
    const connecting: Promise<Client> = this.connect(() => {
      if (this.client === connecting) this.client = undefined;
    });
    this.client = connecting;
    connecting.catch(() => {
      if (this.client === connecting) this.client = undefined;
    });
    return connecting;
  }

  private async connect(onGone: () => void): Promise<Client> {
    const config = connectConfigOf(this.options);
    const client = new ssh2.Client();
    let shown: Buffer | undefined;
    let stood = false;
    return new Promise<Client>((resolve, reject) => {
      let why = 'the other side ended it';
      client.on('ready', () => {
        client.setNoDelay(true); // a conversation is many small packets, each of which waits for the last
        stood = true;
        resolve(client);
      });
      client.on('error', (error) => {
        why = error.message;
        reject(this.failure(error, shown));
      });
      client.on('close', () => {
        onGone();
        reject(shown === undefined ? this.lost('before it stood') : this.untrusted(shown));
        if (stood && !this.closed) for (const listener of this.listeners) listener(`${this.name}: ${why}`);
      });
      client.on('keyboard-interactive', (_name, _instructions, _language, prompts, finish) =>
        finish(prompts.map((prompt) => (prompt.echo === true ? '' : (config.password ?? '')))),
      );
      try {
        client.connect({
          ...config,
          readyTimeout: this.patience,
          keepaliveInterval: this.options.keepaliveInterval ?? 5_000,
          keepaliveCountMax: 3,
          hostVerifier: (key: Buffer): boolean => {
            if (this.options.hostKeys.some((pin) => matchesPin(key, pin))) return true;
            shown = key;
            return false;
          },
        });
      } catch (error) {
        reject(this.failure(error as Error, undefined)); // a private key that cannot be parsed
      }
    });
  }

  /** The library's words are kept short: they name levels, addresses and algorithms, never a secret. */
  private failure(error: Error & { level?: string; code?: string }, shown: Buffer | undefined): SshError {
    if (shown !== undefined) return this.untrusted(shown);
    if (error.level === 'client-authentication') {
      const { username, privateKeyFile, passwordFile } = this.options;
      const by = [privateKeyFile, passwordFile].filter((file) => file !== undefined).join(' or ');
      return new SshError(
        'misconfigured',
        `${this.name} refuses ${username} by ${by}; authorise the key or set the password`,
      );
    }
    if (error.level === 'client-timeout') return this.late('answer');
    if (/privateKey|passphrase|parse/i.test(error.message) && error.level === undefined) {
      return new SshError(
        'misconfigured',
        `the private key ${this.options.privateKeyFile} cannot be used (${error.message})`,
      );
    }
    return new SshError(
      'unreachable',
      `${this.name} cannot be reached by SSH (${error.message}); look at address, port and path`,
      {
        cause: error,
      },
    );
  }

  private untrusted(shown: Buffer): SshError {
    const found = `${typeOfKey(shown)} ${fingerprintOf(shown)}`;
    const pinned = this.options.hostKeys.map((pin) => pin.split(' ').slice(0, 2).join(' ')).join(' or ');
    return new SshError(
      'untrusted',
      `${this.name} shows the host key ${found}, pinned is ${pinned}; nothing was sent. If the box was replaced, ${howToPin}; else somebody stands between`,
    );
  }

  private late(what: string): SshError {
    return new SshError(
      'timeout',
      `${this.name} did not ${what} within ${this.patience} ms; look at its load and the path to it`,
    );
  }

  private lost(when: string): SshError {
    return new SshError(
      'unreachable',
      `the connection to ${this.name} was lost ${when}; the next request makes a new one`,
    );
  }
}

function channelOf(channel: ClientChannel): SshChannel {
  let code: number | undefined;
  let signal: string | undefined;
  channel.on('exit', (exit: number | null, by?: string) => {
    code = exit ?? undefined;
    signal = by;
  });
  return {
    input: channel,
    output: channel,
    complaints: channel.stderr,
    onClose: (listener) => channel.once('close', () => listener({ code, signal })),
    close: () => channel.destroy(),
  };
}
