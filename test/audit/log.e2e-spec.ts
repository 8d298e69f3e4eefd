import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { logFilterDocs } from '../../src/audit/log-filter-docs.js';
import { openEmbeddedReader, openEmbeddedStore } from '../../src/event-store/embedded/embedded.event-store.js';
import { generateLog } from '../bench/generated-log.js';
import { CommandLine, ended } from '../cli/command-line.js';
import { portledger, type Said, speakingTo } from '../cli/said.js';
import { type Answer, RunningEngine } from '../e2e/running-engine.js';
import { temporaryDirectories } from '../event-store/temporary-directory.js';
import { storeFact } from '../support/publish.js';

// Some calls are processes of their own: on a busy machine that takes its time.

let engine: RunningEngine;
beforeAll(async () => {
  engine = await RunningEngine.start();
  await generateLog(engine.parts.store, { events: 1200, servers: 20 });
  const metadata = { source: 'x', sourceId: '1', schemaVersion: 1, time: '2026-01-01T00:00:00.000Z' };
  const events = [{ id: '11111111-1111-4111-8111-111111111111', type: 'ServerPainted', data: {}, metadata }];
  await engine.parts.store.append({ stream: 'server-painted', expected: 'any', events });
});
afterAll(() => engine.stop());

const size = 1201;
const get = (path: string, as: keyof RunningEngine['tokens'] = 'auditor'): Promise<Answer> =>
  engine.call(path, { headers: { authorization: `Bearer ${engine.tokens[as]}` } });
const log = (...words: string[]): Promise<Said> =>
  portledger(['log', ...words], speakingTo(engine, engine.tokens.auditor));
const beside = (...words: string[]): Promise<Said> => portledger(['log', ...words, '--data', engine.dataDir]);
const offline = (...words: string[]): Promise<Said> => portledger(['log', ...words, '--offline', engine.dataDir]);

describe('GET /v1/log', () => {
  it('shows the log page by page, for auditors only', async () => {
    const { status, body } = await get('/v1/log?limit=2');
    expect(status).toBe(200);
    expect(body).toMatchObject({ events: [{ ordinal: 0, type: 'GatewayDeclared' }, { ordinal: 1 }] });
    const next = await get(`/v1/log?limit=2&after=${String(body['next'])}`);
    expect(next.body).toMatchObject({ events: [{ ordinal: 2 }, { ordinal: 3 }] });
    for (const path of ['/v1/log', '/v1/log/head', '/v1/log/stats']) {
      expect((await get(path, 'viewer')).status).toBe(403);
      expect((await get(path, 'publisher')).status).toBe(403);
      expect((await get(path)).status).toBe(200);
    }
  });

  it.each([
    ['/v1/log?limit=0', 400, 'question-malformed'],
    ['/v1/log?after=9999999', 400, 'unknown-position'],
    ['/v1/log?stream=a&stream=b', 400, 'question-malformed'],
  ])('answers %s with %i', async (path, status, code) => {
    expect(await get(path)).toMatchObject({ status, body: { type: `https://portledger.dev/problems/${code}` } });
  });

  it('waits for what comes, and answers an empty page when nothing does', async () => {
    const last = await engine.parts.store.head();
    const quiet = await get(`/v1/log?after=${last?.id}&wait=1`);
    expect(quiet.body).toEqual({ events: [], last: last?.id, lastOrdinal: last?.ordinal, lookedAt: 0 });
    const other = await RunningEngine.start();
    try {
      const authorization = `Bearer ${other.tokens.auditor}`;
      const waiting = other.call('/v1/log?wait=25&type=ServerSuspended', { headers: { authorization } });
      await storeFact(other.parts.store, 'ServerRemoved', { serverId: 's1' });
      await storeFact(other.parts.store, 'ServerSuspended', { serverId: 's1' });
      expect((await waiting).body).toMatchObject({ events: [{ ordinal: 1, type: 'ServerSuspended' }] });
    } finally {
      await other.stop();
    }
  });

  it('lets nobody wait in a closed engine', async () => {
    const other = await RunningEngine.start();
    const headers = { authorization: `Bearer ${other.tokens.auditor}` };
    const waiting = other.call('/v1/log?wait=25', { headers }).catch((error: unknown) => error);
    await other.call('/v1/log', { headers });
    await other.stop();
    await waiting;
  });

  it('is in the API document, with its fields', async () => {
    const { body } = await engine.call('/docs/openapi.json');
    const paths = body['paths'] as Record<string, { get?: { parameters: { name: string }[] } }>;
    expect(paths['/v1/log']?.get?.parameters.map(({ name }) => name).sort()).toEqual(
      ['after', 'backwards', 'limit', 'wait', ...Object.keys(logFilterDocs)].sort(),
    );
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining(['/v1/log/head', '/v1/log/stats', '/v1/parked', '/v1/parked/{stream}/skip']),
    );
  });
});

