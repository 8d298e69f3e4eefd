import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';

// Signed notes (https://c2sp.org/signed-note) with Ed25519, and keys in the text forms of golang.org/x/mod/sumdb/note,
// so that other people's tools can check what we sign.

const ed25519 = 1;
const privateStart = 'PRIVATE+KEY+';
/** What stands before the 32 bytes of a key in DER (RFC 8410). */
const privateDer = Buffer.from('302e020100300506032b657004220420', 'hex');
const publicDer = Buffer.from('302a300506032b6570032100', 'hex');
const mostSignatures = 100;

/** Who may sign: `name+key id in hex+base64(0x01 || public key)`. */
export interface VerifierKey {
  readonly name: string;
  /** First 4 bytes of SHA-256(name || 0x0A || 0x01 || public key), in hex. */
  readonly id: string;
  readonly publicKey: KeyObject;
  readonly text: string;
}

/** Signs notes under its name. */
export interface Signer {
  readonly verifier: VerifierKey;
  /** The note: the text, an empty line, one signature line. The text ends with a newline. */
  sign(text: string): string;
}

/** A note's text with the key that signed it, or why it cannot be trusted. */
export type OpenedNote = { readonly text: string; readonly key: VerifierKey } | { readonly problem: string };

/** A key name is not empty and has no white space, no plus sign and no control character. */
export function isKeyName(name: string): boolean {
  return /^[^\s+\p{Cc}\p{Zs}]{1,200}$/u.test(name);
}

/** A new signing key in text form: `PRIVATE+KEY+name+key id+base64(0x01 || seed)`. */
export function newPrivateKey(name: string): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  const seed = privateKey.export({ type: 'pkcs8', format: 'der' }).subarray(privateDer.length);
  return `${privateStart}${name}+${verifierOf(name, createPublicKey(privateKey)).id}+${keyData(seed)}`;
}

/** Reads a signing key in text form; undefined for anything else. */
export function parsePrivateKey(text: string): Signer | undefined {
  if (!text.startsWith(privateStart)) return undefined;
  const parts = keyParts(text.slice(privateStart.length));
  if (parts === undefined) return undefined;
  const privateKey = createPrivateKey({ key: Buffer.concat([privateDer, parts.key]), format: 'der', type: 'pkcs8' });
  const verifier = verifierOf(parts.name, createPublicKey(privateKey));
  if (verifier.id !== parts.id) return undefined;
  return { verifier, sign: (note) => `${note}\n${signatureLine(verifier, sign(null, Buffer.from(note), privateKey))}` };
}

/** Reads a verifier key in text form; undefined for anything else. */
export function parseVerifierKey(text: string): VerifierKey | undefined {
  const parts = keyParts(text);
  if (parts === undefined) return undefined;
  const publicKey = createPublicKey({ key: Buffer.concat([publicDer, parts.key]), format: 'der', type: 'spki' });
  const verifier = verifierOf(parts.name, publicKey);
  return verifier.id === parts.id ? verifier : undefined;
}

/**
 * Opens a note: signatures of unknown keys are ignored, one of a known key that fails condemns the note, and one must hold.
 */
export function openNote(note: string, keys: readonly VerifierKey[]): OpenedNote {
  const split = note.lastIndexOf('\n\n');
  // oxlint-disable-next-line no-control-regex
  if (split < 1 || !note.endsWith('\n') || /[\u0000-\u0009\u000b-\u001f]/.test(note))
    return { problem: 'not a signed note: a text, an empty line and signature lines' };
  const text = note.slice(0, split + 1);
  const lines = note.slice(split + 2, -1).split('\n');
  if (lines.length > mostSignatures) return { problem: `more than ${mostSignatures} signature lines` };
  let signer: VerifierKey | undefined;
  for (const line of lines) {
    const [, name = '', encoded = ''] = /^\u2014 (\S+) (\S+)$/.exec(line) ?? [];
    const bytes = fromBase64(encoded);
    if (bytes === undefined || bytes.length < 5 || !isKeyName(name))
      return { problem: 'a signature line is not "\u2014 name base64"' };
    const id = bytes.subarray(0, 4).toString('hex');
    const key = keys.find((one) => one.name === name && one.id === id);
    if (key === undefined) continue;
    if (!verify(null, Buffer.from(text), key.publicKey, bytes.subarray(4)))
      return { problem: `the signature of ${name}+${id} does not fit the text` };
    signer ??= key;
  }
  if (signer === undefined) return { problem: `no signature of a key that was named (${namesOf(keys)})` };
  return { text, key: signer };
}

/** Bytes of standard base64 (RFC 4648 section 4) in its one form; undefined for any other text. */
export function fromBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}

function verifierOf(name: string, publicKey: KeyObject): VerifierKey {
  const bytes = publicKey.export({ type: 'spki', format: 'der' }).subarray(publicDer.length);
  const start = Buffer.from(`${name}\n`);
  const hash = createHash('sha256').update(start).update(Buffer.of(ed25519)).update(bytes);
  const id = hash.digest('hex').slice(0, 8);
  return { name, id, publicKey, text: `${name}+${id}+${keyData(bytes)}` };
}

function keyParts(text: string): { name: string; id: string; key: Buffer } | undefined {
  const [, name = '', id = '', encoded = ''] = /^([^+]+)\+([0-9a-f]{8})\+(\S+)$/.exec(text) ?? [];
  const data = fromBase64(encoded);
  if (!isKeyName(name) || data?.length !== 33 || data[0] !== ed25519) return undefined;
  return { name, id, key: data.subarray(1) };
}

function signatureLine({ name, id }: VerifierKey, signature: Buffer): string {
  return `\u2014 ${name} ${Buffer.concat([Buffer.from(id, 'hex'), signature]).toString('base64')}\n`;
}

const keyData = (key: Uint8Array): string => Buffer.concat([Buffer.of(ed25519), key]).toString('base64');
const namesOf = (keys: readonly VerifierKey[]): string => keys.map(({ name, id }) => `${name}+${id}`).join(', ');
