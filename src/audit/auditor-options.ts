import { readFile } from 'node:fs/promises';
import { Audit, type Auditor } from './audit.js';
import type { LogReader } from './known-log.js';
import { RemoteAuditor } from './remote-auditor.js';

/** What a command is given by the program that runs it. */
export interface CommandSurroundings {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Opens the log in a data directory for reading, whether an engine runs on it or not. */
  readonly openReader: (directory: string) => Promise<LogReader & { close(): Promise<void> }>;
}

/** A command that was called wrongly: what is wrong and how to call it. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

/** The options every question takes, for `parseArgs`. */
export const auditorOptions = {
  at: { type: 'string' },
  'known-at': { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
  data: { type: 'string' },
  url: { type: 'string' },
  'token-file': { type: 'string' },
} as const;

export const auditorOptionsHelp = `  --at TIME          as of this valid time, RFC 3339 with a zone: 2026-01-31T03:14:00Z
  --known-at TIME|#N as the engine had been told by then, or up to the event with ordinal N
  --json             one JSON object instead of text
  --url URL          of the engine (default PORTLEDGER_URL, or http://127.0.0.1:8080)
  --token-file FILE  holds the bearer token (default PORTLEDGER_TOKEN_FILE)
  --data DIR         read the log in this data directory; needs no engine`;

export interface AuditorChoice {
  readonly data?: string | undefined;
  readonly url?: string | undefined;
  readonly 'token-file'?: string | undefined;
}

/** Runs a question against the engine, or against a data directory where one is named. */
export async function withAuditor<Result>(
  { data, url, 'token-file': tokenFile }: AuditorChoice,
  { env, err, openReader }: CommandSurroundings,
  ask: (auditor: Auditor) => Promise<Result>,
): Promise<Result> {
  if (data === undefined) {
    const engine = url ?? env['PORTLEDGER_URL'] ?? 'http://127.0.0.1:8080';
    if (!URL.canParse(engine)) throw new UsageError(`--url: "${engine}" is not a URL; write http://127.0.0.1:8080`);
    return ask(new RemoteAuditor(engine, await tokenIn(tokenFile ?? env['PORTLEDGER_TOKEN_FILE'])));
  }
  if (url !== undefined) throw new UsageError('--data and --url name two sources: give only one of them');
  const reader = await openReader(data);
  try {
    err(`Reading the log in ${data} by replay; no engine is asked.\n`);
    return await ask(new Audit(reader));
  } finally {
    await reader.close();
  }
}

async function tokenIn(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`The token file ${file} cannot be read (${why}). Make one with: portledger token new`, {
      cause: error,
    });
  }
}
