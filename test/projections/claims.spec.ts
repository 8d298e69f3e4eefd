import type { LogFold } from '../../projections/index.js';
import {
  ipv4AddOnBought,
  ipv4AddOnCancelled,
  ipv6PrefixAssigned,
  ipv6PrefixReleased,
  serverAdded,
  serverMoved,
  serverNicReplaced,
  serverRecordCorrected,
  serverRemoved,
  serverSuspended,
  serverTransferred,
} from '../support/history.js';
import { retold } from '../support/retold.js';

const address = '198.51.100.1';
const prefix = '2001:db8:1::/48';
const inside = '2001:db8:1:5::/64';
const sold = (number: number, customerId = `c${number}`) => ({
  customerId,
  port: `leaf1:Ethernet${number}`,
  vlan: 10 + number,
  mac: `52:54:00:00:00:0${number}`,
});
const two = [serverAdded('s1', sold(1), 1), serverAdded('s2', sold(2), 2)];
const three = [...two, serverAdded('s3', sold(3), 3)];
const ofOneCustomer = [serverAdded('s1', sold(1, 'c1'), 1), serverAdded('s2', sold(2, 'c1'), 2)];
const line = 'who stands first in line';

const holder = ({ map }: LogFold, what: string) => map.holderOfAddress(what)?.serverId;
const conflicts = ({ map }: LogFold, id: string) => map.binding(id)?.conflicts;

describe('an IPv4 address', () => {
  retold('holds for the server that claimed it first in the log, whatever the times say', {
    given: two,
    when: [ipv4AddOnBought('s1', { addOnId: 'a1', address }, 9), ipv4AddOnBought('s2', { addOnId: 'a1', address }, 3)],
    then: (fold) => {
      expect(holder(fold, address)).toBe('s1');
      expect(conflicts(fold, 's2')).toEqual([{ claim: `ipv4 ${address}`, holder: 's1' }]);
      expect(fold.map.binding('s2')).toMatchObject({ state: 'active', addresses: [{ address, heldBy: 's1' }] });
    },
    logOrderDecides: line,
  });

  retold('goes to the next in line when its holder lets it go', {
    given: [
      ...three,
      ipv4AddOnBought('s1', { addOnId: 'a1', address }, 4),
      ipv4AddOnBought('s2', { addOnId: 'a1', address }, 5),
      ipv4AddOnBought('s3', { addOnId: 'a1', address }, 6),
    ],
    when: [ipv4AddOnCancelled('s1', { addOnId: 'a1' }, 7)],
    then: (fold) => {
      expect(holder(fold, address)).toBe('s2');
      expect(conflicts(fold, 's3')).toEqual([{ claim: `ipv4 ${address}`, holder: 's2' }]);
    },
    logOrderDecides: line,
  });

  retold('is freed by a removal', {
    given: [
      ...two,
      ipv4AddOnBought('s1', { addOnId: 'a1', address }, 4),
      ipv4AddOnBought('s2', { addOnId: 'a1', address }, 5),
    ],
    when: [serverRemoved('s1', {}, 7)],
    then: (fold) => {
      expect(holder(fold, address)).toBe('s2');
      expect(conflicts(fold, 's2')).toEqual([]);
    },
    logOrderDecides: line,
  });

  retold('is kept by a suspended server', {
    given: [
      ...two,
      ipv4AddOnBought('s1', { addOnId: 'a1', address }, 4),
      ipv4AddOnBought('s2', { addOnId: 'a1', address }, 5),
    ],
    when: [serverSuspended('s1', {}, 6)],
    then: (fold) => expect(holder(fold, address)).toBe('s1'),
    logOrderDecides: line,
  });

  retold('named by two add-ons of one server is one claim, freed by the last of them', {
    given: [
      ...two,
      ipv4AddOnBought('s1', { addOnId: 'a1', address }, 4),
      ipv4AddOnBought('s1', { addOnId: 'a2', address }, 5),
      ipv4AddOnBought('s2', { addOnId: 'a1', address }, 6),
    ],
    when: [ipv4AddOnCancelled('s1', { addOnId: 'a1' }, 7)],
    then: (fold) => expect(holder(fold, address)).toBe('s1'),
    logOrderDecides: line,
  });

  retold('given up and bought again goes to the end of the line', {
    given: [
      ...two,
      ipv4AddOnBought('s1', { addOnId: 'a1', address }, 4),
      ipv4AddOnBought('s2', { addOnId: 'a1', address }, 5),
    ],
    when: [ipv4AddOnCancelled('s1', { addOnId: 'a1' }, 6), ipv4AddOnBought('s1', { addOnId: 'a1', address }, 7)],
    then: (fold) => {
      expect(holder(fold, address)).toBe('s2');
      expect(conflicts(fold, 's1')).toEqual([{ claim: `ipv4 ${address}`, holder: 's2' }]);
    },
    logOrderDecides: line,
  });

  retold('keeps its place in line through a restatement and through a transfer', {
    given: [
      ...two,
      ipv4AddOnBought('s1', { addOnId: 'a1', address }, 4),
      ipv4AddOnBought('s2', { addOnId: 'a1', address }, 5),
    ],
    when: [
      ipv4AddOnBought('s1', { addOnId: 'a1', address, monthlyPriceMinor: 300, currency: 'EUR' }, 6),
      serverTransferred('s1', { customerId: 'c9' }, 7),
      serverAdded('s1', sold(1, 'c9'), 8),
    ],
    then: (fold) => expect(holder(fold, address)).toBe('s1'),
    logOrderDecides: line,
  });

  retold('of a pending server stands in line only from when the server is added', {
    given: [serverAdded('s2', sold(2), 1), ipv4AddOnBought('s1', { addOnId: 'a1', address }, 2)],
    when: [ipv4AddOnBought('s2', { addOnId: 'a1', address }, 3), serverAdded('s1', sold(1), 4)],
    then: (fold) => expect(holder(fold, address)).toBe('s2'),
    logOrderDecides: line,
  });
});

