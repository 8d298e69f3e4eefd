import { auditCommand } from '../../src/audit/audit.command.js';
import type { CommandSurroundings } from '../../src/audit/auditor-options.js';
import { mapCommand } from '../../src/audit/map.command.js';
import type { LogReader } from '../../src/audit/known-log.js';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs `portledger WORDS` in this process, on a log, and tells how it ended. */
export async function run(words: readonly string[], log?: LogReader, env: CommandSurroundings['env'] = {}): Promise<Ran> {
  let out = '';
  let err = '';
  const surroundings: CommandSurroundings = {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    env,
    openReader: (directory) =>
      log === undefined
        ? Promise.reject(new Error(`There is no log in ${directory}.`))
        : Promise.resolve({
            readAll: (options) => log.readAll(options),
            readStream: (stream, options) => log.readStream(stream, options),
            head: () => log.head(),
            close: () => Promise.resolve(),
          }),
  };
  const [verb, ...rest] = words;
  const code = await (verb === 'map' ? mapCommand(rest, surroundings) : auditCommand(rest, surroundings));
  return { code, out, err };
}
