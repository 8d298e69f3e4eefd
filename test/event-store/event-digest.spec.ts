import { createHash } from 'node:crypto';
import type { StoredEvent } from '../../events/index.js';
import { eventDigest } from '../../src/event-store/event-digest.js';

const event: StoredEvent = {
  id: '2ed6657d-e927-568b-95e1-2665a8aea6a2',
  stream: 'server-s1',
  type: 'ServerSuspended',
  data: { serverId: 's1', reason: 'é' },
  metadata: {
    source: 'urn:billing:eu',
    sourceId: '1',
    schemaVersion: 1,
    time: '2026-03-01T12:00:00.000Z',
    recordedAt: '2026-03-01T12:00:01.000Z',
  },
  revision: 3,
  position: '77',
  ordinal: 7,
};

describe('the digest of an event', () => {
  it('is the SHA-256 of what was said, in RFC 8785 form, as anybody can compute it', () => {
    const text =
      '{"data":{"reason":"é","serverId":"s1"},"id":"2ed6657d-e927-568b-95e1-2665a8aea6a2",' +
      '"metadata":{"schemaVersion":1,"source":"urn:billing:eu","sourceId":"1","time":"2026-03-01T12:00:00.000Z"},' +
      '"stream":"server-s1","type":"ServerSuspended"}';
    expect(eventDigest(event)).toBe(createHash('sha256').update(text, 'utf8').digest('hex'));
  });

  it('depends on nothing that the engine or the store added', () => {
    const metadata = { ...event.metadata, recordedAt: '2027-01-01T00:00:00.000Z' };
    const elsewhere = { ...event, metadata, revision: 4, position: '99', ordinal: 8 };
    expect(eventDigest(elsewhere)).toBe(eventDigest(event));
  });

  it.each([
    { id: '00000000-0000-5000-8000-000000000000' },
    { stream: 'server-s2' },
    { type: 'ServerResumed' },
    { data: { serverId: 's1', reason: 'e' } },
    { metadata: { ...event.metadata, time: '2026-03-01T12:00:00.001Z' } },
    { metadata: { ...event.metadata, causedBy: ['x'] } },
  ])('is another one when %j is said', (change) => {
    expect(eventDigest({ ...event, ...change })).not.toBe(eventDigest(event));
  });
});
