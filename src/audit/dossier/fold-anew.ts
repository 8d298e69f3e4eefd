import { isDeepStrictEqual } from 'node:util';
import type { StoredEvent } from '../../../events/index.js';
import { Audit } from '../audit.js';
import { askFor, type QuestionWords, readDossierQuestion } from './dossier-question.js';
import { EnclosedLog } from './enclosed-log.js';

/**
 * Asks the question of these events as if they were the whole log, and compares. How far the log was known is not told by
 * them, and not compared.
 */
export async function foldAnew(
  logId: string,
  events: readonly StoredEvent[],
  { question, subject, at, between, knownAt }: QuestionWords,
  answer: object,
): Promise<'same' | 'different'> {
  const read = readDossierQuestion(question, { subject, at, between, knownAt });
  if ('problem' in read) return 'different';
  const outcome = await askFor(new Audit(new EnclosedLog(logId, events)), read.value);
  if (outcome.outcome !== 'answered') return 'different';
  const [again, told] = [asTold(outcome.answer.answer), asTold(answer)];
  const isSame = isDeepStrictEqual(namesSources(told) ? again : withoutSources(again), told);
  return isSame ? 'same' : 'different';
}

const asTold = (answer: object): unknown => ({ ...(JSON.parse(JSON.stringify(answer)) as object), ordinal: 0 });

const isFact = (value: object): boolean => 'recordedAt' in value && 'backDated' in value;

/** Answers that were sealed before a fact named its publisher name none at all. */
function namesSources(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return (isFact(value) && 'source' in value) || Object.values(value).some(namesSources);
}

function withoutSources(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutSources);
  const members = Object.entries(value).filter(([name]) => !(name === 'source' && isFact(value)));
  return Object.fromEntries(members.map(([name, member]) => [name, withoutSources(member)]));
}
