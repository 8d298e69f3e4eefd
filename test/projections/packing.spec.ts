import fc from '../support/property.js';
import {
  type AddOnId,
  type CustomerId,
  formatIpv4,
  formatMac,
  formatPrefix,
  type Ipv6Address,
  type Ipv6Words,
  type MacPurpose,
  type OrderId,
  type PoolId,
  type PortId,
  renumberingStates,
  type ServerId,
  type SwitchName,
  type Vlan,
} from '../../events/index.js';
import type { AssignmentRow } from '../../projections/assignments.projection.js';
import { claimsInLine } from '../../projections/claims.js';
import type { ExceptionRow } from '../../projections/exceptions.projection.js';
import type { GatewayRow } from '../../projections/gateways.projection.js';
import type { LinkRow } from '../../projections/links.projection.js';
import { packedAssignments } from '../../projections/packing/assignments.packing.js';
import { packedGateways, packedLinks, packedSeenMacs } from '../../projections/packing/network-rows.packing.js';
import type { Packing } from '../../projections/packing/packing.js';
import { RowReader } from '../../projections/packing/row-reader.js';
import { RowWriter } from '../../projections/packing/row-writer.js';
import { packedDelegations } from '../../projections/packing/delegations.packing.js';
import { packedPools } from '../../projections/packing/pools.packing.js';
import { packedViolations } from '../../projections/packing/violations.packing.js';
import { delegatedIn, type DelegationRow } from '../../projections/delegations.projection.js';
import type { MuteRow } from '../../projections/mutes.projection.js';
import { packedExceptions, packedMutes, packedSurveys } from '../../projections/packing/watch-rows.packing.js';
import type { PoolRow } from '../../projections/pools.projection.js';
import { packedRenumberings } from '../../projections/packing/renumberings.packing.js';
import { renumberingOrders } from '../../projections/renumbering-table.js';
import type { RenumberingRow } from '../../projections/renumberings.projection.js';
import type { SeenMacsRow } from '../../projections/seen-macs.projection.js';
import type { SurveyRow } from '../../projections/surveys.projection.js';
import type { ViolationRow } from '../../projections/violations.projection.js';
import { expectSame } from '../support/told.js';

const earliest = Date.parse('0000-01-01T00:00:00.000Z');
const latest = Date.parse('9999-12-31T23:59:59.999Z');
const time = fc.oneof(
  fc.constantFrom(earliest, -1, 0, 1, 2 ** 31, 2 ** 32, latest),
  fc.integer({ min: earliest, max: latest }),
);
const ordinal = fc.oneof(
  fc.constantFrom(0, 127, 128, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 40 + 5, Number.MAX_SAFE_INTEGER - 1),
  fc.integer({ min: 0, max: 10_000_000 }),
);
const stamp = fc.record({ time, ordinal });
const text = <Text extends string>(most: number): fc.Arbitrary<Text> =>
  fc.oneof(
    fc.string({ unit: fc.constantFrom('a', 'Z', '0', '.', ':'), minLength: most, maxLength: most }),
    fc.string({ unit: fc.constantFrom('a', 'Z', '0', '.', ':'), minLength: 1, maxLength: most }),
  ) as unknown as fc.Arbitrary<Text>;
/** What a person may write: beyond one byte, half a pair, nothing. */
const words = fc.oneof(
  fc.string({ maxLength: 256, unit: 'binary' }),
  fc.constantFrom('', 'é', 'Ā', '🙂', '\ud83d', 'x'.repeat(256)),
);
const register = <Value>(value: fc.Arbitrary<Value>) =>
  fc.option(
    fc.tuple(value, stamp).map(([one, at]) => ({ value: one, ...at })),
    { nil: undefined },
  );
const list = <Item>(item: fc.Arbitrary<Item>, most: number): fc.Arbitrary<Item[]> =>
  fc.oneof(
    { weight: 9, arbitrary: fc.array(item, { maxLength: 6 }) },
    fc.array(item, { minLength: most, maxLength: most }),
  );

const vlan = fc.integer({ min: 1, max: 4094 }) as unknown as fc.Arbitrary<Vlan>;
const mac = fc.oneof(fc.constantFrom(0, 2 ** 48 - 1), fc.integer({ min: 0, max: 2 ** 48 - 1 })).map(formatMac);
const ipv4 = fc.oneof(fc.constantFrom(0, 2 ** 32 - 1), fc.integer({ min: 0, max: 2 ** 32 - 1 })).map(formatIpv4);
const word = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const prefix = fc
  .tuple(word, word, word, word, fc.integer({ min: 3, max: 128 }))
  .map(([a, b, c, d, length]) => formatPrefix([a, b, c, d] as Ipv6Words, length));
