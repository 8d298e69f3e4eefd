import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventType, IpAddress } from '../../events/index.js';
import { SimulatedBgp } from '../../src/drivers/bgp/simulated.bgp.js';
import { SimulatedSwitch } from '../../src/drivers/switch/simulated.switch.js';
import { openEmbeddedStore } from '../../src/event-store/embedded/embedded.event-store.js';
import type { EventStore } from '../../src/event-store/event-store.port.js';
import { Projector } from '../../src/projector/projector.js';
import { GatewayReactor } from '../../src/reactors/gateway.reactor.js';
import { GatewayRunner } from '../../src/reactors/gateway.runner.js';
import { Journal } from '../../src/reactors/journal.js';
import { until } from '../lab/lab.js';
import { requestOf } from './generated-log.js';
import { type BenchRow, rowOf } from './row.js';
import { percentile } from './statistics.js';

const vlan = 16;

/** 50 simulated devices, 5 of them dead: what a link event takes to become a route on the 45 others. */
export async function deadDevicesFigures(smoke: boolean, say: (text: string) => void): Promise<BenchRow[]> {
  // A request to a hanging device waits as long as one to a real one.
  const [count, rounds, deadline] = smoke ? [10, 2, 300] : [50, 40, 10_000];
  const dead = count / 10;
  const directory = mkdtempSync(join(tmpdir(), 'portledger-bench-'));
  const store = await openEmbeddedStore({ directory, create: true });
  const fleet = new Fleet(store, count, deadline);
  try {
    await fleet.start();
    const alive = await fleet.rounds(rounds, dead);
    fleet.kill(dead);
    const beside = await fleet.rounds(rounds, dead);
    say(`${2 * rounds} rounds on ${count - dead} devices`);
    return [0.5, 0.99].map((share) =>
      rowOf({
        room: 'devices',
        name: `link event to route with ${dead} of ${count} devices dead, p${share * 100} of the others (limit: none dead)`,
        value: percentile(beside, share),
        unit: 'ms',
        limit: percentile(alive, share),
        ...(share === 0.99 ? { goal: 2 } : {}),
      }),
    );
  } finally {
    await fleet.close();
    await store.close();
    rmSync(directory, { recursive: true });
  }
}

interface One {
  readonly name: string;
  readonly switch: SimulatedSwitch;
  readonly bgp: SimulatedBgp;
  readonly runner: GatewayRunner;
}

/** Devices with a reactor each on one log and one map, as in an engine. */
class Fleet {
  private readonly projector: Projector;
  private readonly devices: One[];
  private written = 0;

  constructor(
    private readonly store: EventStore,
    count: number,
    private readonly deadline: number,
  ) {
    this.projector = new Projector(store);
    this.devices = Array.from({ length: count }, (_, number) => this.make(`leaf${number}`));
  }

  async start(): Promise<void> {
    await this.publish(this.devices.flatMap(({ name }, index) => sold(name, index)));
    for (const device of this.devices) {
      device.switch.setCarrier(`vlan${vlan}`, true);
      await device.switch.writeStamp({ logId: this.store.logId, ordinal: -1 });
    }
    this.projector.start();
    await until('the map is live', () => this.projector.liveMap.live);
    for (const { runner } of this.devices) runner.start();
    await this.settle(this.devices, true);
  }

  /** The first of them answer nothing any more. */
  kill(dead: number): void {
    for (const device of this.devices.slice(0, dead)) {
      device.switch.fault = 'hang';
      device.bgp.fault = 'hang';
    }
  }

  /** Ms from each link event until the route is announced, on all but the first `dead` devices; all links flap at once. */
  async rounds(rounds: number, dead: number): Promise<number[]> {
    const measured = this.devices.slice(dead);
    const took: number[] = [];
    for (let round = 0; round < rounds; round++) {
      await this.publish(this.devices.map(({ name }) => link(name, 'LinkDown')));
      await this.settle(measured, false);
      const start = performance.now();
      await this.publish(this.devices.map(({ name }) => link(name, 'LinkUp')));
      took.push(...(await this.settle(measured, true, start)));
    }
    return took;
  }

  async close(): Promise<void> {
    for (const { switch: device, bgp } of this.devices) {
      device.fault = 'unreachable';
      bgp.fault = 'unreachable';
    }
    await Promise.all(this.devices.map(({ runner }) => runner.stop()));
    await this.projector.close();
  }

  private async settle(devices: readonly One[], announced: boolean, start = 0): Promise<number[]> {
    const open = new Set(devices);
    const took: number[] = [];
    await until(
      `every device ${announced ? 'announces' : 'withdraws'}`,
      () => {
        for (const device of open) {
          if (device.bgp.announced().length > 0 !== announced) continue;
          open.delete(device);
          took.push(performance.now() - start);
        }
        return open.size === 0;
      },
      60_000,
    );
    return took;
  }

  private make(name: string): One {
    const { liveMap } = this.projector;
    const device = new SimulatedSwitch({
      device: name,
      interfaces: { [`vlan${vlan}`]: ['fe80::1' as IpAddress] },
      deadline: this.deadline,
    });
    const bgp = new SimulatedBgp(name, device, this.deadline);
    const reactor = new GatewayReactor({
      device: name,
      mode: 'enforce',
      view: { switch: name, interfacePattern: 'vlan{vlan}', med: 0 },
      switch: device,
      bgp,
      liveMap,
      journal: new Journal(this.store, name, Date.now),
      alerts: { raise: () => undefined, clear: () => undefined },
      now: () => performance.now(),
    });
    const ports = new Set([`${name}:Ethernet16`]);
    const runner = new GatewayRunner({ reactor, switch: device, liveMap, resyncMs: 60_000, ports });
    return { name, switch: device, bgp, runner };
  }

  private async publish(facts: readonly Fact[]): Promise<void> {
    await this.store.appendMany(facts.map((fact) => requestOf(fact, this.written++)));
  }
}

interface Fact {
  readonly type: EventType;
  readonly data: Record<string, unknown>;
}

const link = (name: string, type: 'LinkUp' | 'LinkDown'): Fact => ({ type, data: { port: `${name}:Ethernet16` } });

function sold(name: string, index: number): Fact[] {
  const serverId = `srv-${index}`;
  const mac = `52:54:00:00:01:${index.toString(16).padStart(2, '0')}`;
  return [
    { type: 'GatewayDeclared', data: { switch: name, addresses: ['fe80::1'], macs: ['02:00:5e:00:00:01'] } },
    { type: 'ServerAdded', data: { serverId, customerId: 'c1', port: `${name}:Ethernet16`, vlan, mac } },
    { type: 'Ipv6PrefixAssigned', data: { serverId, prefix: `2001:db8:${index + 1}::/48` } },
    link(name, 'LinkUp'),
  ];
}
