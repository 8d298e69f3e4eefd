import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tokenScopes, type TokenScope } from '../../src/auth/principal.js';
import { formatToken, newToken, secretHash } from '../../src/auth/token.js';
import { type TokenRecord, writeTokens } from '../../src/auth/tokens-file.js';
import { AppConfig } from '../../src/config/app-config.js';
import type { Hands } from '../../src/engine-parts.js';
import { type Engine, startEngine } from '../../src/main.js';
import { Log } from '../../src/ops/log.js';

export const source = 'urn:billing:eu';
export const batchType = 'application/cloudevents-batch+json';
export const eventType = 'application/cloudevents+json';

/** Of an engine that a test asks as often as it likes. */
export const hardlyLimited = { requestsPerSecond: 1_000_000, eventsPerSecond: 1_000_000 };

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

/** What a test wants otherwise than by default. */
export interface Wanted {
  readonly gateways?: AppConfig['gateways'];
  readonly checkpoints?: AppConfig['checkpoints'];
  readonly hands?: Hands;
  /** Other keys of the configuration. */
  readonly settings?: Partial<AppConfig>;
}

/** A real engine on a directory of its own, on any free port, with one token for each scope. */
export class RunningEngine {
  private constructor(
    readonly directory: string,
    readonly tokens: Readonly<Record<TokenScope | 'every', string>>,
    readonly logLines: string[],
    private engine: Engine,
    private readonly wanted: Wanted,
  ) {}

  static async start(parent = tmpdir(), wanted: Wanted = {}): Promise<RunningEngine> {
    const directory = mkdtempSync(join(parent, 'portledger-e2e-'));
    const logLines: string[] = [];
    const tokens = makeTokens(join(directory, 'tokens.json'));
    return new RunningEngine(directory, tokens, logLines, await startIn(directory, logLines, wanted), wanted);
  }

  get url(): string {
    return this.engine.url;
  }

  get parts(): Engine['parts'] {
    return this.engine.parts;
  }

  get dataDir(): string {
    return join(this.directory, 'data');
  }

  get tokensFile(): string {
    return join(this.directory, 'tokens.json');
  }

  get usersFile(): string {
    return join(this.directory, 'users.json');
  }

  /** @param between what happens while no engine runs */
  async restart(between: () => void = () => {}): Promise<void> {
    await this.engine.close();
    between();
    this.engine = await startIn(this.directory, this.logLines, this.wanted);
  }

  /** Ends the engine and leaves its directory, until `startAgain`. */
  async stopForNow(): Promise<void> {
    await this.engine.close();
  }

  async startAgain(): Promise<void> {
    this.engine = await startIn(this.directory, this.logLines, this.wanted);
  }

  async stop(): Promise<void> {
    await this.engine.close();
    rmSync(this.directory, { recursive: true });
  }

  /** Publishes one event, or a list as a batch. */
  publish(body: unknown, token = this.tokens.every): Promise<Answer> {
    return this.post(JSON.stringify(body), Array.isArray(body) ? batchType : eventType, token);
  }

  post(body: string | Uint8Array, contentType: string, token: string | undefined = this.tokens.every): Promise<Answer> {
    return this.call('/v1/events', {
      method: 'POST',
      body,
      headers: { 'content-type': contentType, ...bearer(token) },
    });
  }

  async call(path: string, request: RequestInit = {}): Promise<Answer> {
    const response = await fetch(this.url + path, request);
    const body = (await response.json()) as Record<string, unknown>;
    return { status: response.status, headers: response.headers, body };
  }
}

function bearer(token: string | undefined): Record<string, string> {
  return token === undefined || token === '' ? {} : { authorization: `Bearer ${token}` };
}

function startIn(
  directory: string,
  logLines: string[],
  { gateways, checkpoints, hands, settings }: Wanted,
): Promise<Engine> {
  const config = new AppConfig();
  config.dataDir = join(directory, 'data');
  config.tokensFile = join(directory, 'tokens.json');
  config.usersFile = join(directory, 'users.json');
  config.listen.port = 0;
  config.limits = hardlyLimited;
  if (gateways !== undefined) config.gateways = gateways;
  if (checkpoints !== undefined) config.checkpoints = checkpoints;
  Object.assign(config, settings);
  return startEngine(config, new Log('json', (line) => logLines.push(line)), hands);
}

function makeTokens(file: string): Record<TokenScope | 'every', string> {
  const records: TokenRecord[] = [];
  const make = (name: string, scopes: readonly TokenScope[]): string => {
    const token = newToken();
    const sha256 = secretHash(token.secret).toString('hex');
    records.push({ id: token.id, name, sha256, scopes, source, createdAt: '2026-01-01T00:00:00.000Z' });
    return formatToken(token);
  };
  const one = Object.fromEntries(tokenScopes.map((scope) => [scope, make(scope, [scope])]));
  const tokens = { ...one, every: make('every', tokenScopes) } as Record<TokenScope | 'every', string>;
  writeTokens(file, records);
  return tokens;
}
