import { eventTypes } from '../../events/index.js';
import type { Principal } from '../../src/auth/require-scope.js';
import { checkEvent } from '../../src/intake/check-event.js';
import { eventExamples, exampleEvent, type PublishedType } from '../../src/intake/event-examples.js';
import { publishedTypes } from '../../src/intake/event-schemas.js';
import type { Refusal } from '../../src/intake/refusal.js';

const now = Date.parse('2026-03-01T12:00:00Z');
const billing: Principal = {
  kind: 'token',
  callerId: 'aaaaaaaa',
  name: 'all',
  scopes: ['publisher', 'operator', 'link-source'],
  source: 'urn:billing:eu',
};

function refusalOf(event: unknown, principal = billing): Refusal {
  const outcome = checkEvent(event, principal, now);
  if (!outcome.refused) throw new Error(`accepted: ${JSON.stringify(event)}`);
  return outcome;
}
const pointersOf = (event: unknown): string[] => refusalOf(event).errors.map((error) => error.pointer);
const withData = (type: PublishedType, change: object): object =>
  exampleEvent(type, { data: JSON.parse(JSON.stringify({ ...eventExamples[type].data, ...change })) as object });

const fields = publishedTypes.flatMap((type) =>
  Object.keys(eventExamples[type].data).map((field) => [type, field] as const),
);
const needed: Readonly<Record<string, readonly string[]>> = {
  ServerAdded: ['serverId', 'customerId', 'port', 'vlan'],
  ServerMoved: ['serverId', 'port', 'vlan'],
  ServerNicReplaced: ['serverId', 'mac'],
  ServerRecordCorrected: ['serverId', 'reason'],
  Ipv6PrefixAssigned: ['serverId', 'prefix'],
  Ipv4AddOnBought: ['serverId', 'addOnId'],
  GatewayDeclared: ['switch', 'addresses', 'macs'],
  LinkUp: ['port'],
};

describe('an event of every published type', () => {
  it.each(publishedTypes)('%s is accepted as its example shows it', (type) => {
    expect(checkEvent(exampleEvent(type), billing, now)).toMatchObject({ refused: false, event: { type } });
  });

  it.each(fields)('%s names the field %s when that one is broken', (type, field) => {
    expect(pointersOf(withData(type, { [field]: { broken: true } }))).toEqual([`/data/${field}`]);
    expect(pointersOf(withData(type, { [field]: null }))).toEqual([`/data/${field}`]);
  });

  it.each(publishedTypes)('%s names a field it does not know', (type) => {
    expect(pointersOf(withData(type, { colour: 'red' }))).toEqual(['/data/colour']);
  });

  it.each(Object.entries(needed))('%s names each field it needs', (type, names) => {
    for (const name of names) {
      expect(pointersOf(withData(type as PublishedType, { [name]: undefined }))).toEqual([`/data/${name}`]);
    }
  });

  it('has an example for each type that is not of our own rooms', () => {
    const own = eventTypes.filter((type) => !(publishedTypes as string[]).includes(type));
    for (const type of own)
      expect(refusalOf(exampleEvent('LinkUp', { type }))).toMatchObject({ status: 403, code: 'type-not-accepted' });
  });
});

