import { readFileSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { parseIpv6Prefix } from '../../../events/index.js';
import { type RadvProtocol, readRadv } from './bird-radv.js';

/** One static protocol of a BIRD configuration, as far as we must know it. */
export interface StaticProtocol {
  readonly name: string;
  readonly checkLink: boolean;
  /** Absolute paths of the files included inside its block. */
  readonly includes: readonly string[];
  /** Destinations of the routes that its block has outside our files: somebody else's. */
  readonly foreign: ReadonlySet<string>;
}

export interface BirdConfiguration {
  readonly statics: ReadonlyMap<string, StaticProtocol>;
  readonly advertisers: readonly RadvProtocol[];
  /** Latest modification of any file read, ms since 1970. */
  readonly modified: number;
}

/** A word, a quoted text, or the place where a file of ours is included. */
export type Token = { readonly word: string } | { readonly text: string } | { readonly include: string };

interface FileWords {
  readonly version: string;
  readonly modified: number;
  readonly words: readonly { readonly whole: string; readonly quoted: string | undefined }[];
}

/** Files read before, by path. */
export type KnownFiles = Map<string, FileWords>;

interface Reading {
  readonly known: KnownFiles;
  readonly opaque: ReadonlySet<string>;
  modified: number;
  files: number;
}

const mostFiles = 200;
const tokenShape = /#[^\n]*|\/\*[\s\S]*?\*\/|"([^"\n]*)"|'[^'\n]*'|[{};]|[^\s{};"'#]+/g;

/**
 * Reads `protocol static` blocks out of a BIRD configuration, following its includes but not into `ownFiles`.
 * BIRD shows the option `check link` nowhere, so its configuration file is the only witness.
 * `known` keeps files between calls: one that was not touched is not read again.
 */
export async function readBirdConfiguration(
  path: string,
  ownFiles: readonly string[],
  known: KnownFiles = new Map(),
): Promise<BirdConfiguration> {
  const reading: Reading = { known, opaque: new Set(ownFiles.map((file) => resolve(file))), modified: 0, files: 0 };
  const tokens = await tokensOf(resolve(path), reading);
  return { statics: staticsOf(tokens), advertisers: advertisersOf(tokens), modified: reading.modified };
}

async function tokensOf(path: string, reading: Reading): Promise<Token[]> {
  if (++reading.files > mostFiles)
    throw new Error(`more than ${mostFiles} files are included; is there a circle at ${path}?`);
  const { modified, words } = wordsOf(path, reading.known);
  reading.modified = Math.max(reading.modified, modified);
  const tokens: Token[] = [];
  let including = false;
  for (const { whole, quoted } of words) {
    if (including && quoted !== undefined) {
      for (const file of await filesNamed(resolve(dirname(path), quoted))) {
        if (reading.opaque.has(file)) tokens.push({ include: file });
        else tokens.push(...(await tokensOf(file, reading)));
      }
    } else if (!(including && whole === ';')) {
      if (whole !== 'include') tokens.push(quoted === undefined ? { word: whole } : { text: quoted });
    }
    including = whole === 'include' || (including && quoted !== undefined);
  }
  return tokens;
}

/** The words of one file; those read before when the file has not been touched since. */
function wordsOf(path: string, known: KnownFiles): FileWords {
  const { mtimeMs, ctimeMs, size, ino } = statSync(path);
  const version = `${mtimeMs} ${ctimeMs} ${size} ${ino}`;
  const before = known.get(path);
  if (before?.version === version) return before;
  const words = [...readFileSync(path, 'utf8').matchAll(tokenShape)]
    .map(([whole, quoted]) => ({ whole, quoted }))
    .filter(({ whole }) => !whole.startsWith('#') && !whole.startsWith('/*'));
  const read = { version, modified: mtimeMs, words };
  known.set(path, read);
  return read;
}

/** The file itself, or the sorted matches of a pattern in its last part, as BIRD's glob takes them. */
async function filesNamed(path: string): Promise<string[]> {
  const folder = dirname(path);
  const last = path.slice(folder.length + 1);
  if (!/[*?]/.test(last)) return [path];
  const source = last
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]');
  const pattern = new RegExp(`^${source}$`);
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => pattern.test(name) && !name.startsWith('.'))
    .sort()
    .map((name) => join(folder, name));
}

function staticsOf(tokens: readonly Token[]): Map<string, StaticProtocol> {
  const templates = new Map<string, StaticProtocol>();
  const statics = new Map<string, StaticProtocol>();
  for (let start = 0; start < tokens.length; start++) {
    const kind = wordAt(tokens, start);
    if ((kind !== 'protocol' && kind !== 'template') || wordAt(tokens, start + 1) !== 'static') continue;
    const open = tokens.findIndex((token, index) => index > start && 'word' in token && token.word === '{');
    if (open < 0) continue;
    const head = tokens.slice(start + 2, open).map((token) => ('word' in token ? token.word : ''));
    const from = head.indexOf('from');
    const parent = from < 0 ? undefined : templates.get(head[from + 1] ?? '');
    const name = (from === 0 ? undefined : head[0]) ?? `static${statics.size + 1}`;
    (kind === 'template' ? templates : statics).set(name, blockOf(name, parent, tokens, open));
  }
  return statics;
}

function advertisersOf(tokens: readonly Token[]): RadvProtocol[] {
  return tokens.flatMap((_, start) => {
    if (wordAt(tokens, start) !== 'protocol' || wordAt(tokens, start + 1) !== 'radv') return [];
    const open = tokens.findIndex((token, index) => index > start && 'word' in token && token.word === '{');
    const name = wordAt(tokens, start + 2);
    return open < 0 ? [] : [readRadv(name === '{' || name === undefined ? 'radv1' : name, tokens, open)];
  });
}

/** Reads the block that opens at `open`; the last `check link` in it wins over earlier ones and the template's. */
function blockOf(
  name: string,
  parent: StaticProtocol | undefined,
  tokens: readonly Token[],
  open: number,
): StaticProtocol {
  let checkLink = parent?.checkLink ?? false;
  const includes = [...(parent?.includes ?? [])];
  const foreign = new Set(parent?.foreign);
  let depth = 1;
  for (let at = open + 1; at < tokens.length && depth > 0; at++) {
    const token = tokens[at];
    if (token !== undefined && 'include' in token) includes.push(token.include);
    const word = wordAt(tokens, at);
    if (word === '{') depth++;
    if (word === '}') depth--;
    if (depth === 1 && word === 'route') foreign.add(canonical(wordAt(tokens, at + 1) ?? ''));
    if (depth === 1 && word === 'check' && wordAt(tokens, at + 1) === 'link') {
      checkLink = [';', '}', 'yes', 'on', 'true'].includes(wordAt(tokens, at + 2) ?? '');
    }
  }
  return { name, checkLink, includes, foreign };
}

/** As BIRD shows it. */
function canonical(destination: string): string {
  return parseIpv6Prefix(destination) ?? destination;
}

function wordAt(tokens: readonly Token[], index: number): string | undefined {
  const token = tokens[index];
  return token !== undefined && 'word' in token ? token.word : undefined;
}
