import type { LogReader } from '../../src/audit/known-log.js';
import { auditCommand } from '../../src/audit/audit.command.js';
import { mapCommand } from '../../src/audit/map.command.js';
import type { CommandIo, ExitCode, Verb } from '../../src/cli/command.js';
import type { OpenLog } from '../../src/audit/verify.command.js';
import { runCli } from '../../src/cli/run-cli.js';
import { provable } from './dossier-of.js';
import { MemoryLog } from './memory-log.js';

export interface Ran {
  readonly code: ExitCode;
  readonly out: string;
  readonly err: string;
}

/** Runs `portledger WORDS` in this process and tells how it ended; `log` is what every data directory holds. */
export async function run(
  words: readonly string[],
  log?: LogReader,
  env: CommandIo['env'] = {},
  keys?: CommandIo['keys'],
  clock?: CommandIo['clock'],
): Promise<Ran> {
  let out = '';
  let err = '';
  const io: CommandIo = {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    errIsTerminal: false,
    env,
    stdin: process.stdin,
    ...(clock === undefined ? {} : { clock }),
    ...(keys === undefined ? {} : { keys, outIsTerminal: true }),
  };
  const openReader = (directory: string): ReturnType<Parameters<typeof mapCommand>[0]> =>
    log === undefined ? Promise.reject(new NoLog(`There is no log in ${directory}.`)) : Promise.resolve(readerOf(log));
  const openLog = (directory: string): ReturnType<OpenLog> =>
    log instanceof MemoryLog
      ? Promise.resolve({ ...provable(log), close: () => Promise.resolve() })
      : Promise.reject(new NoLog(`There is no log in ${directory}.`));
  const verb = (name: string, load: Verb['load']): Verb => ({ name, summary: '', examples: [], load });
  const verbs = [
    verb('map', () => Promise.resolve(mapCommand(openReader))),
    verb('audit', () => Promise.resolve(auditCommand(openReader, openLog))),
  ];
  const code = await runCli(verbs, words, io);
  return { code, out, err };
}

class NoLog extends Error {}

function readerOf(log: LogReader): LogReader & { close(): Promise<void> } {
  return {
    logId: log.logId,
    readAll: (options) => log.readAll(options),
    readStream: (stream, options) => log.readStream(stream, options),
    readAt: (ordinals) => log.readAt(ordinals),
    ordinalsOf: (streams) => log.ordinalsOf(streams),
    head: () => log.head(),
    close: () => Promise.resolve(),
  };
}
