import { effectOf, type LogFold } from '../../projections/index.js';
import { decodeEvent, type StoredEvent } from '../../events/index.js';
import {
  type Fact,
  fold,
  gatewayDeclared,
  gatewayRetired,
  ipv4AddOnBought,
  ipv4AddOnCancelled,
  ipv6PrefixAssigned,
  ipv6PrefixReleased,
  linkDown,
  linkUp,
  serverAdded,
  serverMoved,
  serverNicReplaced,
  serverRecordCorrected,
  serverRemoved,
  serverResumed,
  serverSuspended,
  serverTransferred,
  stored,
} from '../support/history.js';
import { retold } from '../support/retold.js';

const port = 'leaf1:Ethernet1';
const added = { customerId: 'c1', port, vlan: 11, mac: '52:54:00:00:00:01' };
const otherMac = '52:54:00:00:00:02';
const prefix = '2001:db8:1::/48';
const address = '198.51.100.1';
const s1 = ({ map }: LogFold) => map.binding('s1');

describe('late and doubled facts', () => {
  retold('a server that was added is active, with everything billing said of it', {
    when: [
      serverAdded('s1', added, 1),
      ipv6PrefixAssigned('s1', { prefix }, 2),
      ipv4AddOnBought('s1', { addOnId: 'a1', address }, 3),
    ],
    then: (fold) =>
      expect(s1(fold)).toMatchObject({
        ...{ state: 'active', customerId: 'c1', switch: 'leaf1', port, vlan: 11, mac: added.mac },
        linkLocal: 'fe80::5054:ff:fe00:1',
        addresses: [{ addOnId: 'a1', address, heldBy: undefined }],
        prefixes: [{ prefix, heldBy: undefined }],
        ...{ conflicts: [], link: 'unknown' },
      }),
  });

  retold('the fact with the later time wins', {
    given: [serverAdded('s1', added, 1)],
    when: [serverMoved('s1', { port: 'leaf1:Ethernet9', vlan: 19 }, 5), serverMoved('s1', { port, vlan: 13 }, 3)],
    then: (fold) => expect(s1(fold)).toMatchObject({ port: 'leaf1:Ethernet9', vlan: 19 }),
  });

  retold('an absent optional field says nothing about its register', {
    given: [serverAdded('s1', { ...added, linkLocal: 'fe80::16' }, 1)],
    when: [serverAdded('s1', { customerId: 'c1', port, vlan: 12 }, 5)],
    then: (fold) => expect(s1(fold)).toMatchObject({ vlan: 12, mac: added.mac, linkLocal: 'fe80::16' }),
  });

  retold('a ServerAdded without a removal starts no new life: what was sold before stays', {
    given: [serverAdded('s1', added, 1), ipv6PrefixAssigned('s1', { prefix }, 2), serverSuspended('s1', {}, 3)],
    when: [serverAdded('s1', { ...added, vlan: 12 }, 5)],
    then: (fold) => expect(s1(fold)).toMatchObject({ state: 'suspended', vlan: 12, prefixes: [{ prefix }] }),
  });

  retold('a removal voids every earlier fact', {
    given: [
      serverAdded('s1', added, 1),
      ipv6PrefixAssigned('s1', { prefix }, 2),
      ipv4AddOnBought('s1', { addOnId: 'a1', address }, 3),
    ],
    when: [serverRemoved('s1', { reason: 'contract ended' }, 4)],
    then: (fold) => {
      expect(s1(fold)).toMatchObject({
        state: 'removed',
        port: undefined,
        mac: undefined,
        addresses: [],
        prefixes: [],
      });
      expect(fold.map.holderOfAddress(address)).toBeUndefined();
      expect(fold.map.bindingsOnSwitch('leaf1')).toEqual([]);
      expect(fold.map.bindingsOfMac(added.mac)).toEqual([]);
    },
  });

  retold('a server added again after its removal has a new life, without what was sold in the old one', {
    given: [serverAdded('s1', added, 1), ipv6PrefixAssigned('s1', { prefix }, 2), serverRemoved('s1', {}, 4)],
    when: [serverAdded('s1', { customerId: 'c2', port, vlan: 12 }, 5)],
    then: (fold) =>
      expect(s1(fold)).toMatchObject({ state: 'pending', customerId: 'c2', vlan: 12, mac: undefined, prefixes: [] }),
  });

  retold('a fact later than the removal counts also when it is earlier than the new ServerAdded', {
    given: [serverAdded('s1', added, 1), serverRemoved('s1', {}, 4)],
    when: [ipv6PrefixAssigned('s1', { prefix }, 6), serverAdded('s1', added, 8)],
    then: (fold) => expect(s1(fold)).toMatchObject({ state: 'active', prefixes: [{ prefix, heldBy: undefined }] }),
  });

  retold('a late removal voids only what is earlier than itself', {
    given: [
      serverAdded('s1', added, 1),
      ipv6PrefixAssigned('s1', { prefix }, 2),
      serverAdded('s1', { ...added, vlan: 12 }, 9),
    ],
    when: [serverRemoved('s1', {}, 5)],
    then: (fold) => expect(s1(fold)).toMatchObject({ state: 'active', vlan: 12, mac: added.mac, prefixes: [] }),
  });

  retold('the latest of several removals counts', {
    given: [serverAdded('s1', added, 3), serverRemoved('s1', {}, 5)],
    when: [serverRemoved('s1', {}, 2)],
    then: (fold) => expect(s1(fold)?.state).toBe('removed'),
  });

  retold('a wrong fact is corrected by the right one with the original time, and later facts still win', {
    given: [serverAdded('s1', added, 1), serverNicReplaced('s1', { mac: '52:54:00:00:00:09' }, 5)],
    when: [
      serverRecordCorrected(
        's1',
        { mac: otherMac, vlan: 17, reason: 'the label was misread' },
        '2026-01-01T00:01:00.001Z',
      ),
    ],
    then: (fold) => expect(s1(fold)).toMatchObject({ vlan: 17, mac: '52:54:00:00:00:09', port }),
  });

  it('a correction with exactly the original time wins, because it stands later in the log', () => {
    const log = [serverAdded('s1', added, 1), serverRecordCorrected('s1', { mac: otherMac, reason: 'misread' }, 1)];
    expect(fold(log).map.binding('s1')?.mac).toBe(otherMac);
    expect(fold([log[1], log[0]].filter((one) => one !== undefined)).map.binding('s1')?.mac).toBe(added.mac);
  });

  retold('a fact about a server that was never added is pending and claims nothing', {
    when: [
      serverMoved('s1', { port, vlan: 11 }, 1),
      serverNicReplaced('s1', { mac: added.mac }, 2),
      ipv4AddOnBought('s1', { addOnId: 'a1', address }, 3),
      ipv4AddOnBought('s1', { addOnId: 'a2' }, 4),
    ],
    then: (fold) => {
      expect(s1(fold)).toMatchObject({ state: 'pending', port, addresses: [], unallocated: [], conflicts: [] });
      expect(fold.map.assignments.get('s1')?.claims).toEqual([]);
      expect(fold.map.holderOfVlan('leaf1', 11)).toBeUndefined();
    },
  });

  retold('a server without a MAC is pending', {
    when: [serverAdded('s1', { customerId: 'c1', port, vlan: 11 }, 1)],
    then: (fold) => expect(s1(fold)).toMatchObject({ state: 'pending', linkLocal: undefined }),
  });

  retold('an add-on bought without an address is unallocated, and counts as that even over an earlier address', {
    given: [serverAdded('s1', added, 1), ipv4AddOnBought('s1', { addOnId: 'a1', address }, 2)],
    when: [ipv4AddOnBought('s1', { addOnId: 'a1', monthlyPriceMinor: 200, currency: 'EUR' }, 3)],
    then: (fold) => expect(s1(fold)).toMatchObject({ addresses: [], unallocated: ['a1'] }),
  });

  retold('a cancellation or a release wins over the earlier fact, however late that one arrives', {
    given: [
      serverAdded('s1', added, 1),
      ipv4AddOnCancelled('s1', { addOnId: 'a1' }, 5),
      ipv6PrefixReleased('s1', { prefix }, 5),
    ],
    when: [ipv4AddOnBought('s1', { addOnId: 'a1', address }, 2), ipv6PrefixAssigned('s1', { prefix }, 3)],
    then: (fold) => expect(s1(fold)).toMatchObject({ addresses: [], prefixes: [] }),
  });

  retold('a resumption ends a suspension', {
    given: [serverAdded('s1', added, 1), serverSuspended('s1', { reason: 'unpaid' }, 2)],
    when: [serverResumed('s1', {}, 3)],
    then: (fold) => expect(s1(fold)?.state).toBe('active'),
  });

  retold('a gateway is what its latest declaration says, and nothing once it is retired', {
    given: [
      gatewayDeclared('leaf1', { addresses: ['198.51.100.254'], macs: ['02:00:00:00:00:01'] }, 1),
      gatewayDeclared('leaf1', { vlans: [11], addresses: ['198.51.100.253'], macs: ['02:00:00:00:00:02'] }, 3),
      gatewayDeclared('leaf2', { addresses: [], macs: ['02:00:00:00:00:09'] }, 4),
    ],
    when: [gatewayRetired('leaf2', 5), gatewayRetired('leaf1', 2)],
    then: ({ map }) => {
      expect(map.gatewayOf('leaf1', 11)).toMatchObject({ addresses: ['198.51.100.253'] });
      expect(map.gatewayOf('leaf1', 12)).toBeUndefined();
      expect(map.gatewayOf('leaf1')).toMatchObject({ macs: ['02:00:00:00:00:02'] });
      expect(map.gatewayOf('leaf2')).toBeUndefined();
    },
  });

  retold('the link of a port follows the log, not the time', {
    given: [serverAdded('s1', added, 1), linkDown(port, 9)],
    when: [linkUp(port, 5)],
    then: (fold) => expect(s1(fold)?.link).toBe('up'),
    logOrderDecides: 'a link is a level that is re-read',
  });

  it('under --at the time of a link fact filters it', () => {
    const log = [serverAdded('s1', added, 1), linkUp(port, 2), linkDown(port, 9)];
    const at = Date.parse('2026-01-01T00:05:00Z');
    expect(fold(log, { at }).map.binding('s1')?.link).toBe('up');
  });
});

