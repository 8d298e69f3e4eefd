import type { EventType, IpAddress } from '../../events/index.js';
import { SimulatedBgp } from '../../src/drivers/bgp/simulated.bgp.js';
import { SimulatedSwitch } from '../../src/drivers/switch/simulated.switch.js';
import { openEmbeddedStore } from '../../src/event-store/embedded/embedded.event-store.js';
import type { EventStore } from '../../src/event-store/event-store.port.js';
import type { LiveMap } from '../../src/projector/live-map.js';
import { Projector } from '../../src/projector/projector.js';
import type { DeviceMode } from '../../src/reactors/device-status.js';
import { GatewayReactor } from '../../src/reactors/gateway.reactor.js';
import { Journal } from '../../src/reactors/journal.js';
import { MoveGate } from '../../src/reactors/move-gate.js';
import { storeFact } from '../support/publish.js';
import { until } from './reactor-bench.js';

/** A gateway in this process: `leaf1` has the interfaces vlan11 and vlan16. */
export interface Box {
  readonly name: string;
  readonly device: SimulatedSwitch;
  readonly bgp: SimulatedBgp;
}

function box(name: string): Box {
  const interfaces = Object.fromEntries([11, 16].map((vlan) => [`vlan${vlan}`, ['fe80::1' as IpAddress]]));
  const device = new SimulatedSwitch({ device: name, interfaces });
  return { name, device, bgp: new SimulatedBgp(name, device, 20) };
}

export interface HeadOptions {
  readonly overlaps?: boolean;
  readonly holdTimeMs?: number;
  readonly modes?: Readonly<Record<string, DeviceMode>>;
  readonly meds?: Readonly<Record<string, number>>;
}

/** One engine's thinking: a reactor for each box and the gate between them. Several may stand on the same boxes. */
export function head(store: EventStore, liveMap: LiveMap, boxes: readonly Box[], options: HeadOptions = {}) {
  let skipped = 0;
  const now = (): number => performance.now() + skipped;
  const alerts = new Map<string, string>();
  const told = {
    raise: (code: string, key: string, detail: string) => void alerts.set(`${code} ${key}`, detail),
    clear: (code: string, key: string) => void alerts.delete(`${code} ${key}`),
  };
  const overlaps = options.overlaps === true ? [{ from: 'leaf1-site', to: 'leaf2-site' }] : [];
  const gate = new MoveGate({ liveMap, overlaps, alerts: told, now, clock: Date.now, firstReadingMs: 50 });
  const woken: string[] = [];
  const reactors = new Map<string, GatewayReactor>();
  for (const { name, device, bgp } of boxes) {
    const mode = options.modes?.[name] ?? 'enforce';
    const med = options.meds?.[name] ?? (name === 'leaf1' ? 0 : 50);
    const journal = new Journal(store, name, Date.now);
    const membership = gate.join(
      {
        device: name,
        switch: name,
        site: `${name}-site`,
        mode,
        med,
        holdTimeMs: options.holdTimeMs ?? 90_000,
        remembered: () => journal.toldLast(),
        journal: (move) => journal.moved(move),
        wake: () => void woken.push(name),
      },
      bgp,
    );
    const reactor = new GatewayReactor({
      device: name,
      mode,
      view: { switch: name, interfacePattern: 'vlan{vlan}', med },
      switch: device,
      bgp: membership.bgp,
      liveMap,
      journal,
      alerts: told,
      holdSources: [membership.holds],
      amends: [(desired, actual) => membership.amend(desired, actual)],
      now,
    });
    reactors.set(name, reactor);
  }
  const looks = [...reactors.values()];
  return {
    gate,
    alerts,
    /** All boxes are looked at together, as when an engine starts. */
    start: () => Promise.all(looks.map((reactor) => reactor.reconcile())),
    woken,
    /** Looks at whoever is woken until nobody is: what a runner does between two resyncs. */
    settle: async () => {
      for (let name = woken.shift(); name !== undefined; name = woken.shift()) await reactors.get(name)?.reconcile();
    },
    look: async (name: string) => {
      const reactor = reactors.get(name);
      if (reactor === undefined) throw new RangeError(`no box ${name}`);
      return reactor.reconcile();
    },
    /** Time passes for this engine, and only for it. */
    skip: (ms: number) => void (skipped += ms),
  };
}

/** What a box is told to announce takes effect at once, but it answers only when the test lets it. */
export function slowToAnswer({ bgp }: Box): { readonly wasTold: Promise<void>; readonly answer: () => void } {
  const setRoutes = bgp.setRoutes.bind(bgp);
  let answer = (): void => undefined;
  let told = (): void => undefined;
  const isAnswered = new Promise<void>((resolve) => (answer = resolve));
  const wasTold = new Promise<void>((resolve) => (told = resolve));
  bgp.setRoutes = async (...given) => {
    await setRoutes(...given);
    told();
    await isAnswered;
  };
  return { wasTold, answer: () => answer() };
}

/** A log with its map. */
export async function startLog(directory: string) {
  const store = await openEmbeddedStore({ directory, create: true });
  const projector = new Projector(store);
  projector.start();
  const { liveMap } = projector;
  await until(() => liveMap.live);
  const fact = async (type: EventType, data: Record<string, unknown>, time?: string): Promise<number> => {
    const ordinal = await storeFact(store, type, data, time);
    await liveMap.reached(ordinal, 30_000);
    return ordinal;
  };
  return {
    store,
    liveMap,
    fact,
    /** A gateway whose first plan was approved long ago. */
    async box(name: string): Promise<Box> {
      const made = box(name);
      await made.device.writeStamp({ logId: store.logId, ordinal: -1 });
      return made;
    },
    /** s16 on VLAN 16 of a switch, with a prefix and an address. */
    async sell(switchName: string): Promise<void> {
      const mac = '52:54:00:00:00:16';
      const port = `${switchName}:Ethernet16`;
      await fact('ServerAdded', { serverId: 's16', customerId: 'c1', port, vlan: 16, mac });
      await fact('Ipv6PrefixAssigned', { serverId: 's16', prefix });
      await fact('Ipv4AddOnBought', { serverId: 's16', addOnId: 'ip', address: '198.51.100.16' });
    },
    move: (switchName: string, time = '2026-01-02T00:00:00Z') =>
      fact('ServerMoved', { serverId: 's16', port: `${switchName}:Ethernet16`, vlan: 16 }, time),
    async linkUp(at: Box): Promise<void> {
      at.device.setCarrier('vlan16', true);
      await fact('LinkUp', { port: `${at.name}:Ethernet16` });
    },
    async stop(): Promise<void> {
      await projector.close();
      await store.close();
    },
  };
}

export const prefix = '2001:db8:16::/48';
export const destinations = [prefix, '198.51.100.16/32'];

/** What the neighbours of a box hear from it. */
export function heard({ bgp }: Box): string[] {
  return bgp
    .announced()
    .map((route) => (route.family === 'ipv6' ? route.prefix : `${route.address}/32`))
    .sort();
}

export async function movesIn(store: EventStore, device: string): Promise<Record<string, unknown>[]> {
  const { events } = await store.readStream(`journal-${device}`);
  return events.filter(({ type }) => type === 'MoveFinished').map(({ data }) => data as Record<string, unknown>);
}
