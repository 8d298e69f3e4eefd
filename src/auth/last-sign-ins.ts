import { readFileSync } from 'node:fs';
import { replaceAuthFile } from './auth-file.js';

export interface LastSignIn {
  /** RFC 3339. */
  readonly at: string;
  /** Address. */
  readonly from: string;
}

/** The file beside a users file that holds when each user signed in last. Only the engine writes it. */
export const lastSignInsFile = (usersFile: string): string => `${usersFile.replace(/\.json$/, '')}.sign-ins.json`;

/** Last sign-ins by user name. Nothing depends on them: a file that is missing or spoilt tells nothing. */
export function readLastSignIns(usersFile: string): Readonly<Record<string, LastSignIn>> {
  try {
    const kept: unknown = JSON.parse(readFileSync(lastSignInsFile(usersFile), 'utf8'));
    return typeof kept === 'object' && kept !== null ? (kept as Record<string, LastSignIn>) : {};
  } catch {
    return {};
  }
}

/** Notes a sign-in. Throws when the file cannot be written. */
export function noteSignIn(usersFile: string, user: string, signIn: LastSignIn): void {
  const kept = new Map(Object.entries(readLastSignIns(usersFile)));
  replaceAuthFile(lastSignInsFile(usersFile), Object.fromEntries(kept.set(user, signIn)));
}
