import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mapHash } from '../../../projections/index.js';
import { parseConfig } from '../../../src/config/load-config.js';
import { RunningEngine } from '../../e2e/running-engine.js';
import { until } from '../../reactors/reactor-bench.js';
import { storeFacts } from '../../support/publish.js';
import { tempDirectory } from '../../support/temp-directory.js';
import { sendUdp } from '../../transports/message-senders.js';

const leaf1 = '127.0.0.1';
const server = (number: number) => ({
  serverId: `srv-${number}`,
  customerId: `cust-${number}`,
  port: `leaf1:Ethernet${number}`,
  vlan: number,
  mac: `52:54:00:00:00:${number}`,
});

describe('tables and messages of a switch', () => {
  const directory = tempDirectory();
  let engine: RunningEngine;
  afterEach(() => engine.stop());

  async function start(): Promise<void> {
    writeFileSync(
      join(directory, 'neigh'),
      '203.0.113.16 dev vlan17 lladdr 52:54:00:00:00:17 REACHABLE\n203.0.113.17 dev vlan17 lladdr 52:54:00:00:00:17 REACHABLE\n',
    );
    const device = {
      name: 'leaf1',
      interfacePattern: 'vlan{vlan}',
      ports: { 'leaf1:Ethernet16': 'vlan16', 'leaf1:Ethernet17': 'vlan17' },
      senders: [leaf1],
      driver: { kind: 'simulated' },
    };
    const { gateways, hints, sensors } = parseConfig(
      {
        gateways: [{ switch: 'leaf1', devices: [device] }],
        hints: [{ kind: 'syslog-udp', address: leaf1, port: 0 }],
        sensors: [{ kind: 'tables', name: 'leaf1-neigh', switch: 'leaf1', file: 'neigh', everySeconds: 1 }],
      },
      join(directory, 'portledger.json'),
    );
    engine = await RunningEngine.start(directory, { gateways, settings: { hints, sensors, inFlightWindowMs: 100 } });
    await storeFacts(engine.parts.store, [
      { type: 'ServerAdded', data: server(16) },
      { type: 'ServerAdded', data: server(17) },
      { type: 'Ipv4AddOnBought', data: { serverId: 'srv-16', addOnId: 'v4-16', address: '203.0.113.16' } },
      { type: 'Ipv4AddOnBought', data: { serverId: 'srv-17', addOnId: 'v4-17', address: '203.0.113.17' } },
    ]);
  }
  const violations = () => [...engine.parts.projector.liveMap.map.violations.values()];
  const detail = (name: string): string =>
    engine.parts.readiness.reports().find((one) => one.name === name)?.detail ?? '';

  it('are judged like frames, and nothing they say changes the map', async () => {
    await start();
    const { liveMap } = engine.parts.projector;
    await until(() => detail('tables-and-messages').includes('leaf1-neigh: 2 rows, 2 claims'));
    const before = mapHash(liveMap.map);
    await until(() => violations().some(({ sensor }) => sensor === 'leaf1-neigh'));
    const port = Number(/on ports (\d+):/.exec(detail('link-hints'))?.[1]);
    await sendUdp(leaf1, port, [
      '<189>1: %SW_DAI-4-DHCP_SNOOPING_DENY: 1 Invalid ARPs (Res) on Et16, vlan 16.([5254.0000.0016/203.0.113.17/ffff.ffff.ffff/203.0.113.17/05:37:31 UTC Tue Apr 16 2024])',
      '<189>1: %SW_DAI-4-SPECIAL_LOG_ENTRY: 17 Invalid ARP packets [09:30:15 UTC]',
      '<189>1: %SYS-5-CONFIG_I: Configured from console',
    ]);
    await until(() => violations().some(({ sensor }) => sensor === 'leaf1-syslog'));
    expect(detail('tables-and-messages')).toContain(
      'leaf1-syslog: 2 messages about ARP, ND or a MAC, 1 of them claims, 1 about something else',
    );
    const found = violations().map(({ sensor, rule, attribution, claimedAddress }) => ({
      sensor,
      rule,
      attribution,
      claimedAddress,
    }));
    expect(found).toEqual(
      expect.arrayContaining([
        { sensor: 'leaf1-neigh', rule: 'address-spoof', attribution: 'mac-table', claimedAddress: '203.0.113.16' },
        { sensor: 'leaf1-syslog', rule: 'address-spoof', attribution: 'mac-table', claimedAddress: '203.0.113.17' },
      ]),
    );
    expect(found).toHaveLength(2);
    expect(mapHash(liveMap.map)).toBe(before);
  });
});
