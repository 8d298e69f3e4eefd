import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PortId } from '../../events/index.js';
import { mapHash } from '../../projections/index.js';
import { parseConfig } from '../../src/config/load-config.js';
import { SimulatedBgp } from '../../src/drivers/bgp/simulated.bgp.js';
import { SimulatedSwitch } from '../../src/drivers/switch/simulated.switch.js';
import { RunningEngine } from '../e2e/running-engine.js';
import { until } from '../reactors/reactor-bench.js';
import { tempDirectory } from '../support/temp-directory.js';
import { sendTcp, sendTrap, sendUdp, sendV3Trap } from '../transports/message-senders.js';

const port = 'leaf1:Ethernet12' as PortId;
const [leaf1, stranger] = ['127.0.0.1', '127.0.0.9'];
const down =
  '<165>Feb  6 09:42:36 leaf1 Ebra: %LINEPROTO-5-UPDOWN: Line protocol on Interface Ethernet12, changed state to down';

/** A switch that tells nobody of a change: it must be asked. */
class SilentSwitch extends SimulatedSwitch {
  reads = 0;
  override watch(): void {}
  override read(): ReturnType<SimulatedSwitch['read']> {
    this.reads++;
    return super.read();
  }
}

describe('a message about a link', () => {
  const directory = tempDirectory();
  const user = { name: 'ledger', auth: 'sha256', authKey: 'authauth1', priv: 'aes', privKey: 'privpriv1' } as const;
  let device: SilentSwitch;
  let engine: RunningEngine;

  async function start(trusted: boolean): Promise<void> {
    writeFileSync(join(directory, 'community'), 'notpublic\n', { mode: 0o600 });
    writeFileSync(join(directory, 'users.json'), JSON.stringify([user]), { mode: 0o600 });
    device = new SilentSwitch({ device: 'leaf1', interfaces: { Ethernet12: [] } });
    device.setCarrier('Ethernet12', true);
    const place = { address: leaf1, port: 0, ...(trusted ? { managementInterface: 'lo', trusted } : {}) };
    const { gateways, hints } = parseConfig(
      {
        gateways: [
          {
            switch: 'leaf1',
            devices: [
              {
                name: 'leaf1',
                interfacePattern: 'vlan{vlan}',
                ports: { [port]: 'Ethernet12' },
                senders: [leaf1],
                driver: { kind: 'simulated' },
              },
            ],
          },
        ],
        hints: [
          { kind: 'syslog-udp', ...place },
          { kind: 'syslog-tcp', ...place },
          { kind: 'snmp-trap', ...place, communityFile: 'community', usersFile: 'users.json' },
        ],
      },
      join(directory, 'portledger.json'),
    );
    const hands = { devices: new Map([['leaf1', { switch: device, bgp: new SimulatedBgp('leaf1', device) }]]) };
    engine = await RunningEngine.start(directory, { gateways, hands, settings: { hints, resyncSeconds: 86_400 } });
    await untilStored('LinkUp');
  }
  afterEach(() => engine.stop());

  const stored = async (): Promise<string[]> =>
    (await engine.parts.store.readStream(`port-${port}`)).events.map(({ type }) => type);
  const untilStored = (...types: string[]): Promise<void> =>
    until(async () => (await stored()).join() === types.join());
  const told = (): string => engine.parts.readiness.reports().find(({ name }) => name === 'link-hints')?.detail ?? '';
  const ports = (): number[] => /on ports ([\d, ]+):/.exec(told())?.[1]?.split(', ').map(Number) ?? [];
  const hintsHeard = (count: number): Promise<void> => until(() => told().includes(` ${count} hints`));

  it('that is forged leads to a reading and changes nothing, by syslog and by trap', async () => {
    await start(false);
    const [udp = 0, tcp = 0, traps = 0] = ports();
    const { map } = engine.parts.projector.liveMap;
    const before = mapHash(map);
    const readsBefore = device.reads;
    await sendUdp(leaf1, udp, [down]);
    await sendTcp(leaf1, tcp, `${down}\n`);
    await sendTrap(leaf1, traps, 'notpublic', 'Ethernet12');
    await sendV3Trap(leaf1, traps, user, 'Ethernet12');
    await hintsHeard(4);
    await until(() => device.reads > readsBefore);
    await sendUdp(stranger, udp, [down]);
    await sendTrap(leaf1, traps, 'public', 'Ethernet12');
    await sendV3Trap(leaf1, traps, 'none', 'Ethernet12');
    await until(() => told().includes('2 refused') && told().includes(`1 from unknown senders, the last ${stranger}`));
    expect(told()).toContain('4 hints');
    expect(await stored()).toEqual(['LinkUp']);
    expect(mapHash(map)).toBe(before);
    expect(map.linkOf(port)).toBe('up');
  });

  it('that comes in a flood leads to a few readings only', async () => {
    await start(false);
    const [udp = 0] = ports();
    const readsBefore = device.reads;
    const began = performance.now();
    for (let burst = 0; burst < 20; burst++)
      await sendUdp(
        leaf1,
        udp,
        Array.from({ length: 50 }, () => down),
      );
    await until(() => Number(/ (\d+) hints/.exec(told())?.[1]) > 100);
    const seconds = (performance.now() - began) / 1000;
    expect(device.reads - readsBefore).toBeLessThanOrEqual(6 * seconds + 3);
    expect(await stored()).toEqual(['LinkUp']);
  });

  it('makes the engine see what a silent device would only have shown at the next poll', async () => {
    await start(false);
    const [udp = 0] = ports();
    device.setCarrier('Ethernet12', false);
    await sendUdp(leaf1, udp, [down]);
    await untilStored('LinkUp', 'LinkDown');
    const [, event] = (await engine.parts.store.readStream(`port-${port}`)).events;
    expect(event?.metadata.source).toBe('urn:portledger:links:leaf1');
  });

  it('is the event itself where its listener is trusted, marked so, and a reading puts right what was forged', async () => {
    await start(true);
    const [udp = 0] = ports();
    await sendUdp(leaf1, udp, [down]);
    await untilStored('LinkUp', 'LinkDown', 'LinkUp');
    const { events } = await engine.parts.store.readStream(`port-${port}`);
    expect(events.map(({ metadata }) => metadata.source.split(':')[2])).toEqual(['links', 'trusted-message', 'links']);
  });
});
