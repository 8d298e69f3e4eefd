import type { StoredEvent } from '../../../events/index.js';
import { asciiJson } from '../../transports/syslog-sender.js';
import { Audit, type Outcome } from '../audit.js';
import { parseCheckpoint } from '../checkpoints/checkpoint.js';
import type { ProvableLog } from '../event-proof.js';
import { type Indexed, KnownLog, type LogReader } from '../known-log.js';
import { answerHtml } from './answer-html.js';
import { canonicalZip, type ZipEntry } from './canonical-zip.js';
import { type DossierFacts, otherServers } from './dossier-facts.js';
import { type Answered, askFor, type DossierQuestion, type QuestionWords, wordsOf } from './dossier-question.js';
import { answerText, inPlainLook, readmeText, type Told } from './dossier-texts.js';
import { openDossier } from './check-dossier.js';
import { DossierTooLarge, mostBytes, mostEvents } from './dossier-limits.js';
import { decidingToo, namedEvents } from './enclosed-events.js';
import { foldAnew } from './fold-anew.js';
import { enclosedVerifier } from './enclosed-verifier.js';
import { framesFor, type KeptFrames } from './kept-frames.js';
import { manifestName, manifestText } from './manifest.js';
import type { Seal } from './seal.js';

/** What a dossier is made from. */
export interface DossierSources {
  readonly log: LogReader & ProvableLog;
  readonly indexed?: () => Indexed;
  readonly seal: Seal;
  readonly frames: KeptFrames;
  /** Most events in one dossier. */
  readonly mostEnclosed?: number;
}

/** The log does not lead to its own checkpoint: what was made proves nothing, and is not handed out. */
export class DossierUnproven extends Error {
  constructor(problem: string) {
    super(`The dossier does not verify (${problem}): the log is not what was signed; run portledger audit verify.`);
    this.name = 'DossierUnproven';
  }
}

/**
 * Answers the question and makes the dossier of it. The same question of the same log under the same checkpoint gives the
 * same bytes. Rejects with a DossierTooLarge, a SealRefused, or the StoreError of a log that cannot be read.
 */
export async function makeDossier(sources: DossierSources, question: DossierQuestion): Promise<Outcome<Buffer>> {
  const { log, indexed = () => ({}), seal, frames, mostEnclosed: most = mostEvents } = sources;
  const outcome = await askFor(new Audit(log, indexed), question);
  if (outcome.outcome !== 'answered') return outcome;
  const answered = outcome.answer;
  const { ordinal } = answered.answer;
  const known = await KnownLog.open(log, { ordinal }, indexed());
  const words = wordsOf(question, answered);
  const { events, suffices } = await enough(known, { logId: log.logId, most }, words, answered);
  const [last] = await known.at([ordinal]);
  const note = await seal.checkpointOver(ordinal + 1);
  const checkpointSize = parseCheckpoint(note)?.size ?? 0;
  const { states, files } = await framesFor(events, frames);
  const { name, id } = seal.signer.verifier;
  const facts: DossierFacts = {
    ...{ portledger: 'dossier', version: 1, ...words, logId: log.logId },
    ...{ known: { ordinal, recordedAt: last?.metadata.recordedAt ?? '' }, checkpointSize, signedBy: `${name}+${id}` },
    ...{ suffices, frames: states, otherServers: otherServers(events, answered) },
  };
  const told: Told = { facts, answered, events };
  const entries: ZipEntry[] = [
    ...inPlainLook(() => [
      textEntry('README.txt', readmeText(told)),
      textEntry('answer.txt', answerText(told)),
      textEntry('answer.html', answerHtml(told)),
    ]),
    textEntry('answer.json', `${asciiJson(answered.answer)}\n`),
    textEntry('question.json', `${asciiJson(facts)}\n`),
    textEntry('events.ndjson', events.map((event) => `${asciiJson(asStored(event))}\n`).join('')),
    textEntry('proofs.json', `${asciiJson(await proofsOf(log, events, checkpointSize))}\n`),
    textEntry('checkpoint.txt', note),
    ...files,
    textEntry('verify.mjs', enclosedVerifier()),
  ];
  const manifest = textEntry(manifestName, seal.signer.sign(manifestText(log.logId, entries)));
  const zip = canonicalZip([...entries, manifest]);
  if (zip.length > mostBytes)
    throw new DossierTooLarge(`The dossier would have ${zip.length} bytes, of at most ${mostBytes}`);
  // Nothing is handed out that its reader would have to refuse.
  const { problem } = openDossier(zip, [seal.signer.verifier]);
  if (problem !== undefined) throw new DossierUnproven(problem);
  return { outcome: 'answered', answer: zip };
}

/** The events to enclose: as few as give the same answer when they are folded anew, else all that decide it. */
export async function enough(
  known: KnownLog,
  { logId, most }: { readonly logId: string; readonly most: number },
  words: QuestionWords,
  answered: Answered,
): Promise<{ readonly events: readonly StoredEvent[]; readonly suffices: boolean }> {
  const named = bounded(await namedEvents(known, answered), most);
  if ((await foldAnew(logId, named, words, answered.answer)) === 'same') return { events: named, suffices: true };
  const events = bounded(await decidingToo(known, answered, named), most);
  return { events, suffices: (await foldAnew(logId, events, words, answered.answer)) === 'same' };
}

function bounded(events: readonly StoredEvent[], most: number): readonly StoredEvent[] {
  if (events.length > most)
    throw new DossierTooLarge(`The answer stands on ${events.length} events, and a dossier encloses at most ${most}`);
  return events;
}

/** An event with its place, its members in one order. */
function asStored({ ordinal, position, stream, revision, id, type, data, metadata }: StoredEvent): StoredEvent {
  return { ordinal, position, stream, revision, id, type, data, metadata };
}

async function proofsOf(log: ProvableLog, events: readonly StoredEvent[], size: number): Promise<object> {
  const proofs: object[] = [];
  for (const { ordinal } of events) {
    const path = await log.tree.inclusionProof(ordinal, size);
    proofs.push({ ordinal, path: path.map((hash) => hash.toString('base64')) });
  }
  return { portledger: 'proofs', version: 1, logId: log.logId, size, proofs };
}

const textEntry = (name: string, text: string): ZipEntry => ({ name, content: Buffer.from(text) });
