import { type FileHandle, open } from 'node:fs/promises';

const PIECE_BYTES = 256 * 1024;
/** So much of a file's beginning tells it from another one of its name: its header, the first frame's time and bytes. */
const HEAD_BYTES = 128;

/** What tells one state of a file from another. */
export interface FileMark {
  readonly ino: number;
  readonly size: number;
  readonly mtimeMs: number;
}

export const sameMark = (left: FileMark, right: FileMark): boolean =>
  left.ino === right.ino && left.size === right.size && left.mtimeMs === right.mtimeMs;

export interface Piece {
  readonly bytes: Uint8Array;
  /** True of the first bytes of a file, and again of one that somebody has written anew. */
  readonly isFirst: boolean;
}

/** One file read on and on while it grows; it stays open, so that it is read to its end though it is renamed or deleted. */
export class GrowingFile {
  /** The first bytes that were read. */
  head = Buffer.alloc(0);
  private offset = 0;

  private constructor(
    private readonly handle: FileHandle,
    readonly path: string,
  ) {}

  /** Rejects as the file system does. */
  static async open(path: string): Promise<GrowingFile> {
    return new GrowingFile(await open(path), path);
  }

  async mark(): Promise<FileMark> {
    const { ino, size, mtimeMs } = await this.handle.stat();
    return { ino, size, mtimeMs };
  }

  /** True where the file still begins with these bytes. */
  async beginsWith(head: Uint8Array): Promise<boolean> {
    const now = Buffer.alloc(head.length);
    const { bytesRead } = await this.handle.read(now, 0, now.length, 0);
    return bytesRead === head.length && now.equals(head);
  }

  /** Goes back to the beginning where the file was cut or written anew: a ring of names uses a name again. */
  async noticeRewriting(): Promise<void> {
    const { size } = await this.handle.stat();
    if (size >= this.offset && (await this.beginsWith(this.head))) return;
    this.goBack();
  }

  /** The next bytes, a buffer of their own; undefined at the end as of now. */
  async next(): Promise<Piece | undefined> {
    const piece = Buffer.allocUnsafeSlow(PIECE_BYTES);
    const bytesRead = await this.readInto(piece);
    if (bytesRead === 0) return undefined;
    const isFirst = this.offset === 0;
    this.offset += bytesRead;
    const bytes = piece.subarray(0, bytesRead);
    const missing = HEAD_BYTES - this.head.length;
    if (missing > 0) this.head = Buffer.concat([this.head, bytes.subarray(0, missing)]);
    return { bytes, isFirst };
  }

  /** What was read may be the middle of a file that was written anew just before: then it is read from its beginning. */
  private async readInto(piece: Uint8Array): Promise<number> {
    const { bytesRead } = await this.handle.read(piece, 0, PIECE_BYTES, this.offset);
    if (bytesRead === 0 || (await this.beginsWith(this.head))) return bytesRead;
    this.goBack();
    return (await this.handle.read(piece, 0, PIECE_BYTES, 0)).bytesRead;
  }

  private goBack(): void {
    this.offset = 0;
    this.head = Buffer.alloc(0);
  }

  close(): Promise<void> {
    return this.handle.close();
  }
}