describe('the attributes of an event', () => {
  it.each(['specversion', 'type', 'source', 'id', 'subject', 'time', 'data'])('are refused without %s', (name) => {
    expect(pointersOf(exampleEvent('ServerAdded', { [name]: undefined }))).toEqual([`/${name}`]);
  });

  it('are refused with an extension nobody here knows, by name', () => {
    expect(refusalOf(exampleEvent('LinkUp', { schemaverzion: 1 }))).toMatchObject({
      status: 400,
      errors: [{ pointer: '/schemaverzion', detail: expect.stringContaining('Did you mean schemaversion?') as string }],
    });
    expect(pointersOf(JSON.parse(JSON.stringify(exampleEvent('LinkUp')).replace('{', '{"__proto__":{},')))).toEqual([
      '/__proto__',
    ]);
  });

  it('may carry a trace context', () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    expect(checkEvent(exampleEvent('LinkUp', { traceparent }), billing, now).refused).toBe(false);
  });

  it('name the entity of the data as their subject', () => {
    expect(pointersOf(exampleEvent('ServerAdded', { subject: 'srv-17' }))).toEqual(['/subject']);
    expect(pointersOf(exampleEvent('LinkUp', { subject: 'leaf1' }))).toEqual(['/subject']);
  });

  it('have a time at most five minutes ahead', () => {
    expect(checkEvent(exampleEvent('LinkUp', { time: '2026-03-01T12:05:00Z' }), billing, now).refused).toBe(false);
    expect(refusalOf(exampleEvent('LinkUp', { time: '2026-03-01T12:05:00.001Z' }))).toMatchObject({
      status: 422,
      code: 'time-in-future',
    });
  });

  it('have a time that can be read back, whatever its offset', () => {
    expect(pointersOf(exampleEvent('LinkUp', { time: '0000-01-01T00:00:00+01:00' }))).toEqual(['/time']);
    expect(pointersOf(exampleEvent('LinkUp', { time: '2026-02-30T00:00:00Z' }))).toEqual(['/time']);
    expect(checkEvent(exampleEvent('LinkUp', { time: '2026-03-01T13:00:00+01:00' }), billing, now)).toMatchObject({
      event: { metadata: { time: '2026-03-01T12:00:00.000Z' } },
    });
  });

  it.each([
    ['2026-03-01T12:00:00.000Z', '2026-03-01T12:00:00.000Z'],
    ['2026-03-01t12:00:00.000z', '2026-03-01T12:00:00.000Z'],
    ['2026-03-01T12:00:00.0009Z', '2026-03-01T12:00:00.000Z'],
    ['2016-12-31T23:59:60.000Z', '2016-12-31T23:59:59.999Z'],
    ['0099-01-01T00:00:00.000Z', '0099-01-01T00:00:00.000Z'],
    ['2025-12-31T23:00:00-01:00', '2026-01-01T00:00:00.000Z'],
  ])('have a time that is stored in one spelling: %s', (time, stored) => {
    expect(checkEvent(exampleEvent('LinkUp', { time }), billing, now)).toMatchObject({
      time: Date.parse(stored),
      event: { metadata: { time: stored } },
    });
  });

  it('accept the shapes that exist, as a number or as digits', () => {
    expect(checkEvent(exampleEvent('LinkUp', { schemaversion: '1' }), billing, now).refused).toBe(false);
    expect(pointersOf(exampleEvent('LinkUp', { schemaversion: 2 }))).toEqual(['/schemaversion']);
    expect(pointersOf(exampleEvent('LinkUp', { schemaversion: 0 }))).toEqual(['/schemaversion']);
  });

  it('suggest the nearest type for one that is unknown', () => {
    expect(refusalOf(exampleEvent('LinkUp', { type: 'ServerAded' })).detail).toContain('Did you mean ServerAdded?');
    for (const type of ['constructor', '__proto__', 'toString']) {
      expect(refusalOf(exampleEvent('LinkUp', { type }))).toMatchObject({ status: 422, code: 'unknown-event-type' });
    }
  });

  it('are refused above 64 KiB', () => {
    expect(refusalOf(exampleEvent('LinkUp', { tracestate: 'x'.repeat(65_536) }))).toMatchObject({ status: 413 });
  });

  it.each([undefined, null, 7, 'text', [[]]])('are refused when there is no event but %j', (value) => {
    expect(refusalOf(value)).toMatchObject({ status: 400, code: 'malformed-event' });
  });
});

describe('the data of an event', () => {
  it('is kept in canonical spelling', () => {
    const event = withData('ServerAdded', { mac: '5254.0000.0016', linkLocal: 'FE80:0::16' });
    expect(checkEvent(event, billing, now)).toMatchObject({
      event: { data: { mac: '52:54:00:00:00:16', linkLocal: 'fe80::16' } },
    });
  });

  it('names the one of a list that is wrong', () => {
    expect(pointersOf(withData('GatewayDeclared', { macs: ['52:54:00:00:00:01', 'ff:ff:ff:ff:ff:ff'] }))).toEqual([
      '/data/macs/1',
    ]);
    expect(pointersOf(withData('GatewayDeclared', { vlans: [1, 2, 5000] }))).toEqual(['/data/vlans/2']);
  });

  it.each([
    ['Ipv4AddOnBought', { address: '198.51.100.016' }, '/data/address'],
    ['Ipv4AddOnBought', { address: '198.51.100' }, '/data/address'],
    ['Ipv6PrefixAssigned', { prefix: '2001:db8:16::1/48' }, '/data/prefix'],
    ['ServerAdded', { mac: 'ff:ff:ff:ff:ff:ff' }, '/data/mac'],
    ['ServerAdded', { vlan: 4095 }, '/data/vlan'],
    ['ServerAdded', { vlan: '16' }, '/data/vlan'],
    ['ServerAdded', { linkLocal: 'fe80::1%eth0' }, '/data/linkLocal'],
    ['ServerSuspended', { reason: 'a\nb' }, '/data/reason'],
  ] as const)('refuses %s with %j', (type, change, pointer) => {
    expect(pointersOf(withData(type, change))).toEqual([pointer]);
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'refuses the field %s like any other unknown one',
    (name) => {
      const event = JSON.parse(
        JSON.stringify(exampleEvent('LinkUp')).replace('"data":{', `"data":{"${name}":{"x":1},`),
      ) as unknown;
      expect(pointersOf(event)).toEqual([`/data/${name}`]);
    },
  );
});

describe('the publisher of an event', () => {
  it('needs the scope of its type', () => {
    const scopes = { ServerAdded: 'publisher', GatewayDeclared: 'operator', LinkUp: 'link-source' } as const;
    for (const [type, scope] of Object.entries(scopes)) {
      const others = billing.scopes.filter((one) => one !== scope);
      const refusal = refusalOf(exampleEvent(type as PublishedType), { ...billing, scopes: others });
      expect(refusal).toMatchObject({ status: 403, code: 'missing-scope', missingScopes: [scope] });
      expect(checkEvent(exampleEvent(type as PublishedType), { ...billing, scopes: [scope] }, now).refused).toBe(false);
    }
  });

  it('speaks for its own source only', () => {
    expect(refusalOf(exampleEvent('LinkUp', { source: 'urn:billing:us' }))).toMatchObject({
      status: 403,
      code: 'foreign-source',
    });
    expect(refusalOf(exampleEvent('LinkUp'), { ...billing, source: undefined })).toMatchObject({ status: 403 });
  });
});
