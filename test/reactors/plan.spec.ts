import type { IpAddress, MacAddress, ServerId } from '../../events/index.js';
import type { DesiredState } from '../../projections/index.js';
import type { ActualNeighbour } from '../../src/drivers/switch/switch.port.js';
import { LiveMap } from '../../src/projector/live-map.js';
import { GatewayReactor } from '../../src/reactors/gateway.reactor.js';
import type { Journal } from '../../src/reactors/journal.js';
import { type Actual, planChanges } from '../../src/reactors/plan.js';
import { simulatedDevices } from './reactor-bench.js';

const mac = (last: string): MacAddress => `52:54:00:00:00:${last}` as MacAddress;
const entry = (address: string, last: string) => ({
  interface: 'vlan16',
  address: address as IpAddress,
  mac: mac(last),
});

function actualWith(...neighbours: ActualNeighbour[]): Actual {
  const vlan16 = { name: 'vlan16', adminUp: true, carrier: true, addresses: ['fe80::1' as IpAddress] };
  return {
    switch: {
      interfaces: new Map([['vlan16', vlan16]]),
      neighbours,
      boxAddresses: new Set(['fe80::1']),
      stamp: undefined,
    },
    bgp: undefined,
  };
}

const wanting = (...neighbours: ReturnType<typeof entry>[]): DesiredState => ({
  neighbours: neighbours.map((one) => ({ ...one, serverId: 's16' as ServerId, cause: 1 })),
  routes: [],
  withheld: [],
});

describe('a plan', () => {
  it('never removes an entry of somebody else that nobody was granted', () => {
    const plan = planChanges(wanting(), actualWith({ ...entry('198.51.100.99', '99'), ours: false }));
    expect(plan.lines).toEqual([]);
    expect(plan.removeEntries).toEqual([]);
    expect(plan.foreign).toMatchObject([{ address: '198.51.100.99' }]);
  });

  it('never overwrites an entry of somebody else, also where ours is granted under the same address', () => {
    const plan = planChanges(
      wanting(entry('198.51.100.16', '16')),
      actualWith({ ...entry('198.51.100.16', '99'), ours: false }),
    );
    expect(plan.addEntries).toEqual([]);
    expect(plan.lines).toEqual([]);
  });

  it('removes what is ours and no longer granted, and counts it as a grant gone', () => {
    const plan = planChanges(wanting(), actualWith({ ...entry('198.51.100.16', '16'), ours: true }));
    expect(plan.removeEntries).toMatchObject([{ address: '198.51.100.16' }]);
    expect(plan.grantsGone).toEqual({ entries: 1, routes: 0 });
  });

  it('replaces a wrong MAC without counting a grant gone', () => {
    const plan = planChanges(
      wanting(entry('198.51.100.16', '16')),
      actualWith({ ...entry('198.51.100.16', '99'), ours: true }),
    );
    expect(plan.addEntries).toMatchObject([{ mac: mac('16') }]);
    expect(plan.removeEntries).toEqual([]);
    expect(plan.grantsGone).toEqual({ entries: 0, routes: 0 });
  });
});

describe('before the map is live', () => {
  it('a reactor reads nothing, writes nothing and journals nothing', async () => {
    const { device, bgp } = simulatedDevices();
    device.handSet(entry('198.51.100.16', '16'));
    const untouched = device.entries();
    const journal = new Proxy({} as Journal, {
      get(_, name) {
        throw new Error(`the journal was asked for ${String(name)} before the map was live`);
      },
    });
    const reactor = new GatewayReactor({
      device: 'leaf1',
      mode: 'enforce',
      view: { switch: 'leaf1', interfacePattern: 'vlan{vlan}', med: 0 },
      switch: device,
      bgp,
      liveMap: new LiveMap('4f1c1c2e-0000-4000-8000-000000000000'),
      journal,
      alerts: { raise: () => {}, clear: () => {} },
      now: () => performance.now(),
    });
    expect(await reactor.reconcile()).toMatchObject({ state: 'starting', error: undefined });
    expect(device.entries()).toEqual(untouched);
  });
});
