import { compact, defineEvent } from '../contract.js';
import { field, Is, ListOf, Optional } from '../vocabulary/fields.js';

/**
 * People were not let in: all that was refused to one address within a minute. `time` is that of the first. Written by our own door.
 * Does not mean that somebody attacks: people forget passwords. What was typed is in none of it, unless it names a user.
 */
export class SignInRefused {
  /** Absent for what came from more addresses than are kept apart in a minute. */
  @Optional() @Is(field.text) readonly address?: string | undefined;
  @Is(field.count) readonly count!: number;
  /** The first five whom somebody tried to be, of those that exist. */
  @ListOf(field.text, 20) readonly users!: readonly string[];
  /** Such as `user-and-password-do-not-fit`, `too-many-attempts`, `no-role`. */
  @ListOf(field.text, 20) readonly reasons!: readonly string[];
  /** When the last of them was refused. */
  @Is(field.instant) readonly until!: string;
}

export const signInRefused = defineEvent({
  type: 'SignInRefused',
  scope: 'own-rooms',
  version: 1,
  dataClass: SignInRefused,
  stream: () => 'access',
  read: (from): SignInRefused =>
    compact({
      address: from.maybe('address', field.text),
      count: from.need('count', field.count),
      users: from.list('users', field.text, 20),
      reasons: from.list('reasons', field.text, 20),
      until: from.need('until', field.instant),
    }),
});
