import { type EventContract, defineEvent } from '../../events/contract.js';
import { decodeBy } from '../../events/decode.js';
import { decodeData, decodeEvent } from '../../events/index.js';
import { field } from '../../events/vocabulary/fields.js';
import { sampleOf } from '../support/corpus.js';

class Painted {
  readonly serverId!: string;
  readonly colour!: string;
  readonly coats!: number;
}

/** A type that had two older shapes: `color` first, then `colour`, then the number of coats. */
const painted = defineEvent({
  type: 'ServerPainted',
  scope: 'publisher',
  version: 3,
  dataClass: Painted,
  stream: (data) => `server-${data.serverId}`,
  read: (from): Painted => ({
    serverId: from.need('serverId', field.serverId),
    colour: from.need('colour', field.text),
    coats: from.need('coats', field.count),
  }),
  upcasts: {
    1: ({ color, ...rest }) => ({ ...rest, colour: color }),
    2: (data) => ({ ...data, coats: 1 }),
  },
}) as EventContract;

describe('decoding', () => {
  it.each([
    [1, { serverId: 's1', color: 'red' }],
    [2, { serverId: 's1', colour: 'red' }],
    [3, { serverId: 's1', colour: 'red', coats: 1 }],
  ])('brings version %s to the newest shape, step by step', (version, data) => {
    const before = JSON.stringify(data);
    expect(decodeBy(painted, version, data)).toEqual({
      readable: true,
      data: { serverId: 's1', colour: 'red', coats: 1 },
    });
    expect(JSON.stringify(data)).toBe(before);
  });

  it.each([0, 4, 1.5, '1', null, undefined, { toString: 5 }])('cannot read version %j', (version) => {
    expect(decodeBy(painted, version, {})).toMatchObject({
      readable: false,
      reason: expect.stringContaining('schemaVersion: expected 1 to 3') as string,
    });
  });

  it('cannot read an old shape whose step to the next version is missing', () => {
    const { upcasts, ...rest } = painted;
    const gap = { ...rest, upcasts: { 1: upcasts?.[1] ?? ((data) => data) } } as EventContract;
    expect(decodeBy(gap, 1, { serverId: 's1', color: 'red' })).toMatchObject({
      readable: false,
      reason: 'schemaVersion: no step from 2 to 3',
    });
  });

  it('makes an upcast that trips over its data an unreadable event, not a crash', () => {
    const tripping = { ...painted, upcasts: { ...painted.upcasts, 1: () => JSON.parse('{') as never } };
    expect(decodeBy(tripping, 1, {})).toMatchObject({
      readable: false,
      reason: expect.stringContaining('upcast') as string,
    });
  });

  it.each([[null], ['text'], [7], [[]], [undefined]])('cannot read data that is %j', (data) => {
    expect(decodeData('LinkUp', 1, data)).toEqual({ readable: false, reason: 'data: expected an object' });
  });

  it('names the field and what it expected', () => {
    expect(decodeData('LinkUp', 1, { port: 'leaf1' })).toMatchObject({
      reason: 'port: expected a port as switch:interface, such as leaf1:Ethernet16',
    });
    const gateway = { switch: 'leaf1', addresses: ['198.51.100.1', 'x'], macs: [] };
    expect(decodeData('GatewayDeclared', 1, gateway)).toMatchObject({
      reason: expect.stringMatching(/^addresses\.1: expected/) as string,
    });
  });

  it.each(['constructor', '__proto__', 'toString', 'serverAdded', ''])('does not know the type %j', (type) => {
    expect(decodeData(type, 1, {})).toMatchObject({ readable: false });
  });

  it('cannot read an event in a stream that its data does not name', () => {
    const { stored } = sampleOf('ServerMoved');
    expect(decodeEvent({ ...stored, stream: 'server-other' })).toMatchObject({
      readable: false,
      reason: 'stream: expected server-srv-16, found server-other',
    });
  });

  it('cannot read an event without a time, and throws for no metadata at all', () => {
    const { stored } = sampleOf('LinkUp');
    for (const metadata of [undefined, null, {}, { ...stored.metadata, time: '2026-02-30T00:00:00Z' }]) {
      expect(decodeEvent({ ...stored, metadata } as unknown as typeof stored)).toMatchObject({ readable: false });
    }
  });
});
