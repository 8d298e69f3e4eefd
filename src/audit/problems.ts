import { ProblemError } from '../ops/problem.js';
import type { Read } from './as-of.js';
import type { Outcome } from './audit.js';

/** The question, or a 400 that says what is wrong with it. */
export function understood<Question>(read: Read<Question>): Question {
  if ('problem' in read) throw new ProblemError(400, 'question-malformed', read.problem);
  return read.value;
}

/** The answer, or the problem that stands for there being none. */
export function answered<Answer>(outcome: Outcome<Answer>): Answer {
  switch (outcome.outcome) {
    case 'answered':
      return outcome.answer;
    case 'ambiguous':
      throw new ProblemError(400, 'subject-ambiguous', outcome.detail);
    case 'unknown':
      throw new ProblemError(404, 'subject-unknown', outcome.detail);
  }
}
