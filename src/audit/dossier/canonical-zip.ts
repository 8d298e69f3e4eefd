import { crc32 } from 'node:zlib';

/** One file of a dossier. */
export interface ZipEntry {
  /** Printable ASCII without blanks. */
  readonly name: string;
  readonly content: Buffer;
}

const localSignature = 0x04034b50;
const centralSignature = 0x02014b50;
const endSignature = 0x06054b50;
const localHead = 30;
/** More than any dossier has. */
const mostEntries = 10_000;
/** 1980-01-01, the first day that a zip can name. */
const noDay = 0x21;

/**
 * A zip (PKWARE APPNOTE 6.3) that can be written in one way only: entries stored in the order given, one date, no
 * attributes, no extra fields, no comment. Any tool reads it, and no byte of it is free.
 */
export function canonicalZip(entries: readonly ZipEntry[]): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content } of entries) {
    const path = Buffer.from(name, 'latin1');
    const shared = sharedFields(path, content);
    const file = Buffer.concat([uint32(localSignature), shared, path, content]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([uint32(centralSignature), Buffer.of(10, 0), shared, place, path]));
    files.push(file);
    offset += file.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(endSignature, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...files, central, end]);
}

/** The entries of a zip in this one form, or where it first differs from it. */
export function readCanonicalZip(
  zip: Buffer,
): { readonly entries: readonly ZipEntry[] } | { readonly problem: string } {
  const entries: ZipEntry[] = [];
  const ends: number[] = [];
  const names = new Set<string>();
  let at = 0;
  while (at + localHead <= zip.length && zip.readUInt32LE(at) === localSignature) {
    const start = at + localHead + zip.readUInt16LE(at + 26);
    const end = start + zip.readUInt32LE(at + 18);
    if (end > zip.length) return { problem: `byte ${at}: an entry that is longer than the file` };
    const name = zip.toString('latin1', at + localHead, start);
    if (!/^[\x21-\x7e]+$/.test(name)) return { problem: `byte ${at}: an entry with a name that no dossier has` };
    if (names.has(name)) return { problem: `byte ${at}: a second entry ${name}` };
    if (names.add(name).size > mostEntries) return { problem: `more than ${mostEntries} entries` };
    entries.push({ name, content: zip.subarray(start, end) });
    ends.push((at = end));
  }
  const different = firstDifference(zip, canonicalZip(entries));
  if (different === undefined) return { entries };
  const inside = entries[ends.findIndex((end) => different < end)];
  const where = inside === undefined ? 'in the directory at its end' : `in the entry ${inside.name}`;
  return { problem: `byte ${different}, ${where}: not as it was written` };
}

/** What stands in both headers of an entry, from the version on. */
function sharedFields(path: Buffer, content: Buffer): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(10, 0);
  fields.writeUInt16LE(noDay, 8);
  fields.writeUInt32LE(crc32(content), 10);
  fields.writeUInt32LE(content.length, 14);
  fields.writeUInt32LE(content.length, 18);
  fields.writeUInt16LE(path.length, 22);
  return fields;
}

function firstDifference(one: Buffer, other: Buffer): number | undefined {
  if (one.equals(other)) return undefined;
  const length = Math.min(one.length, other.length);
  for (let at = 0; at < length; at++) if (one[at] !== other[at]) return at;
  return length;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
