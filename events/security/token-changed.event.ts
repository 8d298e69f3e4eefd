import { compact, defineEvent } from '../contract.js';
import { field, Is, ListOf, Optional } from '../vocabulary/fields.js';

/**
 * The tokens file says something else of a token than a moment ago. Written by our own door, which looks once a second while it runs.
 * Does not say who changed the file, and there is none for what was changed while no engine ran, nor for a token that came to its end.
 */
export class TokenChanged {
  /** The public id. */
  @Is(field.text) readonly tokenId!: string;
  @Optional() @Is(field.text) readonly name?: string | undefined;
  /** `removed` is a revocation. */
  @Is(field.entryChange) readonly change!: 'added' | 'changed' | 'removed';
  /** Its scopes, since now; those it had, where it was removed. */
  @ListOf(field.text, 20) readonly roles!: readonly string[];
  /** Absent where the scopes stayed. */
  @Optional() @ListOf(field.text, 20) readonly formerRoles?: readonly string[] | undefined;
  @Optional() @Is(field.instant) readonly expiresAt?: string | undefined;
}

export const tokenChanged = defineEvent({
  type: 'TokenChanged',
  scope: 'own-rooms',
  version: 1,
  dataClass: TokenChanged,
  stream: () => 'access',
  read: (from): TokenChanged =>
    compact({
      tokenId: from.need('tokenId', field.text),
      name: from.maybe('name', field.text),
      change: from.need('change', field.entryChange),
      roles: from.list('roles', field.text, 20),
      formerRoles: from.maybeList('formerRoles', field.text, 20),
      expiresAt: from.maybe('expiresAt', field.instant),
    }),
});
