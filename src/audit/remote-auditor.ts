import { formatInstant } from '../../events/index.js';
import { CliError, exitCode } from '../cli/command.js';
import { type EngineAnswer, type EngineClient, problemOf } from '../cli/engine-client.js';
import type { AccessAnswer, AccessQuestion } from './access/access-question.js';
import { spellAsOf } from './as-of.js';
import type { Auditor, Explained, Outcome, WhoHadAnswer } from './audit.js';
import { spellBetween } from './between.js';
import type { DiffAnswer } from './diff/diff.js';
import { type DiffQuestion, fieldsOfDiff } from './diff/diff-question.js';
import type { MapAnswer } from './map-answer.js';
import type { MapQuestion, SubjectQuestion } from './question.js';
import type { StepAnswer } from './step/step.js';
import { fieldsOfStep, type StepQuestion } from './step/step-question.js';

/** Where the map is asked for: the live one by viewers, the replayed one by auditors. */
export type MapPath = '/v1/map' | '/v1/audit/at';

/** Asks a running engine over HTTP; rejects with CliError where it refuses or does not answer. */
export class RemoteAuditor implements Auditor {
  constructor(
    private readonly engine: EngineClient,
    private readonly mapPath: MapPath,
  ) {}

  async map({ filters, page, device, violations, ...asOf }: MapQuestion): Promise<MapAnswer> {
    const more = { device, violations: violations === true ? 'true' : undefined };
    return good(await this.get(this.mapPath, { ...filters, ...page, ...more, ...spellAsOf(asOf) })) as MapAnswer;
  }

  whoHad(question: SubjectQuestion): Promise<Outcome<WhoHadAnswer>> {
    return this.ask('/v1/audit/who-had', question);
  }

  explain(question: SubjectQuestion): Promise<Outcome<Explained>> {
    return this.ask('/v1/audit/explain', question);
  }

  async diff(question: DiffQuestion): Promise<DiffAnswer> {
    return good(await this.get('/v1/audit/diff', fieldsOfDiff(question))) as DiffAnswer;
  }

  step(question: StepQuestion): Promise<Outcome<StepAnswer>> {
    return this.outcomeOf('/v1/audit/step', fieldsOfStep(question));
  }

  async access({ from, to, who, limit, after }: AccessQuestion): Promise<AccessAnswer> {
    const between = from === undefined && to === undefined ? undefined : `${spelled(from)}..${spelled(to)}`;
    return good(await this.get('/v1/audit/access', { between, who, limit, after })) as AccessAnswer;
  }

  private ask<Answer>(path: string, { text, between, ...asOf }: SubjectQuestion): Promise<Outcome<Answer>> {
    return this.outcomeOf(path, { subject: text, between: between && spellBetween(between), ...spellAsOf(asOf) });
  }

  private async outcomeOf<Answer>(path: string, fields: Readonly<Record<string, unknown>>): Promise<Outcome<Answer>> {
    const answer = await this.get(path, fields);
    const { type, detail } = (answer.body ?? {}) as { readonly type?: unknown; readonly detail?: unknown };
    if (answer.status >= 400 && typeof type === 'string') {
      if (type.endsWith('/subject-unknown')) return { outcome: 'unknown', detail: String(detail) };
      if (type.endsWith('/subject-ambiguous')) return { outcome: 'ambiguous', detail: String(detail) };
    }
    return { outcome: 'answered', answer: good(answer) as Answer };
  }

  private get(path: string, fields: Readonly<Record<string, unknown>>): Promise<EngineAnswer> {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(fields)) {
      if (typeof value === 'string' || typeof value === 'number') query.set(name, String(value));
    }
    return this.engine.request(`${path}?${query.toString()}`);
  }
}

const spelled = (instant: number | undefined): string => (instant === undefined ? '' : formatInstant(instant));

/** The body of a good answer; a refused question is a wrong call of the command. */
function good(answer: EngineAnswer): unknown {
  if (answer.status < 400) return answer.body;
  const problem = problemOf(answer);
  throw answer.status === 400 ? new CliError(exitCode.usage, problem.message) : problem;
}
