import { request } from 'node:http';
import { exampleEvent } from '../../src/intake/event-examples.js';
import { batchType, eventType, RunningEngine, source } from './running-engine.js';

let engine: RunningEngine;
beforeAll(async () => {
  engine = await RunningEngine.start();
});
afterAll(() => engine.stop());

interface Answer {
  readonly status: number | undefined;
  readonly body: Record<string, unknown>;
}

/** By node:http: it sends headers as they are given, also one name twice. */
function post(headers: Record<string, string | string[]>, body: unknown): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(`${engine.url}/v1/events`, { method: 'POST', agent: false }, (response) => {
      let text = '';
      response.on('data', (piece) => (text += String(piece)));
      response.on('end', () => resolve({ status: response.statusCode, body: JSON.parse(text) as Answer['body'] }));
    });
    sent.on('error', reject);
    for (const [name, value] of Object.entries(headers)) sent.setHeader(name, value);
    sent.setHeader('authorization', `Bearer ${engine.tokens.every}`);
    sent.end(JSON.stringify(body));
  });
}

function attributes(id: string, more: Record<string, string | string[]> = {}): Record<string, string | string[]> {
  return {
    'content-type': 'application/json',
    'ce-specversion': '1.0',
    'ce-type': 'ServerSuspended',
    'ce-source': source,
    'ce-id': id,
    'ce-subject': `s-${id}`,
    'ce-time': '2026-03-01T12:00:00Z',
    ...more,
  };
}

describe('an event in binary mode', () => {
  it('is stored as the same event in structured mode is, and is known again as that', async () => {
    const extensions = {
      'ce-schemaversion': '1',
      'ce-traceparent': '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    };
    const data = { serverId: 's-b1', reason: 'unpaid' };
    const answer = await post(attributes('b1', extensions), data);
    expect(answer).toMatchObject({ status: 201, body: { id: 'b1', effect: 'pending' } });
    const structured = exampleEvent('ServerSuspended', { id: 'b1', subject: 's-b1', data });
    expect((await engine.publish(structured)).body).toEqual(answer.body);
    expect((await engine.parts.store.readStream('server-s-b1')).events).toHaveLength(1);
  });

  it('is stored under the id that its header spells, decoded', async () => {
    const { status, body } = await post(attributes('b2', { 'ce-id': 'Stra%C3%9Fe%20%E2%82%AC' }), { serverId: 's-b2' });
    expect([status, body['id']]).toEqual([201, 'Straße €']);
    expect(await engine.parts.store.findById(String(body['eventId']))).toMatchObject({
      metadata: { sourceId: 'Straße €' },
    });
  });

  it.each([
    ['a missing header', { 'ce-type': [] }, 'ce-type'],
    ['a wrong version', { 'ce-specversion': '0.3' }, 'ce-specversion'],
    ['a header that is given twice', { 'ce-id': ['one', 'two'] }, 'ce-id'],
    ['a header that is too long', { 'ce-id': 'x'.repeat(257) }, 'ce-id'],
    ['a header that is not percent-encoded right', { 'ce-subject': '%C3%28' }, 'ce-subject'],
    ['an extension that nobody knows', { 'ce-colour': 'red' }, 'ce-colour'],
    ['a content type in a header', { 'ce-datacontenttype': 'application/json' }, 'ce-datacontenttype'],
  ])('is refused for %s, which is named', async (_what, change, header) => {
    const head = await engine.parts.store.head();
    const answer = await post(attributes('bad', change), { serverId: 's-bad' });
    expect(answer).toMatchObject({
      status: 400,
      body: { type: 'https://portledger.dev/problems/malformed-event', errors: [{ header }] },
    });
    expect(answer.body['detail']).toContain(header);
    expect(await engine.parts.store.head()).toEqual(head);
  });

  it('has headers of 8 KiB at most', async () => {
    expect((await post(attributes('long', { 'ce-traceparent': 'x'.repeat(9000) }), {})).status).toBe(431);
  });

  it.each([
    ['a list', [{ serverId: 's-b3' }]],
    ['a whole event', exampleEvent('ServerSuspended', { subject: 's-b3' })],
    ['nothing', null],
  ])('is refused when its body is %s, for the body is the data', async (_what, body) => {
    expect(await post(attributes('b3'), body)).toMatchObject({
      status: 422,
      body: { type: 'https://portledger.dev/problems/invalid-event' },
    });
  });

  it('is held to source, scope and size like any other', async () => {
    expect((await post(attributes('b4', { 'ce-source': 'urn:billing:us' }), { serverId: 's-b4' })).status).toBe(403);
    const large = await post(attributes('b4'), { serverId: 's-b4', reason: 'x'.repeat(65_536) });
    expect(large).toMatchObject({ status: 413, body: { type: 'https://portledger.dev/problems/event-too-large' } });
  });
});

describe('an event in structured mode', () => {
  it('is what its body says, whatever the headers say beside it', async () => {
    const body = exampleEvent('ServerSuspended', { id: 'in-body', subject: 's-b5', data: { serverId: 's-b5' } });
    const beside = attributes('in-header', { 'content-type': eventType, 'ce-type': 'ServerRemoved' });
    expect(await post(beside, body)).toMatchObject({ status: 201, body: { id: 'in-body' } });
    const batch = await post({ ...beside, 'content-type': batchType }, [body]);
    expect(batch).toMatchObject({ status: 200, body: { results: [{ status: 201, id: 'in-body' }] } });
    const missing = await post(attributes('in-header', { 'content-type': eventType }), { data: { serverId: 's-b5' } });
    expect(missing).toMatchObject({ status: 400, body: { errors: expect.arrayContaining([]) as unknown[] } });
    expect((await engine.parts.store.readStream('server-s-b5')).events).toHaveLength(1);
  });
});
