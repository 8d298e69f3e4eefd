import fc from '../../support/property.js';
import {
  type AddOnId,
  type CustomerId,
  formatInstant,
  type Ipv4Address,
  type Ipv6Address,
  type Ipv6Prefix,
  type MacAddress,
  type PortId,
  type ServerId,
  type Vlan,
} from '../../../events/index.js';
import type { Binding, LogFold, NetworkMap } from '../../../projections/index.js';
import { type BillingFact, eventOf } from '../../../src/intake/import/billing-fact.js';
import { closingFacts, inOrder } from '../../../src/intake/import/closing-facts.js';
import { Comparison } from '../../../src/intake/import/comparison.js';
import type { Difference } from '../../../src/intake/import/differences.js';
import type { ServerRecord } from '../../../src/intake/import/server-record.js';
import { checkEvent } from '../../../src/intake/check-event.js';
import { contestedHistories } from '../../support/arbitrary-histories.js';
import { type Fact, epoch, fold } from '../../support/history.js';

/** Later than every fact of a history. */
const later = epoch + 1_000_000 * 60_000;

const known = (map: NetworkMap) => ({ get: (id: string) => map.binding(id), all: () => map.bindings() });

function differences(records: readonly ServerRecord[], { map }: LogFold): Difference[] {
  const comparison = new Comparison(known(map));
  return [...records.flatMap((one) => comparison.take(one) ?? []), ...comparison.extras()];
}

function closing(found: readonly Difference[], { map }: LogFold): Fact[] {
  const facts = found.flatMap((one) => closingFacts(one, later, map.binding(one.serverId)));
  return inOrder(facts).map(asFact);
}

function asFact({ type, data, time }: BillingFact): Fact {
  return { type, data, time: formatInstant(time), stream: `server-${data.serverId}` };
}

/** What a file would say that agrees with the map in everything; `says` leaves out what it need not say. */
function recordOf(binding: Binding, says: Says): ServerRecord {
  const { serverId, customerId, port, vlan, mac, linkLocal, addresses, prefixes, unallocated } = binding;
  if (customerId === undefined || port === undefined || vlan === undefined)
    throw new Error(`${serverId} is sold without a customer or a place`);
  const addOns = [
    ...addresses.map(({ addOnId, address }, index) => {
      const isFirst = addresses.findIndex((one) => one.address === address) === index;
      return { id: says.ids || !isFirst ? addOnId : undefined, address };
    }),
    ...unallocated.map((id) => ({ id, address: undefined })),
  ];
  // Billing names no prefix for an order.
  const named = prefixes.flatMap(({ prefix, orderId }) => (orderId === undefined ? [prefix] : []));
  return {
    serverId,
    customerId,
    port,
    vlan,
    mac: says.mac ? mac : undefined,
    linkLocal: says.linkLocal ? linkLocal : undefined,
    prefixes: says.sold ? named : undefined,
    addOns: says.sold ? addOns : undefined,
    since: undefined,
  };
}

interface Says {
  readonly mac: boolean;
  readonly linkLocal: boolean;
  readonly sold: boolean;
  readonly ids: boolean;
}
const says = fc.record({ mac: fc.boolean(), linkLocal: fc.boolean(), sold: fc.boolean(), ids: fc.boolean() });
const everything: Says = { mac: true, linkLocal: true, sold: true, ids: true };

const recordsOf = ({ map }: LogFold, what: Says): ServerRecord[] =>
  [...map.bindings()].filter(({ sold }) => sold).map((one) => recordOf(one, what));

const fresh = {
  customerId: 'another' as CustomerId,
  port: 'leaf9:Ethernet9' as PortId,
  vlan: 999 as Vlan,
  mac: '52:54:00:99:99:99' as MacAddress,
  linkLocal: 'fe80::9999' as Ipv6Address,
};
const [prefix, address, id] = ['fd99::/48' as Ipv6Prefix, '203.0.113.99' as Ipv4Address, 'add-on-9' as AddOnId];

/** One change of a record, and the field and values by which alone it must be found. */
type Change = (record: ServerRecord) => { readonly record: ServerRecord; readonly found: object } | undefined;

const valueChange =
  (name: keyof typeof fresh, field: string): Change =>
  (record) => {
    const before = record[name];
    const map = before === undefined ? {} : { map: String(before) };
    return { record: { ...record, [name]: fresh[name] }, found: { field, file: String(fresh[name]), ...map } };
  };

