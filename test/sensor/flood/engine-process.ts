import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatToken, newToken, secretHash } from '../../../src/auth/token.js';
import { writeTokens } from '../../../src/auth/tokens-file.js';
import type { CoverageAnswer, SensorView } from '../../../src/sensor/coverage/port-coverage.js';
import type { ViolationView } from '../../../src/feed/violation-view.js';
import { hardlyLimited } from '../../e2e/running-engine.js';
import { until } from '../../lab/lab.js';
import type { SensorWires } from '../../lab/sensor-wires.js';
import { gateway, sold, type Told } from '../../projections/rules/rack.js';

const cli = fileURLToPath(new URL('../../../src/cli.js', import.meta.url));
const source = 'urn:billing:flood';
/** How long a busy machine may need until an engine with its captures works, ms. */
const startMs = 90_000;

/** An engine as customers run it, in a process of its own, with a sensor on each port: its memory is its own. */
export class EngineProcess {
  private said = '';
  private published = 0;

  private constructor(
    private readonly directory: string,
    private readonly child: ChildProcess,
    private readonly token: string,
  ) {
    child.stdout?.on('data', (piece: Buffer) => this.hear(piece));
    child.stderr?.on('data', (piece: Buffer) => this.hear(piece));
  }

  static async start(wires: SensorWires, ports: readonly (11 | 16 | 66)[]): Promise<EngineProcess> {
    const directory = mkdtempSync(join(tmpdir(), `pllab-${process.pid}-flood-`));
    const token = newToken();
    const file = (name: string): string => join(directory, name);
    writeTokens(file('tokens.json'), [
      {
        id: token.id,
        name: 'flood',
        sha256: secretHash(token.secret).toString('hex'),
        scopes: ['publisher', 'operator', 'security-analyst', 'auditor'],
        source,
        createdAt: '2026-01-01T00:00:00.000Z',
      },
    ]);
    const configuration = {
      dataDir: './data',
      listen: { host: '127.0.0.1', port: 0 },
      limits: hardlyLimited,
      tokensFile: './tokens.json',
      gateways: [{ switch: 'leaf1', site: 'default', devices: [] }],
      sensors: ports.map((port) => ({
        name: `leaf1-e${port}`,
        switch: 'leaf1',
        interface: `vlan${port}`,
        netns: wires.sw,
        port: `leaf1:Ethernet${port}`,
        vlan: port,
      })),
    };
    writeFileSync(file('portledger.json'), JSON.stringify(configuration));
    const serve = [process.execPath, cli, 'serve', '--config', file('portledger.json'), '--log-format', 'json'];
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', ...serve], { stdio: ['ignore', 'pipe', 'pipe'] });
    const engine = new EngineProcess(directory, child, formatToken(token));
    try {
      await until('the engine listens', () => engine.isListening(), startMs);
      for (const fact of [gateway, ...ports.flatMap((port) => sold(port))]) await engine.publish(fact);
      await until(
        'the sensors hear',
        async () => (await engine.sensors()).filter(({ state }) => state === 'hearing').length === ports.length,
        startMs,
      );
    } catch (error) {
      await engine.close();
      throw error;
    }
    return engine;
  }

  /** Publishes one fact; gives how long the answer took, ms. */
  async publish([type, data]: Told): Promise<number> {
    const id = `fact-${++this.published}`;
    const subject = String(data['serverId'] ?? data['switch']);
    const body = JSON.stringify({
      specversion: '1.0',
      type,
      source,
      id,
      subject,
      time: new Date().toISOString(),
      data,
    });
    const headers = { 'content-type': 'application/cloudevents+json', authorization: `Bearer ${this.token}` };
    const start = performance.now();
    const answer = await fetch(`${this.url}/v1/events`, { method: 'POST', headers, body });
    const text = await answer.text();
    if (answer.status !== 201) throw new Error(`the engine answered ${answer.status} to ${type}: ${text}`);
    return performance.now() - start;
  }

  /** Events in the log that nobody published: what the engine said itself. */
  async ownEvents(): Promise<number> {
    return (await this.get<{ size: number }>('/v1/log/head')).size - this.published;
  }

  async violations(): Promise<readonly ViolationView[]> {
    return (await this.get<{ violations: ViolationView[] }>('/v1/violations?limit=500')).violations;
  }

  async sensors(): Promise<readonly SensorView[]> {
    return (await this.get<CoverageAnswer & { sensors: SensorView[] }>('/v1/coverage')).sensors;
  }

  /** Of the engine's process, MiB: now, and the most since the last `forgetPeak`. The captures' own processes are not in it. */
  memory(): { readonly now: number; readonly peak: number } {
    const status = readFileSync(`/proc/${this.child.pid}/status`, 'utf8');
    const of = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1024;
    return { now: of('VmRSS'), peak: of('VmHWM') };
  }

  forgetPeak(): void {
    writeFileSync(`/proc/${this.child.pid}/clear_refs`, '5');
  }

  async close(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const gone = new Promise((resolve) => this.child.once('close', resolve));
      this.child.kill('SIGTERM');
      const impatient = setTimeout(() => this.child.kill('SIGKILL'), 5_000);
      await gone;
      clearTimeout(impatient);
    }
    rmSync(this.directory, { recursive: true, force: true });
  }

  private get url(): string | undefined {
    return /listens on (http:\S+)/.exec(this.said)?.[1];
  }

  private isListening(): boolean {
    if (this.child.exitCode !== null) throw new Error(`the engine ended: ${this.said}`);
    return this.url !== undefined;
  }

  private hear(piece: Buffer): void {
    if (this.said.length < 64_000) this.said += piece.toString();
  }

  private async get<T>(path: string): Promise<T> {
    const answer = await fetch(`${this.url}${path}`, { headers: { authorization: `Bearer ${this.token}` } });
    if (!answer.ok) throw new Error(`the engine answered ${answer.status} to ${path}: ${await answer.text()}`);
    return (await answer.json()) as T;
  }
}
