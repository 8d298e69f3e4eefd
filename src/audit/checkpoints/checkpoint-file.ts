/** A signed note as it stands in a file of checkpoints. */
export interface KeptNote {
  readonly note: string;
  /** Line of the file on which it begins, from 1. */
  readonly line: number;
}

const signatureStart = '\u2014 ';

/**
 * The notes of a text that holds one after another, as the checkpointer appends them, with or without empty lines between.
 * A line of JSON with a member `note`, such as the message of a line of syslog from its first brace on, stands for that note.
 * What is no note comes out as it is, for its reader to refuse.
 */
export function notesIn(text: string): KeptNote[] {
  const notes: KeptNote[] = [];
  let current: { lines: string[]; line: number; isSigned: boolean } | undefined;
  const finish = (): void => {
    if (current !== undefined) notes.push({ note: `${current.lines.join('\n')}\n`, line: current.line });
    current = undefined;
  };
  text.split(/\r?\n/).forEach((content, index) => {
    const isSignature = content.startsWith(signatureStart);
    const logged = noteInJson(content);
    if (current?.isSigned === true && !isSignature) finish();
    if (logged !== undefined) {
      finish();
      notes.push({ note: logged, line: index + 1 });
    } else if (current !== undefined) {
      current.lines.push(content);
      current.isSigned ||= isSignature;
    } else if (content !== '') current = { lines: [content], line: index + 1, isSigned: isSignature };
  });
  finish();
  return notes;
}

function noteInJson(line: string): string | undefined {
  const start = line.indexOf('{"portledger":"checkpoint"');
  if (start < 0) return undefined;
  try {
    const { note } = JSON.parse(line.slice(start)) as { readonly note?: unknown };
    return typeof note === 'string' ? note : undefined;
  } catch {
    return undefined;
  }
}
