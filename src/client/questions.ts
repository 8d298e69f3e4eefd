import { fieldsOf, refusedOf, rehearsedOf, resultsOf } from './answer.js';
import type { Answer, Connection, Question } from './connection.js';
import type { Envelope } from './envelope.js';
import { QuestionRefusedError, UnansweredError } from './errors.js';
import type { Rehearsed, WouldBeRefused } from './outcome.js';
import { GaveUp, laterOf, type Patience } from './patience.js';
import { usualDeadlineMs, type Waiting } from './pending-fact.js';

/** What is undefined is not asked. */
type Fields = Readonly<Record<string, string | undefined>>;

/** Asks, and asks again while there is no answer. A question changes nothing, so a refused one is an error, not a value. */
export class Questions {
  constructor(
    private readonly connection: Pick<Connection, 'request'>,
    private readonly patience: Patience,
  ) {}

  /** The body of the answer. Rejects with QuestionRefusedError, or with UnansweredError at the deadline. */
  async get(path: string, fields: Fields, waiting: Waiting): Promise<object> {
    return (await this.ask(pathOf(path, fields), {}, waiting)).body as object;
  }

  /** As `get`; undefined where nothing is known under that name. */
  async find(path: string, fields: Fields, waiting: Waiting): Promise<object | undefined> {
    return this.get(path, fields, waiting).catch((error: unknown) => {
      if (error instanceof QuestionRefusedError && error.status === 404) return undefined;
      throw error;
    });
  }

  async rehearse(events: readonly Envelope[], waiting: Waiting): Promise<(Rehearsed | WouldBeRefused)[]> {
    const request = {
      method: 'POST',
      contentType: 'application/cloudevents-batch+json',
      body: JSON.stringify(events),
    } as const;
    const { body } = await this.ask('/v1/events?dryRun=true', request, waiting);
    const results = resultsOf(body, events.length);
    if (results === undefined)
      throw new Error(`The engine answered a dry run of ${events.length} facts as no engine does.`);
    return results.map((result, index) => {
      const status = Number(result['status']);
      const id = events[index]?.id ?? '';
      if (status !== 201) {
        const { stored: _, ...refusal } = refusedOf(id, status, result['problem']);
        return { dryRun: true, refused: true, ...refusal };
      }
      const rehearsed = rehearsedOf(result);
      if (rehearsed === undefined)
        throw new Error(`The engine answered ${id}, but does not say that it was a dry run.`);
      return rehearsed;
    });
  }

  private async ask(
    path: string,
    question: Question,
    { deadlineMs = usualDeadlineMs, signal }: Waiting,
  ): Promise<Answer> {
    const deadline = AbortSignal.timeout(deadlineMs);
    const until = signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
    const once = async () => {
      const answer = await this.connection.request(path, { ...question, signal: until });
      return laterOf(answer) ?? answer;
    };
    const about = `The question ${path.split('?', 1)[0]}`;
    const answer = await this.patience.ask(once, until).catch((error: unknown) => {
      if (!(error instanceof GaveUp)) throw error;
      throw new UnansweredError(about, error.attempts, false, error.message, { cause: error.cause });
    });
    if (answer.status >= 400) {
      const { status, code, detail } = refusedOf('', answer.status, answer.body);
      throw new QuestionRefusedError(status, code, detail);
    }
    if (answer.status !== 200 || fieldsOf(answer.body) !== answer.body) {
      throw new QuestionRefusedError(
        answer.status,
        'not-an-engine',
        `${about} was answered as no engine does; is the URL right?`,
      );
    }
    return answer;
  }
}

function pathOf(path: string, fields: Fields): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) query.set(name, value);
  return query.size === 0 ? path : `${path}?${query.toString()}`;
}
