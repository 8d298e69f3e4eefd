import { createHash } from 'node:crypto';
import { exampleEvent } from '../../src/intake/event-examples.js';
import { type Answer, RunningEngine, source } from './running-engine.js';

let engine: RunningEngine;
beforeAll(async () => {
  engine = await RunningEngine.start();
});
afterAll(() => engine.stop());

const problem = (code: string): string => `https://portledger.dev/problems/${code}`;
const added = (server: string, vlan: number, more: object = {}): Record<string, unknown> =>
  exampleEvent('ServerAdded', {
    id: `add-${server}`,
    subject: server,
    data: { serverId: server, customerId: 'c1', port: `leaf1:e${vlan}`, vlan, mac: '52:54:00:00:00:16', ...more },
  });

function receipt(query: Record<string, string>, token = engine.tokens.publisher): Promise<Answer> {
  const headers = { authorization: `Bearer ${token}` };
  return engine.call(`/v1/receipts?${new URLSearchParams(query).toString()}`, { headers });
}

describe('a receipt', () => {
  it('says where the event stands, as it was answered, and what it can be checked by', async () => {
    const { body: answered } = await engine.publish(added('r1', 31));
    const { status, body } = await receipt({ source, id: 'add-r1' });
    expect(status).toBe(200);
    expect(body).toMatchObject(answered);
    const stored = await engine.parts.store.findById(String(answered['eventId']));
    expect(body).toMatchObject({
      source,
      type: 'ServerAdded',
      stream: 'server-r1',
      time: '2026-03-01T12:00:00.000Z',
      recordedAt: stored?.metadata.recordedAt,
      effect: 'applied',
      backDated: true,
    });
    const said =
      `{"data":{"customerId":"c1","mac":"52:54:00:00:00:16","port":"leaf1:e31","serverId":"r1","vlan":31},` +
      `"id":"${String(answered['eventId'])}","metadata":{"schemaVersion":1,"source":"urn:billing:eu",` +
      `"sourceId":"add-r1","time":"2026-03-01T12:00:00.000Z"},"stream":"server-r1","type":"ServerAdded"}`;
    expect(body['digest']).toBe(createHash('sha256').update(said).digest('hex'));
  });

  it('says what the fact means now, not what it meant when it came', async () => {
    await engine.publish(added('r2', 32));
    await engine.publish(added('r3', 32));
    expect((await receipt({ source, id: 'add-r3' })).body).toMatchObject({
      effect: 'conflicted',
      conflicts: [
        { claim: 'vlan leaf1/32', holder: 'r2' },
        { claim: 'mac leaf1/32/52:54:00:00:00:16', holder: 'r2' },
      ],
    });
    await engine.publish(exampleEvent('ServerRemoved', { id: 'rm-r2', subject: 'r2', data: { serverId: 'r2' } }));
    expect((await receipt({ source, id: 'add-r3' })).body).toMatchObject({ effect: 'applied', conflicts: [] });
  });

  it('is the same after a restart', async () => {
    await engine.publish(added('r4', 34));
    const { body } = await receipt({ source, id: 'add-r4' });
    await engine.restart();
    expect((await receipt({ source, id: 'add-r4' })).body).toEqual(body);
  });

  it('is not there for what was refused, or for an event that our own rooms wrote', async () => {
    await engine.publish(added('r5', 5000));
    expect(await receipt({ source, id: 'add-r5' })).toMatchObject({
      status: 404,
      body: { type: problem('not-stored'), instance: '/v1/receipts' },
    });
    expect((await receipt({ source, id: 'x'.repeat(256) })).status).toBe(404);
  });

  it('is for the publisher of that source, and for an auditor', async () => {
    await engine.publish(added('r6', 36));
    for (const token of ['publisher', 'operator', 'link-source', 'auditor'] as const)
      expect((await receipt({ source, id: 'add-r6' }, engine.tokens[token])).status).toBe(200);
    for (const token of ['viewer', 'security-analyst'] as const)
      expect((await receipt({ source, id: 'add-r6' }, engine.tokens[token])).status).toBe(403);
    const other = { source: 'urn:billing:us', id: 'add-r6' };
    expect(await receipt(other)).toMatchObject({ status: 403, body: { type: problem('foreign-source') } });
    expect(await receipt(other, engine.tokens.auditor)).toMatchObject({ status: 404 });
  });

  it.each([
    ['', 'source'],
    ['source=urn%3Abilling%3Aeu', 'id'],
    ['source=urn%3Abilling%3Aeu&id=', 'id'],
    [`source=urn%3Abilling%3Aeu&id=${'x'.repeat(257)}`, 'id'],
    ['source=urn%3Abilling%3Aeu&id=a&id=b', 'id'],
    ['source=urn%3Abilling%3Aeu&id=a%00b', 'id'],
    ['source=urn%3Abilling%3Aeu&id=a&event=b', 'event'],
  ])('is refused for the question "%s", naming %s', async (query, name) => {
    const headers = { authorization: `Bearer ${engine.tokens.publisher}` };
    const answer = await engine.call(`/v1/receipts?${query}`, { headers });
    expect(answer).toMatchObject({ status: 400, body: { type: problem('question-malformed') } });
    expect(answer.body['detail']).toEqual(expect.stringMatching(new RegExp(`^${name}: `)));
  });
});

describe('a log that does not answer', () => {
  it('is told with 503 and a pause, to who reads and to who writes', async () => {
    await engine.publish(added('r7', 37));
    await engine.parts.store.close();
    const read = await receipt({ source, id: 'add-r7' });
    expect(read).toMatchObject({ status: 503, body: { type: problem('store-unavailable') } });
    expect(read.headers.get('retry-after')).toBe('5');
    for (const body of [added('r8', 38), [added('r8', 38), added('r8', 39)]]) {
      const written = await engine.publish(body);
      expect(written).toMatchObject({ status: 503, body: { type: problem('store-unavailable') } });
      expect(written.headers.get('retry-after')).toBe('5');
    }
    await engine.restart();
    expect((await engine.publish(added('r8', 38))).status).toBe(201);
  });
});
