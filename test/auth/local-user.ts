import { hash } from 'argon2';
import type { UserRole } from '../../src/auth/principal.js';
import { readUsers, type UserRecord, writeUsers } from '../../src/auth/users-file.js';

export const password = 'correct horse battery';

/** Puts a user into a file, with a hash that is quick to check; one of the same name is replaced. */
export async function putUser(
  file: string,
  name: string,
  roles: readonly UserRole[],
  more: Partial<UserRecord> = {},
): Promise<void> {
  const passwordHash = await hash(password, { memoryCost: 1024, timeCost: 2, parallelism: 1 });
  const at = '2026-01-01T00:00:00.000Z';
  const user: UserRecord = { name, passwordHash, roles, createdAt: at, passwordSetAt: at, ...more };
  writeUsers(file, [...usersOf(file).filter((one) => one.name !== name), user]);
}

/** Changes a user of a file. */
export function changeUser(file: string, name: string, change: Partial<UserRecord>): void {
  writeUsers(
    file,
    usersOf(file).map((user) => (user.name === name ? { ...user, ...change } : user)),
  );
}

function usersOf(file: string): UserRecord[] {
  try {
    return readUsers(file);
  } catch {
    return [];
  }
}
