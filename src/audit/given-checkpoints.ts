import { readFileSync } from 'node:fs';
import { CliError, exitCode, type OptionValues } from '../cli/command.js';
import { notesIn } from './checkpoints/checkpoint-file.js';
import { openCheckpoint } from './checkpoints/checkpoint.js';
import { verifierKeysIn } from './checkpoints/key-file.js';
import { parseVerifierKey, type VerifierKey } from './checkpoints/signed-note.js';
import type { GivenCheckpoint } from './verification.js';

/** A checkpoint with the signed note it was read from. */
export type GivenNote = GivenCheckpoint & { readonly note: string };

/**
 * The checkpoints that --checkpoint names, opened with the keys of --key.
 * Throws a usage error for files that cannot be read or hold nothing, and where no key is named: a signature by an unknown
 * key says nothing.
 */
export function givenCheckpoints(options: OptionValues): GivenNote[] {
  const files = options.texts('checkpoint');
  const keys = givenKeys(options);
  if (files.length > 0 && keys.length === 0)
    throw new CliError(exitCode.usage, '--checkpoint needs --key: the verifier key that audit key new printed.');
  return files.flatMap((file) => {
    const notes = notesIn(read(file, '--checkpoint'));
    if (notes.length === 0) throw new CliError(exitCode.usage, `--checkpoint: ${file} holds no checkpoint.`);
    return notes.map(({ note, line }) => ({ where: `${file}:${line}`, note, ...openCheckpoint(note, keys) }));
  });
}

/** The verifier keys that --key names. Throws a usage error for what is none. */
export function givenKeys(options: OptionValues): VerifierKey[] {
  return options.texts('key').flatMap(readKeys);
}

function readKeys(text: string): VerifierKey[] {
  const key = parseVerifierKey(text);
  if (key !== undefined) return [key];
  const keys = /^[^+]+\+[0-9a-f]{8}\+/.test(text) ? undefined : verifierKeysIn(read(text, '--key'));
  if (keys !== undefined) return keys;
  throw new CliError(exitCode.usage, `--key: ${text} is no verifier key (name+hex+base64), nor a file of such keys.`);
}

function read(file: string, option: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new CliError(exitCode.usage, `${option}: ${file} cannot be read (${why}).`);
  }
}