describe('portledger log', () => {
  it.each([
    ['tail', '-n', '3'],
    ['tail', '-n', '700', '--json'],
    ['tail', '--stream', 'server-srv-1', '--type', 'ServerNicReplaced'],
    ['stats'],
    ['stats', '--json'],
    ['stream', 'server-srv-1'],
    ['stream', 'server-painted', '--json'],
  ])(
    'answers %s %s the same through the engine and from its data directory, and says what nobody records',
    async (...words) => {
      const { code, out, err } = await offline(...words);
      const engineSays = await log(...words);
      expect(engineSays).toMatchObject({ code: 0, err: '' });
      expect(engineSays.out.length).toBeGreaterThan(20);
      expect([code, out]).toEqual([0, engineSays.out]);
      expect(err).toContain('nothing records this look');
    },
  );

  it('shows the newest events, oldest first, and why one cannot be read', async () => {
    const two = (await log('tail', '-n', '2')).out.trimEnd().split('\n').slice(1);
    const [older = 0, newer = 0] = two.map((line) => Number(/^#(\d+) /.exec(line)?.[1]));
    expect([two.length, newer - older]).toEqual([2, 1]);
    const tail = (await log('tail', '-n', '2', '--type', 'ServerPainted')).out.trimEnd().split('\n');
    expect(tail).toHaveLength(2);
    expect(tail[1]).toMatch(/^#1200 +\S+ +server-painted +ServerPainted +unreadable: type: ServerPainted is unknown$/);
    expect((await log('stream', 'server-painted')).out).toContain('   unreadable: type: ServerPainted is unknown\n');
    expect((await log('tail', '-n', '700', '--json')).out.trimEnd().split('\n')).toHaveLength(700);
  });

  it('counts what is in the log, with the head of its tree', async () => {
    const { out } = await log('stats', '--json');
    const counted = JSON.parse(out) as { size: number };
    const root = (await engine.parts.store.tree.rootAt(counted.size)).toString('hex');
    expect(counted.size).toBeGreaterThanOrEqual(size);
    expect(counted).toMatchObject({ root, logId: engine.parts.store.logId });
  });

  it.each([
    [['stream', 'server-none'], 3, 'There is no stream server-none'],
    [['stream'], 2, 'Name one stream'],
    [['tail', 'x'], 2, 'options only'],
    [['tail', '-n', 'x'], 2, '--lines'],
    [['tail', '--stream', ''], 2, 'stream: expected a name'],
    [['stats', 'x'], 2, 'options only'],
    [['expot'], 2, 'Did you mean export?'],
    [['export', '--fron', '#1'], 2, 'Did you mean from?'],
    [['export', '--from', 'x'], 2, 'expected an ordinal'],
    [['export', '--from', '#5000'], 3, 'There is no event #5000: the log holds'],
    [['stats', '--url', 'http://127.0.0.1:9'], 7, 'does not answer'],
  ] as const)('ends %j with %i and says why', async (words, code, why) => {
    expect(await log(...words)).toMatchObject({ code, out: '', err: expect.stringContaining(why) as string });
  });

  it('exports the same through the engine, from its data directory, to a file and to standard output', async () => {
    const file = join(engine.directory, 'export.ndjson');
    const done = await log('export', file);
    expect(done).toMatchObject({ code: 0, err: '' });
    expect(done.out).toMatch(/^(\d+) events of log \S+ exported to \S+: size \1, root [0-9a-f]{64}\n$/);
    const text = readFileSync(file, 'utf8');
    // Each export through the engine is itself recorded behind what it exported.
    const events = (exported: string): string[] => exported.trimEnd().split('\n').slice(1);
    const count = events(text).length;
    expect(count).toBeGreaterThanOrEqual(size);
    expect(events((await log('export')).out).slice(0, count)).toEqual(events(text));
    expect(events((await beside('export', '-')).out).slice(0, count)).toEqual(events(text));
    expect(statSync(file).mode & 0o077).toBe(0);
    expect(await log('export', file)).toMatchObject({
      code: 4,
      err: expect.stringContaining('is there already') as string,
    });
    const json = await beside('export', `${file}.2`, '--from', '#1200', '--json');
    expect(JSON.parse(json.out)).toMatchObject({ from: 1200, file: `${file}.2` });
  });

  it('follows the log as it grows, also across a restart of the engine, with filters and as JSON', async () => {
    const cli = new CommandLine(newDirectory());
    const token = await cli.token('auditor');
    const url = await cli.serve();
    const port = new URL(url).port;
    const follower = cli.start(
      'log',
      'tail',
      '-n',
      '9',
      '-f',
      '--type',
      'ServerAdded',
      '--json',
      '--url',
      url,
      ...token,
    );
    const end = ended(follower);
    const lines: string[] = [];
    follower.stdout.on('data', (piece: Buffer) => lines.push(...piece.toString().trimEnd().split('\n')));
    const publish = await cli.token('publisher');
    const sell = async (id: string): Promise<void> => {
      const data = { serverId: id, customerId: 'c', port: `leaf1:${id}`, vlan: 11 };
      const event = { specversion: '1.0', id, source: 'urn:test', subject: id, type: 'ServerAdded', data };
      const time = '2026-01-01T00:00:00Z';
      const said = await cli.runWith(
        `${JSON.stringify({ ...event, time })}\n`,
        'publish',
        '-',
        '--url',
        url,
        ...publish,
      );
      expect(said.err).toBe('');
    };
    try {
      await sell('s1');
      await untilLines(lines, 1);
      await cli.stop();
      await cli.serve(port);
      await sell('s2');
      await untilLines(lines, 2);
      expect(lines.map((line) => (JSON.parse(line) as { type: string }).type)).toEqual(['ServerAdded', 'ServerAdded']);
    } finally {
      follower.kill('SIGKILL');
      await end;
      await cli.stop();
    }
  });
});

const newDirectory = temporaryDirectories();

async function untilLines(lines: readonly string[], count: number): Promise<void> {
  for (let round = 0; round < 600 && lines.length < count; round++)
    await new Promise((resolve) => setTimeout(resolve, 50));
  expect(lines).toHaveLength(count);
}

describe('portledger log export as a process', () => {
  const events = 60_000;

  it('goes on after a kill, and after Ctrl-C, and ends with the same file', async () => {
    const directory = newDirectory();
    const cli = new CommandLine(directory);
    const store = await openEmbeddedStore({ directory: join(directory, 'data'), create: true });
    await generateLog(store, { events, servers: 200 });
    await store.close();
    const words = ['log', 'export', 'out.ndjson', '--data', 'data'];
    const partial = join(directory, 'out.ndjson.partial');
    for (const [signal, atLeast] of [
      ['SIGKILL', 1],
      ['SIGINT', 3_000_000],
    ] as const) {
      const child = cli.start(...words);
      const end = ended(child);
      await untilLarger(partial, atLeast);
      child.kill(signal);
      const { code, err } = await end;
      expect(existsSync(join(directory, 'out.ndjson'))).toBe(false);
      if (signal === 'SIGINT') {
        expect(code).toBe(130);
        expect(err).toMatch(/stopped before #\d+ of 60000; the same command again goes on from there\.\n$/);
      }
    }
    const done = await cli.run(...words);
    expect(done.code).toBe(0);
    expect(done.err).toMatch(/^Going on with an unfinished export: \d+ of 60000 events are there\.\n/);
    const reader = await openEmbeddedReader(join(directory, 'data'));
    const { root } = await reader.tree.head();
    await reader.close();
    const whole = readFileSync(join(directory, 'out.ndjson'), 'utf8');
    expect(whole.split('\n', 1)[0]).toContain(root.toString('hex'));
    expect(whole === (await cli.run('log', 'export', '--data', 'data')).out).toBe(true);
  });
});

async function untilLarger(file: string, bytes: number): Promise<void> {
  for (let round = 0; round < 5000; round++) {
    if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) >= bytes) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`${file} never had ${bytes} bytes`);
}
