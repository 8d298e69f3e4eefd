import type { TreeHead } from '../../event-store/event-store.port.js';
import { fromBase64, openNote, type Signer, type VerifierKey } from './signed-note.js';

/** A tree head that somebody signed (https://c2sp.org/tlog-checkpoint). */
export interface Checkpoint extends TreeHead {
  /** Who keeps the log: the name of the key it is signed with. */
  readonly origin: string;
  /** Which log; undefined in a checkpoint that does not say. */
  readonly logId: string | undefined;
}

const logIdLine = /^log-id ([0-9a-f-]{36})$/;

/** The signed checkpoint of a tree head: origin, size, root and, as an extension line, the id of the log. */
export function signCheckpoint(signer: Signer, { size, root }: TreeHead, logId: string): string {
  return signer.sign(`${signer.verifier.name}\n${size}\n${root.toString('base64')}\nlog-id ${logId}\n`);
}

/** Reads what a signed checkpoint says, whoever signed it; undefined when it is none. */
export function parseCheckpoint(note: string): Checkpoint | undefined {
  return checkpointIn(note.slice(0, note.lastIndexOf('\n\n') + 1));
}

/** A checkpoint's text: at least three lines, none of them empty. */
function checkpointIn(text: string): Checkpoint | undefined {
  const lines = text.split('\n');
  const [origin = '', size = '', root = '', ...extensions] = lines.slice(0, -1);
  const hash = fromBase64(root);
  if (lines.at(-1) !== '' || lines.slice(0, -1).includes('') || hash?.length !== 32) return undefined;
  if (!/^(0|[1-9]\d{0,15})$/.test(size) || !Number.isSafeInteger(Number(size))) return undefined;
  const logId = extensions.flatMap((line) => logIdLine.exec(line)?.[1] ?? [])[0];
  return { origin, size: Number(size), root: hash, logId };
}

/** Opens a signed checkpoint with the keys that are trusted; `problem` says why it proves nothing. */
export function openCheckpoint(
  note: string,
  keys: readonly VerifierKey[],
): { readonly checkpoint: Checkpoint } | { readonly problem: string } {
  const opened = openNote(note, keys);
  if ('problem' in opened) return opened;
  const checkpoint = checkpointIn(opened.text);
  if (checkpoint === undefined) return { problem: 'the signed text is no checkpoint: origin, size, root in base64' };
  if (checkpoint.origin !== opened.key.name)
    return { problem: `its origin is ${checkpoint.origin}, but it is signed by ${opened.key.name}` };
  return { checkpoint };
}
