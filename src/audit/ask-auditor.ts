import { join } from 'node:path';
import { CliError, type CommandInput, type CommandOption, exitCode } from '../cli/command.js';
import { EngineClient, engineOptions } from '../cli/engine-client.js';
import { HistoryIndex, historyDirectory } from './address-history/history-index.js';
import type { Read } from './as-of.js';
import { Audit, type Auditor } from './audit.js';
import type { LogReader } from './known-log.js';
import { type MapPath, RemoteAuditor } from './remote-auditor.js';

/** Opens the log in a data directory for reading, a copy or one that an engine runs on. */
export type OpenReader = (directory: string) => Promise<LogReader & { close(): Promise<void> }>;

/** Where a command may find its answer. */
export interface Sources {
  readonly openReader: OpenReader;
  readonly mapPath: MapPath;
}

/** The options that every question takes. */
export const questionOptions = {
  at: { type: 'string', value: 'TIME', help: 'as of this valid time, with a zone: 2026-01-31T03:14:00Z' },
  'known-at': { type: 'string', value: 'TIME|#N', help: 'as the engine had been told by then, or up to ordinal N' },
  ...engineOptions,
  json: { type: 'boolean', help: 'write one JSON object' },
  offline: {
    type: 'string',
    value: 'DIR',
    help: 'read the copy of a data directory (portledger backup); asks no engine, and nobody records it',
  },
} as const satisfies Record<string, CommandOption>;

/** Of the questions about one subject: a stretch of time instead of a moment. */
export const subjectOptions = {
  ...questionOptions,
  between: {
    type: 'string',
    value: 'A..B',
    help: 'instead of --at: what had a moment in common with this stretch of time',
  },
} as const satisfies Record<string, CommandOption>;

/** Said whenever a log is read past the engine, so that nobody takes it for a recorded look. */
export const unrecorded = (place: string): string =>
  `Reading the log in ${place}: no engine is asked, and nothing records this look.\n`;

/** Puts a question to the engine, or to the copy that --offline names. */
export async function askAuditor<Result>(
  { options, io }: CommandInput,
  { openReader, mapPath }: Sources,
  ask: (auditor: Auditor) => Promise<Result>,
): Promise<Result> {
  const offline = options.text('offline');
  if (offline === undefined) return ask(new RemoteAuditor(EngineClient.from(options, io), mapPath));
  if (options.text('url') !== undefined) {
    throw new CliError(exitCode.usage, '--offline and --url name two sources: give only one of them.');
  }
  const reader = await openReader(offline);
  try {
    io.err(unrecorded(offline));
    const history = await HistoryIndex.open(join(offline, historyDirectory), reader);
    return await ask(new Audit(reader, () => ({ history })));
  } finally {
    await reader.close();
  }
}

/** The question, or the end of the command with what is wrong with it. */
export function questionOf<Question>(read: Read<Question>): Question {
  if ('problem' in read) throw new CliError(exitCode.usage, `${read.problem}.`);
  return read.value;
}
