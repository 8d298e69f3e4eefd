import { createHash } from 'node:crypto';
import { printable } from '../../cli/text-table.js';
import type { DossierCheck } from './check-dossier.js';
import { asserted, plain, proved, questionLine, type Told } from './dossier-texts.js';

/** A dossier that was written to a file. */
export interface Made {
  readonly file: string;
  readonly zip: Buffer;
  readonly check: Pick<DossierCheck, 'entries'>;
  readonly told: Told;
}

const purposes: Readonly<Record<string, string>> = {
  'README.txt': 'what it is, and how a stranger checks it',
  'answer.txt': 'the answer, what is proved and what is not',
  'answer.html': 'the same to read and print',
  'answer.json': 'the same for programs',
  'question.json': 'what was asked, and of which log',
  'events.ndjson': 'the events it stands on',
  'proofs.json': 'that each of them is in the log',
  'checkpoint.txt': 'the signed head of the log',
  'verify.mjs': 'the verifier, which needs only Node.js',
  'MANIFEST.txt': 'the digest of every other file, signed',
};

/** What is in a new dossier, and how a stranger checks it. */
export function renderMade({ file, zip, check, told }: Made): string {
  const { facts, events } = told;
  const width = Math.max(...check.entries.map(({ name }) => name.length));
  const entries = check.entries.map(
    ({ name, bytes }) =>
      `  ${name.padEnd(width)}  ${String(bytes).padStart(8)}  ${purposes[name] ?? 'captured frames'}`,
  );
  const word = shellWord(file === '-' ? 'DOSSIER.zip' : file);
  return [
    `${file}: ${zip.length} bytes, sha256 ${digestOf(zip)}`,
    ...entries,
    '',
    `${questionLine(facts)} ${eventsOf(events.length)}, each proved under the checkpoint of ${facts.signedBy} over ${facts.checkpointSize} events.`,
    facts.suffices
      ? 'The enclosed events alone, folded anew, give the same answer.'
      : 'The enclosed events alone do not give the answer: that it follows is said, not proved.',
    ...facts.frames
      .filter(({ state }) => state !== 'enclosed')
      .map(({ violationId, state }) => `Not enclosed: the frames of violation ${violationId} (${state}).`),
    ...(facts.otherServers.length === 0
      ? []
      : [`Look before you hand it out: its events also name ${facts.otherServers.join(', ')}.`]),
    '',
    `Whoever checks it needs the verifier key of ${facts.signedBy} from you by another way (here portledger.pub), and Node.js:`,
    `  unzip -p ${word} verify.mjs > verify.mjs && node verify.mjs --key portledger.pub --dossier ${word}`,
  ]
    .map(plain)
    .join('\n');
}

/** The same for programs. */
export function madeAsJson({ file, zip, check: { entries }, told: { facts, events } }: Made): object {
  return { file, bytes: zip.length, sha256: digestOf(zip), events: events.length, ...facts, entries };
}

/** What a verification found, the verdict first. */
export function renderCheck(file: string, check: DossierCheck): string {
  const { problem, signedBy, told, folded, otherwise } = check;
  if (problem !== undefined || told === undefined) return printable(`NOT VERIFIED: ${file}: ${problem}`);
  const verdict =
    signedBy === undefined
      ? `NOT VERIFIED, for want of a key: ${file} agrees with itself, and anybody may have made it; name the verifier key with --key`
      : `verified: ${file}, signed by ${signedBy}`;
  const mark = signedBy === undefined ? 'would be proved' : 'proved';
  return [
    verdict,
    `question: ${questionLine(told.facts)}`,
    foldedLine[folded ?? 'not-enough'],
    ...proved(told).map((one) => `${mark}: ${one}`),
    ...asserted(told).map((one) => `not proved: ${one}`),
    ...otherwise.map((name) =>
      name === 'verify.mjs'
        ? 'look: verify.mjs in it is not the verifier of this portledger; use one that you trust'
        : `look: ${name} is not what this portledger writes of this answer; go by answer.json`,
    ),
  ]
    .map(plain)
    .join('\n');
}

const foldedLine: Readonly<Record<NonNullable<DossierCheck['folded']>, string>> = {
  same: 'folded anew: the enclosed events give this answer',
  different:
    'FOLDED ANEW, THE ENCLOSED EVENTS GIVE ANOTHER ANSWER here: it was made by another version of portledger, or the signer says what does not follow',
  'not-enough': 'not folded: the enclosed events alone do not give the answer, as the dossier says itself',
};

const eventsOf = (count: number): string => (count === 1 ? '1 event' : `${count} events`);
const digestOf = (zip: Buffer): string => createHash('sha256').update(zip).digest('hex');
const shellWord = (text: string): string =>
  /^[\w./-]+$/.test(text) && !text.startsWith('-') ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
