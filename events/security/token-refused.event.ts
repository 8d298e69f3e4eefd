import { compact, defineEvent } from '../contract.js';
import { field, Is, ListOf, Optional } from '../vocabulary/fields.js';

/**
 * Programs were not let in: all tokens that were refused to one address within a minute. `time` is that of the first. Written by our own door.
 * Does not mean that a token was stolen: it may have ended. Nothing of a secret is in it.
 */
export class TokenRefused {
  /** Absent for what came from more addresses than are kept apart in a minute. */
  @Optional() @Is(field.text) readonly address?: string | undefined;
  @Is(field.count) readonly count!: number;
  /** The first five public ids that were named; whoever calls can make one up. */
  @ListOf(field.text, 20) readonly tokenIds!: readonly string[];
  /** When the last of them was refused. */
  @Is(field.instant) readonly until!: string;
}

export const tokenRefused = defineEvent({
  type: 'TokenRefused',
  scope: 'own-rooms',
  version: 1,
  dataClass: TokenRefused,
  stream: () => 'access',
  read: (from): TokenRefused =>
    compact({
      address: from.maybe('address', field.text),
      count: from.need('count', field.count),
      tokenIds: from.list('tokenIds', field.text, 20),
      until: from.need('until', field.instant),
    }),
});
