import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { formatToken, newToken, secretHash } from '../../src/auth/token.js';
import { writeTokens } from '../../src/auth/tokens-file.js';
import { type Fact, type Outcome, PortledgerClient } from '../../src/client/index.js';
import { eventually } from '../contracts/event-store.check.js';
import { source } from '../e2e/running-engine.js';
import { Witness } from '../event-store/log-witness.js';
import { Relay } from './relay.js';

const program = fileURLToPath(new URL('../e2e/engine-child.js', import.meta.url));
const count = 5_000;
const servers = 37;
/** How many facts are answered when the engine is killed. */
const kills = [400, 1_500, 3_200];

let directory: string;
let relay: Relay;
const running = new Set<ChildProcess>();
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'portledger-client-'));
  relay = await Relay.start();
});
afterEach(async () => {
  for (const child of running) await kill(child);
  await relay.stop();
  rmSync(directory, { recursive: true });
});

async function start(): Promise<ChildProcess> {
  const child = spawn(process.execPath, [program, directory], { stdio: ['pipe', 'pipe', 'inherit'] });
  running.add(child);
  child.stdin.write('go\n');
  for await (const line of createInterface(child.stdout)) {
    const { url } = JSON.parse(line) as { url?: string };
    if (url === undefined) throw new Error(`the engine did not start: ${line}`);
    relay.target = Number(new URL(url).port);
    return child;
  }
  throw new Error('the engine ended before it listened');
}

async function kill(child: ChildProcess): Promise<void> {
  relay.target = undefined;
  running.delete(child);
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

function makeToken(): string {
  const token = newToken();
  const sha256 = secretHash(token.secret).toString('hex');
  const facts = { id: token.id, name: 'billing', sha256, source, createdAt: '2026-01-01T00:00:00.000Z' };
  writeTokens(join(directory, 'tokens.json'), [{ ...facts, scopes: ['publisher' as const] }]);
  return formatToken(token);
}

const facts = Array.from({ length: count }, (_, index): Fact => ({
  type: index % 2 === 0 ? 'ServerSuspended' : 'ServerResumed',
  id: `f${index}`,
  time: '2026-01-01T00:00:00Z',
  data: { serverId: `s${index % servers}` },
}));

describe('an engine that is killed with -9 while a client publishes 5,000 facts', () => {
  it('has every one of them once, those of each server in their order, where the client was told', async () => {
    const client = new PortledgerClient({ url: relay.url, token: makeToken(), source });
    let engine = await start();
    const outcomes: Outcome[] = [];
    let ended = false;
    const all = client
      .publishAll(facts, {
        deadlineMs: 180_000,
        mostWaiting: 300,
        onOutcome: (_, outcome) => void outcomes.push(outcome),
      })
      .finally(() => (ended = true));
    for (const answered of kills) {
      await eventually(() => outcomes.length >= answered || ended, `${answered} facts are answered`, 180_000);
      expect(ended).toBe(false);
      await kill(engine);
      engine = await start();
    }
    expect(await all).toEqual({ taken: count, stored: count, refused: 0, conflicted: 0 });
    await client.close();
    await kill(engine);
    const witness = new Witness(join(directory, 'data'));
    const log = (await witness.look()).filter(({ metadata }) => metadata.source === source);
    expect(log).toHaveLength(count);
    for (let server = 0; server < servers; server++) {
      const ids = log.filter(({ stream }) => stream === `server-s${server}`).map(({ metadata }) => metadata.sourceId);
      expect(ids).toEqual(facts.filter((_, index) => index % servers === server).map(({ id }) => id));
    }
    const told = new Map(outcomes.map((outcome) => [outcome.id, outcome.stored ? outcome.position : 'refused']));
    expect(log.map(({ metadata, position }) => [metadata.sourceId, position])).toEqual(
      log.map(({ metadata }) => [metadata.sourceId, told.get(metadata.sourceId)]),
    );
  }, 600_000);
});