describe('the effect of a fact', () => {
  const effects = (facts: readonly Fact[]) => {
    const folded = fold(facts);
    return stored(facts).map((event) => effect(folded, event));
  };
  function effect(folded: LogFold, event: StoredEvent) {
    const decoded = decodeEvent(event);
    return decoded.readable ? effectOf(folded, decoded.event) : undefined;
  }

  it('is applied while at least one register still holds it, and overtaken after', () => {
    const log = [
      serverAdded('s1', added, 1),
      serverMoved('s1', { port, vlan: 12 }, 5),
      serverMoved('s1', { port, vlan: 13 }, 3),
      serverRemoved('s2', {}, 4),
      serverAdded('s2', { ...added, vlan: 30 }, 2),
      gatewayRetired('leaf1', 9),
      gatewayDeclared('leaf1', { addresses: [], macs: [] }, 8),
    ];
    expect(effects(log).map((one) => one?.effect)).toEqual([
      'applied',
      'applied',
      'overtaken',
      'applied',
      'overtaken',
      'applied',
      'overtaken',
    ]);
  });

  it('is pending for a server not added yet, and for an add-on without an address', () => {
    const log = [
      serverMoved('s2', { port, vlan: 12 }, 1),
      serverAdded('s1', added, 1),
      ipv4AddOnBought('s1', { addOnId: 'a1' }, 2),
    ];
    expect(effects(log).map((one) => one?.effect)).toEqual(['pending', 'applied', 'pending']);
  });

  it('is conflicted, naming claim and holder, where another server holds what the fact claims', () => {
    const log = [
      serverAdded('s1', added, 1),
      ipv4AddOnBought('s1', { addOnId: 'a1', address }, 2),
      serverAdded('s2', { ...added, vlan: 12 }, 3),
      ipv4AddOnBought('s2', { addOnId: 'a1', address }, 1),
      serverMoved('s2', { port, vlan: 11 }, 5),
      serverSuspended('s2', {}, 6),
    ];
    const [, first, second, third, fourth, fifth] = effects(log);
    expect(first).toEqual({ effect: 'applied', conflicts: [] });
    expect(second?.effect).toBe('conflicted');
    expect(third).toEqual({ effect: 'conflicted', conflicts: [{ claim: `ipv4 ${address}`, holder: 's1' }] });
    expect(fourth?.conflicts).toEqual([
      { claim: 'vlan leaf1/11', holder: 's1' },
      { claim: `mac leaf1/11/${added.mac}`, holder: 's1' },
    ]);
    expect(fifth).toEqual({ effect: 'applied', conflicts: [] });
  });

  it('of a transfer names the claim that now waits, be it its own or the other server’s', () => {
    const base = [
      serverAdded('s1', added, 1),
      serverAdded('s2', { ...added, vlan: 12 }, 2),
      ipv6PrefixAssigned('s1', { prefix }, 3),
      ipv6PrefixAssigned('s2', { prefix: '2001:db8:1:5::/64' }, 4),
    ];
    const nested = { claim: 'prefix 2001:db8:1:5::/64', holder: 's1' };
    expect(effects([...base, serverTransferred('s2', { customerId: 'c2' }, 5)]).at(-1)).toEqual({
      effect: 'conflicted',
      conflicts: [nested],
    });
    expect(effects([...base, serverTransferred('s1', { customerId: 'c2' }, 5)]).at(-1)).toEqual({
      effect: 'applied',
      conflicts: [nested],
    });
  });
});
