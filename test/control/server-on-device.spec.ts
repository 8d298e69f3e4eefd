import type { IpAddress, Ipv4Address, MacAddress, PortId, ServerId } from '../../events/index.js';
import type { DesiredState } from '../../projections/index.js';
import { serverOnDevice } from '../../src/control/server-on-device.js';
import { routeKey } from '../../src/drivers/bgp/bgp.port.js';
import { type DeviceStatus, startingStatus } from '../../src/reactors/device-status.js';
import { Look } from '../../src/reactors/look.js';
import type { Actual } from '../../src/reactors/plan.js';
import type { ShownLine } from '../../src/reactors/recorder.js';

const serverId = 's16' as ServerId;
const address = '198.51.100.16' as Ipv4Address;
const entry = { interface: 'vlan16', address: address as IpAddress, mac: '52:54:00:00:00:16' as MacAddress };
const route = { family: 'ipv4', address, interface: 'vlan16', med: 0 } as const;
const desired: DesiredState = {
  neighbours: [{ ...entry, serverId, cause: 3 }],
  routes: [
    {
      ...route,
      serverId,
      cause: 3,
      epoch: 3,
      port: 'leaf1:e16' as PortId,
      linkUp: true,
      needs: address,
      gatewayAddresses: undefined,
    },
  ],
  withheld: [],
};
const keys = new Set([routeKey(route)]);
const bgp = { owned: [route], inTable: keys, inKernel: keys, stamp: undefined };
const held: Actual = {
  switch: { interfaces: new Map(), neighbours: [{ ...entry, ours: true }], boxAddresses: new Set(), stamp: undefined },
  bgp,
};
const equal: DeviceStatus = { ...startingStatus('leaf1', 'leaf1', 'enforce'), state: 'equal' };
const lineToGo: ShownLine = {
  change: 'remove',
  kind: 'neighbour',
  line: 'neighbour 198.51.100.99 vlan16 52:54:00:00:00:16',
  why: 'grant-gone',
  interface: 'vlan16',
  serverId,
  because: 3,
};

const isConfirmed = (actual: Actual, { status = equal, at = 7, changedAt = 7 } = {}): boolean =>
  serverOnDevice(serverId, changedAt, { status, look: new Look(at, desired, actual) }).confirmed;

describe('a server on a device', () => {
  it('is confirmed by a look that knew its latest change, saw all that is granted, and left nothing to do', () => {
    expect(isConfirmed(held)).toBe(true);
    expect(isConfirmed(held, { at: 8 })).toBe(true);
  });

  it('is not by a look of a map that did not have the change yet, and by none at all', () => {
    expect(isConfirmed(held, { at: 6 })).toBe(false);
    expect(serverOnDevice(serverId, -1, { status: equal, look: undefined }).confirmed).toBe(false);
  });

  it('is not while a line of it is still to go, though nothing is missing', () => {
    const status = { ...equal, state: 'differs', plan: [lineToGo] } as const;
    expect(isConfirmed(held, { status })).toBe(false);
    expect(isConfirmed(held, { status: { ...status, plan: [{ ...lineToGo, serverId: 's17' as ServerId }] } })).toBe(
      true,
    );
  });

  it.each<[string, Actual]>([
    ['an entry that is not there', { ...held, switch: { ...held.switch, neighbours: [] } }],
    [
      "an entry that is somebody else's",
      { ...held, switch: { ...held.switch, neighbours: [{ ...entry, ours: false }] } },
    ],
    ['a route that the daemon has in its file only', { ...held, bgp: { ...bgp, inTable: new Set() } }],
    ['a route that the kernel does not forward by', { ...held, bgp: { ...bgp, inKernel: new Set() } }],
  ])('is not with %s, whatever the plan says', (_what, actual) => {
    expect(isConfirmed(actual)).toBe(false);
  });

  it('names what stands in the place of an entry: another MAC, or somebody else’s entry', () => {
    const evil = '52:54:00:00:00:66' as MacAddress;
    const standing = (neighbour: Partial<Actual['switch']['neighbours'][number]>) => {
      const actual = { ...held, switch: { ...held.switch, neighbours: [{ ...entry, ours: true, ...neighbour }] } };
      return serverOnDevice(serverId, 7, { status: equal, look: new Look(7, desired, actual) });
    };
    const line = 'neighbour 198.51.100.16 vlan16 52:54:00:00:00:16';
    const wrong = standing({ mac: evil });
    expect([wrong.missing, wrong.otherwise]).toEqual([[line], [{ line, mac: evil, ours: true }]]);
    expect(standing({ ours: false }).otherwise).toEqual([{ line, mac: entry.mac, ours: false }]);
    expect(standing({}).otherwise).toEqual([]);
    expect(standing({ address: '198.51.100.17' as IpAddress, mac: evil }).otherwise).toEqual([]);
  });

  it('needs no route where no daemon announces any, or where the route is to be quiet', () => {
    expect(isConfirmed({ ...held, bgp: undefined })).toBe(true);
    const quiet = [{ serverId, route: '198.51.100.16/32', reason: 'the link is down' }];
    expect(isConfirmed({ ...held, bgp: { ...bgp, owned: [] } }, { status: { ...equal, quiet } })).toBe(true);
  });

  it.each(['failing', 'starting'] as const)('is not while the device is %s', (state) => {
    expect(isConfirmed(held, { status: { ...equal, state } })).toBe(false);
  });
});
