import { parseIpv6 } from '../../../events/index.js';
import type { SourceEmbedding } from '../../config/source-embedding.js';
import type { AnswerHead, Outcome } from '../audit.js';
import type { SubjectQuestion } from '../question.js';
import type { Subject } from '../subject.js';
import { type EmbeddedSource, embeddedSource } from './embedded-source.js';

/** What an address carries, and the same question answered about that; no answer where nothing is known of it. */
export interface Embedded<Answer> extends EmbeddedSource {
  readonly answer?: Answer;
}

/** How one kind of question is asked, and what its answer is where nothing is known. */
export interface Asking<Answer> {
  readonly ask: (question: SubjectQuestion) => Promise<Outcome<Answer>>;
  readonly nothing: (head: AnswerHead) => Answer;
}

/** Asks about the subject, and where it is an address that carries an IPv4 source, about that as well. */
export async function answerEmbedded<Answer extends AnswerHead>(
  question: SubjectQuestion,
  embeddings: readonly SourceEmbedding[],
  { ask, nothing }: Asking<Answer>,
): Promise<Outcome<Answer & { readonly embedded?: Embedded<Answer> }>> {
  const own = await ask(question);
  const [subject, carried] = carriedBy(question.subjects, embeddings) ?? [];
  if (subject === undefined || carried === undefined || own.outcome === 'ambiguous') return own;
  const { address } = carried;
  const within = await ask({ ...question, subjects: [{ kind: 'ip', address }], text: address });
  if (within.outcome !== 'answered') {
    if (own.outcome === 'answered') return answered(own.answer, carried);
    const detail = `${own.detail}. It carries ${address}, of which nothing is known either`;
    return { outcome: 'unknown', detail };
  }
  const bare = own.outcome === 'answered' ? own.answer : nothing({ ...headOf(within.answer), subject });
  return answered(bare, { ...carried, answer: within.answer });
}

function carriedBy(
  subjects: readonly Subject[],
  embeddings: readonly SourceEmbedding[],
): [subject: Subject, carried: EmbeddedSource] | undefined {
  for (const subject of subjects) {
    const address = subject.kind === 'ip' ? parseIpv6(subject.address) : undefined;
    const carried = address && embeddedSource(address, embeddings);
    if (carried !== undefined) return [subject, carried];
  }
  return undefined;
}

const answered = <Answer>(
  answer: Answer,
  embedded: Embedded<Answer>,
): Outcome<Answer & { embedded: Embedded<Answer> }> => ({
  outcome: 'answered',
  answer: { ...answer, embedded },
});

function headOf({ subject, ordinal, at, between, knownAt }: AnswerHead): AnswerHead {
  return {
    subject,
    ordinal,
    ...(at === undefined ? {} : { at }),
    ...(between === undefined ? {} : { between }),
    ...(knownAt === undefined ? {} : { knownAt }),
  };
}
