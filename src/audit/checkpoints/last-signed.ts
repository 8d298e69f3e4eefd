import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseCheckpoint } from './checkpoint.js';

const fileName = 'checkpoint.last';

/** The checkpoint that was signed last, kept beside the log so that the next one continues it whoever starts the engine. */
export class LastSigned {
  readonly file: string;

  constructor(dataDir: string) {
    this.file = join(dataDir, fileName);
  }

  /** The note as it was signed, or undefined when there is none yet. Rejects with a LastSignedError for any other file. */
  async read(): Promise<string | undefined> {
    let note: string;
    try {
      note = await readFile(this.file, 'utf8');
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') return undefined;
      throw new LastSignedError(`${this.file} cannot be read (${code ?? String(error)}).`);
    }
    if (parseCheckpoint(note) !== undefined) return note;
    const cure = 'put back the newest checkpoint that was sent out, as it is';
    throw new LastSignedError(`${this.file} holds no checkpoint: ${cure}.`);
  }

  /** Resolves when the note will be there after a power cut. */
  async write(note: string): Promise<void> {
    const draft = `${this.file}.${process.pid}.new`;
    await mkdir(dirname(this.file), { recursive: true });
    try {
      const file = await open(draft, 'w', 0o644);
      try {
        await file.writeFile(note);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(draft, this.file);
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
    const directory = await open(dirname(this.file), 'r');
    try {
      await directory.sync();
    } finally {
      await directory.close();
    }
  }
}

/** The note that was signed last cannot be read: without it nobody knows what the next one must continue. */
export class LastSignedError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'LastSignedError';
  }
}
