import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const cli = resolve('dist/src/cli.js');
const curl = resolve('dist/test/docs/curl-stand-in.js');

/** A directory with a running engine where the examples of a page are typed, one after another. */
export class Shell {
  private constructor(
    readonly directory: string,
    private readonly engine: ChildProcess,
    private readonly url: string,
  ) {}

  static async open(): Promise<Shell> {
    const directory = mkdtempSync(join(tmpdir(), 'portledger-readme-'));
    const engine = spawn(process.execPath, [cli, 'serve', '--port', '0'], {
      cwd: directory,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let out = '';
    for await (const data of engine.stdout) {
      out += String(data);
      const url = /listens on (\S+)/.exec(out)?.[1];
      if (url !== undefined) return new Shell(directory, engine, url);
    }
    throw new Error(`the engine ended: ${out}`);
  }

  /** Runs a script as typed; gives what it printed. Throws with what it complained about when it fails. */
  async run(script: string): Promise<string> {
    const commands = `portledger() { "${process.execPath}" "${cli}" "$@"; }\ncurl() { "${process.execPath}" "${curl}" "$@"; }\n`;
    const child = spawn('bash', ['-e', '-c', `${commands}${script}`], {
      cwd: this.directory,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, PORTLEDGER_URL: this.url, PORTLEDGER_TOKEN_FILE: 'data/reader.token', NO_COLOR: '1' },
    });
    let out = '';
    let err = '';
    child.stdout.on('data', (data: Buffer) => (out += data.toString()));
    child.stderr.on('data', (data: Buffer) => (err += data.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) throw new Error(`this ended with ${code}:\n${script}\n${out}${err}`);
    return out;
  }

  async close(): Promise<void> {
    if (this.engine.exitCode === null) {
      this.engine.kill('SIGTERM');
      await once(this.engine, 'exit');
    }
    rmSync(this.directory, { recursive: true, force: true });
  }
}
