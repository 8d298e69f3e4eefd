import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandIo, ExitCode } from '../../src/cli/command.js';
import { runCli } from '../../src/cli/run-cli.js';
import { verbs } from '../../src/cli/verbs.js';

export interface Said {
  readonly code: ExitCode;
  readonly out: string;
  readonly err: string;
}

/** Runs `portledger WORDS` in this process and tells how it ended. */
export async function portledger(words: readonly string[], env: CommandIo['env'] = {}): Promise<Said> {
  let out = '';
  let err = '';
  const io: CommandIo = {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    errIsTerminal: false,
    env,
    stdin: process.stdin,
  };
  const code = await runCli(verbs, words, io);
  return { code, out, err };
}

/** An environment in which the command line speaks to this engine with this token. */
export function speakingTo(
  engine: { readonly url: string; readonly directory: string },
  token: string,
): CommandIo['env'] {
  const file = join(engine.directory, 'cli.token');
  writeFileSync(file, `${token}\n`, { mode: 0o600 });
  return { PORTLEDGER_URL: engine.url, PORTLEDGER_TOKEN_FILE: file };
}
