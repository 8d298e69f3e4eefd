import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Destination, DeliveryError } from './delivery.js';

const longestTail = 64 * 1024;
/** A whole signature line, in the bytes of UTF-8. */
const signatureLine = /^\xe2\x80\x94 [^\s]+ [^\s]+\n/gm;

/** Appends each checkpoint, and an empty line, to a file, and syncs it. */
export class FileDestination implements Destination {
  readonly name: string;

  constructor(private readonly path: string) {
    this.name = `file ${path}`;
  }

  async deliver(note: string): Promise<void> {
    const file = await this.open();
    try {
      const { end, last, rest } = await lookAtEnd(file);
      if (rest !== '') {
        // A crash in the middle of an append leaves a note of which nobody was told.
        if (!isBeginningOf(rest, note))
          throw new DeliveryError(`${this.path} holds something else than checkpoints: name a file of their own.`);
        await file.truncate(end);
      }
      if (last !== note) await file.appendFile(`${note}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await syncDirectory(dirname(this.path));
  }

  private async open(): Promise<FileHandle> {
    try {
      return await open(this.path, 'a+', 0o644);
    } catch (error) {
      throw new DeliveryError(`${this.path} cannot be opened (${(error as NodeJS.ErrnoException).code}).`);
    }
  }
}

/** Where the last whole note ends, which one it is, and what comes after it besides empty lines. */
async function lookAtEnd(
  file: FileHandle,
): Promise<{ readonly end: number; readonly last: string; readonly rest: string }> {
  const { size } = await file.stat();
  const start = Math.max(0, size - longestTail);
  const bytes = Buffer.alloc(size - start);
  await file.read(bytes, 0, bytes.length, start);
  const tail = bytes.toString('latin1');
  const end = [...tail.matchAll(signatureLine)].map((match) => match.index + match[0].length).at(-1) ?? 0;
  const whole = bytes.subarray(0, end).toString('utf8');
  const rest = bytes.subarray(end).toString('utf8').replace(/^\n+/, '');
  return { end: start + end, last: whole.slice(lastNoteStart(whole)), rest };
}

/** Whether a text can be what is left of a note with the same origin line. */
function isBeginningOf(rest: string, note: string): boolean {
  const origin = note.slice(0, note.indexOf('\n') + 1);
  return rest.startsWith(origin) || origin.startsWith(rest);
}

function lastNoteStart(whole: string): number {
  const body = whole.lastIndexOf('\n\n\u2014 ');
  const before = body < 0 ? -1 : whole.lastIndexOf('\n\n', body - 1);
  return before < 0 ? 0 : before + 2;
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
