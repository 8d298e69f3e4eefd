import { compact, defineEvent } from '../contract.js';
import { field, Is, ListOf, Optional } from '../vocabulary/fields.js';

/**
 * Somebody was let in and has a session. Written by our own door, into the stream `access`.
 * Does not mean that they did anything, nor that they may still do today what `roles` says.
 */
export class SignedIn {
  /** As `by` names it without `user:`; with an `@` of an OpenID provider. */
  @Is(field.text) readonly user!: string;
  @Is(field.signInKind) readonly kind!: 'local' | 'oidc';
  /** The public id, by which an admin ends it; nobody gets in with it. */
  @Is(field.text) readonly sessionId!: string;
  /** Where the request came from. */
  @Optional() @Is(field.text) readonly address?: string | undefined;
  /** What they could do at that moment. */
  @ListOf(field.text, 20) readonly roles!: readonly string[];
}

export const signedIn = defineEvent({
  type: 'SignedIn',
  scope: 'own-rooms',
  version: 1,
  dataClass: SignedIn,
  stream: () => 'access',
  read: (from): SignedIn =>
    compact({
      user: from.need('user', field.text),
      kind: from.need('kind', field.signInKind),
      sessionId: from.need('sessionId', field.text),
      address: from.maybe('address', field.text),
      roles: from.list('roles', field.text, 20),
    }),
});