describe('an IPv6 prefix', () => {
  const own = ['s1', 's2'].map((id, index) =>
    ipv6PrefixAssigned(id, { prefix: index === 0 ? prefix : inside }, 3 + index),
  );

  retold('of one customer may lie inside another of the same: the longest match decides', {
    given: ofOneCustomer,
    when: own,
    then: (fold) => {
      expect(conflicts(fold, 's1')).toEqual([]);
      expect(conflicts(fold, 's2')).toEqual([]);
      expect(holder(fold, '2001:db8:1:5::9')).toBe('s2');
      expect(holder(fold, '2001:db8:1:6::9')).toBe('s1');
    },
  });

  retold('may be sold only once, also within one customer', {
    given: ofOneCustomer,
    when: [ipv6PrefixAssigned('s1', { prefix }, 3), ipv6PrefixAssigned('s2', { prefix }, 4)],
    then: (fold) => expect(conflicts(fold, 's2')).toEqual([{ claim: `prefix ${prefix}`, holder: 's1' }]),
    logOrderDecides: line,
  });

  retold('of another customer waits when it lies inside an earlier one', {
    given: two,
    when: own,
    then: (fold) => {
      expect(fold.map.binding('s2')?.prefixes).toMatchObject([{ prefix: inside, heldBy: 's1' }]);
      expect(holder(fold, '2001:db8:1:5::9')).toBe('s1');
    },
    logOrderDecides: line,
  });

  retold('of another customer waits when it lies around an earlier one', {
    given: two,
    when: [ipv6PrefixAssigned('s2', { prefix: inside }, 3), ipv6PrefixAssigned('s1', { prefix }, 4)],
    then: (fold) => {
      expect(conflicts(fold, 's1')).toEqual([{ claim: `prefix ${prefix}`, holder: 's2' }]);
      expect(holder(fold, '2001:db8:1:6::9')).toBeUndefined();
    },
    logOrderDecides: line,
  });

  retold('that came later waits when a transfer makes nested prefixes cross customers', {
    given: [...ofOneCustomer, ...own],
    when: [serverTransferred('s1', { customerId: 'c9' }, 9)],
    then: (fold) => {
      expect(conflicts(fold, 's1')).toEqual([]);
      expect(conflicts(fold, 's2')).toEqual([{ claim: `prefix ${inside}`, holder: 's1' }]);
    },
    logOrderDecides: line,
  });

  retold('holds again once a transfer brings both under one customer', {
    given: [...two, ...own],
    when: [serverTransferred('s2', { customerId: 'c1' }, 9)],
    then: (fold) => expect(conflicts(fold, 's2')).toEqual([]),
    logOrderDecides: line,
  });

  retold('that waits keeps a third one waiting that conflicts with it alone: nobody overtakes the line', {
    given: [
      ...three,
      ipv6PrefixAssigned('s1', { prefix: '2001:db8:2::/48' }, 4),
      ipv6PrefixAssigned('s2', { prefix: '2001:db8:2::/47' }, 5),
    ],
    when: [ipv6PrefixAssigned('s3', { prefix: '2001:db8:3::/48' }, 6)],
    then: (fold) => expect(conflicts(fold, 's3')).toEqual([{ claim: 'prefix 2001:db8:3::/48', holder: 's2' }]),
    logOrderDecides: line,
  });

  retold('that was released lets in all that waited for it alone', {
    given: [
      ...three,
      ipv6PrefixAssigned('s1', { prefix: '2001:db8:2::/47' }, 4),
      ipv6PrefixAssigned('s2', { prefix: '2001:db8:2::/48' }, 5),
      ipv6PrefixAssigned('s3', { prefix: '2001:db8:3::/48' }, 6),
    ],
    when: [ipv6PrefixReleased('s1', { prefix: '2001:db8:2::/47' }, 7)],
    then: (fold) => {
      expect(conflicts(fold, 's2')).toEqual([]);
      expect(conflicts(fold, 's3')).toEqual([]);
    },
    logOrderDecides: line,
  });
});

