import type { StoredEvent } from '../../../events/index.js';
import { looking } from '../../cli/look.js';
import { printable, shortInstant } from '../../cli/text-table.js';
import type { DossierFacts } from './dossier-facts.js';
import { type Answered, renderAnswered } from './dossier-question.js';

/** A dossier before it is written: what the texts in it are made of. */
export interface Told {
  readonly facts: DossierFacts;
  readonly answered: Answered;
  readonly events: readonly StoredEvent[];
}

/** What is written to a file is the same wherever it is written: in UTC, and without colour. */
export const inPlainLook = <Result>(write: () => Result): Result => looking({ colour: false, local: false }, write);

/** The question as a sentence, its times in UTC. */
export function questionLine({ question, subject, at, between, knownAt }: DossierFacts): string {
  const moment = at === undefined ? '' : ` at ${shortInstant(at)}`;
  const stretch = between === undefined ? '' : ` between ${between.split('..').map(shortInstant).join(' and ')}`;
  const known = knownAt === undefined ? '' : `, as known at ${shortInstant(knownAt)}`;
  const what = subject.slice(subject.indexOf(':') + 1);
  const asked = question === 'who-had' ? `Who had ${what}` : `Why is ${what} where it is`;
  return `${asked}${moment}${stretch}${known}?`;
}

/** What whoever verifies the dossier with the right key can be sure of. */
export function proved({ facts, events }: Told): string[] {
  const { logId, checkpointSize, signedBy, suffices, frames } = facts;
  const enclosed = frames.filter(({ state }) => state === 'enclosed').length;
  const { length } = events;
  return [
    `Every file in here is as ${signedBy} signed it: no byte was changed, added or taken away since.`,
    `${length === 1 ? 'The enclosed event stands' : `Each of the ${length} enclosed events stands`} in the log ${logId} under its number, with the data shown: an inclusion proof leads from it to a checkpoint that was signed over ${checkpointSize} events.`,
    'Every fact that the answer names by its number is enclosed.',
    ...(enclosed === 0
      ? []
      : [`The files of captured frames (${enclosed}) are those whose digest the log holds (EvidenceKept).`]),
    ...(suffices
      ? [
          'The answer follows from the enclosed events: portledger audit verify-dossier folds them again and compares. The verifier in here does not fold.',
        ]
      : []),
  ];
}

/** What it does not prove, and who says it. */
export function asserted({ facts }: Told): string[] {
  const { known, suffices, signedBy, frames } = facts;
  return [
    `That the log holds no other event that would change the answer. An inclusion proof shows that an event is there, never that another is not. ${signedBy} says that these were all that mattered up to #${known.ordinal}; who must know it for certain needs the whole log (portledger audit verify --data).`,
    ...(suffices
      ? []
      : [
          `That the answer follows: the enclosed events alone do not give it. ${signedBy} says that the whole log does.`,
        ]),
    'That what was stored is true: that billing told the truth, and that a sensor heard everything.',
    'The times: "time" is what the publisher of an event said, "recordedAt" what the clock of the engine said. Who received the checkpoint when can show more.',
    'Revision and position of an event: no leaf of the log covers them.',
    ...frames
      .filter(({ state }) => state !== 'enclosed')
      .map(({ violationId, state }) => `The frames of violation ${violationId}: not enclosed, ${whyNot[state]}.`),
    'Anything at all, if somebody else has the signing key, or if the verifier key came out of this file.',
  ];
}

const whyNot: Readonly<Record<string, string>> = {
  removed: 'they are no longer on disk',
  replaced: 'others were kept since the end of the answer',
  altered: 'the file on disk is not what the log says it was',
};

/** `answer.txt`: the answer as the command prints it, and what it is worth. */
export function answerText(told: Told): string {
  const { facts, answered, events } = told;
  return lines([
    questionLine(facts),
    knownLine(facts),
    '',
    renderAnswered(answered),
    '',
    `Enclosed events (${events.length}), whole in events.ndjson`,
    ...events.map(eventLine),
    '',
    'What is proved',
    ...proved(told).map(item),
    '',
    'What is not proved',
    ...asserted(told).map(item),
  ]);
}

/** Up to where the log was known. */
export function knownLine({ logId, known }: DossierFacts): string {
  return `Answered from the log ${logId} as it was up to event #${known.ordinal}, recorded ${shortInstant(known.recordedAt)}.`;
}

function eventLine({ ordinal, metadata, stream, type, id }: StoredEvent): string {
  return `  #${ordinal} ${shortInstant(metadata.time)} ${type} of ${stream} by ${metadata.source}, ${id}`;
}

/** `README.txt`: what this is, and how a stranger checks it. */
export function readmeText(told: Told): string {
  const { facts } = told;
  return lines([
    'A dossier of portledger',
    '=======================',
    '',
    'It answers one question about who had an address, a MAC or a port of a hosting network, and encloses the facts that the',
    'answer stands on, so that you can check it without trusting whoever handed it to you.',
    '',
    `  The question:  ${questionLine(facts)}`,
    `  The answer:    answer.txt, or answer.html to read and print; answer.json for programs`,
    `  The events:    events.ndjson, one a line, as they are stored`,
    `  The proofs:    proofs.json, one for each event, leading to the signed checkpoint.txt`,
    ...(facts.frames.some(({ state }) => state === 'enclosed')
      ? ['  The frames:    frames/, as they were captured; tcpdump and Wireshark read them']
      : []),
    '  The verifier:  verify.mjs, one short file that needs nothing but Node.js 20.19 or later',
    '  The digests:   MANIFEST.txt, of every other file, signed',
    '',
    'How to check it',
    '---------------',
    '',
    `1. Get the verifier key of "${facts.signedBy}" from whoever runs that log, by a way that has nothing to do with this`,
    '   file: their web site, a letter, the telephone. It is one line. A key that came with the dossier proves nothing.',
    '2. Check the file as you got it, not a folder that it was unpacked to:',
    '',
    '     unzip -p DOSSIER.zip verify.mjs > verify.mjs',
    '     node verify.mjs --key KEY --dossier DOSSIER.zip',
    '',
    '   It ends with 0 and "verified" when all holds, with 6 and "NOT VERIFIED" and the part that is wrong when something does',
    '   not, with 1 when you named no key (then only that the parts agree with each other was checked), with 2 when it was',
    '   called wrongly.',
    '3. Who forges a dossier can forge the verifier in it as well. Read it, it is short; or take the one of portledger itself',
    '   (src/audit/standalone-verifier.ts), or use portledger audit verify-dossier, which also folds the events again.',
    '',
    'What is proved',
    '--------------',
    '',
    ...proved(told).map(item),
    '',
    'What is not proved',
    '------------------',
    '',
    ...asserted(told).map(item),
    '',
    'Whom it names',
    '-------------',
    '',
    'A proof covers an event as a whole, so an event is enclosed as a whole: it may say more than the question asks.',
    facts.otherServers.length === 0
      ? 'The enclosed events name no server that the answer does not.'
      : `The enclosed events also name: ${facts.otherServers.join(', ')}.`,
  ]);
}

const item = (text: string): string => `- ${text}`;

/** Whatever stands in an event, a line of these files is text and stays one line. */
function lines(parts: readonly string[]): string {
  return `${parts.join('\n').split('\n').map(plain).join('\n')}\n`;
}

/** Text that turns nothing around and hides nothing. */
export function plain(text: string): string {
  return printable(text).replace(
    /[\u061c\u200b-\u200d\u2060\ufeff]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
