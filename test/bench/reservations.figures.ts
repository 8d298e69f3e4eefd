import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Ipv4Address, type MacAddress } from '../../events/index.js';
import { KeaControl } from '../../src/drivers/dhcp/kea-control.js';
import { createKeaDhcp } from '../../src/drivers/dhcp/kea.dhcp.js';
import type { InterfaceState } from '../../src/drivers/switch/switch.port.js';
import { openEmbeddedStore } from '../../src/event-store/embedded/embedded.event-store.js';
import type { EventStore } from '../../src/event-store/event-store.port.js';
import { Projector } from '../../src/projector/projector.js';
import { DhcpReactor } from '../../src/reactors/dhcp.reactor.js';
import { GatewayRunner } from '../../src/reactors/gateway.runner.js';
import { Journal } from '../../src/reactors/journal.js';
import { type Kea, keaIn } from '../lab/kea.js';
import { ipBatch } from '../lab/lab-process.js';
import { removeSpaces } from '../lab/lab-spaces.js';
import { until } from '../lab/lab.js';
import { storeFacts } from '../support/publish.js';
import { type BenchRow, rowOf } from './row.js';
import { median } from './statistics.js';

export interface ReservationsSize {
  /** Servers, each on an interface and in a VLAN of its own: no device has more than 4,094. */
  readonly ours: number;
  /** Reservations of the operator's own in the same daemon. */
  readonly theirs: number;
  readonly runs: number;
}

const patienceMs = 120_000;

/**
 * One network card of many is replaced: from storing the fact until reading back from Kea shows it, saved. The peer is what
 * nobody can do without: the same configuration set and read once through the control socket.
 */
export async function reservationsFigures(
  room: string,
  size: ReservationsSize,
  say: (text: string) => void,
): Promise<BenchRow[]> {
  const rig = await Rig.start(size);
  try {
    const ours: number[] = [];
    const bare: number[] = [];
    for (let round = 0; round < size.runs; round++) {
      await rig.calm();
      bare.push(await rig.bare());
      await rig.calm();
      ours.push(await rig.change(round));
      say(
        `reservations, run ${round + 1} of ${size.runs}: ${ours.at(-1)?.toFixed(0)} ms, bare ${bare.at(-1)?.toFixed(0)} ms`,
      );
    }
    const name = `one of ${size.ours + size.theirs} reservations changed, stored to read back (limit config-set and config-get)`;
    return [rowOf({ room, name, value: median(ours), unit: 'ms', limit: median(bare), goal: 1.5 })];
  } finally {
    await rig.close();
  }
}

/** A real Kea whose interfaces are down, so that it opens no socket: thousands were never tried, and are not what is measured. */
class Rig {
  private readonly runner: GatewayRunner;
  private readonly control: KeaControl;
  private readonly reactor: DhcpReactor;

  private constructor(
    private readonly size: ReservationsSize,
    private readonly netns: string,
    private readonly directory: string,
    private readonly kea: Kea,
    private readonly store: EventStore,
    private readonly projector: Projector,
  ) {
    const numbers = Array.from({ length: size.ours }, (_none, index) => index + 1);
    this.control = new KeaControl('bench', 'kea-dhcp4', kea.socket, patienceMs);
    const dhcp = createKeaDhcp({
      device: 'leaf1',
      socket4: kea.socket,
      netns,
      interfaces: numbers.map(interfaceOf),
      deadline: patienceMs,
    });
    const interfaces = new Map<string, InterfaceState>(
      numbers.map((number) => {
        const state = {
          name: interfaceOf(number),
          adminUp: false,
          carrier: false,
          addresses: [addressIn('100.64', number)],
        };
        return [state.name, state];
      }),
    );
    const { liveMap } = projector;
    this.reactor = new DhcpReactor({
      device: 'leaf1',
      mode: 'enforce',
      view: { switch: 'leaf1', interfacePattern: 'v{vlan}', med: 0 },
      pairing: 'server',
      dhcp,
      served: () => Promise.resolve({ interfaces, stamp: undefined }),
      liveMap,
      journal: new Journal(store, 'leaf1-dhcp', Date.now),
      alerts: { raise: () => undefined, clear: () => undefined },
      now: () => performance.now(),
    });
    const watched = { watch: (onHint: (name: string | undefined) => void) => dhcp.watch(() => onHint(undefined)) };
    this.runner = new GatewayRunner({ reactor: this.reactor, switch: watched, liveMap, resyncMs: 0, ports: new Set() });
    this.end = () => dhcp.close();
  }

  private readonly end: () => Promise<void>;

