import type { StoredEvent } from '../../../events/index.js';
import { parseCheckpoint, openCheckpoint, type Checkpoint } from '../checkpoints/checkpoint.js';
import { fromBase64, openNote, type VerifierKey } from '../checkpoints/signed-note.js';
import { leafOrNone } from '../log-reading.js';
import { verifyInclusion } from '../merkle-proof.js';
import { answerHtml } from './answer-html.js';
import { readCanonicalZip, type ZipEntry } from './canonical-zip.js';
import type { DossierFacts } from './dossier-facts.js';
import type { Answered } from './dossier-question.js';
import { mostBytes } from './dossier-limits.js';
import { answerText, inPlainLook, readmeText, type Told } from './dossier-texts.js';
import { enclosedVerifier } from './enclosed-verifier.js';
import { foldAnew } from './fold-anew.js';
import { framesProblem } from './kept-frames.js';
import { manifestName, manifestProblem } from './manifest.js';

/** What was found of a dossier. */
export interface DossierCheck {
  /** The part that is not as it must be, and why; undefined where all that was looked at holds. */
  readonly problem?: string;
  /** The key whose signature holds, as `name+id`; undefined where no key was named. */
  readonly signedBy?: string;
  readonly entries: readonly { readonly name: string; readonly bytes: number }[];
  /** What stands in it, where nothing is wrong. */
  readonly told?: Told;
  /** The answer that the enclosed events give here; `not-enough` where the dossier says itself that they do not suffice. */
  readonly folded?: 'same' | 'different' | 'not-enough';
  /** Texts in it that this portledger would write otherwise of the same answer, and a verifier that is not its own. */
  readonly otherwise: readonly string[];
}

class Refused extends Error {}

/** What a dossier holds, as far as it holds together. */
export type OpenedDossier = Omit<DossierCheck, 'folded' | 'otherwise'> & { readonly files: readonly ZipEntry[] };

/**
 * Verifies a dossier with the keys that are trusted; without keys, only whether its parts agree with each other.
 * Whatever the bytes are, a verdict comes back.
 */
export async function checkDossier(zip: Buffer, keys: readonly VerifierKey[] | undefined): Promise<DossierCheck> {
  const { files, ...opened } = openDossier(zip, keys);
  const { told } = opened;
  if (told === undefined) return { ...opened, otherwise: [] };
  const { facts, answered, events } = told;
  // Where this portledger cannot even ask that question, it is none of its own making.
  const fold = () => foldAnew(facts.logId, events, facts, answered.answer).catch(() => 'different' as const);
  return { ...opened, folded: facts.suffices ? await fold() : 'not-enough', otherwise: writtenOtherwise(files, told) };
}

/** The same without folding the events, and without looking how its texts are written. */
export function openDossier(zip: Buffer, keys: readonly VerifierKey[] | undefined): OpenedDossier {
  const read = zip.length > mostBytes ? { problem: `more than ${mostBytes} bytes` } : readCanonicalZip(zip);
  if ('problem' in read) return { problem: read.problem, entries: [], files: [] };
  const { entries: files } = read;
  const entries = files.map(({ name, content }) => ({ name, bytes: content.length }));
  try {
    const { told, signedBy } = opened(files, keys);
    return { ...(signedBy === undefined ? {} : { signedBy }), entries, told, files };
  } catch (error) {
    // What is signed may still be scribble: by whoever holds the key, or, without a key, by anybody.
    const problem = error instanceof Refused ? error.message : `not readable: ${(error as Error).message}`;
    return { problem, entries, files };
  }
}

function opened(
  entries: readonly ZipEntry[],
  keys: readonly VerifierKey[] | undefined,
): { readonly told: Told; readonly signedBy: string | undefined } {
  const signed = entries.slice(0, -1);
  const manifest = entries.at(-1);
  if (manifest?.name !== manifestName) throw new Refused(`${manifestName}: not the last entry`);
  const { text, key } = openManifest(manifest.content.toString('utf8'), keys);
  const checkpoint = openHead(textOf(entries, 'checkpoint.txt'), key);
  const { logId } = checkpoint;
  if (logId === undefined) throw new Refused('checkpoint.txt: names no log');
  const strange = manifestProblem(text, logId, signed);
  if (strange !== undefined) throw new Refused(strange);
  const events = eventsOf(textOf(entries, 'events.ndjson'));
  checkProofs(textOf(entries, 'proofs.json'), events, checkpoint);
  const facts = JSON.parse(textOf(entries, 'question.json')) as DossierFacts;
  const answer = JSON.parse(textOf(entries, 'answer.json')) as object;
  if (facts.portledger !== 'dossier' || facts.version !== 1)
    throw new Refused('question.json: of another kind of dossier');
  if (facts.logId !== logId || facts.checkpointSize !== checkpoint.size || facts.known.ordinal >= checkpoint.size)
    throw new Refused('question.json: not of this checkpoint');
  if (key !== undefined && facts.signedBy !== nameOf(key)) throw new Refused('question.json: names another key');
  checkNamed(answer, events);
  for (const entry of entries.filter(({ name }) => name.startsWith('frames/'))) {
    const problem = framesProblem(entry, events);
    if (problem !== undefined) throw new Refused(problem);
  }
  const answered = { kind: facts.question, answer } as Answered;
  return { told: { facts, answered, events }, signedBy: key && nameOf(key) };
}

