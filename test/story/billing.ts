import type { EventType } from '../../events/index.js';
import { billingSource, operatorSource, type StoryEngine, type Tokens } from './engine.js';

/** One fact as billing or an operator publishes it. */
export interface Fact {
  readonly type: EventType;
  readonly subject: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** RFC 3339; now when absent. */
  readonly time?: string;
}

export interface Answer {
  readonly status: number;
  readonly effect?: string;
  readonly conflicts?: readonly { claim: string; holder: string }[];
  readonly detail?: string;
}

let published = 0;

/** Publishes facts in one batch and gives the answers; a refused one is an error. */
export async function publish(
  engine: StoryEngine,
  tokens: Tokens,
  facts: readonly Fact[],
  as: 'billing' | 'operator' = 'billing',
): Promise<Answer[]> {
  const source = as === 'billing' ? billingSource : operatorSource;
  const events = facts.map(({ type, subject, data, time }) => ({
    specversion: '1.0',
    id: `${process.pid}-${++published}`,
    source,
    type,
    subject,
    time: time ?? new Date().toISOString(),
    data,
  }));
  const response = await fetch(`${engine.url}/v1/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/cloudevents-batch+json', authorization: `Bearer ${tokens[as]}` },
    body: JSON.stringify(events),
  });
  const body = (await response.json()) as { results?: Answer[] } | Answer[];
  const answers = Array.isArray(body) ? body : (body.results ?? []);
  const refused = answers.find((answer) => answer.status !== 201);
  if (response.status !== 200 || refused !== undefined) {
    throw new Error(`publishing was answered ${response.status}: ${JSON.stringify(refused ?? body)}`);
  }
  return answers;
}

/** Reads one JSON answer of the API. */
export async function ask<Answered>(engine: StoryEngine, tokens: Tokens, path: string): Promise<Answered> {
  const response = await fetch(`${engine.url}${path}`, { headers: { authorization: `Bearer ${tokens.reader}` } });
  if (!response.ok) throw new Error(`${path} was answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Answered;
}

export const serverFact = (
  type: EventType,
  serverId: string,
  data: Readonly<Record<string, unknown>> = {},
  time?: string,
): Fact => ({
  type,
  subject: serverId,
  data: { serverId, ...data },
  ...(time === undefined ? {} : { time }),
});
