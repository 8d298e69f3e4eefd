import { readFileSync, statSync } from 'node:fs';
import type { SnmpUser } from '../transports/trap-listener.js';

const auths = ['sha', 'sha256', 'sha512'] as const;
/** RFC 3414 section 11.2. */
const shortestKey = 8;

/** The community of SNMPv2c: the first line of the file. Throws an error that names the file and not what is in it. */
export function readCommunity(file: string): string {
  const community = read(file).split('\n', 1)[0]?.trim() ?? '';
  if (community === '') throw new Error(`${file} is empty: put the community on its first line`);
  return community;
}

/** The users of SNMPv3. Throws an error that names the file, the place and the cure, and not what stands there. */
export function readSnmpUsers(file: string): SnmpUser[] {
  const list = parsed(file);
  if (!Array.isArray(list)) throw new Error(`${file} is not a JSON list of users`);
  return list.map((one: unknown, index) => {
    const { name, auth, authKey, priv, privKey } = (one ?? {}) as Record<string, unknown>;
    const wrong = (key: string, expected: string): Error =>
      new Error(`${file}: /${index}/${key}: expected ${expected}`);
    if (typeof name !== 'string' || !/^[!-~]{1,32}$/.test(name)) throw wrong('name', '1 to 32 printable characters');
    const known = auths.find((each) => each === auth);
    if (known === undefined) throw wrong('auth', `one of ${auths.join(', ')}`);
    if (priv !== 'aes') throw wrong('priv', 'aes');
    if (typeof authKey !== 'string' || authKey.length < shortestKey) throw wrong('authKey', '8 characters or more');
    if (typeof privKey !== 'string' || privKey.length < shortestKey) throw wrong('privKey', '8 characters or more');
    return { name, auth: known, authKey, priv, privKey };
  });
}

function parsed(file: string): unknown {
  const text = read(file);
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${file} is not JSON`); // the parser's own words may quote a key
  }
}

/** The text of a file that its owner alone may read. */
function read(file: string): string {
  let mode: number;
  let text: string;
  try {
    mode = statSync(file).mode;
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`, { cause: error });
  }
  if ((mode & 0o077) !== 0) throw new Error(`${file} may be read by others; run "chmod 600 ${file}"`);
  return text;
}
