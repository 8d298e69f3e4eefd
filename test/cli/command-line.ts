import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Readable, Writable } from 'node:stream';

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** `portledger` as a user has it: every call a process of its own, in a directory of its own. */
export class CommandLine {
  private engine: ChildProcess | undefined;

  constructor(
    readonly directory: string,
    private readonly program = resolve('dist/src/cli.js'),
  ) {
    writeFileSync(join(directory, 'portledger.json'), JSON.stringify({ listen: { port: 0 } }));
  }

  /** Starts a call and leaves it running; at most a minute. */
  start(...words: string[]): ChildProcessByStdio<Writable, Readable, Readable> {
    const bounds = { timeout: 60_000, killSignal: 'SIGKILL' } as const;
    return spawn(process.execPath, [this.program, ...words], { cwd: this.directory, stdio: 'pipe', ...bounds });
  }

  /** Runs a call to its end; what it says on standard output comes as bytes in `out`. */
  run(...words: string[]): Promise<Ended> {
    return this.runWith('', ...words);
  }

  async runWith(stdin: string | Uint8Array, ...words: string[]): Promise<Ended> {
    const child = this.start(...words);
    // A call that is refused at once reads nothing.
    child.stdin.on('error', () => {});
    child.stdin.end(stdin);
    return ended(child);
  }

  /** Starts an engine on `./data` and resolves with the URL it prints. */
  async serve(port = '0'): Promise<string> {
    const child = spawn(process.execPath, [this.program, 'serve', '--port', port], {
      cwd: this.directory,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    this.engine = child;
    let out = '';
    for await (const piece of child.stdout) {
      out += String(piece);
      const url = /listens on (\S+)/.exec(out)?.[1];
      if (url !== undefined) return url;
    }
    throw new Error(`the engine ended: ${out}`);
  }

  /** Stops the engine, where one runs. */
  async stop(): Promise<void> {
    const child = this.engine;
    this.engine = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  }

  /** Makes a token with these scopes; the words that let a call use it. */
  async token(...scopes: string[]): Promise<string[]> {
    const { out } = await this.run(
      'token',
      'new',
      '--source',
      'urn:test',
      ...scopes.flatMap((one) => ['--scope', one]),
    );
    const file = `${scopes.join('-')}.token`;
    writeFileSync(join(this.directory, file), out);
    return ['--token-file', file];
  }
}

/** How a started call ends. */
export async function ended(child: ChildProcessByStdio<Writable, Readable, Readable>): Promise<Ended> {
  const out: Buffer[] = [];
  let err = '';
  child.stdout.on('data', (piece: Buffer) => out.push(piece));
  child.stderr.on('data', (piece: Buffer) => (err += piece.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out: Buffer.concat(out).toString(), err };
}
