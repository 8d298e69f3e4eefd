import type { EventType, IpAddress } from '../../events/index.js';
import type { InterfaceState } from '../../src/drivers/switch/switch.port.js';
import { openEmbeddedStore } from '../../src/event-store/embedded/embedded.event-store.js';
import type { EventStore } from '../../src/event-store/event-store.port.js';
import { Projector } from '../../src/projector/projector.js';
import type { ApplyOutcome, Word } from '../../src/reactors/approval.js';
import type { DeviceMode } from '../../src/reactors/device-status.js';
import { Freeze } from '../../src/reactors/freezes.js';
import { Journal } from '../../src/reactors/journal.js';
import type { PartStatus } from '../../src/reactors/part-status.js';
import type { PartReactorOptions } from '../../src/reactors/part.reactor.js';
import type { ServedDevice } from '../../src/reactors/served-device.js';
import { storeFact } from '../support/publish.js';
import { tempDirectory } from '../support/temp-directory.js';
import { until } from './reactor-bench.js';

export const vlans = Array.from({ length: 12 }, (_none, index) => 11 + index);
/** A time after everything that is sold. */
export const later = '2026-02-01T00:00:00Z';

interface Approvable {
  reconcile(): Promise<PartStatus>;
  apply(word: Word): Promise<ApplyOutcome>;
}

/** A log with a declared gateway, and all that a part of leaf1 stands on; new before each test, closed after it. */
export class PartBench {
  store!: EventStore;
  projector!: Projector;
  /** Of the device: one for each of `vlans`. */
  interfaces = new Map<string, InterfaceState>();
  /** What stands, by code. */
  alerts = new Map<string, string>();
  freeze!: Freeze;
  /** What the device under the part was driven from. */
  deviceStamp: ServedDevice['stamp'];
  /** Ms that time is ahead. */
  skipped = 0;

  /** @param part the word after the device in the name of its journal */
  static around(part: 'dhcp' | 'ra'): PartBench {
    const bench = new PartBench(part);
    const directory = tempDirectory();
    let round = 0;
    beforeEach(() => bench.open(`${directory}/${round++}`));
    afterEach(() => bench.close());
    return bench;
  }

  private constructor(private readonly part: string) {}

  optionsIn(mode: DeviceMode): PartReactorOptions & {
    readonly view: { switch: string; interfacePattern: string; med: number };
    readonly served: () => Promise<ServedDevice>;
  } {
    const { alerts } = this;
    return {
      device: 'leaf1',
      mode,
      view: { switch: 'leaf1', interfacePattern: 'vlan{vlan}', med: 0 },
      served: () => Promise.resolve({ interfaces: this.interfaces, stamp: this.deviceStamp }),
      freeze: this.freeze,
      liveMap: this.projector.liveMap,
      journal: this.newJournal(),
      alerts: { raise: (code, _key, detail) => alerts.set(code, detail), clear: (code) => alerts.delete(code) },
      now: () => performance.now() + this.skipped,
    };
  }

  newJournal(): Journal {
    return new Journal(this.store, `leaf1-${this.part}`, Date.now);
  }

  async fact(type: EventType, data: Record<string, unknown>, time?: string): Promise<void> {
    await this.projector.liveMap.reached(await storeFact(this.store, type, data, time), 30_000);
  }

  /** A server of both families at a port of its own. */
  async sell(vlan: number): Promise<void> {
    const serverId = `s${vlan}`;
    const mac = `52:54:00:00:00:${vlan}`;
    await this.fact('ServerAdded', { serverId, customerId: 'c1', port: `leaf1:Ethernet${vlan}`, vlan, mac });
    await this.fact('Ipv6PrefixAssigned', { serverId, prefix: `2001:db8:${vlan}::/48` });
    await this.fact('Ipv4AddOnBought', { serverId, addOnId: 'a1', address: `198.51.100.${vlan}` });
  }

  async sellAll(): Promise<void> {
    for (const vlan of vlans) await this.sell(vlan);
  }

  /** Gives an operator's word for the plan that the reactor shows. */
  async approve(reactor: Approvable, typed?: string): Promise<ApplyOutcome> {
    const { planHash } = await reactor.reconcile();
    const outcome = reactor.apply({ planHash: planHash ?? '', by: 'tok1', typed });
    await reactor.reconcile();
    return outcome;
  }

  async journal() {
    return (await this.store.readStream(`journal-leaf1-${this.part}`)).events.map(({ type, data }) => ({
      type,
      ...(data as {
        outcome?: string;
        lines?: { line: string; change: string; serverId?: string; cause: unknown; readBack?: string }[];
      }),
    }));
  }

  private async open(directory: string): Promise<void> {
    this.store = await openEmbeddedStore({ directory, create: true });
    this.projector = new Projector(this.store);
    this.projector.start();
    await until(() => this.projector.liveMap.live);
    const addresses = ['198.51.100.1', 'fe80::1'] as IpAddress[];
    await this.fact('GatewayDeclared', { switch: 'leaf1', addresses, macs: ['52:54:00:ff:00:01'] });
    this.interfaces = new Map(
      vlans.map((vlan) => {
        const name = `vlan${vlan}`;
        const own = `100.64.0.${vlan}` as IpAddress;
        return [name, { name, adminUp: true, carrier: true, addresses: [own, ...addresses] }];
      }),
    );
    this.alerts = new Map();
    this.freeze = new Freeze(new Journal(this.store, 'leaf1', Date.now));
    this.deviceStamp = undefined;
    this.skipped = 0;
  }

  private async close(): Promise<void> {
    await this.projector.close();
    await this.store.close();
  }
}
