// Verifies what portledger exports, with nothing of portledger but this file: read it, then trust it.
//   node standalone-verifier.js --key KEY|FILE [--checkpoint FILE] (--proof FILE | --log FILE | --dossier FILE)
// Ends with 0 when all holds, 6 when something does not, 2 when called wrongly; 1 when a dossier agrees with itself, but no
// key was named, so that anybody may have made it.
import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { crc32 } from 'node:zlib';

export class NotVerified extends Error {}

interface Head {
  readonly size: number;
  readonly root: Buffer;
  readonly logId: string | undefined;
}

/** RFC 8785: members sorted by UTF-16 code units, numbers and strings as ECMAScript writes them. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`;
}

type Fields = Record<string, unknown>;

const sha256 = (...parts: (string | Uint8Array)[]): Buffer =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();

/** RFC 6962 section 2.1: 0x00 before a leaf, 0x01 before two nodes. */
export function leafOf({ id, stream, type, data, metadata }: Fields): Buffer {
  return sha256(Buffer.of(0), canonical({ id, stream, type, data, metadata }));
}
const nodeOf = (left: Buffer, right: Buffer): Buffer => sha256(Buffer.of(1), left, right);

/** The root over leaves pushed one after another: a perfect subtree for each bit of the count, the largest first. */
export class Tree {
  private readonly subtrees: { readonly height: number; readonly hash: Buffer }[] = [];

  push(leaf: Buffer): void {
    let top = { height: 0, hash: leaf };
    for (let left = this.subtrees.at(-1); left?.height === top.height; left = this.subtrees.at(-1)) {
      this.subtrees.pop();
      top = { height: top.height + 1, hash: nodeOf(left.hash, top.hash) };
    }
    this.subtrees.push(top);
  }

  root(): Buffer {
    const hashes = this.subtrees.map(({ hash }) => hash);
    return hashes.length === 0 ? sha256() : hashes.reduceRight((right, left) => nodeOf(left, right));
  }
}

/** The root that an audit path leads to (RFC 9162 section 2.1.3.2). */
function rootOfPath(leaf: Buffer, ordinal: number, size: number, path: readonly Buffer[]): Buffer {
  let [index, last, hash] = [ordinal, size - 1, leaf];
  const up = (): void => void ([index, last] = [Math.floor(index / 2), Math.floor(last / 2)]);
  for (const sibling of path) {
    if (last === 0) throw new NotVerified('the path is too long');
    if (index % 2 === 1 || index === last) {
      hash = nodeOf(sibling, hash);
      while (index % 2 === 0 && index !== 0) up();
    } else hash = nodeOf(hash, sibling);
    up();
  }
  if (last !== 0) throw new NotVerified('the path is too short');
  return hash;
}

/** A verifier key (https://c2sp.org/signed-note): name+id+base64(0x01 || Ed25519 public key). */
function keyOf(text: string): { name: string; id: Buffer; publicKey: KeyObject } {
  const [, name = '', id = '', encoded = ''] = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec(text.trim()) ?? [];
  const data = Buffer.from(encoded, 'base64');
  if (data.length !== 33 || sha256(`${name}\n`, data).toString('hex', 0, 4) !== id)
    throw new NotVerified(`no verifier key: ${text}`);
  const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), data.subarray(1)]);
  return { name, id: Buffer.from(id, 'hex'), publicKey: createPublicKey({ key: der, format: 'der', type: 'spki' }) };
}

type Key = ReturnType<typeof keyOf>;

/** Opens a signed note (https://c2sp.org/signed-note): a signature of this key must fit, and none of it may fail. */
function openNote(note: string, { name, id, publicKey }: Key, what: string): { text: string; signatures: Buffer[] } {
  const end = note.lastIndexOf('\n\n') + 1;
  const text = note.slice(0, end);
  const signatures = note
    .slice(end + 1)
    .split('\n')
    .flatMap((line) => {
      const [, signer, encoded = ''] = /^\u2014 (\S+) (\S+)$/.exec(line) ?? [];
      const bytes = Buffer.from(encoded, 'base64');
      return signer === name && bytes.subarray(0, 4).equals(id) ? [bytes] : [];
    });
  if (signatures.length === 0) throw new NotVerified(`${what} without a signature of ${name}`);
  if (!signatures.every((bytes) => verify(null, Buffer.from(text), publicKey, bytes.subarray(4))))
    throw new NotVerified(`${what} whose signature does not fit: ${JSON.stringify(text.slice(0, 300))}`);
  return { text, signatures };
}

