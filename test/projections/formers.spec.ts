import { mapGrants } from '../../projections/index.js';
import {
  epoch,
  type Fact,
  type fold,
  ipv4AddOnBought,
  ipv4AddOnCancelled,
  serverAdded,
  serverMacAdded,
  serverMacRemoved,
  serverNicReplaced,
  serverRemoved,
} from '../support/history.js';
import { retold } from '../support/retold.js';

const port = 'leaf1:Ethernet16';
const mac = (number: number): string => `52:54:00:00:00:${String(number).padStart(2, '0')}`;
const minute = (at: number): number => epoch + at * 60_000;
const sold = serverAdded('s16', { customerId: 'c1', port, vlan: 16, mac: mac(1) }, 1);

const hadMac = (folded: ReturnType<typeof fold>, one: string): unknown =>
  mapGrants(folded.map, 0)
    .formerOwnersOfMac(one)
    .map(({ server, alive, endedAt }) => [server.serverId, alive, endedAt]);
const hadAddress = (folded: ReturnType<typeof fold>, one: string): unknown =>
  mapGrants(folded.map, 0)
    .formerOwnersOfAddress(one)
    .map(({ server, alive, endedAt }) => [server.serverId, alive, endedAt]);

describe('who had a MAC', () => {
  retold('is the server whose card was replaced, since the replacement', {
    when: [sold, serverNicReplaced('s16', { mac: mac(2) }, 5)],
    then: (folded) => {
      expect(hadMac(folded, mac(1))).toEqual([['s16', true, minute(5)]]);
      expect(hadMac(folded, mac(2))).toEqual([]);
    },
  });

  retold('is nobody once the server has it again', {
    when: [sold, serverNicReplaced('s16', { mac: mac(2) }, 5), serverNicReplaced('s16', { mac: mac(1) }, 6)],
    then: (folded) => {
      expect(hadMac(folded, mac(1))).toEqual([]);
      expect(hadMac(folded, mac(2))).toEqual([['s16', true, minute(6)]]);
    },
  });

  retold('is the server that had it twice, since it lost it last', {
    when: [
      sold,
      serverNicReplaced('s16', { mac: mac(2) }, 5),
      serverNicReplaced('s16', { mac: mac(1) }, 6),
      serverNicReplaced('s16', { mac: mac(3) }, 8),
    ],
    then: (folded) => expect(hadMac(folded, mac(1))).toEqual([['s16', true, minute(8)]]),
  });

  retold('is the removed server, with its MAC and the one before and the one beside', {
    when: [
      sold,
      serverNicReplaced('s16', { mac: mac(2) }, 5),
      serverMacAdded('s16', { mac: mac(9), purpose: 'management' }, 6),
      serverRemoved('s16', {}, 8),
    ],
    then: (folded) => {
      expect(hadMac(folded, mac(2))).toEqual([['s16', false, minute(8)]]);
      expect(hadMac(folded, mac(1))).toEqual([['s16', false, minute(5)]]);
      expect(hadMac(folded, mac(9))).toEqual([['s16', false, minute(8)]]);
    },
  });

  retold('is the server that gave a MAC beside its own back', {
    when: [
      sold,
      serverMacAdded('s16', { mac: mac(9), purpose: 'bond' }, 3),
      serverMacRemoved('s16', { mac: mac(9) }, 4),
    ],
    then: (folded) => expect(hadMac(folded, mac(9))).toEqual([['s16', true, minute(4)]]),
  });

  retold('is of several servers the one whose end is latest first', {
    when: [
      serverAdded('s17', { customerId: 'c1', port: 'leaf1:Ethernet17', vlan: 17, mac: mac(1) }, 1),
      serverRemoved('s17', {}, 9),
      sold,
      serverRemoved('s16', {}, 12),
    ],
    then: (folded) =>
      expect(hadMac(folded, mac(1))).toEqual([
        ['s16', false, minute(12)],
        ['s17', false, minute(9)],
      ]),
  });

  const replaced = (count: number): Fact[] =>
    Array.from({ length: count }, (_none, index) => serverNicReplaced('s16', { mac: mac(index + 2) }, index + 2));
  retold('is told of the latest four of a server, and forgotten of those before', {
    when: [sold, ...replaced(6)],
    then: (folded) => {
      const told = [1, 2, 3, 4, 5, 6, 7].filter(
        (one) => mapGrants(folded.map, 0).formerOwnersOfMac(mac(one)).length > 0,
      );
      expect(told).toEqual([3, 4, 5, 6]);
    },
  });
});

describe('who had an IPv4 address', () => {
  const bought = ipv4AddOnBought('s16', { addOnId: 'a1', address: '198.51.100.16' }, 2);

  retold('is the server that cancelled it', {
    when: [sold, bought, ipv4AddOnCancelled('s16', { addOnId: 'a1' }, 7)],
    then: (folded) => expect(hadAddress(folded, '198.51.100.16')).toEqual([['s16', true, minute(7)]]),
  });

  retold('is the removed server', {
    when: [sold, bought, serverRemoved('s16', {}, 9)],
    then: (folded) => expect(hadAddress(folded, '198.51.100.16')).toEqual([['s16', false, minute(9)]]),
  });

  retold('is nobody while the server has it by another add-on', {
    when: [
      sold,
      bought,
      ipv4AddOnCancelled('s16', { addOnId: 'a1' }, 7),
      ipv4AddOnBought('s16', { addOnId: 'a2', address: '198.51.100.16' }, 8),
    ],
    then: (folded) => expect(hadAddress(folded, '198.51.100.16')).toEqual([]),
  });

  retold('is the server whose add-on waits for an address again', {
    when: [sold, bought, ipv4AddOnBought('s16', { addOnId: 'a1' }, 5)],
    then: (folded) => expect(hadAddress(folded, '198.51.100.16')).toEqual([['s16', true, minute(5)]]),
  });

  const changed = (address: string, at: number): Fact =>
    ipv4AddOnBought('s16', { addOnId: 'a1', address: `198.51.100.${address}` }, at);

  retold('is the server whose add-on names another now, of each address since the next one was named', {
    when: [sold, bought, changed('17', 5), changed('18', 6), ipv4AddOnBought('s16', { addOnId: 'b1' }, 6)],
    then: (folded) => {
      expect(hadAddress(folded, '198.51.100.16')).toEqual([['s16', true, minute(5)]]);
      expect(hadAddress(folded, '198.51.100.17')).toEqual([['s16', true, minute(6)]]);
      expect(hadAddress(folded, '198.51.100.18')).toEqual([]);
    },
  });

  retold('is nobody once the add-on names the address again, and after that since it was lost last', {
    when: [sold, bought, changed('17', 5), changed('16', 6)],
    then: (folded) => {
      expect(hadAddress(folded, '198.51.100.16')).toEqual([]);
      expect(hadAddress(folded, '198.51.100.17')).toEqual([['s16', true, minute(6)]]);
    },
  });

  retold('is told of the latest four of an add-on, and forgotten of those before, in whatever order they are told', {
    when: [sold, ...['16', '17', '18', '19', '20', '21'].map((address, index) => changed(address, index + 2))],
    then: (folded) => {
      const told = [16, 17, 18, 19, 20, 21].filter(
        (one) => mapGrants(folded.map, 0).formerOwnersOfAddress(`198.51.100.${one}`).length > 0,
      );
      expect(told).toEqual([17, 18, 19, 20]);
    },
  });
});
