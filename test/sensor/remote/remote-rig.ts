// An engine with a remote sensor in its configuration, on a port that stays the same over restarts, and that sensor's token.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createWriteStream, writeFileSync, type WriteStream } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { formatToken, newToken, secretHash } from '../../../src/auth/token.js';
import { readTokens, writeTokens } from '../../../src/auth/tokens-file.js';
import { ListenConfig, SensorConfig } from '../../../src/config/app-config.js';
import { RunningEngine } from '../../e2e/running-engine.js';
import { tell } from '../judge/sensor-rig.js';
import { type TimedFrame, timedPcap } from '../replay/timed-pcap.js';

export const remoteSensor = (name: string, number: 11 | 16 | 66): SensorConfig =>
  Object.assign(new SensorConfig(), {
    name,
    switch: 'leaf1',
    interface: `vlan${number}`,
    port: `leaf1:Ethernet${number}`,
    vlan: number,
    remote: true,
  });

export class RemoteRig {
  private readonly children: ChildProcess[] = [];

  private constructor(readonly engine: RunningEngine) {}

  static async start(): Promise<RemoteRig> {
    const listen = Object.assign(new ListenConfig(), { port: await freePort() });
    const sensors = [remoteSensor('tap-66', 66), remoteSensor('tap-16', 16)];
    const engine = await RunningEngine.start(undefined, { settings: { sensors, listen, inFlightWindowMs: 300 } });
    await tell(engine.parts.store);
    return new RemoteRig(engine);
  }

  path(name: string): string {
    return join(this.engine.directory, name);
  }

  /** A token that speaks for this sensor, in a file. */
  tokenOf(sensor: string): { readonly text: string; readonly file: string } {
    const { id, secret } = newToken();
    const sha256 = secretHash(secret).toString('hex');
    const record = { id, name: sensor, sha256, scopes: ['sensor'] as const, sensor, createdAt: '2026-01-01T00:00:00Z' };
    writeTokens(this.engine.tokensFile, [...readTokens(this.engine.tokensFile), record]);
    const text = formatToken({ id, secret });
    const file = this.path(`${sensor}.token`);
    writeFileSync(file, text);
    return { text, file };
  }

  capture(name: string, frames: readonly TimedFrame[]): string {
    writeFileSync(this.path(name), timedPcap(frames));
    return this.path(name);
  }

  /** `portledger sensor watch` as a process of its own. */
  watch(...words: string[]): Watcher {
    const { file } = this.tokenOf('tap-66');
    const program = resolve('dist/src/cli.js');
    const asked = ['sensor', 'watch', '--engine', this.engine.url, '--token-file', file, ...words];
    const child = spawn(process.execPath, [program, ...asked], { stdio: ['ignore', 'pipe', 'pipe'], timeout: 60_000 });
    this.children.push(child);
    return new Watcher(child);
  }

  /** Every stored event of a type, as its data. */
  async dataOf(type: string): Promise<Record<string, unknown>[]> {
    const { events } = await this.engine.parts.store.readAll({ limit: 10_000 });
    return events.filter((event) => event.type === type).map((event) => event.data as Record<string, unknown>);
  }

  async stop(): Promise<void> {
    for (const child of this.children) child.kill('SIGKILL');
    await this.engine.stop();
  }
}

export class Watcher {
  out = '';
  err = '';
  readonly ended: Promise<number | null>;

  constructor(private readonly child: ChildProcess) {
    child.stdout?.on('data', (piece: Buffer) => (this.out += piece.toString()));
    child.stderr?.on('data', (piece: Buffer) => (this.err += piece.toString()));
    this.ended = new Promise((done) => child.once('close', (code) => done(code)));
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }
}

/** A capture that grows: whoever reads it waits for the next frame. */
export class GrowingCapture {
  private pipe: WriteStream | undefined;

  constructor(readonly path: string) {
    execFileSync('mkfifo', [path]);
  }

  /** Resolves when the bytes are in the pipe. */
  async add(frames: readonly TimedFrame[]): Promise<void> {
    const bytes = timedPcap(frames);
    const isFirst = this.pipe === undefined;
    this.pipe ??= createWriteStream(this.path);
    const { pipe } = this;
    pipe.on('error', () => undefined);
    await new Promise((done) => pipe.write(isFirst ? bytes : bytes.subarray(24), done));
  }

  end(): void {
    this.pipe?.end();
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === 'string') throw new Error('the system gave no port');
  return address.port;
}