/** Reads a checkpoint (https://c2sp.org/tlog-checkpoint); without a key it is believed. */
function headOf(note: string, key?: Key): Head {
  const text =
    key === undefined ? note.slice(0, note.lastIndexOf('\n\n') + 1) : openNote(note, key, 'a checkpoint').text;
  const [origin = '', size = '', root = '', ...more] = text.slice(0, -1).split('\n');
  const isOwn = key === undefined || origin === key.name;
  if (!isOwn || !/^(0|[1-9]\d{0,14})$/.test(size) || Buffer.from(root, 'base64').length !== 32)
    throw new NotVerified(`not a checkpoint of ${key?.name ?? origin}: ${JSON.stringify(text.slice(0, 300))}`);
  const logId = more.find((line) => line.startsWith('log-id '))?.slice(7);
  return { size: Number(size), root: Buffer.from(root, 'base64'), logId };
}

/** Every checkpoint of a text that holds one or more of them, smallest first. */
export function headsIn(text: string, keyText: string): Head[] {
  const key = keyOf(keyText);
  const notes = text.match(/[^\n][^]*?\n\n(?:\u2014 \S+ \S+(?:\n|$))+|[^\n][^]*$/g) ?? [];
  if (notes.length === 0) throw new NotVerified('no checkpoint');
  return notes.map((note) => headOf(note, key)).sort((a, b) => a.size - b.size);
}

function checkInTree(event: Fields, ordinal: unknown, path: unknown, head: Head): void {
  const isCount = typeof ordinal === 'number' && Number.isSafeInteger(ordinal) && ordinal >= 0 && ordinal < head.size;
  if (!isCount || !Array.isArray(path)) throw new NotVerified('ordinal or path is not as it must be');
  const hashes = path.map((hash) => Buffer.from(String(hash), 'base64'));
  if (!rootOfPath(leafOf(event), ordinal, head.size, hashes).equals(head.root))
    throw new NotVerified(`event #${ordinal} is not in the tree of the checkpoint over ${head.size} events`);
}

/** Verifies what `audit prove` printed against the checkpoint in it, or against others; says what it proves. */
export function verifyProof(text: string, keyText: string, checkpoints?: string): string {
  const proof = JSON.parse(text) as Fields;
  const { ordinal, size, path, event, checkpoint, logId } = proof;
  const heads = headsIn(checkpoints ?? String(checkpoint), keyText);
  const head = heads.find((one) => one.size === size);
  if (head === undefined) throw new NotVerified(`no checkpoint over ${String(size)} events, to which the proof leads`);
  if (head.logId !== undefined && head.logId !== logId) throw new NotVerified(`a checkpoint of the log ${head.logId}`);
  checkInTree(event as Fields, ordinal, path, head);
  return `event #${String(ordinal)} stands in the log as shown: signed over ${head.size} events`;
}

/** Verifies an export, one event a line, against checkpoints; says how many events they cover. */
export async function verifyExport(
  lines: AsyncIterable<string> | Iterable<string>,
  checkpoints: string,
  keyText: string,
): Promise<string> {
  const heads = headsIn(checkpoints, keyText);
  const [tree, revisions] = [new Tree(), new Map<unknown, number>()];
  let [count, covered, recordedAt] = [0, 0, ''];
  const check = (): void => {
    for (; heads[covered]?.size === count; covered++)
      if (heads[covered]?.root.equals(tree.root()) !== true)
        throw new NotVerified(`the first ${count} events are not those of the checkpoint over ${count} events`);
  };
  check();
  for await (const line of lines) {
    if (line === '') continue;
    const event = JSON.parse(line) as Fields;
    if (count === 0 && event['portledger'] === 'log') {
      const other = heads.find(({ logId }) => logId !== undefined && logId !== event['logId']);
      if (other !== undefined) throw new NotVerified(`a checkpoint of the log ${other.logId}`);
      continue;
    }
    const revision = revisions.get(event['stream']) ?? 0;
    const at = (event['metadata'] as Fields | null)?.['recordedAt'];
    if (event['ordinal'] !== count) throw new NotVerified(`ordinal ${String(event['ordinal'])}, expected ${count}`);
    if (event['revision'] !== revision) throw new NotVerified(`event #${count} has no revision ${revision}`);
    if (typeof at !== 'string' || at < recordedAt) throw new NotVerified(`event #${count} goes back in recordedAt`);
    [recordedAt] = [at, revisions.set(event['stream'], revision + 1)];
    tree.push(leafOf(event));
    count++;
    check();
  }
  const latest = heads.at(-1)?.size ?? 0;
  if (latest > count) throw new NotVerified(`${count} events, but a checkpoint was signed over ${latest}`);
  return `${latest} events are as signed by ${heads.length} checkpoints; ${count - latest} came later and are not covered`;
}