const port = text<PortId>(60).map((name) => `leaf1:${name}` as PortId);

const state = fc.oneof(
  fc.constant({ state: 'cancelled' as const }),
  fc.record({ state: fc.constant('bought' as const), address: fc.option(ipv4, { nil: undefined }) }),
);
const addOn = fc.tuple(text<AddOnId>(64), state, stamp).map(([id, value, at]) => ({ id, value, ...at }));
const grant = fc.tuple(prefix, fc.boolean(), stamp).map(([one, value, at]) => ({ prefix: one, value, ...at }));

const purpose = fc.constantFrom<(MacPurpose | undefined)[]>('bond', 'management', 'vrrp', 'other', undefined);
const otherMac = fc.tuple(mac, purpose, stamp).map(([one, value, at]) => ({ mac: one, value, ...at }));

/** Rows with every register there or not, and with the claims that the registers make. */
const assignmentRows: fc.Arbitrary<AssignmentRow> = fc
  .record({
    serverId: text<ServerId>(64),
    added: fc.option(stamp, { nil: undefined }),
    removed: fc.option(stamp, { nil: undefined }),
    customer: register(text<CustomerId>(64)),
    port: register(port),
    vlan: register(vlan),
    mac: register(mac),
    linkLocal: register(
      fc.constantFrom('fe80::1', 'fe80::ffff:ffff:ffff:ffff') as unknown as fc.Arbitrary<Ipv6Address>,
    ),
    suspended: register(fc.boolean()),
    enrolment: fc.option(stamp, { nil: undefined }),
    enrolled: register(mac),
    otherMacs: list(otherMac, 40),
    formerMacs: fc.array(
      fc.tuple(mac, stamp).map(([value, at]) => ({ value, ...at })),
      { maxLength: 5 },
    ),
    formerAddresses: list(
      fc.tuple(text<AddOnId>(64), ipv4, stamp).map(([id, value, at]) => ({ id, value, ...at })),
      40,
    ),
    addOns: list(addOn, 500),
    allocated: list(
      fc
        .tuple(text<AddOnId>(64), text<PoolId>(64), ipv4, stamp)
        .map(([id, poolId, value, at]) => ({ id, poolId, value, ...at })),
      40,
    ),
    prefixes: list(grant, 500),
    prefixOrders: list(
      fc.tuple(text<OrderId>(64), fc.boolean(), stamp).map(([id, value, at]) => ({ id, value, ...at })),
      40,
    ),
    allocatedPrefixes: list(
      fc
        .tuple(text<OrderId>(64), text<CustomerId>(64), fc.option(text<PoolId>(64), { nil: undefined }), prefix, stamp)
        .map(([id, customerId, poolId, value, at]) => ({ id, customerId, poolId, value, ...at })),
      40,
    ),
    formerPrefixes: list(
      fc
        .tuple(
          fc.option(text<OrderId>(64), { nil: undefined }),
          fc.option(text<CustomerId>(64), { nil: undefined }),
          prefix,
          stamp,
        )
        .map(([id, customerId, value, at]) => ({ id, customerId, value, ...at })),
      40,
    ),
    changedAt: fc.oneof(ordinal, fc.constant(-1)),
    since: fc.infiniteStream(ordinal),
  })
  .map(({ since, ...row }) => ({ ...row, claims: claimsInLine(row, () => since.next().value as number) }));

const linkRows: fc.Arbitrary<LinkRow> = fc.record({ port, up: fc.boolean(), time, ordinal });
const seenMacsRows: fc.Arbitrary<SeenMacsRow> = fc.record({
  port,
  sightings: list(fc.record({ vlan, mac, time, ordinal }), 16),
});
const declared = fc.record(
  { vlans: list(vlan, 4094), addresses: list(ipv4, 500), macs: list(mac, 500) },
  { requiredKeys: ['addresses', 'macs'] },
);
const gatewayRows: fc.Arbitrary<GatewayRow> = fc
  .tuple(text<SwitchName>(63), fc.option(declared, { nil: undefined }), stamp)
  .map(([name, data, at]) => ({
    switch: name,
    declaration: { value: data && { switch: name, ...data }, ...at },
  }));

const pool = fc.record(
  {
    prefix,
    site: text<string>(63),
    purpose: fc.constantFrom('ipv4-add-on' as const, 'server-prefix' as const, 'customer-prefix' as const),
    reserved: list(ipv4, 500),
  },
  { requiredKeys: ['prefix', 'site', 'purpose'] },
);
const poolRows: fc.Arbitrary<PoolRow> = fc
  .tuple(text<PoolId>(64), fc.option(pool, { nil: undefined }), stamp)
  .map(([poolId, data, at]) => ({ poolId, declaration: { value: data && { poolId, ...data }, ...at } }));

