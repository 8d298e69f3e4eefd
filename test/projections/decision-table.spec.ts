import type { EventType } from '../../events/index.js';
import { type Meeting, meetingTypes, meetKnown, meetOther, meetUnknown, pairs } from '../support/decision-table.js';
import { expectGenerated, markdownTable } from '../support/markdown.js';

const whole = [
  'alive',
  'customer',
  'port',
  'vlan',
  'mac',
  'linkLocal',
  'suspended',
  'addOn',
  'prefix',
  'otherMac',
  'enrolled',
  'allocated',
  'order',
  'allocatedPrefix',
];

/** The law, written down by hand: which registers a type writes, with which value, and what it claims. */
const law: Readonly<Record<string, { writes: readonly string[]; always?: string; claims: readonly string[] }>> = {
  ServerAdded: { writes: ['alive', 'customer', 'port', 'vlan', 'mac', 'linkLocal'], claims: ['vlan', 'mac'] },
  ServerMoved: { writes: ['port', 'vlan'], claims: ['vlan'] },
  ServerNicReplaced: { writes: ['mac'], claims: [] }, // The servers stay on VLANs of their own: a MAC elsewhere is no conflict.
  ServerTransferred: { writes: ['customer'], claims: [] },
  ServerSuspended: { writes: ['suspended'], always: 'suspended', claims: [] },
  ServerResumed: { writes: ['suspended'], always: 'resumed', claims: [] },
  ServerRemoved: { writes: whole, always: 'void', claims: [] },
  ServerRecordCorrected: { writes: ['port', 'vlan', 'mac', 'linkLocal'], claims: ['vlan', 'mac'] },
  ServerMacAdded: { writes: ['otherMac'], always: 'added', claims: [] },
  ServerMacRemoved: { writes: ['otherMac'], always: 'taken', claims: [] },
  // Beside the MAC that billing names, which wins whatever its time.
  ServerMacEnrolled: { writes: ['enrolled'], claims: [] },
  Ipv6PrefixAssigned: { writes: ['prefix'], always: 'assigned', claims: ['prefix'] },
  Ipv6PrefixReleased: { writes: ['prefix'], always: 'released', claims: [] },
  Ipv4AddOnBought: { writes: ['addOn'], claims: ['ipv4'] },
  Ipv4AddOnCancelled: { writes: ['addOn'], always: 'cancelled', claims: [] },
  // A register of its own: what billing says of the add-on decides whether it counts.
  Ipv4AddressAllocated: { writes: ['allocated'], claims: [] },
  Ipv6PrefixOrdered: { writes: ['order'], always: 'ordered', claims: [] },
  Ipv6PrefixOrderCancelled: { writes: ['order'], always: 'cancelled', claims: [] },
  // A register of its own: the order, and whose the server is, decide whether it counts.
  Ipv6PrefixAllocated: { writes: ['allocatedPrefix'], claims: [] },
  GatewayDeclared: { writes: ['gateway'], claims: [] },
  GatewayRetired: { writes: ['gateway'], always: 'retired', claims: [] },
};

const lawOf = (type: EventType) => law[type] ?? { writes: [], claims: [] };
const meet = (a: readonly string[], b: readonly string[]): boolean => a.some((one) => b.includes(one));

/** Two facts compete when they write one register with different values. */
function compete(first: EventType, second: EventType): boolean {
  const [a, b] = [lawOf(first), lawOf(second)];
  return meet(a.writes, b.writes) && (a.always === undefined || a.always !== b.always);
}

function expectedKnown(first: EventType, second: EventType): Meeting {
  // A removal voids what was said before it; a resumption or a release before it said what is so anyway.
  const voidsNothing = [
    'ServerResumed',
    'Ipv6PrefixReleased',
    'Ipv4AddOnCancelled',
    'ServerMacRemoved',
    'Ipv6PrefixOrderCancelled',
  ];
  if (first === 'ServerRemoved' && voidsNothing.includes(second)) return 'commutes';
  if (second === 'ServerRemoved' && voidsNothing.includes(first)) return 'commutes';
  return compete(first, second) ? 'later time wins' : 'commutes';
}

function expectedUnknown(first: EventType, second: EventType): Meeting {
  const gateways = [first, second].filter((type) => type.startsWith('Gateway')).length;
  if (gateways === 2) return expectedKnown(first, second);
  if (gateways === 1) return first === 'ServerAdded' || second === 'ServerAdded' ? 'commutes' : 'waits';
  if (second === 'ServerRemoved') return 'ignored';
  if (first !== 'ServerAdded' && second !== 'ServerAdded') return 'waits';
  return expectedKnown(first, second);
}

function expectedOther(first: EventType, second: EventType): Meeting {
  if (meet(lawOf(first).claims, lawOf(second).claims)) return 'first claim holds';
  // A gateway belongs to a switch, not to a server: two words on it compete whoever the servers are.
  return first.startsWith('Gateway') && second.startsWith('Gateway') && compete(first, second)
    ? 'later time wins'
    : 'commutes';
}

describe('the decision table', () => {
  it('knows every type that can change the map', () => {
    expect(Object.keys(law).sort()).toEqual([...meetingTypes].sort());
    expect(pairs).toHaveLength(meetingTypes.length ** 2);
  });

  describe.each([
    ['two facts about a server that is known', meetKnown, expectedKnown],
    ['two facts about a server of which nothing else was said', meetUnknown, expectedUnknown],
    ['two facts about two servers that claim the same', meetOther, expectedOther],
  ] as const)('%s', (_name, actual, expected) => {
    it.each(meetingTypes)('%s meets every type as the law says', (first) => {
      const row = (classOf: (first: EventType, second: EventType) => string) =>
        Object.fromEntries(meetingTypes.map((second) => [second, classOf(first, second)]));
      expect(row(actual)).toEqual(row(expected));
    });
  });

  it('is the page that people read', () => {
    expectGenerated('projections/decision-table.md', 'decision table', page());
  });
});

const letters: Readonly<Record<Meeting, string>> = {
  commutes: '·',
  'later time wins': 'L',
  'first claim holds': 'F',
  waits: 'W',
  ignored: 'I',
};

function page(): string {
  const table = (classOf: (first: EventType, second: EventType) => string): string =>
    markdownTable([
      ['first \\ second', ...meetingTypes.map((_type, index) => String(index + 1))],
      ...meetingTypes.map((first, index) => [
        `${index + 1} ${first}`,
        ...meetingTypes.map((second) => letters[classOf(first, second) as Meeting] ?? '?'),
      ]),
    ]);
  return [
    '## Two facts about one server that is known\n\nRows: the fact with the earlier `time`. The order of the log never matters here.',
    table(meetKnown),
    '## Two facts about one server of which nothing else was said\n\nRows: the fact with the earlier `time`.',
    table(meetUnknown),
    '## Two facts about two servers that claim the same\n\nRows: the fact that stands earlier in the log. Its `time` never matters for who holds a claim.',
    table(meetOther),
  ].join('\n\n');
}
