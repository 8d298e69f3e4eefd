import { desiredGuard, desiredState, type LogFold } from '../../projections/index.js';
import {
  fold,
  gatewayDeclared,
  gatewayRetired,
  ipv4AddOnBought,
  ipv6PrefixAssigned,
  ipv6PrefixReleased,
  serverAdded,
  serverMoved,
  serverNicReplaced,
  serverRemoved,
  serverResumed,
  serverSuspended,
  serverTransferred,
} from '../support/history.js';
import { retold } from '../support/retold.js';

const view = { switch: 'leaf1', interfacePattern: 'vlan{vlan}', med: 7 };
const port = 'leaf1:Ethernet16';
const mac = '52:54:00:00:00:16';
const prefix = '2001:db8:16::/48';
const address = '198.51.100.16';
const sold = [
  serverAdded('s16', { customerId: 'c1', port, vlan: 16, mac }, 1),
  ipv6PrefixAssigned('s16', { prefix }, 2),
  ipv4AddOnBought('s16', { addOnId: 'a1', address }, 3),
];
const gateway = gatewayDeclared('leaf1', { addresses: ['fe80::1', '198.51.100.1'], macs: ['52:54:00:ff:00:01'] }, 4);
const guard = ({ map }: LogFold, interfaces = ['vlan16']) => desiredGuard(map, view, interfaces);
const nothing = { macs: [], ipv4: [], prefixes: [] };
const open = { serverId: 's16', closed: undefined, macs: [mac], ipv4: [address], prefixes: [prefix] };

describe('what a guard lets in', () => {
  retold('is what billing sold to the server at the port, and nothing else', {
    when: sold,
    then: (fold) => expect(guard(fold)).toMatchObject([{ interface: 'vlan16', ...open }]),
  });

  it('is nothing at an interface that nobody bought', () =>
    expect(guard(fold(sold), ['vlan16', 'vlan66', 'eth9'])).toMatchObject([
      { interface: 'vlan16', closed: undefined },
      { interface: 'vlan66', serverId: undefined, closed: 'sold to nobody', ...nothing, cause: -1 },
      { interface: 'eth9', serverId: undefined, closed: 'sold to nobody', ...nothing },
    ]));

  it('names an interface once, however many ports stand on it', () =>
    expect(guard(fold(sold), ['vlan16', 'vlan16'])).toHaveLength(1));

  retold('is nothing from a suspended server, and everything again once it is resumed', {
    given: sold,
    when: [serverSuspended('s16', {}, 5)],
    then: (fold) =>
      expect(guard(fold)).toMatchObject([{ serverId: 's16', closed: 'suspended by billing', ...nothing }]),
  });
  retold('is everything again once a suspended server is resumed', {
    given: [...sold, serverSuspended('s16', {}, 5)],
    when: [serverResumed('s16', {}, 6)],
    then: (fold) => expect(guard(fold)).toMatchObject([open]),
  });

  retold('is nothing once the server is removed', {
    given: sold,
    when: [serverRemoved('s16', {}, 5)],
    then: (fold) => expect(guard(fold)).toMatchObject([{ closed: 'sold to nobody', ...nothing }]),
  });

  retold('moves with the server, and its old port is closed', {
    given: sold,
    when: [serverMoved('s16', { port: 'leaf1:Ethernet21', vlan: 21 }, 5)],
    then: (fold) =>
      expect(guard(fold, ['vlan16', 'vlan21'])).toMatchObject([
        { interface: 'vlan16', closed: 'sold to nobody' },
        { interface: 'vlan21', ...open },
      ]),
  });

  retold('follows a new network card', {
    given: sold,
    when: [serverNicReplaced('s16', { mac: '52:54:00:00:00:99' }, 5)],
    then: (fold) => expect(guard(fold)[0]?.macs).toEqual(['52:54:00:00:00:99']),
  });

  retold('lets in no prefix that was released', {
    given: sold,
    when: [ipv6PrefixReleased('s16', { prefix }, 5)],
    then: (fold) => expect(guard(fold)[0]).toMatchObject({ ...open, prefixes: [] }),
  });

  retold('names a prefix inside another one of the same server only by the outer one', {
    given: sold,
    when: [
      ipv6PrefixAssigned('s16', { prefix: '2001:db8:16:1::/64' }, 5),
      ipv6PrefixAssigned('s16', { prefix: '2001:db8:15::/64' }, 6),
    ],
    then: (fold) => expect(guard(fold)[0]?.prefixes).toEqual(['2001:db8:15::/64', prefix]),
  });

  it('is neither an address nor a prefix that another server holds', () => {
    const rival = [
      serverAdded('s17', { customerId: 'c2', port: 'leaf1:Ethernet17', vlan: 17, mac: '52:54:00:00:00:17' }, 5),
      ipv4AddOnBought('s17', { addOnId: 'a1', address }, 6),
      ipv6PrefixAssigned('s17', { prefix: '2001:db8:16:9::/64' }, 7),
    ];
    expect(guard(fold([...sold, ...rival]), ['vlan17'])).toMatchObject([
      { serverId: 's17', closed: undefined, ipv4: [], prefixes: [] },
    ]);
    expect(guard(fold([...sold, ...rival]))).toMatchObject([open]);
  });

  it('is nothing of a server that waits for a VLAN, and all of the one that holds it', () => {
    const second = serverAdded('s17', { customerId: 'c2', port, vlan: 16, mac: '52:54:00:00:00:17' }, 5);
    expect(guard(fold([...sold, second]))).toMatchObject([open]);
  });

  it('is nothing while the MAC of the holder is not known, and says so', () =>
    expect(guard(fold([serverAdded('s16', { customerId: 'c1', port, vlan: 16 }, 1)]))).toMatchObject([
      { serverId: 's16', closed: 'its MAC is not known yet' },
    ]));

  it('stays what it is when only the customer changes', () => {
    const before = guard(fold(sold))[0];
    expect(guard(fold([...sold, serverTransferred('s16', { customerId: 'c9' }, 5)]))[0]).toMatchObject({
      macs: before?.macs,
      ipv4: before?.ipv4,
      prefixes: before?.prefixes,
    });
  });
});