/** The files of a dossier: a zip written in the one way that leaves no byte of it free (stored, no dates, no extras). */
export function filesOf(zip: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (let at = 0; at + 30 <= zip.length && zip.readUInt32LE(at) === 0x04034b50;) {
    const start = at + 30 + zip.readUInt16LE(at + 26);
    const name = zip.toString('latin1', at + 30, start);
    if (files.has(name) || files.size > 9999 || /[^\x21-\x7e]/.test(name))
      throw new NotVerified(`byte ${at}: a file that no dossier has`);
    at = start + zip.readUInt32LE(at + 18);
    files.set(name, zip.subarray(start, at));
  }
  const again = zipOf(files);
  const wrong = again.findIndex((byte, at) => byte !== zip[at]);
  if (!again.equals(zip))
    throw new NotVerified(`byte ${wrong < 0 ? again.length : wrong} is not as a dossier is written`);
  return files;
}

function zipOf(files: ReadonlyMap<string, Buffer>): Buffer {
  const [parts, directory, end] = [[] as Buffer[], [] as Buffer[], Buffer.alloc(22)];
  let offset = 0;
  for (const [name, content] of files) {
    const head = Buffer.alloc(46 + name.length); // Of the directory: its bytes 6 to 32 stand before the file as well.
    head.write(name, 46, 'latin1');
    const numbers = [
      [0, 0x02014b50],
      [16, crc32(content)],
      [20, content.length],
      [24, content.length],
      [42, offset],
    ];
    for (const [at = 0, value = 0] of numbers) head.writeUInt32LE(value, at);
    for (const [at = 0, value = 0] of [
      [4, 10],
      [6, 10],
      [14, 0x21],
      [28, name.length],
    ])
      head.writeUInt16LE(value, at);
    const file = [Buffer.from([0x50, 0x4b, 3, 4]), head.subarray(6, 32), head.subarray(46), content];
    parts.push(...file);
    directory.push(head);
    offset += file.reduce((sum, { length }) => sum + length, 0);
  }
  end.writeUInt32LE(0x06054b50, 0);
  for (const at of [8, 10]) end.writeUInt16LE(files.size, at);
  end.writeUInt32LE(
    directory.reduce((sum, { length }) => sum + length, 0),
    12,
  );
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, ...directory, end]);
}

