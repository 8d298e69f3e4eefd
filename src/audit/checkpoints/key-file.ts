import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { newPrivateKey, parsePrivateKey, parseVerifierKey, type Signer, type VerifierKey } from './signed-note.js';
import { readSecret, SecretFileError } from './secret-file.js';

/**
 * Makes a signing key in a new file that only its owner may read.
 * Throws a SecretFileError where a file stands already, or none can be made.
 */
export function writeNewKey(file: string, name: string): Signer {
  const text = newPrivateKey(name);
  const signer = parsePrivateKey(text);
  if (signer === undefined) throw new Error(`The new key of ${name} cannot be read back`);
  let descriptor: number;
  try {
    descriptor = openSync(file, 'wx', 0o600);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST')
      throw new SecretFileError(file, 'exists already and is never overwritten: name another file with --out.');
    throw new SecretFileError(file, `cannot be made (${code ?? String(error)}): name another file with --out.`);
  }
  try {
    writeSync(descriptor, `${text}\n`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  return signer;
}

/** The signing key in a file. Throws a SecretFileError for one that others may read, or that holds no such key. */
export function readSigner(file: string): Signer {
  const signer = parsePrivateKey(readSecret(file));
  if (signer === undefined)
    throw new SecretFileError(file, 'holds no signing key: portledger audit key new makes one.');
  return signer;
}

/** The verifier keys in a text: one a line; lines that begin with # say something to people. Undefined where a line is none. */
export function verifierKeysIn(text: string): VerifierKey[] | undefined {
  const lines = text.split('\n').map((line) => line.trim());
  const keys = lines.filter((line) => line !== '' && !line.startsWith('#')).map(parseVerifierKey);
  return keys.length > 0 && keys.every((key) => key !== undefined) ? keys : undefined;
}
