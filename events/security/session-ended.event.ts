import { compact, defineEvent } from '../contract.js';
import { field, Is, Optional } from '../vocabulary/fields.js';

/**
 * A session let nobody in any more. Written by our own door; sessions that a stop of the engine ended have none.
 * Does not mean that what was begun by it was stopped, but for what it was still reading.
 */
export class SessionEnded {
  @Is(field.text) readonly user!: string;
  @Is(field.text) readonly sessionId!: string;
  /** `signed-out`, `signed-in-again`, `ended-by-admin`, `idle`, `too-old`, `too-many`, `shut-out`. */
  @Is(field.text) readonly reason!: string;
  /** Who ended it, where that was somebody else: `user:<name>` or the id of a token. */
  @Optional() @Is(field.text) readonly by?: string | undefined;
}

export const sessionEnded = defineEvent({
  type: 'SessionEnded',
  scope: 'own-rooms',
  version: 1,
  dataClass: SessionEnded,
  stream: () => 'access',
  read: (from): SessionEnded =>
    compact({
      user: from.need('user', field.text),
      sessionId: from.need('sessionId', field.text),
      reason: from.need('reason', field.text),
      by: from.maybe('by', field.text),
    }),
});
