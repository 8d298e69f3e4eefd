import { validateSync } from 'class-validator';
import fc from '../support/property.js';
import { contractOf, decodeData, eventTypes } from '../../events/index.js';
import { fieldsOf } from '../support/contract-fields.js';
import { sampleOf } from '../support/corpus.js';

/** Every field of a type, those its sample leaves out included. */
function namesOf(type: string): string[] {
  const contract = contractOf(type);
  return contract === undefined ? [] : fieldsOf(contract).map((field) => field.name);
}

/** What intake does with data: the class of the type, its decorators, no field it does not know. */
function accepted(type: string, data: object): boolean {
  const contract = contractOf(type);
  if (contract === undefined) throw new Error(`no contract of ${type}`);
  const instance = Object.assign(new contract.dataClass(), data);
  return validateSync(instance, { whitelist: true, forbidNonWhitelisted: true }).length === 0;
}

const good = [
  true,
  false,
  '198.51.100.0/24',
  'first-seen',
  'management',
  'address-spoof',
  'lab.cluster:1',
  'e'.repeat(64),
  'srv-1',
  'cust.1',
  'leaf1',
  'leaf1:Ethernet16',
  'leaf1:Port-Channel1.100',
  'EUR',
  'high',
  'vlan',
  'confirmed',
  '52:54:00:00:00:16',
  '52-54-00-AB-CD-EF',
  '5254.00ab.cdef',
  'ff:ff:ff:ff:ff:ff',
  '00:00:00:00:00:00',
  '198.51.100.16',
  '2001:db8::1',
  'fe80::1',
  'FE80::0016',
  '2001:db8:16::/48',
  'fc00::/7',
  '2001:db8::1/128',
  '2026-03-01T10:00:00Z',
  '2026-03-01t10:00:00.5+01:00',
  '2016-12-31T23:59:60Z',
  1,
  16,
  4094,
  0,
  'a text',
];
const bad = [
  '',
  ' ',
  null,
  [],
  {},
  -1,
  1.5,
  4095,
  1e21,
  '16',
  '01',
  'leaf1:',
  ':Ethernet1',
  'LEAF1',
  'a'.repeat(64),
  'a'.repeat(65),
  'x'.repeat(256),
  'x'.repeat(257),
  'x'.repeat(500),
  'x'.repeat(501),
  'x'.repeat(4000),
  'x'.repeat(4001),
  'E'.repeat(64),
  'address-spoof ',
  '198.51.100.1/24',
  '198.51.100.0/33',
  '198.51.100.0/024',
  '198.51.100/24',
  'line\nbreak',
  '\u0000',
  '\u202Eevil',
  '\uD800',
  'é',
  '198.51.100.016',
  '198.51.100',
  '0x7f.1',
  '0.0.0.0',
  '127.0.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  'ff02::1',
  '::ffff:198.51.100.1',
  'fe80::1%eth0',
  'fe80::',
  'fe80:1::1',
  '2001:db8::1/64',
  '::/0',
  'fe80::/64',
  'ff00::/8',
  'fc00::/6',
  '2001:db8::/129',
  '2001:db8::/048',
  '::ffff:1.2.3.0/120',
  '01:00:5e:00:00:01',
  '52:54:00:00:00',
  '52:54:00:00:00:1g',
  '2026-02-30T00:00:00Z',
  '2026-03-01',
  '2026-03-01T10:00:00',
  '0000-01-01T00:00:00+01:00',
  Number.NaN,
  Number.MAX_SAFE_INTEGER + 1,
  'eur',
  'EURO',
];
const line = { change: 'add', kind: 'route', line: 'route x', cause: 1, readBack: 'present' };
const value: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<unknown>(...good) },
  { weight: 4, arbitrary: fc.constantFrom<unknown>(...bad) },
  fc.jsonValue(),
  fc.array(fc.constantFrom<unknown>(...good), { maxLength: 4 }),
  fc.constantFrom<unknown>(
    Array.from({ length: 500 }, () => 16),
    Array.from({ length: 501 }, () => 16),
    Array.from({ length: 4095 }, () => 16),
    Array.from({ length: 501 }, () => '52:54:00:00:00:16'),
    Array.from({ length: 501 }, () => line),
    [line, { ...line, serverId: null }],
    [{ ...line, line: '' }],
    [{ ...line, cause: 'drift' }],
    [{ ...line, colour: 'red' }],
    Array.from({ length: 9 }, () => 16),
    Array.from({ length: 33 }, () => 'a text'),
    [undefined],
    [null],
    [16, null],
  ),
);

/** Data near a good sample: some fields left out, some said otherwise. */
function near(type: string): fc.Arbitrary<Record<string, unknown>> {
  const data = sampleOf(type).stored.data as Record<string, unknown>;
  const change = fc.record({
    name: fc.constantFrom(...namesOf(type)),
    value: fc.option(value, { nil: undefined }),
  });
  return fc.array(change, { maxLength: 2 }).map((changes) => {
    const changed = { ...data };
    for (const { name, value: next } of changes) {
      if (next === undefined) delete changed[name];
      else changed[name] = next;
    }
    return changed;
  });
}

describe('intake and decode accept exactly the same data', () => {
  it.each(eventTypes)('of %s', (type) => {
    const data = sampleOf(type).stored.data as Record<string, unknown>;
    expect(accepted(type, data)).toBe(true);
    for (const name of namesOf(type)) {
      for (const one of [...good, ...bad]) agree(type, { ...data, [name]: one });
      agree(type, Object.fromEntries(Object.entries(data).filter(([key]) => key !== name)));
    }
    fc.assert(
      fc.property(near(type), (one) => agree(type, one)),
      { numRuns: 300 },
    );
  });

  function agree(type: string, data: Record<string, unknown>): void {
    const decoded = decodeData(type, contractOf(type)?.version, data);
    const readable = decoded.readable ? 'readable' : `unreadable (${decoded.reason})`;
    expect({ data, intake: accepted(type, data), readable }).toEqual({ data, intake: decoded.readable, readable });
  }

  it('but for fields nobody knows: refused when written, left out when read', () => {
    const data = { port: 'leaf1:Ethernet1', colour: 'red' };
    expect(accepted('LinkUp', data)).toBe(false);
    expect(decodeData('LinkUp', 1, data)).toEqual({ readable: true, data: { port: 'leaf1:Ethernet1' } });
  });

  it('and what decode gives is accepted and decodes to itself: one spelling for ever', () => {
    for (const type of eventTypes) {
      fc.assert(
        fc.property(near(type), (data) => {
          const decoded = decodeData(type, contractOf(type)?.version, data);
          if (!decoded.readable) return;
          expect(accepted(type, decoded.data)).toBe(true);
          expect(decodeData(type, contractOf(type)?.version, decoded.data)).toEqual(decoded);
        }),
        { numRuns: 100 },
      );
    }
  });
});