/** Verifies a dossier, every byte of it; without a key, only that its parts agree. Says what is proved by it. */
export function verifyDossier(zip: Buffer, keyText?: string): string {
  const files = filesOf(zip);
  const textOf = (name: string): string => {
    const file = files.get(name);
    if (file === undefined) throw new NotVerified(`${name} is missing`);
    return file.toString('utf8');
  };
  const key = keyText === undefined ? undefined : keyOf(keyText);
  const note = textOf('MANIFEST.txt');
  const manifest = note.slice(0, note.lastIndexOf('\n\n') + 1);
  const [signature] = key === undefined ? [] : openNote(note, key, 'MANIFEST.txt').signatures;
  if (key && note !== `${manifest}\n\u2014 ${key.name} ${signature?.toString('base64')}\n`)
    throw new NotVerified('MANIFEST.txt is not signed once, or not as signatures are written');
  const head = headOf(textOf('checkpoint.txt'), key);
  const said = manifest.slice(0, -1).split('\n');
  if (said[0] !== 'portledger dossier v1' || said[1] !== `log-id ${head.logId}`)
    throw new NotVerified('MANIFEST.txt is not that of a dossier of this log');
  const names = [...files.keys()];
  for (const [index, name] of names.slice(0, -1).entries())
    if (said[index + 2] !== `${sha256(files.get(name) ?? '').toString('hex')}  ${name}`)
      throw new NotVerified(`${name} is not what the manifest says of it`);
  if (names.at(-1) !== 'MANIFEST.txt' || said.length !== names.length + 1)
    throw new NotVerified('MANIFEST.txt names other files than there are');

  const events = textOf('events.ndjson')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Fields);
  const { proofs, size, logId } = JSON.parse(textOf('proofs.json')) as Fields;
  if (!Array.isArray(proofs) || proofs.length !== events.length || size !== head.size || logId !== head.logId)
    throw new NotVerified('proofs.json is not of this checkpoint, or not one for each event');
  for (const [index, event] of events.entries()) {
    const { ordinal, path } = proofs[index] as Fields;
    if (ordinal !== event['ordinal'] || Number(ordinal) <= Number(events[index - 1]?.['ordinal'] ?? -1))
      throw new NotVerified('events.ndjson or proofs.json is not in the order of the log');
    checkInTree(event, ordinal, path, head);
  }
  checkNamed(JSON.parse(textOf('answer.json')) as Fields, new Map(events.map((event) => [event['ordinal'], event])));
  const frames = names.filter((name) => name.startsWith('frames/'));
  for (const name of frames) {
    const digest = sha256(files.get(name) ?? '').toString('hex');
    const isOf = ({ violationId, sha256: kept }: Fields): boolean =>
      name === `frames/${String(violationId)}.pcap` && kept === digest;
    if (!events.some(({ type, data }) => type === 'EvidenceKept' && isOf(data as Fields)))
      throw new NotVerified(`no event tells of ${name} as it is`);
  }
  const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;
  const signer = key === undefined ? 'somebody' : key.name;
  return [
    `${names.length} files as signed by ${signer}`,
    `${count(events.length, 'event')} in the log ${head.logId} as shown, signed over ${count(head.size, 'event')}`,
    `${count(frames.length, 'file')} of frames as the log says. Not proved: that no other event matters`,
  ].join('; ');
}

/** Every event that the answer names is enclosed, and is the one that it names. */
function checkNamed(answer: Fields, events: ReadonlyMap<unknown, Fields>): void {
  for (const value of Object.values(answer)) {
    if (typeof value !== 'object' || value === null) continue;
    const { ordinal, id, stream, type } = value as Fields;
    const event = events.get(ordinal);
    const isSame = id === undefined || (event?.['id'] === id && event['stream'] === stream && event['type'] === type);
    if (typeof ordinal === 'number' && !(event !== undefined && isSame))
      throw new NotVerified(`answer.json names #${ordinal}, which is not enclosed as it is named`);
    checkNamed(value as Fields, events);
  }
}

class Misuse extends Error {}

async function main(): Promise<string> {
  const text = { type: 'string' } as const;
  const options = { key: text, checkpoint: text, proof: text, log: text, dossier: text };
  const { key, checkpoint, proof, log, dossier } = parseArgs({ options }).values;
  const keyText = key !== undefined && existsSync(key) ? readFileSync(key, 'utf8') : key;
  const notes = checkpoint === undefined ? undefined : readFileSync(checkpoint, 'utf8');
  if (dossier !== undefined && (proof ?? log ?? notes) === undefined) {
    if (statSync(dossier).size > 2 ** 26) throw new NotVerified('larger than any dossier (64 MiB)');
    const said = verifyDossier(readFileSync(dossier), keyText);
    if (keyText !== undefined) return `verified: ${said}`;
    process.exitCode = 1;
    return `NOT VERIFIED, for want of a key (--key); it agrees with itself: ${said}`;
  }
  if (keyText !== undefined && proof !== undefined && (log ?? dossier) === undefined)
    return `verified: ${verifyProof(readFileSync(proof, 'utf8'), keyText, notes)}`;
  if (keyText === undefined || log === undefined || (proof ?? dossier) !== undefined || notes === undefined)
    throw new Misuse(
      '--key KEY|FILE (--proof FILE [--checkpoint FILE] | --log FILE --checkpoint FILE | --dossier FILE)',
    );
  return `verified: ${await verifyExport((await open(log)).readLines(), notes, keyText)}`;
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  // Whatever stands in a file, what is said of it is one line and no order to a terminal.
  const plain = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?');
  try {
    process.stdout.write(`${plain(await main())}\n`);
  } catch (error) {
    const { message, code = '' } = error as NodeJS.ErrnoException;
    const isMisuse = error instanceof Misuse || /^(E[A-Z]+$|ERR_PARSE_ARGS)/.test(code);
    process.stderr.write(plain(isMisuse ? `usage: ${message}` : `NOT VERIFIED: ${message}`).concat('\n'));
    process.exitCode = isMisuse ? 2 : 6;
  }
}
