import type { IpAddress, PortId } from '../../events/index.js';
import { parseConfig } from '../../src/config/load-config.js';
import { SimulatedBgp } from '../../src/drivers/bgp/simulated.bgp.js';
import { SimulatedSwitch } from '../../src/drivers/switch/simulated.switch.js';
import { RunningEngine } from '../e2e/running-engine.js';
import { storeFacts } from '../support/publish.js';
import { until } from './reactor-bench.js';

const names = Array.from({ length: 50 }, (_, index) => `leaf${index + 1}`);
/** Three never answer, two are away: a tenth of all. */
const hanging = new Set(['leaf1', 'leaf2', 'leaf3']);
const away = new Set(['leaf4', 'leaf5']);
const healthy = names.filter((name) => !hanging.has(name) && !away.has(name));

/** A switch that can be told to answer nothing until it is let go, and that counts the questions it has not answered. */
class MuteSwitch extends SimulatedSwitch {
  waiting = 0;
  most = 0;
  private letGo: (() => void) | undefined;
  private gate = Promise.resolve();

  mute(): void {
    this.gate = new Promise((resolve) => (this.letGo = resolve));
  }

  speak(): void {
    this.letGo?.();
  }

  override async read(): ReturnType<SimulatedSwitch['read']> {
    this.waiting++;
    this.most = Math.max(this.most, this.waiting);
    await this.gate;
    this.waiting--;
    return super.read();
  }
}

describe('fifty devices of which five are dead', () => {
  let engine: RunningEngine;
  let switches: Map<string, MuteSwitch>;
  beforeEach(async () => {
    const made = (device: string): MuteSwitch =>
      new MuteSwitch({ device, interfaces: { vlan16: ['fe80::1' as IpAddress] } });
    switches = new Map(names.map((name) => [name, made(name)]));
    const devices = new Map(
      [...switches].map(([name, device]) => [name, { switch: device, bgp: new SimulatedBgp(name, device) }]),
    );
    const gateways = names.map((name) => ({
      switch: name,
      devices: [
        {
          name,
          mode: 'enforce',
          interfacePattern: 'vlan{vlan}',
          ports: { [`${name}:Ethernet16` as PortId]: 'vlan16' },
          driver: { kind: 'simulated' },
        },
      ],
    }));
    for (const name of hanging) switches.get(name)?.mute();
    for (const name of away) setFault(name, 'unreachable');
    const config = parseConfig({ gateways }, 'portledger.json');
    engine = await RunningEngine.start(undefined, { gateways: config.gateways, hands: { devices } });
    for (const device of switches.values())
      if (device.fault === 'none') await device.writeStamp({ logId: engine.parts.store.logId, ordinal: -1 });
  });
  afterEach(async () => {
    for (const device of switches.values()) device.speak();
    await engine.stop();
  });

  function setFault(name: string, fault: SimulatedSwitch['fault']): void {
    const device = switches.get(name);
    if (device !== undefined) device.fault = fault;
  }
  const entries = (name: string): number => switches.get(name)?.entries().length ?? -1;
  async function sell(round: number): Promise<void> {
    const facts = names.map((name) => ({
      type: round === 0 ? ('ServerAdded' as const) : ('Ipv4AddOnBought' as const),
      data:
        round === 0
          ? { serverId: `on-${name}`, customerId: 'c1', port: `${name}:Ethernet16`, vlan: 16, mac: '52:54:00:00:00:16' }
          : { serverId: `on-${name}`, addOnId: `a${round}`, address: `10.${names.indexOf(name)}.0.${round}` },
    }));
    await storeFacts(engine.parts.store, facts);
  }

  it('serves the others while the dead ones have not answered once, asks those one question at a time, and then serves them too', async () => {
    for (let round = 0; round < 5; round++) {
      await sell(round);
      await until(() => healthy.every((name) => entries(name) === round + 1), 60_000);
      for (const name of hanging) expect(engine.parts.devices.get(name)?.status.state).toBe('starting');
    }
    // One question of the reactor and one of the link source, however often somebody woke them.
    for (const name of hanging) expect(switches.get(name)).toMatchObject({ waiting: 2, most: 2 });
    for (const name of away) expect(engine.parts.devices.get(name)?.status.state).toBe('failing');
    expect([...hanging, ...away].map(entries)).toEqual([0, 0, 0, 0, 0]);
    for (const name of away) setFault(name, 'none');
    for (const name of [...hanging, ...away]) {
      await switches.get(name)?.writeStamp({ logId: engine.parts.store.logId, ordinal: -1 });
      switches.get(name)?.speak();
      engine.parts.devices.get(name)?.nudge();
    }
    await until(() => names.every((name) => entries(name) === 5), 120_000);
  });
});
