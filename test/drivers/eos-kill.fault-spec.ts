import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { decodeEvent } from '../../events/index.js';
import { formatToken, newToken, secretHash } from '../../src/auth/token.js';
import { writeTokens } from '../../src/auth/tokens-file.js';
import { openEmbeddedStore } from '../../src/event-store/embedded/embedded.event-store.js';
import { approveFirstPlan } from '../support/approve.js';
import { EapiServer } from '../support/eapi/eapi-server.js';
import { type BoxInterface, EosBox } from '../support/eapi/eos-box.js';

const program = fileURLToPath(new URL('../e2e/engine-child.js', import.meta.url));
const source = 'urn:billing:eu';
/** Longer than a busy machine needs between two commands; where the timer is to end, the test lets it. */
const timerSeconds = 120;

/** Where the engine dies: at a command, before or after it was carried out, and before or after the commit on the timer. */
interface Death {
  readonly at: RegExp;
  readonly carriedOut: boolean;
  readonly afterCommit?: 'timer' | 'confirmed';
}

const deaths: readonly Death[] = [
  { at: /^configure session \S+$/, carriedOut: false },
  { at: /^configure session \S+$/, carriedOut: true },
  { at: /^no arp /, carriedOut: true },
  { at: /^arp /, carriedOut: true },
  { at: /^no ipv6 neighbor /, carriedOut: true },
  { at: /^ipv6 neighbor /, carriedOut: true },
  { at: / diffs$/, carriedOut: true },
  { at: / commit timer /, carriedOut: false },
  { at: / commit timer /, carriedOut: true },
  { at: /^show configuration sessions/, carriedOut: true, afterCommit: 'timer' },
  { at: /^show arp vrf all/, carriedOut: true, afterCommit: 'timer' },
  { at: / commit$/, carriedOut: false, afterCommit: 'timer' },
  { at: / commit$/, carriedOut: true, afterCommit: 'timer' },
  { at: /^show configuration sessions/, carriedOut: true, afterCommit: 'confirmed' },
];

function nameOf({ at, carriedOut, afterCommit }: Death): string {
  const when = afterCommit === undefined ? '' : afterCommit === 'timer' ? ' with the timer running' : ' when confirmed';
  return `${carriedOut ? 'at' : 'before'} ${at.source}${when}`;
}

