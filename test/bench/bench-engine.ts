import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatToken, newToken, secretHash } from '../../src/auth/token.js';
import { writeTokens } from '../../src/auth/tokens-file.js';
import { until } from '../lab/lab.js';
import { approveFirstPlan } from '../support/approve.js';

const cli = fileURLToPath(new URL('../../src/cli.js', import.meta.url));
const source = 'urn:bench:billing';

/** What billing or an operator says of one thing. */
export interface Said {
  readonly type: string;
  /** The id of what it is about: a server, a switch. */
  readonly subject: string;
  readonly data: object;
}

/** The engine as customers run it: its own process, enforcing, fed over HTTP. */
export class BenchEngine {
  private said = '';
  private published = 0;

  private constructor(
    private readonly child: ChildProcess,
    private readonly token: string,
  ) {
    child.stdout?.on('data', (chunk: Buffer) => (this.said += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (this.said += chunk.toString()));
  }

  /** @param settings what its configuration says beside where it listens and keeps its data */
  static async start(parent: string, settings: object): Promise<BenchEngine> {
    const directory = join(parent, 'engine');
    mkdirSync(directory);
    const token = newToken();
    writeTokens(join(directory, 'tokens.json'), [
      {
        id: token.id,
        name: 'bench',
        sha256: secretHash(token.secret).toString('hex'),
        scopes: ['publisher', 'operator', 'viewer'],
        source,
        createdAt: new Date().toISOString(),
      },
    ]);
    const config = join(directory, 'portledger.json');
    const listen = { host: '127.0.0.1', port: 0 };
    writeFileSync(config, JSON.stringify({ dataDir: './data', listen, tokensFile: './tokens.json', ...settings }));
    const serve = [process.execPath, cli, 'serve', '--config', config, '--log-format', 'json'];
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', ...serve], { stdio: ['ignore', 'pipe', 'pipe'] });
    const engine = new BenchEngine(child, formatToken(token));
    try {
      await until('the engine listens', () => engine.isListening());
    } catch (error) {
      await engine.close();
      throw error;
    }
    return engine;
  }

  /** Stores facts one after the other, each under an id of its own. Throws at the first that is not stored. */
  async publish(facts: readonly Said[]): Promise<void> {
    for (const { type, subject, data } of facts) {
      const time = new Date().toISOString();
      const id = `fact-${this.published++}`;
      const answer = await fetch(`${this.url()}/v1/events`, {
        method: 'POST',
        headers: { 'content-type': 'application/cloudevents+json', authorization: `Bearer ${this.token}` },
        body: JSON.stringify({ specversion: '1.0', type, source, id, subject, time, data }),
      });
      if (answer.status !== 201)
        throw new Error(`the engine answered ${answer.status} to a fact, expected 201: ${await answer.text()}`);
    }
  }

  /** As an operator does with the first plan of a new device. */
  approveFirstPlan(device?: string): Promise<void> {
    return approveFirstPlan(this.url() ?? '', this.token, device);
  }

  async close(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.child.once('close', resolve));
    this.child.kill('SIGTERM');
    const impatient = setTimeout(() => this.child.kill('SIGKILL'), 5_000);
    await gone;
    clearTimeout(impatient);
  }

  private isListening(): boolean {
    if (this.child.exitCode !== null) throw new Error(`the engine ended: ${this.said}`);
    return this.url() !== undefined;
  }

  private url(): string | undefined {
    return /listens on (http:\S+)/.exec(this.said)?.[1];
  }
}
