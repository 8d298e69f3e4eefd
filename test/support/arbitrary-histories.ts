import fc from './property.js';
import {
  customerPrefixDelegated,
  customerPrefixWithdrawn,
  type Fact,
  gatewayDeclared,
  gatewayRetired,
  ipv4AddOnBought,
  ipv4AddOnCancelled,
  ipv4AddressAllocated,
  ipv6PrefixAllocated,
  ipv6PrefixAssigned,
  ipv6PrefixOrderCancelled,
  ipv6PrefixOrdered,
  ipv6PrefixReleased,
  linkDown,
  linkUp,
  macSeen,
  deviceFrozen,
  deviceResumed,
  alertDelivered,
  entryAdopted,
  reconcileFinished,
  reconcileStarted,
  evidenceKept,
  exceptionEnded,
  exceptionGranted,
  sensorStarted,
  serverAdded,
  serverMacAdded,
  serverMacEnrolled,
  serverMacRemoved,
  serverMoved,
  serverNicReplaced,
  serverRecordCorrected,
  serverRemoved,
  serverResumed,
  serverSuspended,
  serverTransferred,
  siteSurveyEnded,
  siteSurveyStarted,
  containmentRefused,
  containmentRequested,
  violationAcknowledged,
  violationCommented,
  violationDetected,
  violationExonerated,
  violationMarkedFalsePositive,
  violationMuted,
  violationMuteEnded,
  violationQuiet,
  violationRepeated,
  violationResolved,
  violationTicketLinked,
} from './history.js';

/** What the servers of a history may claim. Small, so that they meet. */
interface Pools {
  readonly ports: readonly string[];
  readonly vlans: readonly number[];
  readonly macs: readonly string[];
  readonly addresses: readonly string[];
  readonly prefixes: readonly string[];
}

const customers = ['c1', 'c2', 'c3'];
const addOnIds = ['a1', 'a2'];
const linkLocals = ['fe80::16', 'fe80::17'];
const reason = 'asked for';

const contested: Pools = {
  ports: ['leaf1:Ethernet1', 'leaf1:Ethernet2', 'leaf2:Ethernet1'],
  vlans: [11, 12],
  macs: ['52:54:00:00:00:01', '52:54:00:00:00:02'],
  addresses: ['198.51.100.1', '198.51.100.2'],
  prefixes: ['2001:db8::/32', '2001:db8:1::/48', '2001:db8:1:1::/64', '2001:db8:2::/48'],
};

/** What only the server of this number may claim. */
function ownPools(number: number): Pools {
  const [first, second] = [2 * number + 1, 2 * number + 2];
  return {
    ports: [`leaf1:Ethernet${first}`, `leaf1:Ethernet${second}`, `leaf2:Ethernet${first}`],
    vlans: [100 + first, 100 + second],
    macs: [`52:54:00:00:00:0${first}`, `52:54:00:00:00:0${second}`],
    addresses: [`198.51.100.${first}`, `198.51.100.${second}`],
    prefixes: [`2001:db8:${number + 1}::/48`, `2001:db8:${number + 1}:1::/64`, `2001:db8:${number + 1}:1:1::/80`],
  };
}

/** A fact of which the time is not decided yet. */
type Untimed = (at: number) => Fact;