describe('an engine that is killed while it pushes to an EOS switch', () => {
  let directory: string;
  let box: EosBox;
  let server: EapiServer;
  let child: ChildProcess | undefined;
  let url = '';
  let token = '';
  let generation = 0;

  const macOf = (count: number): string => `52:54:00:00:01:${count.toString(16).padStart(2, '0')}`;
  const linesFor = (count: number): string[] => {
    const dotted = `5254.0000.01${count.toString(16).padStart(2, '0')}`;
    return [`arp 198.51.100.16 ${dotted} arpa`, `ipv6 neighbor fe80::16 Vlan16 ${dotted}`];
  };
  const held = (): string[] => [...box.running.values()].sort();
  const unfinished = (): string[] =>
    [...box.sessions].filter(([, { state }]) => state !== 'completed').map(([name]) => name);

  async function startEngine(): Promise<void> {
    const started = spawn(process.execPath, [program, directory, join(directory, 'portledger.json')], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    child = started;
    started.stdin.write('go\n');
    for await (const line of createInterface(started.stdout)) {
      const said = JSON.parse(line) as { url?: string; refused?: string };
      if (said.url === undefined) throw new Error(`the engine did not start: ${said.refused}`);
      url = said.url;
      return;
    }
    throw new Error('the engine ended before it listened');
  }

  async function publish(type: string, subject: string, data: object): Promise<void> {
    const event = {
      specversion: '1.0',
      type,
      source,
      id: `${type}-${generation}-${Math.random()}`,
      subject,
      time: new Date().toISOString(),
      data,
    };
    const headers = { 'content-type': 'application/cloudevents+json', authorization: `Bearer ${token}` };
    const answer = await fetch(`${url}/v1/events`, { method: 'POST', headers, body: JSON.stringify(event) });
    expect(answer.status).toBe(201);
  }

  async function until(what: string, holds: () => boolean): Promise<void> {
    for (let look = 0; look < 6000 && !holds(); look++) await new Promise((resolve) => setTimeout(resolve, 20));
    if (!holds())
      throw new Error(
        `${what} did not come about; the switch holds ${held().join('; ')}, sessions ${unfinished().join()}`,
      );
  }
  const untilHeld = (count: number): Promise<void> =>
    until(
      `the entries with ${macOf(count)}`,
      () => held().join() === linesFor(count).join() && unfinished().length === 0,
    );

  async function killed(death: Death): Promise<void> {
    let seen: Death['afterCommit'];
    let isDone = false;
    const gone = once(child as ChildProcess, 'exit');
    server.misbehave = (command) => {
      if (isDone) return 'reset-before';
      if (death.at.test(command) && seen === death.afterCommit) {
        isDone = true;
        child?.kill('SIGKILL');
        return death.carriedOut ? 'reset-after' : 'reset-before';
      }
      if (/ commit timer /.test(command)) seen = 'timer';
      else if (/ commit$/.test(command)) seen = 'confirmed';
      return undefined;
    };
    await publish('ServerNicReplaced', 's16', { serverId: 's16', mac: macOf(++generation) });
    await gone;
    expect(isDone).toBe(true);
    server.misbehave = () => undefined;
  }

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'portledger-eos-kill-'));
    const port = (more: Partial<BoxInterface>): BoxInterface => {
      return { adminUp: true, plugged: true, vrf: 'default', ipv4: [], routes: [], ipv6: [], ...more };
    };
    const interfaces: [string, BoxInterface][] = [
      ['Vlan16', port({ ipv4: ['198.51.100.1/24'], ipv6: ['fe80::1'] })],
      ['Ethernet16', port({})],
    ];
    box = new EosBox(new Map(interfaces), '4.32');
    server = await EapiServer.start(box);
    writeFileSync(join(directory, 'password'), server.password);
    const driver = {
      kind: 'eos',
      host: '127.0.0.1',
      port: server.port,
      username: server.username,
      passwordFile: join(directory, 'password'),
      certificateFingerprint: server.fingerprint,
      commitSeconds: timerSeconds,
    };
    const device = {
      name: 'leaf1',
      mode: 'enforce',
      interfacePattern: 'Vlan{vlan}',
      ports: { 'leaf1:Ethernet16': 'Ethernet16' },
      driver,
    };
    const config = { resyncSeconds: 1, gateways: [{ switch: 'leaf1', devices: [device] }] };
    writeFileSync(join(directory, 'portledger.json'), JSON.stringify(config));
    const made = newToken();
    const sha256 = secretHash(made.secret).toString('hex');
    const scopes = ['publisher' as const, 'operator' as const];
    writeTokens(join(directory, 'tokens.json'), [
      { id: made.id, name: 'billing', sha256, scopes, source, createdAt: '2026-01-01T00:00:00.000Z' },
    ]);
    token = formatToken(made);
    await startEngine();
    await publish('GatewayDeclared', 'leaf1', { switch: 'leaf1', addresses: ['fe80::1'], macs: ['52:54:00:ff:00:01'] });
    const where = { port: 'leaf1:Ethernet16', vlan: 16, mac: macOf(0), linkLocal: 'fe80::16' };
    await publish('ServerAdded', 's16', { serverId: 's16', customerId: 'c1', ...where });
    await publish('Ipv4AddOnBought', 's16', { serverId: 's16', addOnId: 'a', address: '198.51.100.16' });
    await approveFirstPlan(url, token, 'leaf1', (lines) => lines.length === 2);
    await untilHeld(0);
  });

  afterAll(async () => {
    child?.kill('SIGKILL');
    await server.close();
    rmSync(directory, { recursive: true, force: true });
  });

  it.each(deaths.map((death, index) => [nameOf(death), index, death] as const))(
    'leaves the old state or the new, and ends its own session when it is back: killed %s',
    async (_name, index, death) => {
      await killed(death);
      const before = linesFor(generation - 1);
      const after = linesFor(generation);
      expect([before.join(), after.join()]).toContain(held().join());
      // Somebody else's session, opened while nobody looks, is none of its business.
      box.enter('maintenance', 'ops');
      if (index % 2 === 0) {
        // Nobody comes back in time: the switch takes back by itself what was not confirmed.
        box.letTimerEnd();
        const isConfirmed =
          death.afterCommit === 'confirmed' || (/ commit\$/.test(death.at.source) && death.carriedOut);
        expect(held()).toEqual(isConfirmed ? after : before);
      }
      await startEngine();
      await until('the new state', () => held().join() === after.join() && unfinished().join() === 'maintenance');
      box.abort('maintenance');
    },
  );

  it('has one outcome at most in its journal for each thing it undertook', async () => {
    child?.kill('SIGKILL');
    await once(child as ChildProcess, 'exit');
    const store = await openEmbeddedStore({ directory: join(directory, 'data') });
    const outcomes = new Map<string, number>();
    let started = 0;
    try {
      const { events } = await store.readStream('journal-leaf1', { fromRevision: 0, limit: 500 });
      for (const stored of events) {
        const decoded = decodeEvent(stored);
        if (!decoded.readable) continue;
        const { event } = decoded;
        if (event.type === 'ReconcileStarted') started++;
        if (event.type !== 'ReconcileFinished' || event.data.part !== 0) continue;
        outcomes.set(event.data.planId, (outcomes.get(event.data.planId) ?? 0) + 1);
      }
    } finally {
      await store.close();
    }
    expect(started).toBeGreaterThan(generation);
    expect([...outcomes.values()].every((count) => count === 1)).toBe(true);
  });
});
