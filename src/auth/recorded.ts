import { applyDecorators, SetMetadata, UseInterceptors } from '@nestjs/common';
import { recordedKey, RecordedInterceptor } from './recorded.interceptor.js';

/** The fields of a question as they came. */
export type AskedFields = Readonly<Record<string, unknown>>;

/** How the reads of one route are recorded. */
export interface RecordingRule {
  /** How many results an answer hands out. */
  readonly results?: (answer: never) => number;
  /** Whether this question is one of the audit; default always. */
  readonly when?: (fields: AskedFields) => boolean;
  /** Whether the question waits for what is stored next. */
  readonly follows?: (fields: AskedFields) => boolean;
  /** Whether a follower's answer tells nothing that would have to be told in turn. */
  readonly isEcho?: (answer: never) => boolean;
}

/** Method decorator: every read of this route is an event, stored before the answer leaves; without it there is no answer. */
export const Recorded = (rule: RecordingRule = {}): MethodDecorator =>
  applyDecorators(SetMetadata(recordedKey, rule), UseInterceptors(RecordedInterceptor));
