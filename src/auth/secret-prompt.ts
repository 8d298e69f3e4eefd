import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

export interface Terminal {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
}

/**
 * Asks for a secret on a terminal; what is typed is not shown. Undefined at the end of input or Ctrl-C.
 * @param label written before the cursor
 */
export function askSecret(label: string, { input, output }: Terminal): Promise<string | undefined> {
  // Readline turns the terminal's own echo off, and writes what is typed into this.
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output: silent, terminal: true });
  output.write(label);
  return new Promise((resolve) => {
    let answer: string | undefined;
    lines.once('line', (line) => {
      answer = line;
      lines.close();
    });
    lines.once('SIGINT', () => lines.close());
    lines.once('close', () => {
      output.write('\n');
      resolve(answer);
    });
  });
}
