import { createHash } from 'node:crypto';
import type { ZipEntry } from './canonical-zip.js';

/** The last entry: names every other one with its digest, and is signed as a whole. */
export const manifestName = 'MANIFEST.txt';
/** The first line of its text. A key's name has no blanks, so that no signed checkpoint begins with it, and no manifest is one. */
export const manifestTitle = 'portledger dossier v1';

/** The text to be signed; after two lines as `sha256sum` writes them, so that it can check the entries too. */
export function manifestText(logId: string, entries: readonly ZipEntry[]): string {
  return [manifestTitle, `log-id ${logId}`, ...entries.map(lineOf), ''].join('\n');
}

/** The first entry that is not as the manifest's text says, or what else is wrong with it; undefined where all agree. */
export function manifestProblem(text: string, logId: string, entries: readonly ZipEntry[]): string | undefined {
  if (text === manifestText(logId, entries)) return undefined;
  const [title, log, ...lines] = text.split('\n');
  if (title !== manifestTitle) return `${manifestName}: not the manifest of a dossier`;
  if (log !== `log-id ${logId}`) return `${manifestName}: of another log`;
  const strange = entries.find((entry, index) => lines[index] !== lineOf(entry));
  return strange === undefined
    ? `${manifestName}: names more entries than there are`
    : `${strange.name}: not what the manifest says of it`;
}

const lineOf = ({ name, content }: ZipEntry): string =>
  `${createHash('sha256').update(content).digest('hex')}  ${name}`;
