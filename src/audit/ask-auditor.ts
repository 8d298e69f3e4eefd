import { CliError, type CommandInput, type CommandOption, exitCode } from '../cli/command.js';
import { EngineClient, engineOptions } from '../cli/engine-client.js';
import type { Read } from './as-of.js';
import { Audit, type Auditor } from './audit.js';
import type { LogReader } from './known-log.js';
import { type MapPath, RemoteAuditor } from './remote-auditor.js';

/** Opens the log in a data directory for reading, whether an engine runs on it or not. */
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
  data: { type: 'string', value: 'DIR', help: 'read the log in this data directory; asks no engine' },
} as const satisfies Record<string, CommandOption>;

/** Puts a question to the engine, or to a data directory where one is named. */
export async function askAuditor<Result>(
  { options, io }: CommandInput,
  { openReader, mapPath }: Sources,
  ask: (auditor: Auditor) => Promise<Result>,
): Promise<Result> {
  const data = options.text('data');
  if (data === undefined) return ask(new RemoteAuditor(EngineClient.from(options, io), mapPath));
  if (options.text('url') !== undefined) {
    throw new CliError(exitCode.usage, '--data and --url name two sources: give only one of them.');
  }
  const reader = await openReader(data);
  try {
    io.err(`Reading the log in ${data} by replay; no engine is asked.\n`);
    return await ask(new Audit(reader));
  } finally {
    await reader.close();
  }
}

/** The question, or the end of the command with what is wrong with it. */
export function questionOf<Question>(read: Read<Question>): Question {
  if ('problem' in read) throw new CliError(exitCode.usage, `${read.problem}.`);
  return read.value;
}