describe('a VLAN and a MAC', () => {
  retold('of a server that came second to the VLAN withhold everything of it', {
    given: [serverAdded('s1', sold(1), 1)],
    when: [serverAdded('s2', { ...sold(2), vlan: 11 }, 2)],
    then: (fold) => {
      expect(fold.map.binding('s2')).toMatchObject({
        state: 'conflicted',
        conflicts: [{ claim: 'vlan leaf1/11', holder: 's1' }],
      });
      expect(fold.map.holderOfVlan('leaf1', 11)?.serverId).toBe('s1');
      expect(fold.map.binding('s1')?.state).toBe('active');
    },
    logOrderDecides: line,
  });

  retold('are freed when their holder moves away', {
    given: [serverAdded('s1', sold(1), 1), serverAdded('s2', { ...sold(2), vlan: 11 }, 2)],
    when: [serverMoved('s1', { port: 'leaf1:Ethernet1', vlan: 31 }, 3)],
    then: (fold) => expect(fold.map.binding('s2')).toMatchObject({ state: 'active', conflicts: [] }),
    logOrderDecides: line,
  });

  retold('on another switch are others', {
    given: [serverAdded('s1', sold(1), 1)],
    when: [serverAdded('s2', { ...sold(1, 'c2'), port: 'leaf2:Ethernet1' }, 2)],
    then: ({ map }) => {
      expect(map.binding('s1')).toMatchObject({ state: 'active', conflicts: [] });
      expect(map.binding('s2')).toMatchObject({ state: 'active', conflicts: [] });
    },
  });

  retold('a MAC that another server has elsewhere is no conflict, and both are found by it', {
    given: two,
    when: [serverNicReplaced('s2', { mac: sold(1).mac }, 3)],
    then: ({ map }) => {
      expect(map.bindingsOfMac(sold(1).mac).map((one) => [one.serverId, one.state])).toEqual([
        ['s1', 'active'],
        ['s2', 'active'],
      ]);
    },
  });

  retold('keep their place in line while the server changes its port on the same switch', {
    given: [serverAdded('s1', sold(1), 1), serverAdded('s2', { ...sold(2), vlan: 11 }, 2)],
    when: [serverMoved('s1', { port: 'leaf1:Ethernet7', vlan: 11 }, 3)],
    then: ({ map }) => expect(map.holderOfVlan('leaf1', 11)?.serverId).toBe('s1'),
    logOrderDecides: line,
  });

  retold('of a wrong record are freed by its correction with the original time', {
    given: [serverAdded('s1', sold(1), 1), serverAdded('s2', { ...sold(2), vlan: 11 }, 2)],
    when: [serverRecordCorrected('s1', { vlan: 41, reason: 'typing error' }, '2026-01-01T00:01:00.001Z')],
    then: ({ map }) => {
      expect(map.binding('s1')).toMatchObject({ state: 'active', vlan: 41 });
      expect(map.holderOfVlan('leaf1', 11)?.serverId).toBe('s2');
    },
    logOrderDecides: line,
  });
});
