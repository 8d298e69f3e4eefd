import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** What a file of one line of JSON and its SHA-256 holds; undefined where there is none or it is not whole. Never throws. */
export function readSealedJson(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
  const [json = '', checksum] = text.split('\n');
  return checksum === sha256(json) ? (JSON.parse(json) as unknown) : undefined;
}

/** From now on the file holds this, also after a power cut; before, it holds what it did. @throws the error of the file system */
export function writeSealedJson(path: string, value: object): void {
  const json = JSON.stringify(value);
  const unfinished = `${path}.unfinished`;
  const file = openSync(unfinished, 'w', 0o640);
  try {
    writeFileSync(file, `${json}\n${sha256(json)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(unfinished, path);
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
