import { compact, defineEvent } from '../contract.js';
import { field, Is, ListOf, Optional } from '../vocabulary/fields.js';

/**
 * Somebody asked the audit, read the log or took evidence: written by our own audit room before the answer left, into the stream
 * `audit-reads`. Does not mean that the answer arrived, nor that anybody looked at it.
 */
export class AuditRead {
  /** `user:<name>` or `token:<name>`. */
  @Is(field.text) readonly by!: string;
  /** The token's id, or `user:<name>`. */
  @Is(field.text) readonly callerId!: string;
  @ListOf(field.text, 20) readonly roles!: readonly string[];
  /** Where the request came from. */
  @Optional() @Is(field.text) readonly address?: string | undefined;
  /** Method and route, such as `GET /v1/audit/who-had`. */
  @Is(field.text) readonly route!: string;
  /** The question as it was asked, cut to 500 characters. */
  @Optional() @Is(field.reason) readonly question?: string | undefined;
  /** As asked, which may be no instant: then the outcome is `refused`. */
  @Optional() @Is(field.text) readonly at?: string | undefined;
  @Optional() @Is(field.text) readonly knownAt?: string | undefined;
  @Is(field.readOutcome) readonly outcome!: 'answered' | 'not-found' | 'refused' | 'failed';
  /** How many bindings, stretches, events or files were handed out; absent where nothing is counted. */
  @Optional() @Is(field.count) readonly results?: number | undefined;
  /** How long the answer took, milliseconds. */
  @Is(field.count) readonly millis!: number;
  /** True where the question waits for what is stored next: its reader follows the log. */
  @Is(field.flag) readonly follows!: boolean;
}

export const auditRead = defineEvent({
  type: 'AuditRead',
  scope: 'own-rooms',
  version: 1,
  dataClass: AuditRead,
  stream: () => 'audit-reads',
  read: (from): AuditRead =>
    compact({
      by: from.need('by', field.text),
      callerId: from.need('callerId', field.text),
      roles: from.list('roles', field.text, 20),
      address: from.maybe('address', field.text),
      route: from.need('route', field.text),
      question: from.maybe('question', field.reason),
      at: from.maybe('at', field.text),
      knownAt: from.maybe('knownAt', field.text),
      outcome: from.need('outcome', field.readOutcome),
      results: from.maybe('results', field.count),
      millis: from.need('millis', field.count),
      follows: from.need('follows', field.flag),
    }),
});
