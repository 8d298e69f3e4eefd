import type { ColumnName } from './names-of.js';

/** Of a MAC: what its maker counts, and the last four digits, which people read aloud. */
const macWords: readonly number[] = [6, 8];
const nowhere: readonly number[] = [];

/**
 * Where a word begins inside a name: after a mark, where letters and digits meet, and behind leading zeros. So `srv-00042` is
 * found by `00042` and by `42`.
 */
export function wordsIn(column: ColumnName, key: string): readonly number[] {
  if (column === 'mac') return macWords;
  if (column === 'ipv4' || column === 'ipv6' || column === 'prefix' || column === 'eui64') return nowhere;
  const words: number[] = [];
  for (let index = 1; index < key.length; index++) {
    const [before, here] = [sortOf(key.charCodeAt(index - 1)), sortOf(key.charCodeAt(index))];
    if (here !== mark && (before !== here || isBehindZeros(key, index))) words.push(index);
  }
  return words;
}

/** How a key fits a text in lower case that it begins with, or that a word of it begins with. */
export function beginsHere(column: ColumnName, key: string, text: string): 'beginning' | 'within' | undefined {
  if (key.startsWith(text)) return 'beginning';
  if (column === 'mac' && text.length < 4) return undefined;
  for (let at = key.indexOf(text, 1); at > 0; at = key.indexOf(text, at + 1))
    if (wordsIn(column, key).includes(at)) return 'within';
  return undefined;
}

const [mark, digit, letter] = [0, 1, 2];

function sortOf(code: number): number {
  if (code >= 0x30 && code <= 0x39) return digit;
  return (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a ? letter : mark;
}

/** True for the first digit that is no zero of a number that begins with zeros. */
function isBehindZeros(key: string, index: number): boolean {
  let start = index;
  while (start > 0 && key.charCodeAt(start - 1) === 0x30) start--;
  const isFirst = start === 0 || sortOf(key.charCodeAt(start - 1)) !== digit;
  return start < index && isFirst && key.charCodeAt(index) !== 0x30;
}
