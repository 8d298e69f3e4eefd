import { type AuthFileKind, isTime, readAuthFile, replaceAuthFile } from './auth-file.js';
import { type UserRole, userRoles } from './principal.js';

/** One local user as the file keeps it. */
export interface UserRecord {
  /** What is typed at sign-in, and what events name: see `isUserName`. */
  readonly name: string;
  /** PHC string of argon2id; see `hashPassword`. */
  readonly passwordHash: string;
  readonly roles: readonly UserRole[];
  readonly isDisabled?: boolean;
  /** RFC 3339. */
  readonly createdAt: string;
  /** RFC 3339. Sessions that began with an older password end. */
  readonly passwordSetAt: string;
}

const userName = /^[a-z0-9][a-z0-9._-]{0,31}$/;

/** Whether a text can name a local user. Without "@", so that it is never taken for one of an OpenID provider. */
export const isUserName = (text: string): boolean => userName.test(text);

export const userNameForm = 'lower-case letters, digits, dot, hyphen and underscore, at most 32';

const usersFile: AuthFileKind = {
  of: 'users',
  firstMadeWith: 'portledger user add NAME --role viewer',
  wrongField({ name, passwordHash, roles, isDisabled, createdAt, passwordSetAt }) {
    if (typeof name !== 'string' || !isUserName(name)) return 'name';
    if (typeof passwordHash !== 'string' || !passwordHash.startsWith('$argon2id$')) return 'passwordHash';
    if (!Array.isArray(roles) || roles.length === 0 || !roles.every((role) => userRoles.some((one) => one === role)))
      return 'roles';
    if (isDisabled !== undefined && typeof isDisabled !== 'boolean') return 'isDisabled';
    if (!isTime(createdAt)) return 'createdAt';
    return isTime(passwordSetAt) ? undefined : 'passwordSetAt';
  },
};

/** Reads the file. Throws AuthFileError when it is missing or is not a list of users. */
export const readUsers = (file: string): UserRecord[] => readAuthFile(file, usersFile);

/** Replaces the file in one step; only its owner may read it. */
export const writeUsers = (file: string, users: readonly UserRecord[]): void => replaceAuthFile(file, users);
