// Verifies what portledger exports, with nothing of portledger but this file: read it, then trust it.
//   node standalone-verifier.js --key KEY|FILE [--checkpoint FILE] (--proof FILE | --log FILE)
// Ends with 0 when all holds, 6 when something does not, 2 when called wrongly.
import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

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

const sha256 = (...parts: (string | Uint8Array)[]): Buffer =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();

/** RFC 6962 section 2.1: 0x00 before a leaf, 0x01 before two nodes. */
export function leafOf({ id, stream, type, data, metadata }: Record<string, unknown>): Buffer {
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

/** Opens a checkpoint (https://c2sp.org/tlog-checkpoint): a signature of this key must fit, and none of it may fail. */
function headOf(note: string, { name, id, publicKey }: ReturnType<typeof keyOf>): Head {
  const end = note.lastIndexOf('\n\n') + 1;
  const text = note.slice(0, end);
  const own = note
    .slice(end + 1)
    .split('\n')
    .flatMap((line) => {
      const [, signer, encoded = ''] = /^\u2014 (\S+) (\S+)$/.exec(line) ?? [];
      const bytes = Buffer.from(encoded, 'base64');
      return signer === name && bytes.subarray(0, 4).equals(id) ? [bytes.subarray(4)] : [];
    });
  if (own.length === 0) throw new NotVerified(`a checkpoint without a signature of ${name}`);
  if (!own.every((signature) => verify(null, Buffer.from(text), publicKey, signature)))
    throw new NotVerified(`a checkpoint whose signature does not fit: ${JSON.stringify(text)}`);
  const [origin, size = '', root = '', ...more] = text.slice(0, -1).split('\n');
  if (origin !== name || !/^(0|[1-9]\d{0,14})$/.test(size) || Buffer.from(root, 'base64').length !== 32)
    throw new NotVerified(`signed text that is no checkpoint of ${name}: ${JSON.stringify(text)}`);
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

/** Verifies what `audit prove` printed against the checkpoint in it, or against others; says what it proves. */
export function verifyProof(text: string, keyText: string, checkpoints?: string): string {
  const proof = JSON.parse(text) as Record<string, unknown>;
  const { ordinal, size, path, event, checkpoint, logId } = proof;
  const heads = headsIn(checkpoints ?? String(checkpoint), keyText);
  const head = heads.find((one) => one.size === size);
  if (head === undefined) throw new NotVerified(`no checkpoint over ${String(size)} events, to which the proof leads`);
  if (head.logId !== undefined && head.logId !== logId) throw new NotVerified(`a checkpoint of the log ${head.logId}`);
  if (
    typeof ordinal !== 'number' ||
    !Number.isSafeInteger(ordinal) ||
    ordinal < 0 ||
    ordinal >= head.size ||
    !Array.isArray(path)
  )
    throw new NotVerified('ordinal or path is not as it must be');
  const hashes = path.map((hash) => Buffer.from(String(hash), 'base64'));
  const leaf = leafOf(event as Record<string, unknown>);
  if (!rootOfPath(leaf, ordinal, head.size, hashes).equals(head.root))
    throw new NotVerified(`event #${ordinal} is not in the tree of the checkpoint over ${head.size} events`);
  return `event #${ordinal} stands in the log as shown: signed over ${head.size} events`;
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
    const event = JSON.parse(line) as Record<string, unknown>;
    if (count === 0 && event['portledger'] === 'log') {
      const other = heads.find(({ logId }) => logId !== undefined && logId !== event['logId']);
      if (other !== undefined) throw new NotVerified(`a checkpoint of the log ${other.logId}`);
      continue;
    }
    const revision = revisions.get(event['stream']) ?? 0;
    const at = (event['metadata'] as Record<string, unknown> | null)?.['recordedAt'];
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

class Misuse extends Error {}

async function main(): Promise<string> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { key: text, checkpoint: text, proof: text, log: text } });
  const { key, checkpoint, proof, log } = values;
  const keyText = key !== undefined && existsSync(key) ? readFileSync(key, 'utf8') : key;
  const notes = checkpoint === undefined ? undefined : readFileSync(checkpoint, 'utf8');
  if (keyText !== undefined && proof !== undefined && log === undefined)
    return verifyProof(readFileSync(proof, 'utf8'), keyText, notes);
  if (keyText === undefined || log === undefined || proof !== undefined || notes === undefined)
    throw new Misuse('--key KEY|FILE (--proof FILE [--checkpoint FILE] | --log FILE --checkpoint FILE)');
  return verifyExport((await open(log)).readLines(), notes, keyText);
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    process.stdout.write(`verified: ${await main()}\n`);
  } catch (error) {
    const { message, code = '' } = error as NodeJS.ErrnoException;
    const isMisuse = error instanceof Misuse || code === 'ENOENT' || code.startsWith('ERR_PARSE_ARGS');
    process.stderr.write(isMisuse ? `usage: ${message}\n` : `NOT VERIFIED: ${message}\n`);
    process.exitCode = isMisuse ? 2 : 6;
  }
}
