import { join } from 'node:path';
import { CliError, type CommandInput, exitCode } from '../cli/command.js';
import { EngineClient } from '../cli/engine-client.js';
import type { SourceEmbedding } from '../config/source-embedding.js';
import type { Read } from './as-of.js';
import type { Auditor } from './audit.js';
import type { LogReader } from './known-log.js';
import { imagesDirectory } from './map-images/images-place.js';
import type { MapPath } from './remote-auditor.js';
import type { LogWatch } from './watched-log.js';

/** Opens the log in a data directory for reading, a copy or one that an engine runs on. */
export type OpenReader = (directory: string) => Promise<LogReader & { close(): Promise<void> }>;

/** Where a command may find its answer. */
export interface Sources {
  readonly openReader: OpenReader;
  readonly mapPath: MapPath;
  /** For a log without an engine: prefixes whose addresses carry an IPv4 source. */
  readonly embeddings?: readonly SourceEmbedding[];
}

/** Said whenever a log is read past the engine, so that nobody takes it for a recorded look. */
export const unrecorded = (place: string): string =>
  `Reading the log in ${place}: no engine is asked, and nothing records this look.\n`;

/** Puts a question to the engine, or to the copy that --offline names; only that loads what folds a log. */
export async function askAuditor<Result>(
  { options, io }: CommandInput,
  { openReader, mapPath, embeddings }: Sources,
  ask: (auditor: Auditor) => Promise<Result>,
): Promise<Result> {
  const offline = options.text('offline');
  if (offline === undefined) {
    const engine = EngineClient.from(options, io);
    const { RemoteAuditor } = await import('./remote-auditor.js');
    return ask(new RemoteAuditor(engine, mapPath));
  }
  if (options.text('url') !== undefined) {
    throw new CliError(exitCode.usage, '--offline and --url name two sources: give only one of them.');
  }
  const reader = await openReader(offline);
  let watch: LogWatch | undefined;
  try {
    io.err(unrecorded(offline));
    const [{ Audit }, { HistoryIndex, historyDirectory }] = await Promise.all([
      import('./audit.js'),
      import('./address-history/history-index.js'),
    ]);
    const { LogWatch } = await import('./watched-log.js');
    watch = await LogWatch.of(reader, io);
    const log = watch.reader(reader);
    const history = await HistoryIndex.open(join(offline, historyDirectory), log);
    const images = { directory: join(offline, imagesDirectory) };
    return await ask(new Audit(log, () => ({ history }), images, undefined, embeddings));
  } finally {
    watch?.end();
    await reader.close();
  }
}

/** The question, or the end of the command with what is wrong with it. */
export function questionOf<Question>(read: Read<Question>): Question {
  if ('problem' in read) throw new CliError(exitCode.usage, `${read.problem}.`);
  return read.value;
}
