import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { formatToken, newToken, secretHash } from '../../src/auth/token.js';
import { writeTokens } from '../../src/auth/tokens-file.js';
import { exampleEvent } from '../../src/intake/event-examples.js';
import { eventually } from '../contracts/event-store.check.js';
import { Witness } from '../event-store/log-witness.js';
import { batchType, source } from './running-engine.js';

const kills = process.env['PORTLEDGER_LONG'] === '1' ? 200 : 8;
const publishers = 8;
const batchSize = 12;
const program = fileURLToPath(new URL('./engine-child.js', import.meta.url));

let directory: string;
const running = new Set<ChildProcess>();
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'portledger-crash-'));
});
afterEach(async () => {
  await Promise.all([...running].map(kill));
  rmSync(directory, { recursive: true });
});

/** An engine that has loaded its code and waits for the word to start. */
function prepare(): ChildProcess {
  const child = spawn(process.execPath, [program, directory], { stdio: ['pipe', 'pipe', 'inherit'] });
  running.add(child);
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  running.delete(child);
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

/** Where it listens; undefined when it was killed before it did. */
async function start(child: ChildProcess): Promise<string | undefined> {
  child.stdin?.write('go\n');
  if (child.stdout === null) throw new Error('the engine has no output');
  for await (const line of createInterface(child.stdout)) {
    const said = JSON.parse(line) as { url?: string; refused?: string };
    if (said.url === undefined) throw new Error(`the engine did not start: ${said.refused}`);
    return said.url;
  }
  return undefined;
}

function makeToken(): string {
  const token = newToken();
  const sha256 = secretHash(token.secret).toString('hex');
  const facts = { id: token.id, name: 'billing', sha256, source, createdAt: '2026-01-01T00:00:00.000Z' };
  writeTokens(join(directory, 'tokens.json'), [{ ...facts, scopes: ['publisher' as const] }]);
  return formatToken(token);
}

interface Result {
  readonly status: number;
  readonly id: string;
  readonly eventId: string;
  readonly position: string;
}

/** What a billing system knows: what was acknowledged, and what it sent without hearing of it. */
class Billing {
  /** Event id -> position. */
  readonly acknowledged = new Map<string, string>();
  private readonly unheard = new Set<string>();
  private readonly recent: string[] = [];
  private next = 0;

  constructor(private readonly token: string) {}

  /** Sends batches until the engine is gone. */
  async publishUntilGone(url: string): Promise<void> {
    const headers = { authorization: `Bearer ${this.token}`, 'content-type': batchType };
    for (;;) {
      const batch = this.batch();
      for (const id of batch) this.unheard.add(id);
      const body = JSON.stringify(batch.map(eventOf));
      const results = await fetch(`${url}/v1/events`, { method: 'POST', headers, body })
        .then(async (response) => ((await response.json()) as { results: Result[] }).results)
        .catch(() => undefined);
      if (results === undefined) return;
      for (const [index, { status, eventId, position }] of results.entries()) {
        // The same again is answered with the same position, however often and in whatever order it comes.
        expect({ status, position }).toEqual({ status: 201, position: this.acknowledged.get(eventId) ?? position });
        this.acknowledged.set(eventId, position);
        const id = batch[index] ?? '';
        this.unheard.delete(id);
        this.recent[Math.floor(Math.random() * 200)] = id;
      }
    }
  }

  /** New facts, those whose fate is unknown, and some that are stored, each 1 to 5 times, in any order. */
  private batch(): string[] {
    const ids = Array.from({ length: batchSize }, () => String(this.next++));
    const again = [...[...this.unheard].slice(0, 10), ...this.recent.filter(() => Math.random() < 0.03)];
    for (const id of again) for (let times = 1 + Math.floor(Math.random() * 5); times > 0; times--) ids.push(id);
    for (let last = ids.length - 1; last > 0; last--) {
      const other = Math.floor(Math.random() * (last + 1));
      [ids[last], ids[other]] = [ids[other] ?? '', ids[last] ?? ''];
    }
    return ids;
  }
}

const eventOf = (id: string): object =>
  exampleEvent('ServerSuspended', { id, subject: `s${id}`, data: { serverId: `s${id}` } });

describe('an engine that is killed with -9 while events come in', () => {
  it(`has every acknowledged event at its position, each once and without a gap, ${kills} times`, async () => {
    const billing = new Billing(makeToken());
    const witness = new Witness(join(directory, 'data'));
    let ready = prepare();
    for (let round = 0; round < kills; round++) {
      const engine = ready;
      ready = prepare();
      const url = await start(engine);
      if (url === undefined) throw new Error('the engine ended before it listened');
      const enough = billing.acknowledged.size + batchSize * Math.floor(Math.random() * 20);
      const publishing = Array.from({ length: publishers }, () => billing.publishUntilGone(url));
      await eventually(() => billing.acknowledged.size > enough, 'events are acknowledged', 120_000);
      await kill(engine);
      await Promise.all(publishing);
      await witness.look();
      expect(witness.lost(billing.acknowledged)).toEqual([]);
    }
    expect(billing.acknowledged.size).toBeGreaterThan(kills * batchSize);
  }, 3_600_000);
});
