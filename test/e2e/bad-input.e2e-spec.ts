import { connect } from 'node:net';
import { exampleEvent } from '../../src/intake/event-examples.js';
import { batchType, eventType, RunningEngine } from './running-engine.js';

let engine: RunningEngine;
beforeAll(async () => {
  engine = await RunningEngine.start();
});
afterEach(async () => {
  expect(await engine.parts.store.head()).toBeUndefined();
});
afterAll(() => engine.stop());

const problem = (code: string): string => `https://portledger.dev/problems/${code}`;

describe('a request that cannot be taken', () => {
  it.each([
    ['text that is not JSON', '{"specversion":', eventType, 400, 'malformed-json'],
    ['nothing', '', eventType, 400, 'malformed-json'],
    ['deep nesting', '['.repeat(1000), eventType, 400, 'malformed-json'],
    ['a list as one event', '[]', eventType, 400, 'malformed-request'],
    ['one event as a batch', '{}', batchType, 400, 'malformed-request'],
    ['no event at all', '"text"', eventType, 400, 'malformed-event'],
    ['XML', '<event/>', 'application/xml', 415, 'unsupported-media-type'],
    ['a form', 'a=b', 'application/x-www-form-urlencoded', 415, 'unsupported-media-type'],
    ['plain text', '{}', 'text/plain', 415, 'unsupported-media-type'],
    ['more than 1 MiB', `"${'x'.repeat(1024 * 1024)}"`, eventType, 413, 'body-too-large'],
    ['more than 500 events', JSON.stringify(new Array(501).fill({})), batchType, 413, 'too-many-events'],
    [
      'an event above 64 KiB',
      JSON.stringify(exampleEvent('LinkUp', { tracestate: 'x'.repeat(65536) })),
      eventType,
      413,
      'event-too-large',
    ],
  ])('is answered with a problem: %s', async (_name, body, contentType, status, code) => {
    const answer = await engine.post(body, contentType);
    expect(answer).toMatchObject({ status, body: { type: problem(code), status, instance: '/v1/events' } });
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.body['detail']).toEqual(expect.stringMatching(/.{10,}/));
  });

  it('names every field that is wrong, as a JSON pointer', async () => {
    const data = { serverId: 'srv-16', customerId: 'c', port: 'leaf1', vlan: 5000, mac: 'x', colour: 'red' };
    const answer = await engine.publish(exampleEvent('ServerAdded', { data }));
    expect(answer.status).toBe(422);
    const pointers = (answer.body['errors'] as { pointer: string }[]).map((error) => error.pointer);
    expect(pointers.sort()).toEqual(['/data/colour', '/data/mac', '/data/port', '/data/vlan']);
  });

  it('suggests the nearest event type', async () => {
    const answer = await engine.publish(exampleEvent('LinkUp', { type: 'ServerAdedd' }));
    expect(answer).toMatchObject({ status: 422, body: { type: problem('unknown-event-type') } });
    expect(answer.body['detail']).toContain('Did you mean ServerAdded?');
  });

  it.each(['/nope', '/v1', '/v1/events', '/v1/%'])('is answered with a problem: GET %s', async (path) => {
    const answer = await engine.call(path);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect([400, 404]).toContain(answer.status);
  });

  it('does not stop the engine when it is no HTTP at all', async () => {
    const { port } = new URL(engine.url);
    await new Promise<void>((resolve, reject) => {
      const socket = connect(Number(port), '127.0.0.1', () => socket.end('\u0000\u0001 nonsense\r\n\r\n'));
      socket
        .on('close', () => resolve())
        .on('error', reject)
        .resume();
    });
    expect((await engine.call('/livez')).status).toBe(200);
  });
});