const ordered = fc.record({ site: text<string>(63), length: fc.integer({ min: 36, max: 64 }) });
const customerOrder = fc.record({ id: text<OrderId>(64), value: fc.option(ordered, { nil: undefined }), at: stamp });
const customerAllocation = fc
  .record({ id: text<OrderId>(64), site: text<string>(63), poolId: text<PoolId>(64), value: prefix, at: stamp })
  .map(({ at, ...one }) => ({ ...one, ...at }));
/** Orders, what was allocated to some of them as they ask for it, and what was allocated to others. */
const customerOrders = fc
  .record({
    orders: list(fc.tuple(customerOrder, fc.option(customerAllocation, { nil: undefined })), 40),
    others: list(customerAllocation, 40),
  })
  .map(({ orders, others }) => ({
    orders: orders.map(([{ at, ...order }]) => ({ ...order, ...at })),
    allocated: [
      ...orders.flatMap(([{ id, value }, one]) =>
        value === undefined || one === undefined
          ? []
          : [{ ...one, id, site: value.site, value: formatPrefix([0x20010db8, 0, 0, 0], value.length) }],
      ),
      ...others,
    ],
  }));
const delegationRows: fc.Arbitrary<DelegationRow> = fc
  .record({
    customerId: text<CustomerId>(64),
    prefixes: list(grant, 500),
    ordered: customerOrders,
    formers: list(customerAllocation, 40),
    since: fc.infiniteStream(ordinal),
  })
  .map(({ since, ordered: { orders, allocated }, ...row }) => {
    const all = { ...row, orders, allocated };
    return { ...all, claims: delegatedIn(all, [], () => since.next().value as number) };
  });

const entry = fc.record(
  {
    what: fc.constantFrom('commented', 'reopened'),
    at: time,
    ordinal,
    by: words,
    assignee: words,
    text: words,
    from: words,
  },
  { requiredKeys: ['what', 'at', 'ordinal'] },
);
const violationRows = fc.record(
  {
    violationId: words,
    rule: words,
    ruleVersion: ordinal,
    severity: fc.constantFrom('low', 'critical'),
    sensor: words,
    attribution: fc.constantFrom('interface', 'unknown'),
    site: words,
    switch: text(63),
    port,
    vlan,
    observation: words,
    etherSource: mac,
    claimedMac: mac,
    claimedAddress: ipv4,
    frameTime: words,
    judgedAtOrdinal: ordinal,
    offenderServerId: text(64),
    offenderCustomerId: text(64),
    victimServerId: text(64),
    victimCustomerId: text(64),
    detail: words,
    tentative: fc.boolean(),
    said: words,
    alsoMatched: fc.array(words, { maxLength: 4 }),
    sampled: fc.boolean(),
    state: fc.constantFrom('new', 'exonerated'),
    assignee: words,
    acknowledgedAt: time,
    closedAt: time,
    reopenedFrom: fc.constantFrom('resolved', 'exonerated'),
    quiet: fc.constant(true),
    ticket: words,
    containmentAt: time,
    containmentRefused: words,
    history: fc.array(entry, { minLength: 1, maxLength: 200 }),
    exoneratedBy: words,
    evidenceSha256: words,
    evidenceFrames: ordinal,
    count: ordinal,
    firstSeen: time,
    lastSeen: time,
    hours: fc.array(ordinal, { maxLength: 48 }),
    guessedHour: ordinal,
    detectedAt: ordinal,
    actedAt: ordinal,
    openedPosition: words,
    changedAt: ordinal,
    position: words,
  },
  {
    requiredKeys: [
      ...(['violationId', 'rule', 'ruleVersion', 'severity', 'sensor', 'attribution', 'site', 'switch'] as const),
      ...(['observation', 'etherSource', 'claimedMac', 'frameTime', 'detail', 'count', 'firstSeen'] as const),
      ...([
        'lastSeen',
        'hours',
        'changedAt',
        'position',
        'tentative',
        'state',
        'detectedAt',
        'actedAt',
        'openedPosition',
      ] as const),
    ],
  },
) as unknown as fc.Arbitrary<ViolationRow>;

const granted = fc.record(
  { rule: words, port, mac, prefix, serverId: text<ServerId>(64), owner: words, reason: words, expires: words },
  { requiredKeys: ['rule', 'owner', 'reason', 'expires'] },
);
const exceptionRows: fc.Arbitrary<ExceptionRow> = fc
  .tuple(text<string>(64), register(granted), fc.option(stamp, { nil: undefined }))
  .map(([exceptionId, said, ended]) => ({
    exceptionId,
    granted: said && { ...said, value: { exceptionId, ...said.value } },
    ended,
  }));