function billingFact(serverId: string, pools: Pools): fc.Arbitrary<Untimed> {
  const [port, vlan] = [fc.constantFrom(...pools.ports), fc.constantFrom(...pools.vlans)];
  const [mac, address] = [fc.constantFrom(...pools.macs), fc.constantFrom(...pools.addresses)];
  const [prefix, customerId] = [fc.constantFrom(...pools.prefixes), fc.constantFrom(...customers)];
  const [addOnId, linkLocal] = [fc.constantFrom(...addOnIds), fc.constantFrom(...linkLocals)];
  const enrolment = fc.constant('first-seen' as const);
  const sold = fc.record(
    { customerId, port, vlan, mac, linkLocal, enrolment },
    { requiredKeys: ['customerId', 'port', 'vlan'] },
  );
  const purpose = fc.constantFrom('bond', 'management', 'vrrp', 'other');
  const right = fc.record({ port, vlan, mac, linkLocal, reason: fc.constant(reason) }, { requiredKeys: ['reason'] });
  const bought = fc.record({ addOnId, address }, { requiredKeys: ['addOnId'] });
  const orderId = fc.constantFrom('o1', 'o2');
  const chosen = fc.constantFrom(...pools.prefixes.filter((one) => /\/(?:48|64)$/.test(one)));
  const allocated = fc.record(
    { orderId, prefix: chosen, customerId, poolId: fc.constant('v6-a') },
    { requiredKeys: ['orderId', 'prefix', 'customerId'] },
  );
  const make = <Data>(data: fc.Arbitrary<Data>, build: (id: string, data: Data, at: number) => Fact) =>
    data.map(
      (one): Untimed =>
        (at) =>
          build(serverId, one, at),
    );
  return fc.oneof(
    { weight: 4, arbitrary: make(sold, serverAdded) },
    { weight: 2, arbitrary: make(fc.record({ port, vlan }), serverMoved) },
    make(fc.record({ mac }), serverNicReplaced),
    { weight: 2, arbitrary: make(fc.record({ customerId }), serverTransferred) },
    make(fc.constant({}), serverSuspended),
    make(fc.constant({}), serverResumed),
    { weight: 2, arbitrary: make(fc.constant({}), serverRemoved) },
    make(right, serverRecordCorrected),
    make(fc.record({ mac, purpose }), serverMacAdded),
    make(fc.record({ mac }), serverMacRemoved),
    // Our own enroller says this; it is held to the laws of the facts it completes.
    make(fc.record({ mac, firstSeen: fc.constant('2026-01-01T00:00:00Z') }), serverMacEnrolled),
    { weight: 4, arbitrary: make(fc.record({ prefix }), ipv6PrefixAssigned) },
    { weight: 2, arbitrary: make(fc.record({ prefix }), ipv6PrefixReleased) },
    { weight: 4, arbitrary: make(bought, ipv4AddOnBought) },
    { weight: 2, arbitrary: make(fc.record({ addOnId }), ipv4AddOnCancelled) },
    // Our own allocator says this; it is held to the laws of the facts it completes.
    {
      weight: 2,
      arbitrary: make(fc.record({ addOnId, address, poolId: fc.constantFrom('v4-a', 'v4-b') }), ipv4AddressAllocated),
    },
    { weight: 2, arbitrary: make(fc.record({ orderId }), ipv6PrefixOrdered) },
    make(fc.record({ orderId }), ipv6PrefixOrderCancelled),
    { weight: 2, arbitrary: make(allocated, ipv6PrefixAllocated) },
  );
}

const gatewayFact: fc.Arbitrary<Untimed> = fc.oneof(
  fc
    .record({
      vlans: fc.option(fc.subarray([11, 12, 101], { minLength: 1 }), { nil: undefined }),
      addresses: fc.subarray(['198.51.100.1', 'fe80::1', 'fe80::16']),
      macs: fc.subarray(['52:54:00:00:00:01', '02:00:00:00:00:01']),
    })
    .chain(({ vlans, ...rest }) => {
      const data = vlans === undefined ? rest : { vlans, ...rest };
      return fc.constantFrom('leaf1', 'leaf2').map(
        (name): Untimed =>
          (at) =>
            gatewayDeclared(name, data, at),
      );
    }),
  fc.constantFrom('leaf1', 'leaf2').map(
    (name): Untimed =>
      (at) =>
        gatewayRetired(name, at),
  ),
);

/** Facts in log order, each with a time of its own. */
function timed(facts: fc.Arbitrary<Untimed>, most: number): fc.Arbitrary<Fact[]> {
  return fc
    .array(facts, { minLength: 1, maxLength: most, size: 'max' })
    .chain((untimed) =>
      fc
        .shuffledSubarray([...untimed.keys()], { minLength: untimed.length, maxLength: untimed.length })
        .map((times) => untimed.map((fact, index) => fact(times[index] ?? index))),
    );
}

/** The prefixes of customers; those of two may overlap. */
const delegationFact: fc.Arbitrary<Untimed> = fc
  .record({
    customerId: fc.constantFrom('c1', 'c2', 'c3'),
    prefix: fc.constantFrom('2001:db8:1::/48', '2001:db8:1:100::/56', '2001:db8:2::/48'),
    isDelegated: fc.boolean(),
  })
  .map(
    ({ customerId, prefix, isDelegated }): Untimed =>
      (at) =>
        (isDelegated ? customerPrefixDelegated : customerPrefixWithdrawn)(customerId, prefix, at),
  );

const serverIds = ['s1', 's2', 's3', 's4'];

/** Histories of servers and gateways in which servers claim the same things; all times differ. */
export const contestedHistories = (most = 40): fc.Arbitrary<Fact[]> =>
  timed(
    fc.oneof(
      { weight: 24, arbitrary: fc.oneof(...serverIds.map((id) => billingFact(id, contested))) },
      { weight: 2, arbitrary: gatewayFact },
      { weight: 1, arbitrary: delegationFact },
    ),
    most,
  );

/** Histories in which no two servers ever claim the same thing; all times differ. */
export const separateHistories = (most = 40): fc.Arbitrary<Fact[]> =>
  timed(
    fc.oneof(
      { weight: 12, arbitrary: fc.oneof(...serverIds.map((id, number) => billingFact(id, ownPools(number)))) },
      gatewayFact,
    ),
    most,
  );

const heardPort = fc.constantFrom(...contested.ports);
const violation = {
  rule: 'address-spoof',
  ruleVersion: 1,
  severity: 'high',
  sensor: 'leaf1-e1',
  attribution: 'interface',
  site: 'default',
  switch: 'leaf1',
  observation: 'arp-reply',
  etherSource: '52:54:00:00:00:02',
  claimedMac: '52:54:00:00:00:02',
  claimedAddress: '198.51.100.1',
  frameTime: '2026-01-01T00:00:00Z',
  detail: 'the second server claims the address of the first',
  tentative: false,
  basis: '[]',
} as const;

