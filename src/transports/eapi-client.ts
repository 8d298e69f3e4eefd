import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { EapiError } from './eapi-error.js';
import { connectPinned, PinError, type TlsPin } from './pinned-tls.js';

/** Where a switch's eAPI is, and as whom to ask it. */
export interface EapiOptions {
  readonly host: string;
  /** 443 where none is named. */
  readonly port?: number;
  readonly username: string;
  /** A file whose first line is the password; read at every request, so a new one counts at once. */
  readonly passwordFile: string;
  readonly pin: TlsPin;
  /** The longest time in ms that one request may take, connecting included. */
  readonly deadline?: number;
  /** The longest answer in bytes that is read. */
  readonly longest?: number;
}

/**
 * Arista eAPI: JSON-RPC 2.0 `runCmds` by POST to `/command-api` over HTTPS.
 * One request is one connection and one CLI session of the switch, so a mode that a command enters lasts for the
 * commands after it and no longer. The switch carries the commands out in order and stops at the first it refuses.
 */
export class EapiClient {
  private readonly running = new Set<AbortController>();
  private closed = false;
  private lastId = 0;

  constructor(private readonly options: EapiOptions) {}

  /**
   * The answers to the commands, one each in their order: objects for `json`, `{ output: string }` for `text`.
   * Rejects with an EapiError; where a command was refused it names which. What was sent may have been carried out
   * although it rejects: only reading again tells.
   */
  async run(commands: readonly string[], format: 'json' | 'text' = 'json'): Promise<unknown[]> {
    const unfit = commands.find((command) => !/^[\x20-\x7e]+$/.test(command));
    if (unfit !== undefined) throw new TypeError(`not a command of one printable line: ${JSON.stringify(unfit)}`);
    if (this.closed) throw new EapiError('unreachable', 'this connection to eAPI was closed');
    const id = `portledger-${++this.lastId}`;
    const params = { version: 1, cmds: commands, format };
    const body = JSON.stringify({ jsonrpc: '2.0', method: 'runCmds', params, id });
    return answersOf(await this.post(body), commands, id);
  }

  close(): void {
    this.closed = true;
    for (const running of this.running) running.abort();
  }

  private async post(body: string): Promise<string> {
    const { username, deadline = 10_000 } = this.options;
    const authorization = `Basic ${Buffer.from(`${username}:${this.password()}`).toString('base64')}`;
    const ender = new AbortController();
    this.running.add(ender);
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      ender.abort();
    }, deadline);
    try {
      return await this.exchange(body, authorization, ender.signal);
    } catch (cause) {
      if (late) throw new EapiError('timeout', `eAPI did not answer within ${deadline} ms`, { cause });
      throw this.named(cause);
    } finally {
      clearTimeout(timer);
      this.running.delete(ender);
    }
  }

  private exchange(body: string, authorization: string, signal: AbortSignal): Promise<string> {
    const { host, port = 443, pin, longest = 256 * 1024 * 1024 } = this.options;
    return new Promise((resolve, reject) => {
      const giveUp = connectPinned({ host, port, pin }, (failure, socket) => {
        if (failure !== undefined || socket === undefined) return reject(failure ?? new Error('no connection'));
        const asking = request({
          host,
          port,
          path: '/command-api',
          method: 'POST',
          headers: {
            authorization,
            'content-type': 'application/json-rpc',
            'content-length': Buffer.byteLength(body),
            connection: 'close',
          },
          createConnection: () => socket,
          signal,
        });
        asking.on('error', reject);
        asking.on('response', (response) => {
          const chunks: Buffer[] = [];
          let length = 0;
          response.on('error', reject);
          response.on('data', (chunk: Buffer) => {
            length += chunk.length;
            if (length <= longest) return void chunks.push(chunk);
            response.destroy(new EapiError('unreadable', `the answer of eAPI is longer than ${longest} bytes`));
          });
          response.on('end', () => {
            const status = response.statusCode ?? 0;
            if (status === 200) return resolve(Buffer.concat(chunks).toString('utf8'));
            reject(refusedBy(status));
          });
        });
        asking.end(body);
      });
      signal.addEventListener('abort', giveUp, { once: true });
    });
  }

  private password(): string {
    try {
      return (readFileSync(this.options.passwordFile, 'utf8').split('\n', 1)[0] ?? '').trimEnd();
    } catch (cause) {
      const why = (cause as NodeJS.ErrnoException).code ?? 'unknown';
      throw new EapiError(
        'misconfigured',
        `the password file ${this.options.passwordFile} cannot be read (${why}); name one that the engine may read`,
      );
    }
  }

  private named(cause: unknown): EapiError {
    if (cause instanceof EapiError) return cause;
    const { host, port = 443 } = this.options;
    const said = cause instanceof Error ? cause.message : String(cause);
    if (cause instanceof PinError)
      return new EapiError(
        'untrusted',
        `${host} port ${port} is not the box that was pinned: ${said}. Compare its certificate at its console, then mend the pin`,
        { cause },
      );
    return new EapiError(
      'unreachable',
      `eAPI at ${host} port ${port} does not answer (${said}); check the network and "management api http-commands"`,
      { cause },
    );
  }
}

function refusedBy(status: number): EapiError {
  if (status === 401 || status === 403)
    return new EapiError('misconfigured', `eAPI refuses this user (HTTP ${status}); check username and password file`);
  return new EapiError('unreachable', `eAPI answers HTTP ${status}; check "show management api http-commands"`);
}

interface Reply {
  readonly id?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly code?: unknown; readonly message?: unknown; readonly data?: unknown };
}

function answersOf(text: string, commands: readonly string[], id: string): unknown[] {
  const reply = parse(text);
  if (reply.error !== undefined) throw refusal(reply.error, commands);
  const { result } = reply;
  if (reply.id !== id || !Array.isArray(result) || result.length !== commands.length)
    throw new EapiError('unreadable', `eAPI did not answer ${commands.length} commands with as many results`);
  return result as unknown[];
}

function parse(text: string): Reply {
  try {
    const reply: unknown = JSON.parse(text);
    if (typeof reply === 'object' && reply !== null) return reply;
  } catch {
    // said below
  }
  throw new EapiError('unreadable', 'eAPI did not answer with JSON-RPC; check that the port is that of eAPI');
}

/** `data` holds the answers up to the refused command, whose own is the last and carries `errors`. */
function refusal(error: NonNullable<Reply['error']>, commands: readonly string[]): EapiError {
  const code = typeof error.code === 'number' ? error.code : 0;
  const message = printable(error.message);
  const data = Array.isArray(error.data) ? (error.data as unknown[]) : undefined;
  const index = data === undefined ? -1 : data.length - 1;
  const command = commands[index];
  if (data === undefined || command === undefined) {
    return new EapiError('refused', `eAPI refuses the request (code ${code}): ${message}`);
  }
  const last = data[index] as { readonly errors?: unknown } | null;
  const said = Array.isArray(last?.errors) ? (last.errors as unknown[]).map(printable) : [message];
  return new EapiError('refused', `"${command}" was refused (code ${code}): ${said.join('; ')}`, {
    command: { index, code, said, before: data.slice(0, index) },
  });
}

/** Text of a device, fit for one line of a log. */
function printable(text: unknown): string {
  return (typeof text === 'string' ? text : 'no reason given')
    .replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, 300);
}
