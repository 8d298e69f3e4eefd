import type { StoredEvent } from '../../events/index.js';
import { type Candidate, checkEvent } from '../../src/intake/check-event.js';
import { exampleEvent } from '../../src/intake/event-examples.js';
import { idsWithFollowers, settleBatch } from '../../src/intake/settle-batch.js';

const now = Date.parse('2026-03-02T00:00:00Z');
const principal = {
  callerId: 'aaaaaaaa',
  name: 'all',
  scopes: ['publisher', 'link-source'] as const,
  source: 'urn:billing:eu',
};

const suspend = (id: string, server: string, more: object = {}): object =>
  exampleEvent('ServerSuspended', { id, subject: server, data: { serverId: server, ...more } });
const linkUp = (id: string): object => exampleEvent('LinkUp', { id });
const check = (values: readonly object[]) => values.map((value) => checkEvent(value, principal, now));

function stored(value: object): StoredEvent {
  const { stream, event } = checkEvent(value, principal, now) as Candidate;
  const { id, type, data, metadata } = event;
  return {
    id,
    stream,
    type,
    data,
    metadata: { ...metadata, recordedAt: metadata.time },
    revision: 0,
    position: '0',
    ordinal: 0,
  };
}

/** What becomes of each event, in a word. */
function settle(values: readonly object[], known: readonly StoredEvent[] = []): string[] {
  const settled = settleBatch(values, check(values), new Map(known.map((event) => [event.id, event])));
  return settled.map((one) => (one.refused ? one.code : one.to));
}

describe('a batch', () => {
  it('refuses what follows a refused event of the same stream, and nothing else', () => {
    const values = [
      suspend('1', 'a'),
      suspend('2', 'a', { nope: 1 }),
      suspend('3', 'b'),
      suspend('4', 'a'),
      linkUp('5'),
    ];
    expect(settle(values)).toEqual(['append', 'invalid-event', 'append', 'predecessor-refused', 'append']);
  });

  it('knows the stream of a refused event by its subject, also when its type is unknown', () => {
    const unknown = { ...suspend('1', 'a'), type: 'Nonsense', data: {} };
    expect(settle([unknown, suspend('2', 'a'), suspend('3', 'b')])).toEqual([
      'unknown-event-type',
      'predecessor-refused',
      'append',
    ]);
  });

  it('knows the stream of a refused event by its data when the subject is missing', () => {
    expect(settle([{ ...suspend('1', 'a'), subject: undefined }, suspend('2', 'a')])).toEqual([
      'malformed-event',
      'predecessor-refused',
    ]);
  });

  it('stores an event that comes twice once', () => {
    expect(settle([suspend('1', 'a'), suspend('1', 'a'), suspend('2', 'a')])).toEqual(['append', 'repeat', 'append']);
  });

  it('refuses an id that comes twice with other content, and what follows', () => {
    const values = [suspend('1', 'a'), suspend('1', 'a', { reason: 'x' }), suspend('2', 'a')];
    expect(settle(values)).toEqual(['append', 'id-reused', 'predecessor-refused']);
  });

  it('does not take an id of a refused event for used', () => {
    expect(settle([suspend('1', 'a', { nope: 1 }), suspend('1', 'b')])).toEqual(['invalid-event', 'append']);
  });

  it('answers what is stored already, and goes on behind it', () => {
    expect(settle([suspend('1', 'a'), suspend('2', 'a')], [stored(suspend('1', 'a'))])).toEqual(['answer', 'append']);
  });

  it('refuses what follows an id that is stored with other content', () => {
    const known = [stored(suspend('1', 'a', { reason: 'other' }))];
    expect(settle([suspend('1', 'a'), suspend('2', 'a')], known)).toEqual(['id-reused', 'predecessor-refused']);
  });

  it('looks up only the events that have a follower in their stream', () => {
    const values = [suspend('1', 'a'), suspend('2', 'b'), suspend('3', 'a'), suspend('4', 'a')];
    const [first, , third] = check(values) as Candidate[];
    expect(idsWithFollowers(check(values)).sort()).toEqual([first?.event.id, third?.event.id].sort());
  });
});