const surveyRows: fc.Arbitrary<SurveyRow> = fc
  .tuple(text<string>(63), fc.boolean(), stamp, words)
  .map(([site, value, at, reason]) => ({ site, inSurvey: { value, ...at }, reason }));

const muteRows = fc.record(
  {
    muteId: text<string>(64),
    violationId: words,
    rule: words,
    port: words,
    customerId: words,
    reason: words,
    by: words,
    mutedAt: time,
    until: time,
    endedAt: time,
    endedBy: words,
    endReason: words,
    changedAt: ordinal,
  },
  { requiredKeys: ['muteId', 'reason', 'by', 'mutedAt', 'until', 'changedAt'] },
) as unknown as fc.Arbitrary<MuteRow>;

function packed<Row>(row: Row, packing: Packing<Row>): Uint8Array {
  const writer = new RowWriter();
  writer.start();
  packing.pack(row, writer);
  return writer.bytes.slice(0, writer.length);
}

/** Unpacks a row that stands behind and before others, as it does in a page. */
function unpacked<Row>(key: string, bytes: Uint8Array, packing: Packing<Row>): { row: Row; end: number } {
  const page = new Uint8Array(bytes.length + 20).fill(255);
  page.set(bytes, 10);
  const reader = new RowReader();
  reader.start(page, 10);
  return { row: packing.unpack(key, reader), end: reader.position - 10 };
}

function isPacking<Row>(
  rows: fc.Arbitrary<Row>,
  keyOf: (row: Row) => string,
  packing: Packing<Row>,
  numRuns: number,
): void {
  fc.assert(
    fc.property(rows, (row) => {
      const bytes = packed(row, packing);
      const { row: again, end } = unpacked(keyOf(row), bytes, packing);
      expectSame(again, row);
      expect(end).toBe(bytes.length);
      expectSame(packed(again, packing), bytes);
    }),
    { numRuns, endOnFailure: true }, // Shrinking lists of 500 takes minutes.
  );
}

const renumberingRows: fc.Arbitrary<RenumberingRow> = fc.record(
  {
    renumberingId: text<string>(64),
    serverId: text<ServerId>(64),
    customerId: text<CustomerId>(64),
    from: prefix,
    to: prefix,
    quietSeconds: ordinal,
    order: fc.constantFrom(...renumberingOrders),
    noted: fc.constantFrom(...renumberingStates),
    startedAt: time,
    notedAt: time,
    by: words,
    reason: words,
    bothLiveAt: time,
    heard: ordinal,
    lastHeard: time,
    orderedAt: ordinal,
  },
  {
    requiredKeys: [
      ...(['renumberingId', 'serverId', 'from', 'to', 'quietSeconds', 'order', 'noted'] as const),
      ...(['startedAt', 'notedAt', 'by', 'heard', 'orderedAt'] as const),
    ],
  },
);

describe('a row that was packed and is unpacked again is the same row, in as many bytes:', () => {
  it('a server', () => isPacking(assignmentRows, (row) => row.serverId, packedAssignments, 1_000));
  it('a link', () => isPacking(linkRows, (row) => row.port, packedLinks, 1_000));
  it('the delegations of a customer', () =>
    isPacking(delegationRows, (row) => row.customerId, packedDelegations, 1_000));
  it('pools of addresses', () => isPacking(poolRows, (row) => row.poolId, packedPools, 1_000));
  it('the MACs seen on a port', () => isPacking(seenMacsRows, (row) => row.port, packedSeenMacs, 1_000));
  it('a gateway', () => isPacking(gatewayRows, (row) => row.switch, packedGateways, 300));
  it('an exception', () => isPacking(exceptionRows, (row) => row.exceptionId, packedExceptions, 1_000));
  it('a survey', () => isPacking(surveyRows, (row) => row.site, packedSurveys, 300));
  it('a renumbering', () => isPacking(renumberingRows, (row) => row.renumberingId, packedRenumberings, 1_000));
  it('a mute', () => isPacking(muteRows, (row) => row.muteId, packedMutes, 1_000));
  it('a violation', () => isPacking(violationRows, (row) => row.violationId, packedViolations, 1_000));
});

describe('a text', () => {
  it('is read back as it was, passed over, and told from any other without being made', () => {
    fc.assert(
      fc.property(words, words, (one, other) => {
        const writer = new RowWriter();
        writer.start();
        writer.text(one);
        writer.byte(7);
        const reader = new RowReader();
        const from = () => (reader.start(writer.bytes, 0), reader);
        expect(from().text()).toBe(one);
        expect(reader.byte()).toBe(7);
        expect(from().isText(other)).toBe(one === other);
        expect(reader.byte()).toBe(7);
        expect(from().isText(one)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});