/** Exactly one signature, and that of a trusted key; without keys, the text as it says of itself. */
function openManifest(
  note: string,
  keys: readonly VerifierKey[] | undefined,
): { readonly text: string; readonly key: VerifierKey | undefined } {
  const split = note.lastIndexOf('\n\n') + 1;
  if (split === 0 || note.slice(split + 1).split('\n').length !== 2)
    throw new Refused(`${manifestName}: not signed once`);
  if (keys === undefined) return { text: note.slice(0, split), key: undefined };
  const opened = openNote(note, keys);
  if ('problem' in opened) throw new Refused(`${manifestName}: ${opened.problem}`);
  return opened;
}

function openHead(note: string, key: VerifierKey | undefined): Checkpoint {
  const opened = key === undefined ? { checkpoint: parseCheckpoint(note) } : openCheckpoint(note, [key]);
  if ('problem' in opened) throw new Refused(`checkpoint.txt: ${opened.problem}`);
  if (opened.checkpoint === undefined) throw new Refused('checkpoint.txt: no checkpoint');
  return opened.checkpoint;
}

function eventsOf(text: string): StoredEvent[] {
  const events = text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as StoredEvent);
  const isRising = events.every(({ ordinal }, index) => index === 0 || ordinal > (events[index - 1]?.ordinal ?? -1));
  if (events.length === 0 || !isRising) throw new Refused('events.ndjson: not events in the order of their log');
  return events;
}

function checkProofs(text: string, events: readonly StoredEvent[], checkpoint: Checkpoint): void {
  const { logId, size, proofs } = JSON.parse(text) as Readonly<Record<string, unknown>>;
  if (
    logId !== checkpoint.logId ||
    size !== checkpoint.size ||
    !Array.isArray(proofs) ||
    proofs.length !== events.length
  )
    throw new Refused('proofs.json: not of this checkpoint, or not one for each event');
  for (const [index, event] of events.entries()) {
    const { ordinal, path } = proofs[index] as { readonly ordinal: unknown; readonly path: unknown };
    const hashes = Array.isArray(path) ? path.map((hash) => fromBase64(String(hash)) ?? Buffer.alloc(0)) : [];
    if (ordinal !== event.ordinal || !verifyInclusion(leafOrNone(event), event.ordinal, checkpoint, hashes))
      throw new Refused(
        `proofs.json: event #${event.ordinal} does not lead to the checkpoint over ${checkpoint.size} events`,
      );
  }
}

/** Every fact that the answer names must be enclosed as it is named. */
function checkNamed(answer: object, events: readonly StoredEvent[]): void {
  const enclosed = new Map(events.map((event) => [event.ordinal, event]));
  const check = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const { ordinal, id, stream, type } = value as Readonly<Record<string, unknown>>;
    if (typeof ordinal === 'number' && value !== answer) {
      const event = enclosed.get(ordinal);
      const isNamedSo = id === undefined || (event?.id === id && event?.stream === stream && event?.type === type);
      if (event === undefined || !isNamedSo)
        throw new Refused(`answer.json: names #${ordinal}, which is not enclosed so`);
    }
    for (const member of Object.values(value)) check(member);
  };
  check(answer);
}

function writtenOtherwise(entries: readonly ZipEntry[], told: Told): string[] {
  const writers: Readonly<Record<string, (told: Told) => string>> = {
    ...{
      'README.txt': readmeText,
      'answer.txt': answerText,
      'answer.html': answerHtml,
      'verify.mjs': enclosedVerifier,
    },
  };
  return Object.keys(writers).filter((name) => {
    try {
      return textOf(entries, name) !== inPlainLook(() => writers[name]?.(told));
    } catch {
      // An answer of another version, which this one cannot put into words.
      return true;
    }
  });
}

const nameOf = ({ name, id }: VerifierKey): string => `${name}+${id}`;

function textOf(entries: readonly ZipEntry[], name: string): string {
  const entry = entries.find((one) => one.name === name);
  if (entry === undefined) throw new Refused(`${name}: missing`);
  return entry.content.toString('utf8');
}
