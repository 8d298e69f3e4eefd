import { CliError, type CommandInput, exitCode, type ExitCode } from '../cli/command.js';
import type { AuditVerb } from './audit-verb.js';

const defaultFile = 'checkpoint.key';

/** `portledger audit key`: stdout is the verifier key alone. */
export const keyVerb: AuditVerb = {
  word: 'key',
  usage: [
    ['key new --name NAME [--out FILE]', 'a key that signs checkpoints; prints its verifier key'],
    ['key show [FILE]', 'the verifier key of a signing key'],
  ],
  options: {
    name: {
      type: 'string',
      value: 'NAME',
      help: 'of a new key: who keeps the log, such as portledger.example.net/log1',
    },
    out: { type: 'string', value: 'FILE', help: 'where a new signing key goes; default ./checkpoint.key' },
  },
  run: runKey,
};

async function runKey({ options, positionals: [action, file, ...rest], io }: CommandInput): Promise<ExitCode> {
  const { readSigner, writeNewKey } = await import('./checkpoints/key-file.js');
  const { isKeyName } = await import('./checkpoints/signed-note.js');
  if (rest.length > 0 || (action === 'new' && file !== undefined))
    throw new CliError(exitCode.usage, `"${rest[0] ?? file}" is too much. See portledger audit --help.`);
  switch (action) {
    case 'new': {
      const name = options.text('name');
      if (name === undefined || !isKeyName(name)) {
        const found = name === undefined ? '--name is missing' : `--name: found ${JSON.stringify(name)}`;
        const expected = 'a name without spaces or +, such as portledger.example.net/log1';
        throw new CliError(exitCode.usage, `${found}, expected ${expected}.`);
      }
      const out = options.text('out') ?? defaultFile;
      const { verifier } = writeNewKey(out, name);
      io.err(
        `The signing key is in ${out}: name it in the configuration as checkpoints.keyFile, and give it to nobody.\n` +
          'The line on stdout is the verifier key: give it to everybody who is to verify, by a way of its own.\n',
      );
      io.out(`${verifier.text}\n`);
      return exitCode.ok;
    }
    case 'show':
      io.out(`${readSigner(file ?? defaultFile).verifier.text}\n`);
      return exitCode.ok;
    case undefined:
    default:
      throw new CliError(exitCode.usage, 'portledger audit key needs one of new, show. See portledger audit --help.');
  }
}
