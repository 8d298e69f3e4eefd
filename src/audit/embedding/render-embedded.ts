import type { AnswerHead } from '../audit.js';
import { spell } from '../subject.js';
import type { Embedded } from './answer-embedded.js';

/** An answer, and below it what the address carries and the answer about that. */
export function renderEmbedded<Answer extends AnswerHead & { readonly embedded?: Embedded<Answer> }>(
  answer: Answer,
  render: (answer: Answer) => string,
): string {
  const { embedded } = answer;
  if (embedded === undefined) return render(answer);
  const { prefix, address, port } = embedded;
  const source = port === undefined ? address : `${address}, port ${port}`;
  const within = embedded.answer === undefined ? `Nothing is known of ${address}.` : render(embedded.answer);
  return [render(answer), `${spell(answer.subject)} lies in ${prefix} and carries ${source}.`, within].join('\n\n');
}
