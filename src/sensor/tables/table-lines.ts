import type { ParsedTable, TableEntry, TableFormat, TableKind, UnparsedLine } from './table-entry.js';

/** A line longer than this is no row of any table. */
export const longestLine = 2_048;
/** Of a line that is not understood so much is kept. */
const keptCharacters = 200;
/** So many lines are looked at to tell of what format a text is. */
const detectLines = 400;

/** Where the reading of a table is, and what the lines before said. One for each text. */
export interface Reading {
  /** The number of the line being read, from 1. */
  line: number;
  /** Said by a heading, for the rows below it. */
  vrf?: string | undefined;
  /** The section or unit that a heading began. */
  section?: string | undefined;
  /** The rows that the last row line gave, which the next line may go on. */
  last: readonly TableEntry[];
  /** The address of a row whose other columns stand on the next line. */
  waiting?: string | undefined;
}

/** Reads a trimmed line: the entries it gives, none for a heading; undefined when it is not of its kind. */
export type LineReader = (line: string, reading: Reading) => readonly TableEntry[] | undefined;

/** Headers and footers, word for word or by pattern. */
export function known(...patterns: readonly RegExp[]): LineReader {
  return (line) => (patterns.some((pattern) => pattern.test(line)) ? [] : undefined);
}

/** A heading that says something for the rows below it. */
export function heading(pattern: RegExp, says: (match: RegExpExecArray, reading: Reading) => void): LineReader {
  return (line, reading) => {
    const match = pattern.exec(line);
    if (match === null) return undefined;
    says(match, reading);
    reading.last = [];
    return [];
  };
}

/** A row; `read` may still refuse what the pattern let through. Patterns are anchored, and no part of one can match in two ways. */
export function row(
  pattern: RegExp,
  read: (match: RegExpExecArray, reading: Reading) => TableEntry | readonly TableEntry[] | undefined,
): LineReader {
  return (line, reading) => {
    const match = pattern.exec(line);
    const found = match === null ? undefined : read(match, reading);
    if (found === undefined) return undefined;
    reading.last = Array.isArray(found) ? (found as readonly TableEntry[]) : [found as TableEntry];
    return reading.last;
  };
}

/** What stands around any table: prompts, the command that was typed, the greeting of IOS, separators. */
const around = known(
  /^[-=+|_ ]{1,200}$/,
  /^(?:[A-Za-z][\w.:/@()-]{0,127}[#>$] ?)?(?:sh|show)\s[\x20-\x7e]{1,200}$/,
  /^[A-Za-z][\w.:/@()-]{0,127}[#>$]$/,
  /^\{[a-z]{1,20}(?::[a-z0-9]{1,20})?\}$/,
  /^Load for five secs: /,
  /^Time source is /,
);

/** Reads a text line by line: every line is a row, a known heading, or listed as unparsed. */
export function parseLines(text: string, readers: readonly LineReader[], lines = text.split('\n')): ParsedTable {
  const entries: TableEntry[] = [];
  const unparsed: UnparsedLine[] = [];
  const reading: Reading = { line: 0, last: [] };
  for (const raw of lines) {
    reading.line++;
    if (raw.length > longestLine) {
      unparsed.push({ line: reading.line, text: raw.slice(0, keptCharacters) });
      continue;
    }
    const line = raw.trim();
    if (line === '') continue;
    const found = firstOf(readers, line, reading) ?? around(line, reading);
    if (found === undefined) unparsed.push({ line: reading.line, text: line.slice(0, keptCharacters) });
    else for (const entry of found) entries.push(entry);
  }
  return { entries, unparsed };
}

function firstOf(readers: readonly LineReader[], line: string, reading: Reading): readonly TableEntry[] | undefined {
  for (const read of readers) {
    const found = read(line, reading);
    if (found !== undefined) return found;
  }
  return undefined;
}

export interface LineFormat {
  readonly name: string;
  readonly vendor: string;
  readonly tables: readonly TableKind[];
  readonly command: string;
  /** A line that only this format has; some formats have none. */
  readonly sign?: RegExp;
  readonly readers: readonly LineReader[];
}

/** A format made of readers of lines. It is sure of a text that has its sign and of which it understands every line. */
export function lineFormat({ sign, readers, ...facts }: LineFormat): TableFormat {
  return {
    ...facts,
    parse: (text) => parseLines(text, readers),
    detect(text) {
      const lines = text.split('\n', detectLines).map((line) => line.slice(0, longestLine + 1));
      const { entries, unparsed } = parseLines('', readers, lines);
      const filled = lines.filter((line) => line.trim() !== '').length;
      if (filled === 0) return 0;
      const understood = (filled - unparsed.length) / filled;
      const isSigned = sign !== undefined && lines.some((line) => line.length <= longestLine && sign.test(line.trim()));
      if (isSigned) return 0.4 + 0.6 * understood;
      return entries.length === 0 ? 0 : (sign === undefined ? 0.9 : 0.3) * understood;
    },
  };
}
