import { randomUUID } from 'node:crypto';
import type { ViolationDetail } from '../../src/feed/violation-detail.js';
import type { GroupsAnswer } from '../../src/feed/violation-groups.js';
import { eventType, RunningEngine, source } from '../e2e/running-engine.js';
import { until } from '../sensor/judge/sensor-rig.js';
import { StoredViolations } from './stored-violations.js';
import { TriageClient } from './triage-client.js';

let engine: RunningEngine;
let sensor: StoredViolations;
let analyst: TriageClient;
let every: TriageClient;
beforeAll(async () => {
  engine = await RunningEngine.start();
  sensor = new StoredViolations(engine);
  analyst = new TriageClient(engine, engine.tokens['security-analyst']);
  every = new TriageClient(engine, engine.tokens.every);
  for (const number of [16, 66]) {
    const serverId = `srv-${number}`;
    const mac = `52:54:00:00:00:${number}`;
    await billing('ServerAdded', {
      serverId,
      customerId: `cust-${number}`,
      port: `leaf1:Ethernet${number}`,
      vlan: number,
      mac,
    });
    await billing('Ipv4AddOnBought', { serverId, addOnId: `v4-${number}`, address: `198.51.100.${number}` });
    await billing('Ipv6PrefixAssigned', { serverId, prefix: `2001:db8:${number}::/48` });
  }
});
afterAll(() => engine.stop());

/** What billing publishes, through the intake. */
async function billing(type: string, data: { readonly serverId: string } & Record<string, unknown>): Promise<void> {
  const event = {
    specversion: '1.0',
    id: randomUUID(),
    source,
    type,
    subject: data.serverId,
    time: new Date().toISOString(),
    data,
  };
  const answer = await engine.call('/v1/events', {
    method: 'POST',
    headers: { authorization: `Bearer ${engine.tokens.publisher}`, 'content-type': eventType },
    body: JSON.stringify(event),
  });
  expect(answer.status).toBe(201);
}

const detailOf = async (id: string): Promise<ViolationDetail> =>
  (await analyst.get(`violations/${id}/detail`)).body as unknown as ViolationDetail;
const groupsOf = async (query = ''): Promise<GroupsAnswer> =>
  (await analyst.get(`violations/groups${query}`)).body as unknown as GroupsAnswer;
const now = (): string => new Date().toISOString();
const problem = (name: string): object => ({ type: `https://portledger.dev/problems/${name}` });

