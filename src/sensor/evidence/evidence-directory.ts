import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

const BLOCK_BYTES = 4096;
const fileName = /^([A-Za-z0-9-]{1,100})\.pcap(\.next)?$/;

/** True for an id that can be the name of a file; every id of our own is. */
export function isFileable(violationId: string): boolean {
  return fileName.test(`${violationId}.pcap`);
}

/** What a file of so many bytes takes of the disk: whole blocks. */
export function onDiskBytes(bytes: number): number {
  return Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES;
}

/**
 * The files of kept frames: `<violationId>.pcap`, each there as a whole or not at all.
 * A file is prepared (durable, under the name `<violationId>.pcap.next`), then announced in the log, then settled.
 * Every method rejects with the error of the file system.
 */
export class EvidenceDirectory {
  /** Bytes on disk of each file, the one written longest ago first. */
  private readonly files = new Map<string, number>();
  /** Bytes on disk of each file that is prepared and not settled. */
  private readonly prepared = new Map<string, number>();
  private total = 0;

  constructor(readonly path: string) {}

  /** Bytes on disk of all files, prepared ones included. */
  get bytes(): number {
    let bytes = this.total;
    for (const one of this.prepared.values()) bytes += one;
    return bytes;
  }

  get size(): number {
    return this.files.size;
  }

  has(violationId: string): boolean {
    return this.files.has(violationId);
  }

  /** What a file takes of the disk; 0 when it is not there. */
  bytesOf(violationId: string): number {
    return this.files.get(violationId) ?? 0;
  }

  /** The violations that have a file, the one written longest ago first. */
  violations(): Iterable<string> {
    return this.files.keys();
  }

  /** Makes the directory where it is missing, and reads what it holds. Answers the violations with a file prepared but not settled. */
  async open(): Promise<string[]> {
    await mkdir(this.path, { recursive: true });
    const found: { id: string; bytes: number; writtenAt: number }[] = [];
    const prepared: string[] = [];
    for (const name of await readdir(this.path)) {
      const [, id, next] = fileName.exec(name) ?? [];
      if (id === undefined) continue;
      if (next !== undefined) prepared.push(id);
      else {
        const { size, mtimeMs } = await stat(join(this.path, name));
        found.push({ id, bytes: onDiskBytes(size), writtenAt: mtimeMs });
      }
    }
    found.sort((a, b) => a.writtenAt - b.writtenAt);
    for (const { id, bytes } of found) this.note(id, bytes);
    return prepared;
  }

  /** Writes the file under its passing name; when this resolves, the disk has it. */
  async prepare(violationId: string, content: Buffer): Promise<void> {
    const path = this.nextOf(violationId);
    try {
      const file = await open(path, 'w', 0o640);
      try {
        await file.writeFile(content);
        await file.sync();
      } finally {
        await file.close();
      }
      this.prepared.set(violationId, onDiskBytes(content.length));
    } catch (error) {
      this.prepared.delete(violationId);
      await rm(path, { force: true }).catch(() => undefined);
      throw error;
    }
  }

  /** Gives a prepared file its name, in place of the one that was there. */
  async settle(violationId: string): Promise<void> {
    const { size } = await stat(this.nextOf(violationId));
    await rename(this.nextOf(violationId), this.pathOf(violationId));
    this.prepared.delete(violationId);
    this.note(violationId, onDiskBytes(size));
  }

  /** Throws a prepared file away. */
  async discard(violationId: string): Promise<void> {
    await rm(this.nextOf(violationId), { force: true });
    this.prepared.delete(violationId);
  }

  async remove(violationId: string): Promise<void> {
    await rm(this.pathOf(violationId), { force: true });
    this.total -= this.bytesOf(violationId);
    this.files.delete(violationId);
  }

  /** The file, or undefined when there is none. */
  async read(violationId: string): Promise<Buffer | undefined> {
    return contentOf(this.pathOf(violationId));
  }

  /** The prepared file, or undefined when there is none. */
  async readPrepared(violationId: string): Promise<Buffer | undefined> {
    return contentOf(this.nextOf(violationId));
  }

  /** Makes the names of files durable that were given or taken since. */
  async sync(): Promise<void> {
    const directory = await open(this.path, 'r');
    try {
      await directory.sync();
    } finally {
      await directory.close();
    }
  }

  private note(violationId: string, bytes: number): void {
    this.total += bytes - this.bytesOf(violationId);
    this.files.delete(violationId);
    this.files.set(violationId, bytes);
  }

  private pathOf(violationId: string): string {
    return join(this.path, `${violationId}.pcap`);
  }

  private nextOf(violationId: string): string {
    return `${this.pathOf(violationId)}.next`;
  }
}

async function contentOf(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
