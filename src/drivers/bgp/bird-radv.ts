import type { Token } from './bird-config.js';

/** A `protocol radv` of a BIRD configuration: the interfaces it speaks on, in the order of the file. */
export interface RadvProtocol {
  readonly name: string;
  readonly interfaces: readonly { readonly patterns: readonly string[]; readonly rules: readonly PrefixRule[] }[];
  /** Rules for every interface; those of the interface itself come before them. */
  readonly rules: readonly PrefixRule[];
}

/** `prefix P { onlink no; }` or `{ skip; }`: how the prefixes inside P that an interface has are advertised. */
interface PrefixRule {
  readonly prefix: string;
  readonly isOffLink: boolean;
}

const wordOf = (token: Token | undefined): string | undefined =>
  token !== undefined && 'word' in token ? token.word : undefined;

/** Reads the block that opens at `open`. */
export function readRadv(name: string, tokens: readonly Token[], open: number): RadvProtocol {
  const interfaces: { patterns: string[]; rules: PrefixRule[] }[] = [];
  const everywhere: PrefixRule[] = [];
  let rules = everywhere;
  let depth = 1;
  for (let at = open + 1; at < tokens.length && depth > 0; at++) {
    const word = wordOf(tokens[at]);
    if (word === '{') depth++;
    if (word === '}') depth--;
    if (depth === 1 && word === 'interface') {
      const end = tokens.findIndex((token, index) => index > at && ['{', ';', '}'].includes(wordOf(token) ?? ''));
      const named = tokens.slice(at + 1, end < 0 ? undefined : end);
      const patterns = named.flatMap((token, index) =>
        'text' in token ? [`${wordOf(named[index - 1])?.endsWith('-') === true ? '-' : ''}${token.text}`] : [],
      );
      rules = [];
      interfaces.push({ patterns, rules });
      if (wordOf(tokens[end]) !== '{') rules = everywhere;
    } else if (word === '}' && depth === 1) rules = everywhere;
    else if (word === 'prefix' && wordOf(tokens[at + 2]) === '{') {
      const end = tokens.findIndex((token, index) => index > at && wordOf(token) === '}');
      const body = tokens.slice(at + 3, end < 0 ? undefined : end).map((token) => wordOf(token) ?? '');
      rules.push({ prefix: wordOf(tokens[at + 1]) ?? '', isOffLink: isOffLink(body) });
      at = end < 0 ? tokens.length : end;
    }
  }
  return { name, interfaces, rules: everywhere };
}

const no = new Set(['no', 'off', 'false']);

function isOffLink(body: readonly string[]): boolean {
  const skip = body.indexOf('skip');
  const onlink = body.indexOf('onlink');
  return (skip >= 0 && !no.has(body[skip + 1] ?? '')) || (onlink >= 0 && no.has(body[onlink + 1] ?? ''));
}

/** Whether the protocol would announce some prefix of the interface with the on-link flag; the first matching rule decides. */
export function wouldAnnounceOnLink(radv: RadvProtocol, interfaceName: string): boolean {
  const speaking = radv.interfaces.find(({ patterns }) => isNamed(patterns, interfaceName));
  if (speaking === undefined) return false;
  for (const { prefix, isOffLink: off } of [...speaking.rules, ...radv.rules]) {
    if (!off) return true;
    if (prefix === '::/0') return false;
  }
  return true;
}

function isNamed(patterns: readonly string[], name: string): boolean {
  const matching = patterns.find((pattern) => {
    const escaped = pattern.replace(/^-/, '').replace(/[.+^${}()|[\]\\]/g, '\\$&');
    return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(name);
  });
  return matching !== undefined && !matching.startsWith('-');
}
