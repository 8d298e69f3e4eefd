import { ApiQuery } from '@nestjs/swagger';
import { ProblemError } from '../ops/problem.js';
import { filterNames, type Read } from './violation-filter.js';

/** Method decorator: documents every filter of violations as a query parameter. */
export const filterQueries = (target: object, key: string | symbol, descriptor: PropertyDescriptor): void => {
  for (const name of filterNames) ApiQuery({ name, required: false, type: String })(target, key, descriptor);
};

/** What was asked for; 400 with what is wrong with the question. */
export function understood<Value>(read: Read<Value>): Value {
  if ('problem' in read) throw new ProblemError(400, 'question-malformed', read.problem);
  return read.value;
}

/** 503 until everything that was in the log at start has been folded. */
export function mustBeLive(one: { readonly live: boolean }): void {
  if (one.live) return;
  const detail = 'The engine is still reading its log; the violations are not complete yet. Ask again in a moment.';
  throw new ProblemError(503, 'not-live', detail, {}, { 'retry-after': '1' });
}
