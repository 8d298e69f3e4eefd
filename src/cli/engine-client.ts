import { readFileSync } from 'node:fs';
import { CliError, type CommandIo, type CommandOption, exitCode, type ExitCode, type OptionValues } from './command.js';

const defaultUrl = 'http://127.0.0.1:8080';
const timeoutMs = 60_000;

/** Options of every verb that speaks to a running engine. */
export const engineOptions = {
  url: { type: 'string', value: 'URL', help: `where the engine listens (PORTLEDGER_URL; default ${defaultUrl})` },
  'token-file': { type: 'string', value: 'FILE', help: 'file that holds the token (PORTLEDGER_TOKEN_FILE)' },
  json: { type: 'boolean', help: 'write JSON, one object a line' },
} as const satisfies Record<string, CommandOption>;

/** Options of every verb that publishes events of its own. */
export const publishingOptions = {
  source: { type: 'string', value: 'URI', help: 'the source that the token is bound to' },
  ...engineOptions,
} as const satisfies Record<string, CommandOption>;

export interface EngineAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

export interface EngineRequest {
  readonly method?: 'GET' | 'POST';
  readonly contentType?: string;
  readonly body?: string;
  /** What If-Match says: the state that was looked at. */
  readonly ifMatch?: string;
}

/** Speaks to a running engine for a verb of the command line. */
export class EngineClient {
  constructor(
    readonly url: string,
    private readonly token: string,
  ) {}

  /** From --url and --token-file, else from the environment. Throws a usage error when no token is named. */
  static from(options: OptionValues, io: CommandIo): EngineClient {
    const url = options.text('url') ?? io.env['PORTLEDGER_URL'] ?? defaultUrl;
    if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
      throw new CliError(exitCode.usage, `--url: found ${url}, expected a URL such as ${defaultUrl}.`);
    }
    return new EngineClient(
      url.replace(/\/+$/, ''),
      readToken(options.text('token-file') ?? io.env['PORTLEDGER_TOKEN_FILE']),
    );
  }

  /** Any answer of the engine, also a refusal. Throws a CliError `unreachable` when there is none. */
  async request(path: string, request: EngineRequest = {}): Promise<EngineAnswer> {
    const response = await this.open(path, request, AbortSignal.timeout(timeoutMs));
    try {
      const text = await response.text();
      return { status: response.status, headers: response.headers, body: parseBody(text) };
    } catch (error) {
      throw this.unreachable(error);
    }
  }

  /** The body of a good answer; a refusal is thrown as a CliError with the problem's own words. */
  async get(path: string): Promise<unknown> {
    const answer = await this.request(path);
    if (answer.status >= 400) throw problemOf(answer);
    return answer.body;
  }

  /** Posts JSON and answers the body; a refusal is thrown as with `get`. */
  async post(path: string, body: object, ifMatch?: string): Promise<unknown> {
    const request = { method: 'POST', contentType: 'application/json', body: JSON.stringify(body) } as const;
    const answer = await this.request(path, ifMatch === undefined ? request : { ...request, ifMatch });
    if (answer.status >= 400) throw problemOf(answer);
    return answer.body;
  }

  /** An answer whose body is still to be read, for streams. */
  async open(path: string, request: EngineRequest, signal: AbortSignal): Promise<Response> {
    const { method = 'GET', contentType, body, ifMatch } = request;
    const headers: Record<string, string> = { authorization: `Bearer ${this.token}` };
    if (contentType !== undefined) headers['content-type'] = contentType;
    if (ifMatch !== undefined) headers['if-match'] = ifMatch;
    try {
      return await fetch(`${this.url}${path}`, { method, headers, body: body ?? null, signal });
    } catch (error) {
      throw this.unreachable(error);
    }
  }

  private unreachable(error: unknown): CliError {
    const cause = (error as { cause?: { code?: string; message?: string } }).cause;
    const why = cause?.code ?? cause?.message ?? (error as Error).message;
    const cure = 'Start it with portledger serve, or name another with --url.';
    return new CliError(exitCode.unreachable, `The engine at ${this.url} does not answer (${why}). ${cure}`);
  }
}

/** A refusal as the end of a verb: 404 is not found, 409 and 412 a conflict, everything else an error. */
export function problemOf({ status, body }: EngineAnswer): CliError {
  const { detail, title } = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const code: ExitCode =
    status === 404 ? exitCode.notFound : status === 409 || status === 412 ? exitCode.conflict : exitCode.error;
  return new CliError(
    code,
    typeof detail === 'string'
      ? detail
      : `The engine answered ${status}${typeof title === 'string' ? ` ${title}` : ''}.`,
  );
}

function readToken(file: string | undefined): string {
  if (file === undefined) {
    throw new CliError(
      exitCode.usage,
      'No token: name its file with --token-file or PORTLEDGER_TOKEN_FILE; portledger token new makes one.',
    );
  }
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new CliError(
      exitCode.usage,
      `The token file ${file} cannot be read (${why}). Name another with --token-file.`,
    );
  }
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
