import fc from '../support/property.js';
import { decodeData, type EventContract } from '../../events/index.js';
import { fieldsOf } from '../../src/intake/field-errors.js';
import { sampleOf } from '../support/corpus.js';

const repeat = (length: number, item: unknown): unknown[] => Array.from({ length }, () => item);
const mac = '52:54:00:00:00:16';
const line = { change: 'add', kind: 'route', line: 'route x', cause: 1, readBack: 'present' };

/** Values of every kind and of none, at and around each boundary. */
const values: readonly unknown[] = [
  ...['srv-1', 'cust.1', 'leaf1', 'leaf1:Ethernet16', 'EUR', 'high', 'vlan', 'confirmed', 'a text', 'ÅÄÖ 名前 😀'],
  ...[mac, '52-54-00-AB-CD-EF', '5254.00ab.cdef', 'ff:ff:ff:ff:ff:ff', '01:00:5e:00:00:01', '52:54:00:00:00', ' '],
  ...['198.51.100.16', '198.51.100.016', '198.51.100', '0.0.0.0', '127.0.0.1', '223.255.255.255', '224.0.0.1'],
  ...['2001:db8::1', 'fe80::1', 'FE80::0016', 'fe80::', 'fe80:1::1', 'fe80::1%eth0', '::', 'ff02::1', '::ffff:1.2.3.4'],
  ...['2001:db8:16::/48', '2001:db8::1/64', '::/0', 'fe80::/64', '2001:db8::/129', '2001:db8::/048', 'fc00::/7'],
  ...[
    '2026-03-01T10:00:00Z',
    '2026-03-01t10:00:00.5+01:00',
    '2016-12-31T23:59:60Z',
    '2026-02-30T00:00:00Z',
    '2026-03-01',
  ],
  ...[
    '',
    'x',
    '\u0000',
    'line\nbreak',
    '\u2028',
    '\u202Eevil',
    '\uD800',
    'é',
    'e\u0301',
    '１６',
    'toString',
    '__proto__',
  ],
  ...[1, 63, 64, 65, 255, 256, 257, 300, 301, 500, 501, 10_000].map((length) => 'x'.repeat(length)),
  ...[0, -0, 1, 16, 4094, 4095, -1, 1.5, 1e21, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53 - 1, 2 ** 53],
  ...[
    '16',
    '01',
    true,
    false,
    null,
    undefined,
    {},
    { length: 1, 0: 16 },
    { toString: 1 },
    [],
    [[]],
    [null],
    [undefined],
  ],
  ...[[16], [16, 16], ['16'], [mac], [mac, 'x'], ['198.51.100.1', 'fe80::1'], [line], [{ ...line, colour: 'red' }]],
  ...[[{ ...line, serverId: null }], [{ ...line, cause: 'drift' }], [{ ...line, line: '' }]],
  ...[repeat(500, 16), repeat(501, 16), repeat(4094, 16), repeat(4095, 16), repeat(500, mac), repeat(501, mac)],
  ...[repeat(500, line), repeat(501, line), repeat(500, '198.51.100.1'), repeat(501, '198.51.100.1')],
];

const strangers = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'valueOf',
  'colour',
  '',
  'serverid',
  'mac ',
  'é',
];

/** What is done to one field; `value` missing means that the field is left out. */
interface Change {
  readonly name: string;
  readonly said: { readonly value: unknown } | undefined;
}

/** Data of a type near a good sample: up to three fields left out, said otherwise (well about as often as not) or made up. */
export function mutatedData(contract: EventContract, version: number): fc.Arbitrary<Record<string, unknown>> {
  const sample = sampleOf(contract.type).stored.data as Record<string, unknown>;
  const said = (value: unknown): Change['said'] => ({ value });
  const known = fieldsOf(contract).map((name): fc.Arbitrary<Change> => {
    const good = values.filter((value) => decodeData(contract.type, version, { ...sample, [name]: value }).readable);
    return fc.record({
      name: fc.constant(name),
      said: fc.oneof(
        { weight: 6, arbitrary: fc.constantFrom(...(good.length === 0 ? values : good)).map(said) },
        { weight: 3, arbitrary: fc.constantFrom(...values).map(said) },
        { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }).map(said) },
        { weight: 1, arbitrary: fc.constant(undefined) },
      ),
    });
  });
  const made = fc.record({
    name: fc.oneof(fc.constantFrom(...strangers), fc.string({ maxLength: 5 })),
    said: fc.constantFrom(...values).map(said),
  });
  const change = fc.oneof({ weight: 12, arbitrary: fc.oneof(...known) }, { weight: 1, arbitrary: made });
  return fc.array(change, { maxLength: 3 }).map((changes) => applied(sample, changes));
}

/** As JSON.parse would make it: a field called `__proto__` is a field like any other. */
function applied(sample: Readonly<Record<string, unknown>>, changes: readonly Change[]): Record<string, unknown> {
  const data = { ...sample };
  for (const { name, said } of changes) {
    if (said === undefined) Reflect.deleteProperty(data, name);
    else Object.defineProperty(data, name, { ...said, enumerable: true, writable: true, configurable: true });
  }
  return data;
}
