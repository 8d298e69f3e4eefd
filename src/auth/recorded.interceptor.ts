import { type CallHandler, type ExecutionContext, Inject, Injectable, type NestInterceptor } from '@nestjs/common';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { ProblemError, readProblem } from '../ops/problem.js';
import { actorOf } from './principal.js';
import type { AskedFields, RecordingRule } from './recorded.js';
import type { AuthenticatedRequest } from './require-scope.js';

export const recordedKey = 'portledger:recorded';
export const READ_RECORDER = Symbol('READ_RECORDER');

/** One read of the audit, as it is handed over to be stored. */
export interface RecordedRead {
  readonly by: string;
  readonly callerId: string;
  readonly roles: readonly string[];
  readonly address: string | undefined;
  readonly route: string;
  /** What was asked, as it came. */
  readonly fields: AskedFields;
  readonly outcome: 'answered' | 'not-found' | 'refused' | 'failed';
  readonly results: number | undefined;
  readonly millis: number;
  readonly follows: boolean;
}

export interface ReadRecorder {
  /** Resolves once the read is durable; rejects with the StoreError of a log that takes nothing. */
  record(read: RecordedRead): Promise<void>;
}

interface Asked extends AuthenticatedRequest {
  readonly query?: AskedFields;
  readonly params?: AskedFields;
  readonly routeOptions?: { readonly url?: string };
}

/** Keeps an answer back until it is stored who got it. */
@Injectable()
export class RecordedInterceptor implements NestInterceptor {
  constructor(@Inject(READ_RECORDER) private readonly recorder: ReadRecorder) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return from(this.answerRecorded(context, next));
  }

  private async answerRecorded(context: ExecutionContext, next: CallHandler): Promise<unknown> {
    const rule = Reflect.getMetadata(recordedKey, context.getHandler()) as RecordingRule;
    const request = context.switchToHttp().getRequest<Asked>();
    const fields = { ...request.params, ...request.query };
    const answer = (): Promise<unknown> => lastValueFrom(next.handle(), { defaultValue: undefined });
    if (rule.when?.(fields) === false) return answer();
    const began = performance.now();
    const settled = await answer().then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    const follows = rule.follows?.(fields) ?? false;
    const isEcho = follows && 'value' in settled && rule.isEcho?.(settled.value as never) === true;
    if (!isEcho) {
      const results = 'value' in settled ? rule.results?.(settled.value as never) : undefined;
      const millis = Math.round(performance.now() - began);
      await this.store(request, { fields, outcome: outcomeOf(settled), results, millis, follows });
    }
    if ('error' in settled) throw settled.error;
    return settled.value;
  }

  private async store(
    { principal, ip, method, routeOptions }: Asked,
    read: Pick<RecordedRead, 'fields' | 'outcome' | 'results' | 'millis' | 'follows'>,
  ): Promise<void> {
    if (principal === undefined) throw new Error('Recorded is used on a route without RequireScope; add it.');
    const route = `${method ?? 'GET'} ${routeOptions?.url ?? ''}`;
    const { callerId, scopes: roles } = principal;
    try {
      await this.recorder.record({ by: actorOf(principal), callerId, roles, address: ip, route, ...read });
    } catch (error) {
      const problem = readProblem(error);
      if (problem === undefined) throw error;
      const detail = `Nothing is answered here that cannot be recorded. ${problem.detail}`;
      throw new ProblemError(problem.status, problem.code, detail, {}, problem.headers);
    }
  }
}

function outcomeOf(settled: { readonly value: unknown } | { readonly error: unknown }): RecordedRead['outcome'] {
  if ('value' in settled) return 'answered';
  const status = settled.error instanceof ProblemError ? settled.error.status : 500;
  if (status === 404 || status === 410) return 'not-found';
  return status < 500 ? 'refused' : 'failed';
}
