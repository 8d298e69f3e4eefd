import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { formatInstant } from '../../../events/index.js';

/** Why a file is not taken for billing's truth; the sentence says what helps. */
export class TruthError extends Error {
  constructor(
    readonly code: TruthProblem,
    detail: string,
  ) {
    super(detail);
    this.name = 'TruthError';
  }
}

export type TruthProblem =
  | 'file-missing'
  | 'file-is-link'
  | 'file-unreadable'
  | 'file-not-regular'
  | 'file-too-large'
  | 'file-changed'
  | 'file-cut-short'
  | 'file-malformed'
  | 'file-implausible'
  | 'out-of-time';

/** What the file system says of a file. */
export interface FileFacts {
  /** RFC 3339. */
  readonly modifiedAt: string;
  readonly bytes: number;
}

export interface TruthFile {
  readonly handle: FileHandle;
  readonly facts: FileFacts;
  /** Throws a TruthError where the file is no longer what it was when it was opened. */
  readonly check: () => Promise<void>;
}

/**
 * Opens the file that billing drops. Nothing waits here for a pipe, follows a link or reads a device.
 * Rejects with a TruthError that names the cure.
 */
export async function openTruth(file: string, maxBytes: number): Promise<TruthFile> {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  const handle = await open(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch((error: unknown) => {
    throw notOpened(file, error as NodeJS.ErrnoException);
  });
  try {
    const before = await handle.stat({ bigint: true });
    if (!before.isFile()) throw new TruthError('file-not-regular', `${file} is no regular file. Name one.`);
    if (before.size > maxBytes) {
      const detail = `${file} has ${before.size} bytes, more than ${maxBytes}. Raise comparison.maxBytes if that is right.`;
      throw new TruthError('file-too-large', detail);
    }
    const check = async (): Promise<void> => {
      const after = await handle.stat({ bigint: true });
      if (after.size === before.size && after.mtimeNs === before.mtimeNs) return;
      throw new TruthError('file-changed', `${file} was written while it was read. ${renameCure}`);
    };
    const facts = { modifiedAt: formatInstant(Number(before.mtimeMs)), bytes: Number(before.size) };
    return { handle, facts, check };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

export const renameCure =
  'Let billing write it under another name in the same directory and rename it when it is whole.';

function notOpened(file: string, { code = 'no code' }: NodeJS.ErrnoException): TruthError {
  switch (code) {
    case 'ENOENT':
      return new TruthError('file-missing', `There is no file ${file}. Let billing write it, or name another.`);
    case 'ELOOP':
    case 'EMLINK':
      return new TruthError('file-is-link', `${file} is a symbolic link, and none is followed. Name the file itself.`);
    case 'EACCES':
    case 'EPERM':
      return new TruthError(
        'file-unreadable',
        `${file} may not be read (${code}). Let the user of this engine read it and search its directories.`,
      );
    default:
      return new TruthError('file-unreadable', `${file} cannot be opened (${code}). Name a file that can.`);
  }
}
