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
  return isDeepStrictEqual(asTold(outcome.answer.answer), asTold(answer)) ? 'same' : 'different';
}

const asTold = (answer: object): unknown => ({ ...(JSON.parse(JSON.stringify(answer)) as object), ordinal: 0 });
