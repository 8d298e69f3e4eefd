import fc from '../support/property.js';
import { decodeHeader, eventOfHeaders, isBinaryMode } from '../../src/intake/binary-mode.js';
import type { Refusal } from '../../src/intake/refusal.js';

const headers = {
  host: ['localhost'],
  'ce-specversion': ['1.0'],
  'ce-type': ['LinkUp'],
  'ce-source': ['urn:billing:eu'],
  'ce-id': ['1'],
  'ce-subject': ['leaf1:Ethernet1'],
  'ce-time': ['2026-03-01T12:00:00Z'],
};
const data = { port: 'leaf1:Ethernet1' };

/** HTTP binding section 3.1.3.2: what a sender must percent-encode. */
const encoded = (text: string): string => text.replace(/[^\x21-\x7e]|["%]/gu, (one) => encodeURIComponent(one));

describe('a header value', () => {
  it('is decoded to the very text that was encoded, whatever its script', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(decodeHeader(encoded(text))).toBe(text);
      }),
    );
  });

  it.each([
    ['Euro%20%E2%82%AC%20%F0%9F%98%80', 'Euro € 😀'], // the example of the specification
    ['%e2%82%ac', '€'],
    ['a b', 'a b'],
    ['"a b"', 'a b'],
    ['"a \\"b\\" \\\\"', 'a "b" \\'],
    ['"%E2%82%AC"', '€'],
    ['%2541', '%41'], // decoded once, never twice
    ['a+b', 'a+b'],
    ['', ''],
  ])('%s means %s', (value, text) => {
    expect(decodeHeader(value)).toBe(text);
  });

  it.each(['%', '%4', '%GG', '%C3%28', '%ED%A0%80', '%F0%82%82%AC', 'é', 'a\tb', '"open', '\u0000'])(
    '%j means nothing',
    (value) => {
      expect(decodeHeader(value)).toBeUndefined();
    },
  );
});

describe('an event in headers', () => {
  const faults = (more: Record<string, string[] | undefined>): unknown[] => {
    const refusal = eventOfHeaders({ ...headers, ...more }, 'application/json', data) as Refusal;
    expect(refusal).toMatchObject({ refused: true, status: 400, code: 'malformed-event' });
    expect(refusal.detail).toContain(String(refusal.errors[0]?.header));
    return refusal.errors.map((error) => error.header);
  };

  it('is what structured mode would say', () => {
    expect(eventOfHeaders({ ...headers, 'ce-schemaversion': ['1'] }, 'application/json', data)).toEqual({
      specversion: '1.0',
      type: 'LinkUp',
      source: 'urn:billing:eu',
      id: '1',
      subject: 'leaf1:Ethernet1',
      time: '2026-03-01T12:00:00Z',
      schemaversion: '1',
      datacontenttype: 'application/json',
      data,
    });
  });

  it.each(['specversion', 'type', 'source', 'id', 'subject', 'time'])('is refused without ce-%s, naming it', (name) => {
    expect(faults({ [`ce-${name}`]: undefined })).toEqual([`ce-${name}`]);
  });

  it('is refused for every header that is wrong, each named once', () => {
    expect(
      faults({
        'ce-id': ['x'.repeat(257)],
        'ce-type': ['a', 'b'],
        'ce-subject': ['%zz'],
        'ce-specversion': ['0.3'],
        'ce-colour': ['red'],
        'ce-data': ['{}'],
        'ce-datacontenttype': ['application/json'],
        'ce-__proto__': ['x'],
        'ce-time': ['%0A'],
      }).sort(),
    ).toEqual([
      'ce-__proto__',
      'ce-colour',
      'ce-data',
      'ce-datacontenttype',
      'ce-id',
      'ce-specversion',
      'ce-subject',
      'ce-time',
      'ce-type',
    ]);
  });
});

describe('binary mode', () => {
  it('is told by the headers, unless the media type says that the event is in the body', () => {
    expect(isBinaryMode('application/json', headers)).toBe(true);
    expect(isBinaryMode('application/json', { 'ce-id': ['1'] })).toBe(true);
    expect(isBinaryMode('application/json', { host: ['x'] })).toBe(false);
    expect(isBinaryMode('application/cloudevents+json', headers)).toBe(false);
    expect(isBinaryMode('application/cloudevents-batch+json', headers)).toBe(false);
  });
});
