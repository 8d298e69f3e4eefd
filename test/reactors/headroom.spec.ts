import fc from '../support/property.js';
import type { IpAddress, Ipv6Prefix, MacAddress, PortId, ServerId } from '../../events/index.js';
import type { DesiredNeighbour, DesiredRoute, DesiredState } from '../../projections/index.js';
import { headroomOf, roomOf, whoDoesNotFit } from '../../src/reactors/headroom.js';
import { HeadroomHolds } from '../../src/reactors/headroom-holds.js';
import type { Actual } from '../../src/reactors/plan.js';

const mac = '52:54:00:00:00:16' as MacAddress;
const entry = (server: number, index: number, cause = server): DesiredNeighbour => ({
  serverId: `s${server}` as ServerId,
  interface: `vlan${server}`,
  address: `198.51.${server}.${index}` as IpAddress,
  mac,
  cause,
});
const route = (server: number, index: number): DesiredRoute => ({
  ...{ family: 'ipv6', prefix: `2001:db8:${server}${index}::/48` as Ipv6Prefix, nextHop: 'fe80::16' as never },
  ...{ serverId: `s${server}` as ServerId, interface: `vlan${server}`, med: 0, port: `leaf1:e${server}` as PortId },
  ...{ linkUp: true, needs: 'fe80::16' as IpAddress, epoch: server, cause: server, gatewayAddresses: undefined },
});
const desired = (neighbours: DesiredNeighbour[], routes: DesiredRoute[] = []): DesiredState => ({
  neighbours,
  routes,
  withheld: [],
});
const noRoutes = { owned: [], inTable: new Set<string>(), inKernel: undefined, stamp: undefined };
const holding = (neighbours: DesiredNeighbour[], foreign = 0): Actual => ({
  switch: {
    interfaces: new Map(),
    neighbours: [
      ...neighbours.map((one) => ({ ...one, ours: true })),
      ...Array.from({ length: foreign }, (_, index) => ({ ...entry(99, index), ours: false })),
    ],
    boxAddresses: new Set(),
    stamp: undefined,
  },
  bgp: noRoutes,
});

describe('the room on a device', () => {
  it.each([
    [69, 'ok', 31],
    [70, 'high', 30],
    [85, 'critical', 15],
    [100, 'full', 0],
    [130, 'full', 0],
  ])('is with %i of 100 held or sold %s, and leaves %i', (taken, level, free) => {
    expect(roomOf(100, taken - 10, 10)).toEqual({ limit: 100, used: taken - 10, pending: 10, level, free });
  });

  it('is unknown where nobody said what the device can hold', () => {
    expect(roomOf(undefined, 7, 2)).toEqual({ used: 7, pending: 2, level: 'unknown' });
  });

  it('is taken by what somebody else put there, and by what is sold and not there yet', () => {
    const state = desired([entry(1, 1), entry(1, 2), entry(2, 1)], [route(1, 1)]);
    const { neighbours, routes } = headroomOf({ neighbours: 10 }, state, holding([entry(1, 1)], 3));
    expect(neighbours).toMatchObject({ used: 4, pending: 2, free: 4 });
    expect(routes).toEqual({ used: 0, pending: 1, level: 'unknown' });
  });

  it('is for whoever was granted first, and for all of a server or nothing of it', () => {
    const state = desired([entry(3, 1), entry(2, 1), entry(2, 2), entry(1, 1), entry(1, 2)]);
    const refused = whoDoesNotFit({ neighbours: 3 }, state, holding([]));
    expect([...refused]).toEqual([['s2', 'no room: it needs 2 more neighbour entries, the device holds 3']]);
  });

  it('is not needed by a new MAC in the place of an old one', () => {
    const replaced = { ...entry(1, 1), mac: '52:54:00:00:99:16' as MacAddress };
    expect(whoDoesNotFit({ neighbours: 1 }, desired([replaced]), holding([entry(1, 1)]))).toEqual(new Map());
  });

  it('is never overdrawn, and never refused to half a server', () => {
    const entries = fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 })), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(
        entries,
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 0, max: 5 }),
        (wanted, limit, foreign) => {
          const unique = new Map(wanted.map(([server, index]) => [`${server} ${index}`, entry(server, index)]));
          const all = [...unique.values()];
          const actual = holding([], foreign);
          const refused = whoDoesNotFit({ neighbours: limit }, desired(all), actual);
          const admitted = all.filter(({ serverId }) => !refused.has(serverId));
          expect(admitted.length === 0 || admitted.length + foreign <= limit).toBe(true);
          for (const id of refused.keys()) expect(admitted.some(({ serverId }) => serverId === id)).toBe(false);
        },
      ),
    );
  });
});

describe('a device without room', () => {
  const alerts = new Map<string, string>();
  const told = {
    raise: (code: string, key: string) => void alerts.set(`${code} ${key}`, code),
    clear: (code: string, key: string) => void alerts.delete(`${code} ${key}`),
  };
  beforeEach(() => alerts.clear());

  it('tells when it gets short, and again when there is room', async () => {
    const holds = new HeadroomHolds('leaf1', { neighbours: 4 }, told);
    await holds.look(holding([]), desired([entry(1, 1), entry(1, 2), entry(1, 3)]));
    expect([...alerts.keys()]).toEqual(['capacity-high leaf1 neighbour entries']);
    await holds.look(holding([]), desired([1, 2, 3, 4].map((index) => entry(1, index))));
    expect([...alerts.keys()]).toEqual(['capacity-full leaf1 neighbour entries']);
    await holds.look(holding([]), desired([entry(1, 1)]));
    expect([...alerts.keys()]).toEqual([]);
  });

  it('says after a push what reading back showed, and keeps the routes where the daemon did not answer', async () => {
    const holds = new HeadroomHolds('leaf1', { neighbours: 4 }, told);
    const state = desired([entry(1, 1), entry(1, 2)], [route(1, 1)]);
    expect(holds.headroom).toBeUndefined();
    await holds.look(holding([]), state);
    expect(holds.headroom?.neighbours).toMatchObject({ used: 0, pending: 2 });
    holds.readBack(holding([entry(1, 1), entry(1, 2)]), state);
    expect(holds.headroom?.neighbours).toMatchObject({ used: 2, pending: 0, free: 2 });
    holds.readBack({ ...holding([entry(1, 1), entry(1, 2)]), bgp: { ...noRoutes, owned: [route(1, 1)] } }, state);
    holds.readBack({ ...holding([entry(1, 1)]), bgp: undefined }, state);
    expect(holds.headroom).toMatchObject({ neighbours: { used: 1, pending: 1 }, routes: { used: 1, pending: 0 } });
  });

  it('holds entries and routes of what does not fit, each with the reason', async () => {
    const holds = new HeadroomHolds('leaf1', { neighbours: 1 }, told);
    const [first, second, announced] = [entry(1, 1), entry(2, 1), route(2, 1)];
    const held = await holds.look(holding([]), desired([first, second], [announced]));
    expect(held.onEntry(first)).toBeUndefined();
    expect(held.onEntry(second)).toContain('no room');
    expect(held.onRoute(announced)).toContain('no room');
  });
});