const by = 'token:night-shift';
const exception = {
  rule: 'address-spoof',
  mac: '52:54:00:00:00:02',
  prefix: '198.51.100.0/24',
  serverId: 's1',
  owner: 'network team',
  reason: 'a test',
  expires: '2026-01-20T00:00:00Z',
} as const;

/** What sensors, link sources, those who watch them, and our own reactors say: none of it may change what a server is granted. */
const hearsay: fc.Arbitrary<Untimed> = fc.oneof(
  heardPort.map(
    (port): Untimed =>
      (at) =>
        linkUp(port, at),
  ),
  heardPort.map(
    (port): Untimed =>
      (at) =>
        linkDown(port, at),
  ),
  fc.record({ port: heardPort, vlan: fc.constantFrom(11, 12), mac: fc.constantFrom(...contested.macs) }).map(
    ({ port, ...data }): Untimed =>
      (at) =>
        macSeen(port, data, at),
  ),
  fc.constantFrom('v1', 'v2').chain((id) =>
    fc.constantFrom<Untimed>(
      (at) => violationDetected(id, { ...violation, offenderServerId: 's1', victimServerId: 's2' }, at),
      (at) =>
        violationRepeated(
          id,
          { count: 3, firstFrameTime: violation.frameTime, lastFrameTime: '2026-01-01T00:01:00Z' },
          at,
        ),
      (at) => violationExonerated(id, { eventId: 'fact-1', reason: 'the sale was stored late' }, at),
      (at) => evidenceKept(id, { sha256: 'e'.repeat(64), frames: 10 }, at),
      (at) => violationAcknowledged(id, { by: 'token:a', assignee: 'token:b', comment: 'seen\u2028\u202e' }, at),
      (at) => violationResolved(id, { by: 'token:b' }, at),
      (at) => violationMarkedFalsePositive(id, { by: 'token:b', comment: 'a cluster address' }, at),
      (at) => violationCommented(id, { by: 'token:a', text: 'who is it?' }, at),
      (at) => violationTicketLinked(id, { by: 'token:a', url: 'https://tickets.example/1' }, at),
      (at) => violationQuiet(id, { lastFrameTime: '2026-01-01T00:01:00Z', hours: 24 }, at),
      (at) => containmentRequested(id, { serverId: 's1', by: 'token:a', reason: 'it forges', evidence: '/v1/x' }, at),
      (at) => containmentRefused('s1', { violationId: id, reason: 'the customer is asked' }, at),
      (at) => violationMuted(`of-${id}`, { violationId: id, reason: 'known', until: '2026-01-02T00:00:00Z', by }, at),
      (at) => violationMuteEnded(`of-${id}`, { by: 'expiry' }, at),
    ),
  ),
  fc.constantFrom('e1', 'e2').chain((id) =>
    fc.constantFrom<Untimed>(
      (at) => exceptionGranted(id, exception, at),
      (at) => exceptionGranted(id, { ...exception, port: 'leaf1:Ethernet1', expires: '2026-02-01T00:00:00Z' }, at),
      (at) => exceptionEnded(id, at),
    ),
  ),
  fc.constantFrom<Untimed>(
    (at) => siteSurveyStarted('default', at),
    (at) => siteSurveyEnded('default', at),
    (at) => sensorStarted('leaf1-e1', at),
    (at) => deviceFrozen('leaf1', 'a bad change', at),
    (at) => deviceResumed('leaf1', at),
    (at) => entryAdopted('leaf1', 'neighbour 198.51.100.16 vlan16 52:54:00:00:00:16', at),
    (at) => alertDelivered('soc', { messageId: 'm1', kind: 'violation.new', messages: 1, alerts: 1, attempts: 1 }, at),
    (at) => reconcileStarted('leaf1', { planId: 'p1', desiredOrdinal: 1, planHash: 'abc' }, at),
    (at) =>
      reconcileFinished(
        'leaf1',
        {
          planId: 'p1',
          part: 1,
          of: 1,
          outcome: 'confirmed',
          lines: [
            {
              change: 'add',
              kind: 'neighbour',
              line: 'neighbour 198.51.100.1 vlan11',
              cause: 1,
              readBack: 'present',
            },
          ],
        },
        at,
      ),
  ),
);
export const hearsayFacts = (most = 20): fc.Arbitrary<Fact[]> => timed(hearsay, most);

/** Two lists as one log, each in its own order. */
export function interleaved<Item>(first: readonly Item[], second: readonly Item[], picks: readonly boolean[]): Item[] {
  const [left, right] = [[...first], [...second]];
  const log: Item[] = [];
  for (const pick of picks) log.push(...(pick ? left : right).splice(0, 1));
  return [...log, ...left, ...right];
}