describe('the gateway in a guard', () => {
  retold('is named by its addresses and MACs, also at a port that nobody bought', {
    given: sold,
    when: [gateway],
    then: (fold) => {
      const own = { macs: ['52:54:00:ff:00:01'], ipv4: ['198.51.100.1'], ipv6: ['fe80::1'] };
      expect(guard(fold, ['vlan16', 'vlan66']).map((one) => one.gateway)).toEqual([own, own]);
    },
  });

  retold('is not known once it is retired', {
    given: [...sold, gateway],
    when: [gatewayRetired('leaf1', 5)],
    then: (fold) => expect(guard(fold)[0]?.gateway).toEqual({ macs: [], ipv4: [], ipv6: [] }),
  });

  it('is known only on the VLANs it serves', () => {
    const onlyOther = gatewayDeclared('leaf1', { addresses: ['fe80::1'], macs: [], vlans: [21] }, 4);
    const guards = guard(fold([...sold, onlyOther]), ['vlan16', 'vlan21']);
    expect(guards.map((one) => one.gateway.ipv6)).toEqual([[], ['fe80::1']]);
  });

  it('never shares an address with the server: what is the gateway’s is not let in', () => {
    const own = gatewayDeclared('leaf1', { addresses: [address], macs: [] }, 4);
    expect(guard(fold([...sold, own]))[0]).toMatchObject({ ipv4: [], macs: [mac] });
  });

  it.each([
    ['MAC', { addresses: [], macs: [mac] }, `its MAC ${mac} is the gateway's`],
    ['link-local', { addresses: ['fe80::5054:ff:fe00:16'], macs: [] }, `its link-local fe80::5054:ff:fe00:16 is`],
  ])('closes the port of a server that claims its %s', (_what, data, reason) =>
    expect(guard(fold([...sold, gatewayDeclared('leaf1', data, 4)]))[0]?.closed).toContain(reason),
  );
});

describe('a suspended server', () => {
  const withheldFor = (guarded?: ReadonlySet<string>) =>
    desiredState(
      fold([...sold, serverSuspended('s16', {}, 5)]).map,
      guarded === undefined ? view : { ...view, guarded },
    ).withheld[0]?.reason;

  it('is said to be blocked only where a guard drops what it sends', () => {
    expect(withheldFor(new Set(['vlan16']))).toBe('suspended by billing (outbound blocked by the guard)');
    expect(withheldFor(new Set(['vlan66']))).toBe(
      'suspended by billing (outbound NOT blocked: the guard of this port does not drop)',
    );
    expect(withheldFor()).toBe('suspended by billing (outbound NOT blocked: this device has no guard)');
  });
});
