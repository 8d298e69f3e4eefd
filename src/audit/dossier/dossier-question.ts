import { type AsOf, type Read, spellAsOf } from '../as-of.js';
import type { Auditor, Explained, Outcome, WhoHadAnswer } from '../audit.js';
import { type Between, spellBetween } from '../between.js';
import { type Fields, heldKinds, readSubjectQuestion, type SubjectQuestion } from '../question.js';
import { renderExplained } from '../render-explain.js';
import { renderWhoHad } from '../render-who-had.js';
import { spellMarked } from '../subject.js';

/** The questions of which a dossier can be made. */
export const dossierKinds = ['who-had', 'explain'] as const;
export type DossierKind = (typeof dossierKinds)[number];

/** A question, and what it is asked about. */
export interface DossierQuestion {
  readonly kind: DossierKind;
  readonly about: SubjectQuestion;
}

/** An answer with the question that it is for. */
export type Answered =
  | { readonly kind: 'who-had'; readonly answer: WhoHadAnswer }
  | { readonly kind: 'explain'; readonly answer: Explained };

/** The words of a question as they stand in a dossier: those that ask it again. */
export interface QuestionWords {
  readonly question: DossierKind;
  /** With its mark: `ip:198.51.100.16`. */
  readonly subject: string;
  readonly at?: string;
  readonly between?: string;
  readonly knownAt?: string;
}

/** Reads a question of one of these kinds. */
export function readDossierQuestion(kind: string, fields: Fields): Read<DossierQuestion> {
  const known = dossierKinds.find((one) => one === kind);
  if (known === undefined)
    return { problem: `"${kind}" is no question for a dossier; ask ${dossierKinds.join(' or ')}` };
  const read = readSubjectQuestion(fields, known === 'who-had' ? heldKinds : undefined);
  return 'problem' in read ? read : { value: { kind: known, about: read.value } };
}

/** Puts the question; the outcome carries the answer with its kind. */
export async function askFor(auditor: Auditor, { kind, about }: DossierQuestion): Promise<Outcome<Answered>> {
  if (kind === 'who-had') return wrapped(await auditor.whoHad(about), (answer) => ({ kind, answer }));
  return wrapped(await auditor.explain(about), (answer) => ({ kind, answer }));
}

function wrapped<Answer>(outcome: Outcome<Answer>, wrap: (answer: Answer) => Answered): Outcome<Answered> {
  return outcome.outcome === 'answered' ? { outcome: 'answered', answer: wrap(outcome.answer) } : outcome;
}

/** The question that was answered, in words that can mean nothing else. */
export function wordsOf({ kind, about }: DossierQuestion, { answer }: Answered): QuestionWords {
  const { between, ...asOf }: AsOf & { readonly between?: Between } = about;
  const stretch = between === undefined ? {} : { between: spellBetween(between) };
  return { question: kind, subject: spellMarked(answer.subject), ...spellAsOf(asOf), ...stretch };
}

/** The answer as text for people, as the command of the question prints it. */
export function renderAnswered(answered: Answered): string {
  return answered.kind === 'who-had' ? renderWhoHad(answered.answer) : renderExplained(answered.answer);
}