  static async start(size: ReservationsSize): Promise<Rig> {
    const netns = `pllab-${process.pid}-reserve`;
    const directory = mkdtempSync(join(tmpdir(), `${netns}-`));
    await ipBatch(undefined, [`netns add ${netns}`]);
    const pairs = Array.from({ length: Math.ceil(size.ours / 2) }, (_none, index) => 2 * index + 1);
    await ipBatch(
      netns,
      pairs.map((one) => `link add ${interfaceOf(one)} type veth peer name ${interfaceOf(one + 1)}`),
    );
    const numbers = Array.from({ length: size.ours }, (_none, index) => index + 1);
    await ipBatch(
      netns,
      numbers.map((one) => `addr add ${addressIn('100.64', one)}/32 dev ${interfaceOf(one)}`),
    );
    const reservations = Array.from({ length: size.theirs }, (_none, index) => ({
      'hw-address': macOf(0x0a0000 + index),
      'ip-address': addressIn('10.9', index + 1),
    }));
    const theirs = { id: 1, subnet: '10.9.0.0/16', interface: interfaceOf(1), reservations };
    const loggers = [{ name: 'kea-dhcp4', severity: 'ERROR', output_options: [{ output: 'stderr' }] }];
    const kea = keaIn(netns, directory, 4, { subnet4: [theirs], loggers });
    const store = await openEmbeddedStore({ directory: join(directory, 'data'), create: true });
    const projector = new Projector(store);
    const rig = new Rig(size, netns, directory, kea, store, projector);
    try {
      await kea.start();
      projector.start();
      await until('the map is live', () => projector.liveMap.live);
      await rig.sell(numbers);
      rig.runner.start();
      await until('the first plan waits', () => rig.reactor.status.brake?.code === 'first-plan', patienceMs);
      const approved = rig.reactor.apply({
        planHash: rig.reactor.status.planHash ?? '',
        by: 'bench',
        typed: undefined,
      });
      rig.runner.nudge();
      const { said } = await approved;
      if (said !== 'applied') throw new Error(`the first plan was answered ${said}: ${rig.reactor.status.error}`);
      return rig;
    } catch (error) {
      await rig.close();
      throw error;
    }
  }

  /** Until no look is due or under way, and Kea's clock of whole seconds has moved on since it was configured last. */
  async calm(): Promise<void> {
    await until(
      'nothing happens any more',
      async () => {
        await this.runner.ended();
        return this.reactor.status.state === 'equal' && (await this.kea.sinceConfigured()) >= 3;
      },
      patienceMs,
    );
  }

  /** The same configuration once more, as somebody does who has it ready. */
  async bare(): Promise<number> {
    const { arguments: config } = await this.control.done('config-get', undefined, 'Look into its log');
    const { Dhcp4 } = config as { readonly Dhcp4: object };
    const start = performance.now();
    await this.control.done('config-set', { Dhcp4 }, 'Look into its log');
    await this.control.done('config-get', undefined, 'Look into its log');
    return performance.now() - start;
  }

  async change(round: number): Promise<number> {
    const number = round + 1;
    const mac = macOf(0x0b0000 + round);
    const shows = (): boolean =>
      this.reactor.status.state === 'equal' && this.reactor.status.hosts.some((host) => host.mac === mac);
    const start = performance.now();
    await storeFacts(this.store, [
      { type: 'ServerNicReplaced', data: { serverId: `s${number}`, mac }, time: '2026-02-01T00:00:00.000Z' },
    ]);
    await until('reading back shows the new network card', shows, patienceMs);
    return performance.now() - start;
  }

  async close(): Promise<void> {
    await this.runner.stop();
    await this.end();
    await this.control.close();
    await this.projector.close();
    await this.store.close();
    await this.kea.stop();
    removeSpaces([this.netns]);
    rmSync(this.directory, { recursive: true, force: true });
  }

  private async sell(numbers: readonly number[]): Promise<void> {
    const last = await storeFacts(this.store, [
      { type: 'GatewayDeclared', data: { switch: 'leaf1', addresses: ['198.18.0.1'], macs: ['52:54:00:ff:00:01'] } },
      ...numbers.flatMap((vlan) => {
        const serverId = `s${vlan}`;
        const port = `leaf1:Ethernet${vlan}`;
        return [
          { type: 'ServerAdded' as const, data: { serverId, customerId: 'c1', port, vlan, mac: macOf(vlan) } },
          { type: 'Ipv4AddOnBought' as const, data: { serverId, addOnId: 'a', address: addressIn('198.19', vlan) } },
        ];
      }),
    ]);
    await this.projector.liveMap.reached(last, patienceMs);
  }
}

const interfaceOf = (number: number): string => `v${number}`;
const addressIn = (net: string, number: number): Ipv4Address => `${net}.${number >> 8}.${number & 0xff}` as Ipv4Address;
const macOf = (number: number): MacAddress =>
  `02:00:00:${[number >> 16, (number >> 8) & 0xff, number & 0xff].map((octet) => octet.toString(16).padStart(2, '0')).join(':')}` as MacAddress;
