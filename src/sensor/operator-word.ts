import { randomUUID } from 'node:crypto';
import type { CommandInput } from '../cli/command.js';
import { EngineClient, problemOf } from '../cli/engine-client.js';

/** An event that an operator publishes with a verb. */
export interface OperatorWord {
  /** The source that the token is bound to. */
  readonly source: string;
  readonly type: 'ExceptionGranted' | 'ExceptionEnded' | 'SiteSurveyEnded';
  readonly subject: string;
  /** When it became true; default: now. */
  readonly time?: Date;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Publishes it through the intake; the receipt. Throws a CliError with the engine's own words where it is refused. */
export async function publishWord({ options, io }: CommandInput, word: OperatorWord): Promise<unknown> {
  const time = (word.time ?? new Date()).toISOString();
  const body = JSON.stringify({ specversion: '1.0', id: randomUUID(), ...word, time });
  const contentType = 'application/cloudevents+json';
  const answer = await EngineClient.from(options, io).request('/v1/events', { method: 'POST', contentType, body });
  if (answer.status !== 201) throw problemOf(answer);
  return answer.body;
}
