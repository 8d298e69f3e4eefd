import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { formatToken, newToken, secretHash } from '../../src/auth/token.js';
import { writeTokens } from '../../src/auth/tokens-file.js';
import { openEmbeddedReader } from '../../src/event-store/embedded.event-store.js';
import { exampleEvent } from '../../src/intake/event-examples.js';
import { batchType, source } from './running-engine.js';

const rounds = 5;
const publishers = 4;

let directory: string;
let engine: ChildProcess | undefined;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'portledger-crash-'));
  writeFileSync(join(directory, 'portledger.json'), JSON.stringify({ listen: { port: 0 } }));
});
afterEach(() => {
  engine?.kill('SIGKILL');
  rmSync(directory, { recursive: true });
});

async function start(): Promise<{ url: string; child: ChildProcess }> {
  const child = spawn(process.execPath, [resolve('dist/src/cli.js'), 'serve'], {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  engine = child;
  let out = '';
  for await (const data of child.stdout) {
    out += String(data);
    const url = /listens on (\S+)/.exec(out)?.[1];
    if (url !== undefined) return { url, child };
  }
  throw new Error(`the engine ended: ${out}`);
}

function makeToken(): string {
  const token = newToken();
  const sha256 = secretHash(token.secret).toString('hex');
  const record = {
    id: token.id,
    name: 'billing',
    sha256,
    scopes: ['publisher' as const],
    source,
    createdAt: '2026-01-01T00:00:00.000Z',
  };
  writeTokens(join(directory, 'data/tokens.json'), [record]);
  return formatToken(token);
}

let nextId = 0;

/** Publishes batches until the engine is gone; answers what was acknowledged: event id -> position. */
async function publishUntilGone(url: string, token: string, acknowledged: Map<string, string>): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': batchType };
  for (;;) {
    const events = Array.from({ length: 20 }, () => {
      const id = String(nextId++);
      return exampleEvent('ServerSuspended', { id, subject: `s${id}`, data: { serverId: `s${id}` } });
    });
    const answer = await fetch(`${url}/v1/events`, { method: 'POST', headers, body: JSON.stringify(events) })
      .then(async (response) => (await response.json()) as { results: Result[] })
      .catch(() => undefined);
    if (answer === undefined) return;
    for (const { status, eventId, position } of answer.results) {
      expect(status).toBe(201);
      acknowledged.set(eventId, position);
    }
  }
}

interface Result {
  readonly status: number;
  readonly eventId: string;
  readonly position: string;
}

describe('an engine that is killed with -9 while events come in', () => {
  it('has every acknowledged event at its position, each once and without a gap', async () => {
    const token = makeToken();
    const acknowledged = new Map<string, string>();
    for (let round = 0; round < rounds; round++) {
      const { url, child } = await start();
      const publishing = Array.from({ length: publishers }, () => publishUntilGone(url, token, acknowledged));
      setTimeout(() => child.kill('SIGKILL'), 100 + round * 60);
      await once(child, 'exit');
      await Promise.all(publishing);
    }
    expect(acknowledged.size).toBeGreaterThan(rounds * 20);
    const reader = await openEmbeddedReader(join(directory, 'data'));
    const positions = new Map<string, string>();
    let ordinal = 0;
    for (let after: string | undefined, more = true; more;) {
      const page = await reader.readAll(after === undefined ? {} : { after });
      for (const event of page.events) {
        expect(event.ordinal).toBe(ordinal++);
        expect(positions.has(event.id)).toBe(false);
        positions.set(event.id, event.position);
      }
      after = page.next;
      more = after !== undefined;
    }
    await reader.close();
    const lost = [...acknowledged].filter(([id, position]) => positions.get(id) !== position);
    expect(lost).toEqual([]);
  }, 60_000);
});
