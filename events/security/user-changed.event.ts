import { compact, defineEvent } from '../contract.js';
import { field, Is, ListOf, Optional } from '../vocabulary/fields.js';

/**
 * The users file says something else of a local user than a moment ago. Written by our own door, which looks once a second while it runs.
 * Does not say who changed the file, and there is none for what was changed while no engine ran.
 */
export class UserChanged {
  @Is(field.text) readonly user!: string;
  @Is(field.entryChange) readonly change!: 'added' | 'changed' | 'removed';
  /** Since now; those it had, where it was removed. */
  @ListOf(field.text, 20) readonly roles!: readonly string[];
  /** Absent where the roles stayed. */
  @Optional() @ListOf(field.text, 20) readonly formerRoles?: readonly string[] | undefined;
  @Is(field.flag) readonly disabled!: boolean;
  /** True where a password was set; the sessions of the old one end. */
  @Is(field.flag) readonly newPassword!: boolean;
}

export const userChanged = defineEvent({
  type: 'UserChanged',
  scope: 'own-rooms',
  version: 1,
  dataClass: UserChanged,
  stream: () => 'access',
  read: (from): UserChanged =>
    compact({
      user: from.need('user', field.text),
      change: from.need('change', field.entryChange),
      roles: from.list('roles', field.text, 20),
      formerRoles: from.maybeList('formerRoles', field.text, 20),
      disabled: from.need('disabled', field.flag),
      newPassword: from.need('newPassword', field.flag),
    }),
});