const changes: readonly Change[] = [
  valueChange('customerId', 'customer'),
  valueChange('port', 'port'),
  valueChange('vlan', 'vlan'),
  valueChange('mac', 'mac'),
  valueChange('linkLocal', 'link-local'),
  ({ prefixes = [], ...rest }) => ({
    record: { ...rest, prefixes: [...prefixes, prefix] },
    found: { field: 'prefixes', file: prefix },
  }),
  ({ prefixes: [first, ...prefixes] = [], ...rest }) =>
    first === undefined ? undefined : { record: { ...rest, prefixes }, found: { field: 'prefixes', map: first } },
  ({ addOns = [], ...rest }) => ({
    record: { ...rest, addOns: [...addOns, { id, address }] },
    found: { field: 'ipv4', file: `${id}=${address}` },
  }),
  ({ addOns = [], ...rest }) => ({
    record: { ...rest, addOns: [...addOns, { id: undefined, address }] },
    found: { field: 'ipv4', file: `ip-${address}=${address}` },
  }),
  ({ addOns: [first, ...addOns] = [], ...rest }) =>
    first === undefined
      ? undefined
      : { record: { ...rest, addOns }, found: { field: 'ipv4', map: `${first.id}=${first.address ?? ''}` } },
  ({ addOns: [first, ...addOns] = [], ...rest }) =>
    first === undefined
      ? undefined
      : {
          record: { ...rest, addOns: [{ id: first.id, address }, ...addOns] },
          found: { field: 'ipv4', file: `${first.id}=${address}`, map: `${first.id}=${first.address ?? ''}` },
        },
];

/** A map, a file that says something else in one thing, and that thing. */
interface Single {
  readonly log: readonly Fact[];
  readonly map: LogFold;
  readonly records: readonly ServerRecord[];
  readonly difference: object;
}

function single(log: readonly Fact[], pick: number, which: number): Single | undefined {
  const map = fold(log);
  const records = recordsOf(map, everything);
  const unsold = [...map.map.bindings()].filter(({ sold }) => !sold).map(({ serverId }) => serverId);
  const place = pick % Math.max(1, records.length);
  const record = records[place];
  const kinds = changes.length + 2;
  const kind = which % kinds;
  if (kind === changes.length) {
    const names = ['new' as ServerId, ...unsold];
    const serverId = names[pick % names.length] as ServerId;
    const added = { serverId, ...fresh, prefixes: [prefix], addOns: [{ id, address }], since: epoch };
    return { log, map, records: [...records, added], difference: { kind: 'missing', serverId, record: added } };
  }
  if (record === undefined) return undefined;
  const { serverId } = record;
  if (kind === changes.length + 1) {
    const { customerId, port } = record;
    return {
      log,
      map,
      records: records.toSpliced(place, 1),
      difference: { kind: 'extra', serverId, customerId, port },
    };
  }
  const changed = changes[kind]?.(record);
  if (changed === undefined) return undefined;
  const difference = { kind: 'different', serverId, fields: [changed.found] };
  return { log, map, records: records.with(place, changed.record), difference };
}

const singles = fc
  .tuple(contestedHistories(25), fc.nat(1_000), fc.nat(1_000))
  .map(([log, pick, which]) => single(log, pick, which))
  .filter((one) => one !== undefined);

describe('a comparison', () => {
  it('finds nothing where the file says what the map says, however little it says', () => {
    fc.assert(
      fc.property(contestedHistories(), says, (log, what) => {
        const map = fold(log);
        expect(differences(recordsOf(map, what), map)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('finds each of 1,000 random single differences and nothing else, and its events close it', () => {
    const kinds = new Map<string, number>();
    fc.assert(
      fc.property(singles, ({ log, map, records, difference }) => {
        const found = differences(records, map);
        expect(found).toHaveLength(1);
        expect(found[0]).toMatchObject(difference);
        if (found[0]?.kind === 'different')
          expect(found[0]).toHaveProperty('fields', (difference as { fields: object }).fields);
        expect(differences(records, fold([...log, ...closing(found, map)]))).toEqual([]);
        const key = found[0]?.kind === 'different' ? (found[0].fields[0]?.field ?? '') : (found[0]?.kind ?? '');
        kinds.set(key, (kinds.get(key) ?? 0) + 1);
      }),
      { numRuns: 1_000 },
    );
    const all = ['missing', 'extra', 'customer', 'port', 'vlan', 'mac', 'link-local', 'prefixes', 'ipv4'];
    expect([...kinds.keys()].sort()).toEqual(all.sort());
    for (const count of kinds.values()) expect(count).toBeGreaterThan(5);
  }, 300_000);

  it('closes any gap at once, with events that the engine accepts and publishes in any number of times alike', () => {
    const caller = { callerId: 'test', scopes: ['publisher'], source: 'urn:test' };
    fc.assert(
      fc.property(contestedHistories(25), contestedHistories(25), says, (log, truth, what) => {
        const [map, records] = [fold(log), recordsOf(fold(truth), what)];
        const found = differences(records, map);
        const facts = closing(found, map);
        expect(differences(records, fold([...log, ...facts]))).toEqual([]);
        const sent = found.flatMap((one) => closingFacts(one, later, map.map.binding(one.serverId)));
        for (const one of sent)
          expect(checkEvent(eventOf(one, 'urn:test'), caller, later)).toMatchObject({ refused: false });
        expect(new Set(sent.map((one) => eventOf(one, 'urn:test').id)).size).toBe(sent.length);
      }),
      { numRuns: 300 },
    );
  });
});
