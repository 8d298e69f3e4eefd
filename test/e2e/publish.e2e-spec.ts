import { openEmbeddedReader } from '../../src/event-store/embedded/embedded.event-store.js';
import { exampleEvent } from '../../src/intake/event-examples.js';
import { publishedTypes } from '../../src/intake/event-schemas.js';
import { type Answer, RunningEngine } from './running-engine.js';

let engine: RunningEngine;
beforeAll(async () => {
  engine = await RunningEngine.start();
});
afterAll(() => engine.stop());

const now = (): string => new Date().toISOString();
let vlans = 100;

/** A server of its own for each test: nothing another test sold is in its way. */
function added(server: string, more: Record<string, unknown> = {}, data: object = {}): Record<string, unknown> {
  const vlan = vlans++;
  return exampleEvent('ServerAdded', {
    id: `add-${server}`,
    subject: server,
    time: now(),
    data: { serverId: server, customerId: 'c1', port: `leaf1:e${vlan}`, vlan, mac: '52:54:00:00:00:16', ...data },
    ...more,
  });
}

const suspended = (server: string, id: string, more: Record<string, unknown> = {}): Record<string, unknown> =>
  exampleEvent('ServerSuspended', { id, subject: server, time: now(), data: { serverId: server }, ...more });

const resultsOf = (answer: Answer): Record<string, unknown>[] => answer.body['results'] as Record<string, unknown>[];
const statusesOf = (answer: Answer): unknown[] => resultsOf(answer).map((one) => one['status']);

describe('one event', () => {
  it('is answered 201 with its position and effect once it is stored', async () => {
    const answer = await engine.publish(added('one'));
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({ id: 'add-one', effect: 'applied', conflicts: [] });
    expect(answer.body).not.toHaveProperty('backDated');
    const stored = await engine.parts.store.findById(answer.body['eventId'] as string);
    expect(stored).toMatchObject({ stream: 'server-one', type: 'ServerAdded', position: answer.body['position'] });
  });

  it('is stored in canonical spelling with its source, id and time', async () => {
    const event = added('spelt', { time: '2026-03-01T13:00:00+01:00' }, { mac: '52-54-00-AA-00-16' });
    const { body } = await engine.publish(event);
    expect(await engine.parts.store.findById(body['eventId'] as string)).toMatchObject({
      data: { mac: '52:54:00:aa:00:16' },
      metadata: { source: 'urn:billing:eu', sourceId: 'add-spelt', schemaVersion: 1, time: '2026-03-01T12:00:00.000Z' },
    });
  });

  it('sent again is answered with the same status and position, and stored once', async () => {
    const event = added('again');
    const first = await engine.publish(event);
    const head = await engine.parts.store.head();
    const again = await engine.publish(event);
    expect([again.status, again.body]).toEqual([first.status, first.body]);
    expect(await engine.parts.store.head()).toEqual(head);
  });

  it('sent by many at once is stored once', async () => {
    const event = added('many');
    const answers = await Promise.all(Array.from({ length: 20 }, () => engine.publish(event)));
    expect(new Set(answers.map((answer) => answer.body['position'])).size).toBe(1);
    expect((await engine.parts.store.readStream('server-many')).events).toHaveLength(1);
  });

  it('sent again in another spelling is the same event', async () => {
    const event = added('spelling', { time: '2026-03-01T12:00:00Z' });
    const first = await engine.publish(event);
    const data = { ...(event['data'] as object), mac: '5254.0000.0016' };
    const again = await engine.publish({ ...event, data, time: '2026-03-01T13:00:00.000+01:00', schemaversion: 1 });
    expect(again.body).toEqual(first.body);
  });

  it.each([
    ['data', { data: { serverId: 'reused', reason: 'x' } }],
    ['time', { time: '2026-03-01T12:00:01Z' }],
    ['type', { type: 'ServerResumed' }],
    ['server', { subject: 'other', data: { serverId: 'other' } }],
  ])('with a used id and another %s is refused with 409, and the first one stands', async (what, change) => {
    const event = suspended('reused', `reused-${what}`, { time: '2026-03-01T12:00:00Z' });
    const first = await engine.publish(event);
    const head = await engine.parts.store.head();
    const answer = await engine.publish({ ...event, ...change });
    expect(answer).toMatchObject({ status: 409, body: { type: 'https://portledger.dev/problems/id-reused' } });
    expect(await engine.parts.store.head()).toEqual(head);
    expect((await engine.publish(event)).body).toEqual(first.body);
  });

  it('of the past is accepted and called back-dated', async () => {
    const answer = await engine.publish(suspended('old', 'old-1', { time: '1999-12-31T23:59:59Z' }));
    expect(answer).toMatchObject({ status: 201, body: { backDated: true, effect: 'pending' } });
  });

  it('of the future is refused', async () => {
    const time = new Date(Date.now() + 6 * 60_000).toISOString();
    const answer = await engine.publish(suspended('future', 'future-1', { time }));
    expect(answer).toMatchObject({ status: 422, body: { type: 'https://portledger.dev/problems/time-in-future' } });
    expect((await engine.parts.store.readStream('server-future')).events).toEqual([]);
  });

  it('that claims what another server holds is stored, and names the holder', async () => {
    const buy = (server: string): Record<string, unknown> =>
      exampleEvent('Ipv4AddOnBought', {
        id: `buy-${server}`,
        subject: server,
        time: now(),
        data: { serverId: server, addOnId: 'ip', address: '198.51.100.77' },
      });
    await engine.publish([added('holder'), buy('holder'), added('second')]);
    const answer = await engine.publish(buy('second'));
    expect(answer).toMatchObject({ status: 201, body: { effect: 'conflicted' } });
    expect(answer.body['conflicts']).toEqual([{ claim: 'ipv4 198.51.100.77', holder: 'holder' }]);
  });

  it('overtaken by a later fact is stored and says so', async () => {
    const moved = (id: string, vlan: number, time: string): Record<string, unknown> =>
      exampleEvent('ServerMoved', { id, subject: 'late', time, data: { serverId: 'late', port: 'leaf1:e9', vlan } });
    await engine.publish(added('late', { time: '2026-03-01T00:00:00Z' }));
    await engine.publish(moved('late-new', 1002, '2026-03-03T00:00:00Z'));
    const answer = await engine.publish(moved('late-old', 1001, '2026-03-02T00:00:00Z'));
    expect(answer).toMatchObject({ status: 201, body: { effect: 'overtaken' } });
  });

  it('may be sent as application/json', async () => {
    expect(await engine.post(JSON.stringify(added('plain')), 'application/json; charset=utf-8')).toMatchObject({
      status: 201,
    });
  });

  it.each(publishedTypes)('of the type %s is accepted as documented', async (type) => {
    const answer = await engine.publish(exampleEvent(type));
    expect(answer).toMatchObject({ status: 201, body: { id: `example-${type}` } });
  });
});

