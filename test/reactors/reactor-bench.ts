import { join } from 'node:path';
import type { EventType, IpAddress } from '../../events/index.js';
import { SimulatedBgp } from '../../src/drivers/bgp/simulated.bgp.js';
import { SimulatedSwitch } from '../../src/drivers/switch/simulated.switch.js';
import { openEmbeddedStore } from '../../src/event-store/embedded/embedded.event-store.js';
import type { EventStore } from '../../src/event-store/event-store.port.js';
import { Projector } from '../../src/projector/projector.js';
import { Fleet, type FleetLimits } from '../../src/reactors/fleet.js';
import { everyDevice, Freeze } from '../../src/reactors/freezes.js';
import { GatewayReactor } from '../../src/reactors/gateway.reactor.js';
import type { ApplyOutcome } from '../../src/reactors/approval.js';
import type { DeviceMode } from '../../src/reactors/device-status.js';
import type { HoldSource } from '../../src/reactors/holds.js';
import { Journal } from '../../src/reactors/journal.js';
import { storeFact } from '../support/publish.js';

const address = (text: string): IpAddress => text as IpAddress;
export const gatewayAddresses = ['fe80::1', '198.51.100.1'];

export function simulatedDevices() {
  const interfaces = Object.fromEntries([11, 16, 21, 66].map((vlan) => [`vlan${vlan}`, [address('fe80::1')]]));
  const device = new SimulatedSwitch({ device: 'leaf1', interfaces, boxAddresses: [address('198.51.100.1')] });
  const bgp = new SimulatedBgp('leaf1', device);
  return { device, bgp };
}

/** The first plan of the device was approved long ago: it carries a stamp. */
async function takeIntoService({ device }: ReturnType<typeof simulatedDevices>, logId: string): Promise<void> {
  const { fault } = device;
  device.fault = 'none';
  if ((await device.read()).stamp === undefined) await device.writeStamp({ logId, ordinal: -1 });
  device.fault = fault;
}

/** An engine's heart without its shell: real store, real projector, one reactor on a simulated switch that outlives it. */
export async function startHeart(
  directory: string,
  devices: ReturnType<typeof simulatedDevices>,
  mode: DeviceMode = 'enforce',
  holdSources: readonly HoldSource[] = [],
  more: { readonly isNew?: boolean; readonly interfacePattern?: string; readonly limits?: Partial<FleetLimits> } = {},
) {
  const store = await openEmbeddedStore({ directory: join(directory), create: true });
  if (!more.isNew) await takeIntoService(devices, store.logId);
  const projector = new Projector(store);
  projector.start();
  const { liveMap } = projector;
  await until(() => liveMap.live);
  const alerts = new Map<string, string>();
  let skipped = 0;
  const now = (): number => performance.now() + skipped;
  const journal = new Journal(store, 'leaf1', Date.now);
  const freeze = new Freeze(journal);
  const freezeAll = new Freeze(new Journal(store, everyDevice, Date.now));
  const limits = { removalsPerMinute: 100, removalsPerMinuteInAll: 500, devicesPerMinute: 50, ...more.limits };
  const reactor = new GatewayReactor({
    device: 'leaf1',
    mode,
    view: { switch: 'leaf1', interfacePattern: more.interfacePattern ?? 'vlan{vlan}', med: 50 },
    switch: devices.device,
    bgp: devices.bgp,
    liveMap,
    journal,
    freeze,
    freezeAll,
    fleet: new Fleet(limits, now),
    alerts: { raise: (code, _key, detail) => alerts.set(code, detail), clear: (code) => alerts.delete(code) },
    holdSources,
    now,
  });
  const fact = async (type: EventType, data: Record<string, unknown>, time?: string): Promise<number> => {
    const ordinal = await storeFact(store, type, data, time);
    await liveMap.reached(ordinal, 30_000);
    return ordinal;
  };
  return {
    store,
    liveMap,
    reactor,
    alerts,
    journal,
    freeze,
    freezeAll,
    fact,
    /** Time passes for the reactor, and only for it. */
    skip: (ms: number) => void (skipped += ms),
    async stop() {
      await projector.close();
      await store.close();
    },
  };
}

export type Heart = Awaited<ReturnType<typeof startHeart>>;

export async function sellServer(
  heart: Heart,
  vlan: number,
  extra: { address?: string; prefix?: string } = {},
): Promise<void> {
  const serverId = `s${vlan}`;
  await heart.fact('ServerAdded', {
    serverId,
    customerId: 'c1',
    port: `leaf1:Ethernet${vlan}`,
    vlan,
    mac: `52:54:00:00:00:${vlan}`,
  });
  await heart.fact('Ipv6PrefixAssigned', { serverId, prefix: extra.prefix ?? `2001:db8:${vlan}::/48` });
  const bought = extra.address ?? `198.51.100.${vlan}`;
  await heart.fact('Ipv4AddOnBought', { serverId, addOnId: `ip-${vlan}`, address: bought });
}

export const declareGateway = (heart: Heart): Promise<number> =>
  heart.fact('GatewayDeclared', { switch: 'leaf1', addresses: gatewayAddresses, macs: ['52:54:00:ff:00:01'] });

export async function linkUp(heart: Heart, devices: ReturnType<typeof simulatedDevices>, vlan: number): Promise<void> {
  devices.device.setCarrier(`vlan${vlan}`, true);
  await heart.fact('LinkUp', { port: `leaf1:Ethernet${vlan}` });
}

/** An operator applies the plan that stands now, or another one that is named. */
export async function applied(
  { reactor }: Pick<Heart, 'reactor'>,
  planHash = reactor.status.planHash ?? '',
  typed?: string,
): Promise<ApplyOutcome> {
  const outcome = reactor.apply({ planHash, by: 'tok1', typed });
  await reactor.reconcile();
  return outcome;
}

/** The device as a list of lines: entries and what its BGP table announces. */
export async function world({ device, bgp }: ReturnType<typeof simulatedDevices>): Promise<string[]> {
  const entries = (await device.read()).neighbours.map((entry) => `${entry.address} ${entry.interface} ${entry.mac}`);
  return [...entries, ...(await bgp.read()).inTable].sort();
}

export async function journalOf(store: EventStore): Promise<{ type: string; data: Record<string, unknown> }[]> {
  const { events } = await store.readStream('journal-leaf1');
  return events.map(({ type, data }) => ({ type, data: data as Record<string, unknown> }));
}

export async function until(condition: () => boolean | Promise<boolean>, withinMs = 60_000): Promise<void> {
  const end = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`Not true within ${withinMs} ms: ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
