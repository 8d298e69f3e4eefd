import { type KnownAt, parseKnownAt, type Read, spellAsOf } from '../as-of.js';
import { type Fields, readSubjectQuestion, strayField, type SubjectQuestion } from '../question.js';

/** Most steps in one answer, and how many without a wish. */
export const mostSteps = 500;
export const usualSteps = 100;

/** A stretch of the log to walk through, event by event. */
export interface StepQuestion {
  /** `#N`, or the first event recorded then or later; default the first of the log. */
  readonly from?: KnownAt;
  /** The last event that counts; default the newest. */
  readonly to?: KnownAt;
  /** Only the steps that name it, or change something of the servers and violations that it names. */
  readonly about?: Pick<SubjectQuestion, 'subjects' | 'text'>;
  readonly limit: number;
}

/** Reads the fields of a question; `limit` is a number of steps. */
export function readStepQuestion(fields: Fields): Read<StepQuestion> {
  const stray = strayField(fields, ['subject', 'from', 'to', 'limit']);
  if (stray !== undefined) return { problem: stray };
  const { subject, limit = String(usualSteps) } = fields;
  if (!/^\d{1,4}$/.test(limit) || Number(limit) < 1 || Number(limit) > mostSteps)
    return { problem: `limit: expected 1 to ${mostSteps}, found "${limit}"` };
  const ends = { from: readEnd(fields, 'from'), to: readEnd(fields, 'to') };
  for (const end of Object.values(ends)) if (end !== undefined && 'problem' in end) return end;
  const about = subject === undefined ? undefined : readSubjectQuestion({ subject });
  if (about !== undefined && 'problem' in about) return about;
  return {
    value: {
      ...(ends.from !== undefined && 'value' in ends.from ? { from: ends.from.value } : {}),
      ...(ends.to !== undefined && 'value' in ends.to ? { to: ends.to.value } : {}),
      ...(about === undefined ? {} : { about: about.value }),
      limit: Number(limit),
    },
  };
}

/** The fields that are read back as this question. */
export function fieldsOfStep({ from, to, about, limit }: StepQuestion): Fields {
  const spelled = (end: KnownAt | undefined): string | undefined => end && spellAsOf({ knownAt: end }).knownAt;
  return { subject: about?.text, from: spelled(from), to: spelled(to), limit: String(limit) };
}

function readEnd(fields: Fields, name: 'from' | 'to'): Read<KnownAt> | undefined {
  const text = fields[name];
  if (text === undefined) return undefined;
  const read = parseKnownAt(text);
  return 'problem' in read ? { problem: read.problem.replace('known-at:', `${name}:`) } : read;
}