describe('a batch', () => {
  it('is answered item by item in its order, in one step of the log', async () => {
    const answer = await engine.publish([added('b1'), added('b2'), suspended('b1', 'b1-s')]);
    expect(answer.status).toBe(200);
    const results = resultsOf(answer);
    expect(results).toMatchObject([
      { status: 201, id: 'add-b1' },
      { status: 201, id: 'add-b2' },
      { status: 201, id: 'b1-s' },
    ]);
    const ordinals = results.map((one) => one['ordinal'] as number);
    expect(ordinals).toEqual([ordinals[0], (ordinals[0] ?? 0) + 1, (ordinals[0] ?? 0) + 2]);
  });

  it('refuses what follows a refused event of its stream and stores the rest', async () => {
    const answer = await engine.publish([
      added('p1'),
      suspended('p1', 'p1-bad', { data: { serverId: 'p1', nonsense: 1 } }),
      added('p2'),
      suspended('p1', 'p1-after'),
    ]);
    expect(statusesOf(answer)).toEqual([201, 422, 201, 424]);
    const problems = resultsOf(answer).map((one) => one['problem'] as Record<string, unknown> | undefined);
    expect(problems[1]).toMatchObject({ errors: [{ pointer: '/data/nonsense' }] });
    expect(problems[3]).toMatchObject({ type: 'https://portledger.dev/problems/predecessor-refused' });
    expect((await engine.parts.store.readStream('server-p1')).events).toHaveLength(1);
  });

  it('refuses what follows an id that was used before', async () => {
    await engine.publish([added('q1'), suspended('q1', 'q1-s')]);
    const other = suspended('q1', 'q1-s', { data: { serverId: 'q1', reason: 'other' } });
    const resumed = exampleEvent('ServerResumed', { id: 'q1-r', subject: 'q1', time: now(), data: { serverId: 'q1' } });
    expect(statusesOf(await engine.publish([other, resumed]))).toEqual([409, 424]);
    expect((await engine.parts.store.readStream('server-q1')).events).toHaveLength(2);
  });

  it('sent again is answered the same', async () => {
    const batch = [added('r1'), added('r2'), suspended('r1', 'r1-s')];
    const first = resultsOf(await engine.publish(batch)).map((one) => [one['status'], one['position']]);
    const again = resultsOf(await engine.publish(batch)).map((one) => [one['status'], one['position']]);
    expect(again).toEqual(first);
  });

  it('with half of it stored before goes on behind that half', async () => {
    const batch = [added('h1'), suspended('h1', 'h1-s'), suspended('h1', 'h1-t')];
    await engine.publish(batch.slice(0, 2));
    expect(statusesOf(await engine.publish(batch))).toEqual([201, 201, 201]);
    expect((await engine.parts.store.readStream('server-h1')).events).toHaveLength(3);
  });

  it('with one event twice stores it once and answers it twice', async () => {
    const event = added('twice');
    const [first, second] = resultsOf(await engine.publish([event, event]));
    expect(first).toMatchObject({ status: 201 });
    expect(second).toEqual(first);
    expect((await engine.parts.store.readStream('server-twice')).events).toHaveLength(1);
  });

  it('may be empty', async () => {
    expect(await engine.publish([])).toMatchObject({ status: 200, body: { results: [] } });
  });

  it('keeps the order of each stream also at its largest', async () => {
    const batch = Array.from({ length: 500 }, (_, index) => suspended(`big-${index % 7}`, `big-${index}`));
    expect(new Set(statusesOf(await engine.publish(batch)))).toEqual(new Set([201]));
    const { events } = await engine.parts.store.readStream('server-big-3');
    const numbers = events.map((event) => Number(event.metadata.sourceId.slice(4)));
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    expect(numbers).toHaveLength(71);
  });
});

describe('what was acknowledged', () => {
  it('is in the log another process reads, and in the map after a restart', async () => {
    const { body } = await engine.publish(added('kept'));
    const reader = await openEmbeddedReader(engine.dataDir);
    expect(await reader.findById(body['eventId'] as string)).toMatchObject({ stream: 'server-kept' });
    await reader.close();
    await engine.restart();
    const again = await engine.publish(suspended('kept', 'kept-s'));
    expect(again).toMatchObject({ status: 201, body: { effect: 'applied' } });
    expect(engine.parts.projector.liveMap.map.binding('kept')?.state).toBe('suspended');
  });
});
