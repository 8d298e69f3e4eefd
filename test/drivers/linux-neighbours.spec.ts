import fc from '../support/property.js';
import { NeighbourReading, permanentNeighbourOf } from '../../src/drivers/switch/linux-neighbours.js';

interface Row {
  readonly dst: string;
  readonly dev: string;
  readonly lladdr?: string;
  readonly state: readonly string[];
  readonly protocol?: string;
}

// Rows as `ip -j neigh show nud permanent` of iproute2 6.1.0 printed them, and what else may stand among them.
const row = fc.record<Row>(
  {
    dst: fc.oneof(
      fc.integer({ min: 1, max: 60_000 }).map((last) => `fe80::${last.toString(16)}`),
      fc.integer({ min: 1, max: 254 }).map((last) => `198.51.100.${last}`),
    ),
    dev: fc.constantFrom('vlan11', 'vlan16', 'lo', 'a},{', 'b"},{"dst":"'),
    lladdr: fc.integer({ min: 16, max: 255 }).map((last) => `52:54:00:00:00:${last.toString(16)}`),
    state: fc.constantFrom(['PERMANENT'], ['STALE']),
    protocol: fc.constantFrom('155', 'bgp'),
  },
  { requiredKeys: ['dst', 'dev', 'state'] },
);
const print = (rows: readonly Row[]): Buffer => Buffer.from(JSON.stringify(rows));
const concerns = new Set(['vlan11', 'vlan16']);
const plainly = (rows: readonly Row[]): unknown[] =>
  rows
    .filter(({ dev, lladdr, state }) => concerns.has(dev) && lladdr !== undefined && state.includes('PERMANENT'))
    .map(({ dst, dev, lladdr, protocol }) => ({ interface: dev, address: dst, mac: lladdr, ours: protocol === '155' }));

describe('reading the neighbour table again and again', () => {
  it('gives what each answer says, whatever the one before said', () => {
    const table = fc.array(row, { maxLength: 150, minLength: 0, size: 'max' });
    const edit = fc.record({ at: fc.nat(200), drop: fc.nat(3), put: fc.array(row, { maxLength: 3 }) });
    fc.assert(
      fc.property(table, fc.array(edit, { maxLength: 8 }), (first, edits) => {
        const reading = new NeighbourReading(155, concerns);
        const rows = [...first];
        expect(reading.read(print(rows))).toEqual(plainly(rows));
        for (const { at, drop, put } of edits) {
          rows.splice(Math.min(at, rows.length), drop, ...put);
          expect(reading.read(print(rows))).toEqual(plainly(rows));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('gives the same list for the same answer, and keeps the entries that did not change', () => {
    const rows = Array.from({ length: 500 }, (_, index): Row => ({
      dst: `fe80::${(index + 1).toString(16)}`,
      dev: 'vlan16',
      lladdr: '52:54:00:00:00:16',
      state: ['PERMANENT'],
      protocol: '155',
    }));
    const reading = new NeighbourReading(155, concerns);
    const before = reading.read(print(rows));
    expect(reading.read(print(rows))).toBe(before);
    const after = reading.read(
      print([...rows.slice(0, 250), { ...rows[0], dst: 'fe80::f:1' } as Row, ...rows.slice(250)]),
    );
    expect(after).toHaveLength(501);
    expect(after[0]).toBe(before[0]);
    expect(after[500]).toBe(before[499]);
  });

  it('says what is no JSON', () => {
    const reading = new NeighbourReading(155, concerns);
    expect(() => reading.read(Buffer.from('neigh'))).toThrow(SyntaxError);
    expect(() => reading.read(Buffer.from('{}'))).toThrow(SyntaxError);
    expect(reading.read(Buffer.from('[]'))).toEqual([]);
  });
});

// Lines as `ip neigh get` of iproute2 6.1.0 printed them.
describe('the answer about one place', () => {
  it.each([
    ['fe80::5 dev vlan11 lladdr 52:54:00:00:00:01 PERMANENT proto 155 ', true],
    ['198.51.100.3 dev vlan11 lladdr 52:54:00:00:00:01 PERMANENT ', false],
    ['198.51.100.3 dev vlan11 lladdr 52:54:00:00:00:01 router extern_learn  PERMANENT proto bgp ', false],
  ])('%s', (line, ours) => {
    const [address] = line.split(' ');
    expect(permanentNeighbourOf(line, 155)).toEqual({ interface: 'vlan11', address, mac: '52:54:00:00:00:01', ours });
  });

  it.each(['fe80::5 dev vlan11 lladdr 52:54:00:00:00:01 STALE', 'fe80::9 dev vlan11 proxy', ''])(
    'is no permanent entry: %s',
    (line) => expect(permanentNeighbourOf(line, 155)).toBeUndefined(),
  );
});
