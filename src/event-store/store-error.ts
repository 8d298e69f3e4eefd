import { StoreError } from './event-store.port.js';
import { sqliteCode } from './sqlite.js';

/**
 * Turns whatever SQLite or the file system threw into a StoreError that names the file and the cure.
 * @param doing what was going on, as in "reading" or "appending to"
 */
export function asStoreError(error: unknown, doing: string, path: string): StoreError {
  if (isStoreError(error)) return error;
  const reason = sqliteCode(error) ?? systemCode(error) ?? nameOf(error);
  const [code, cure] = verdict(reason);
  const message = `${doing} ${path} failed: ${messageOf(error)} (${reason}). ${cure}`;
  return new StoreError(code, message, { cause: error });
}

function verdict(reason: string): [StoreError['code'], string] {
  // A syntax error comes from the JSON of a stored event, an SQL logic error from tables that are not ours.
  if (/^(SQLITE_(CORRUPT|NOTADB|ERROR$)|SyntaxError)/.test(reason))
    return ['store-corrupt', 'The file was left as it is. Restore the directory from a backup or a copy of the log.'];
  if (/^(SQLITE_FULL|ENOSPC)/.test(reason))
    return ['store-full', 'Nothing of this was stored. Free space on that disk and try again.'];
  if (/^(SQLITE_(READONLY|CANTOPEN|PERM|AUTH)|EACCES|EPERM|EROFS|ENOTDIR)/.test(reason))
    return [
      'store-unusable',
      'Make the directory and its files writable for this user, or, to read only, copy the log to where they are.',
    ];
  return ['store-failed', 'Look at the disk and the system log, then start the engine again.'];
}

// By name as well: a test runner may load this module twice, and each copy has its own class.
function isStoreError(error: unknown): error is StoreError {
  return error instanceof StoreError || (error instanceof Error && error.name === 'StoreError');
}

function systemCode(error: unknown): string | undefined {
  const code: unknown = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
}