describe('the detail of a violation', () => {
  it('says why, when, by whom and against whom, what else the customer did, and how well the sensor hears', async () => {
    await sensor.detected('d1', { frameTime: now() });
    await sensor.repeated('d1', 41);
    await sensor.detected('d2', { rule: 'unknown-mac', frameTime: now() });
    await sensor.detected('d3', { offenderCustomerId: 'cust-16', frameTime: now() });
    await sensor.told('EvidenceKept', 'd1', { sha256: 'a'.repeat(64), frames: 10 });
    const detail = await detailOf('d1');
    expect(detail).toMatchObject({
      violation: { violationId: 'd1', count: 42, state: 'new' },
      why: 'Billing sold 198.51.100.16 to srv-16 of cust-16, and 52:54:00:00:00:66 on port leaf1:Ethernet66 (sold to srv-66 of cust-66) claims it.',
      offender: {
        isFact: true,
        serverId: 'srv-66',
        customerId: 'cust-66',
        port: 'leaf1:Ethernet66',
        macs: [{ mac: '52:54:00:00:00:66', as: 'both', vendor: { kind: 'locally-administered' } }],
        now: { port: 'leaf1:Ethernet66', addresses: ['198.51.100.66'], prefixes: ['2001:db8:66::/48'] },
      },
      victim: {
        serverId: 'srv-16',
        customerId: 'cust-16',
        now: { state: 'active', port: 'leaf1:Ethernet16', mac: '52:54:00:00:00:16', addresses: ['198.51.100.16'] },
      },
      customer: { customerId: 'cust-66', count: 1, violations: [{ violationId: 'd2', rule: 'unknown-mac' }] },
      evidence: { frames: 10, sha256: 'a'.repeat(64), href: '/v1/violations/d1/evidence' },
      devices: { ofVictim: [], ofOffender: [], guards: [], written: { lines: [], complete: true } },
      sensor: { name: 'leaf1-e66' },
    });
    expect(detail.day.frames).toHaveLength(24);
    expect(detail.day.frames.reduce((sum, one) => sum + one, 0)).toBe(42);
    expect(detail.day.exact).toBe(true);
    expect(detail.containment).toBeUndefined();
  });

  it('names nobody as the offender where the port is a guess, only who it may be, and the vendor of both MACs', async () => {
    const guessed = { attribution: 'mac-table', offenderServerId: undefined, offenderCustomerId: undefined };
    const macs = { etherSource: '00:1c:73:00:00:01', claimedMac: '52:54:00:00:00:66' };
    await sensor.detected('g1', { ...guessed, ...macs, frameTime: now() });
    const { offender, customer, why, devices } = await detailOf('g1');
    expect(offender).toMatchObject({
      isFact: false,
      mayBe: ['srv-66'],
      macs: [
        { as: 'sender', vendor: { kind: 'assigned', vendor: 'Arista Networks' } },
        { as: 'claimed', vendor: { kind: 'locally-administered' } },
      ],
    });
    expect([offender.serverId, offender.now, customer, devices.guards]).toEqual(Array(4).fill(undefined));
    expect(why).toContain('perhaps port leaf1:Ethernet66');
  });

  it('tells what the journals say was written for victim and offender at that time', async () => {
    const line = {
      change: 'add',
      kind: 'neighbour',
      line: 'neighbour 198.51.100.16 vlan16',
      cause: 1,
      readBack: 'present',
    };
    const lines = [
      { ...line, serverId: 'srv-16' },
      { ...line, serverId: 'srv-11' },
    ];
    const data = { planId: 'p1', device: 'sw1', part: 1, of: 1, outcome: 'confirmed', lines };
    await sensor.store('sw1', 'ReconcileFinished', data, 'journal-sw1');
    const { journalLines } = await import('../../src/feed/journal-lines.js');
    const asked = {
      devices: ['sw1', 'sw2'],
      serverIds: new Set(['srv-16']),
      from: Date.now() - 60_000,
      until: Date.now(),
    };
    expect(await journalLines(engine.parts.store, asked)).toMatchObject({
      lines: [{ device: 'sw1', serverId: 'srv-16', kind: 'neighbour', readBack: 'present' }],
      complete: true,
    });
    expect(
      (await journalLines(engine.parts.store, { ...asked, from: asked.until + 1, until: asked.until + 2 })).lines,
    ).toEqual([]);
  });

  it('is for those who may read violations, and of those there are', async () => {
    expect((await new TriageClient(engine, engine.tokens.viewer).get('violations/d1/detail')).status).toBe(403);
    expect(await analyst.get('violations/none/detail')).toMatchObject({
      status: 404,
      body: problem('unknown-violation'),
    });
  });
});

describe('groups of violations', () => {
  it('make one line of five hundred violations of a flooded port', async () => {
    const flood = { rule: 'neighbour-exhaustion', port: 'leaf1:Ethernet20', severity: 'medium', frameTime: now() };
    for (let n = 0; n < 500; n += 50)
      await Promise.all(
        Array.from({ length: 50 }, (_, i) =>
          sensor.detected(`f${n + i}`, { ...flood, ...(n + i === 7 && { severity: 'critical' }) }),
        ),
      );
    await sensor.repeated('f3', 9);
    await analyst.act('f4', 'resolve', {});
    const { groups, left } = await groupsOf('?port=leaf1:Ethernet20');
    expect({ left, groups }).toMatchObject({
      left: 0,
      groups: [
        {
          rule: 'neighbour-exhaustion',
          port: 'leaf1:Ethernet20',
          violations: 500,
          open: 499,
          severity: 'critical',
          frames: 509,
          newest: 'f3',
        },
      ],
    });
    expect(groups[0]?.day.frames.reduce((sum, one) => sum + one, 0)).toBe(509);
    expect((await groupsOf('?port=leaf1:Ethernet20&state=resolved')).groups).toMatchObject([
      { violations: 1, open: 0 },
    ]);
  });

  it('by customer put together what its servers did, and apart what nobody is known for', async () => {
    const { groups } = await groupsOf('?by=customer');
    const counts = Object.fromEntries(groups.map(({ customerId = '-', violations }) => [customerId, violations]));
    expect(counts).toEqual({ 'cust-66': 502, 'cust-16': 1, '-': 1 });
    const { violations } = await analyst.list('?limit=500');
    expect(violations.length).toBe(500);
    expect(groups.reduce((sum, one) => sum + one.violations, 0)).toBe(504);
  });

  it('show as many as were asked for, and say how many are left', async () => {
    const { groups, left } = await groupsOf('?limit=1');
    expect({ shown: groups.length, left }).toEqual({ shown: 1, left: 2 });
    for (const [query, why] of [
      ['?by=colour', 'by: found "colour"'],
      ['?limit=0', 'limit: found "0"'],
      ['?colour=red', 'colour: no such field'],
    ] as const) {
      const { status, body } = await analyst.get(`violations/groups${query}`);
      expect({ status, detail: body['detail'] }).toEqual({
        status: 400,
        detail: expect.stringContaining(why) as string,
      });
    }
  });
});

