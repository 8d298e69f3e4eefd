import Database from 'better-sqlite3';

// The only importer of better-sqlite3. Everything else in this room sees these names.
export type Sqlite = Database.Database;
export type SqliteStatement<Parameters extends unknown[], Row> = Database.Statement<Parameters, Row>;

/**
 * Opens a database file.
 * Never read or copy such a file with `node:fs` in a process that has it open: closing any descriptor of the file
 * drops the process's POSIX locks on it, and with them SQLite's protection.
 */
export function openSqlite(
  path: string,
  options: { readonly access: 'read' | 'write' | 'create'; readonly waitForLocksMs: number },
): Sqlite {
  return new Database(path, {
    readonly: options.access === 'read',
    fileMustExist: options.access !== 'create',
    timeout: options.waitForLocksMs,
  });
}

/**
 * SQLite's extended result code, such as SQLITE_IOERR_FSYNC; undefined for every other error.
 * Goes by the code and not by the class: the native part keeps the class of whoever loaded it first.
 */
export function sqliteCode(error: unknown): string | undefined {
  const code: unknown = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : undefined;
}