describe('containment', () => {
  const reason = 'it answers for the gateway';
  const state = async (id: string): Promise<unknown> => (await detailOf(id)).containment?.state;

  it('needs both roles, what was seen, and a reason; stores a request in the name of who asks', async () => {
    await sensor.detected('c1', { frameTime: now() });
    const containing = new TriageClient(engine, engine.tokens.containment);
    const { etag } = await analyst.show('c1');
    expect(await analyst.post('violations/c1/containment', { reason }, etag)).toMatchObject({ status: 403 });
    expect(await containing.post('violations/c1/containment', { reason }, etag)).toMatchObject({
      status: 403,
      body: { ...problem('missing-scope'), missingScopes: ['security-analyst'] },
    });
    expect(await every.post('violations/c1/containment', { reason })).toMatchObject({ status: 428 });
    for (const body of [undefined, {}, { reason: ' ' }, { reason, server: 'srv-16' }])
      expect(await every.post('violations/c1/containment', body, etag)).toMatchObject({ status: 400 });
    expect(await every.post('violations/c1/containment', { reason }, '1')).toMatchObject({ status: 412 });
    expect(await state('c1')).toBeUndefined();
    expect(await every.post('violations/c1/containment', { reason }, etag)).toMatchObject({ status: 200 });
    const { events } = await engine.parts.store.readStream('violation-c1', { backwards: true, limit: 1 });
    expect(events[0]).toMatchObject({
      type: 'ContainmentRequested',
      data: { serverId: 'srv-66', by: 'token:every', reason, evidence: '/v1/violations/c1/evidence' },
    });
    expect(await state('c1')).toBe('requested');
    expect(await every.act('c1', 'containment', { reason })).toMatchObject({
      status: 409,
      body: { ...problem('containment-pending'), state: 'requested' },
    });
  });

  it("shows suspended only by billing's own ServerSuspended, and resumed by its ServerResumed", async () => {
    await billing('ServerSuspended', { serverId: 'srv-66', reason: 'asked by security' });
    await until('it is suspended', async () => (await state('c1')) === 'suspended');
    expect((await detailOf('c1')).offender.now).toMatchObject({ state: 'suspended' });
    expect((await every.act('c1', 'containment', { reason })).body).toMatchObject(problem('containment-pending'));
    await billing('ServerResumed', { serverId: 'srv-66' });
    await until('it is resumed', async () => (await state('c1')) === 'resumed');
  });

  it('shows why billing refuses, and may be asked again', async () => {
    await sensor.detected('c2', { frameTime: now() });
    await every.act('c2', 'containment', { reason });
    await billing('ContainmentRefused', { serverId: 'srv-66', violationId: 'c2', reason: 'has until noon' });
    await until('it is refused', async () => (await state('c2')) === 'refused');
    expect((await detailOf('c2')).containment).toMatchObject({ state: 'refused', reason: 'has until noon' });
    expect((await every.act('c2', 'containment', { reason })).status).toBe(200);
    expect(await state('c2')).toBe('requested');
  });

  it('is not asked where no offender is a fact', async () => {
    expect(await every.act('g1', 'containment', { reason })).toMatchObject({
      status: 409,
      body: problem('no-offender'),
    });
  });
});
