import { join } from 'node:path';
import type { PortId } from '../../events/index.js';
import { parseConfig } from '../../src/config/load-config.js';
import { RunningEngine } from '../e2e/running-engine.js';
import { until } from '../reactors/reactor-bench.js';
import { tempDirectory } from '../support/temp-directory.js';
import { storeFact } from '../support/publish.js';

const port = 'leaf1:Ethernet12' as PortId;

describe('a device that is a file', () => {
  const directory = tempDirectory();

  it('has no links of its own, so what others publish of its ports stands', async () => {
    const device = {
      name: 'leaf1',
      interfacePattern: 'vlan{vlan}',
      ports: { [port]: 'Ethernet12' },
      driver: { kind: 'file', directory },
    };
    const { gateways } = parseConfig(
      { gateways: [{ switch: 'leaf1', devices: [device] }] },
      join(directory, 'portledger.json'),
    );
    const engine = await RunningEngine.start(directory, { gateways });
    try {
      const { projector, store, devices } = engine.parts;
      await until(() => devices.get('leaf1')?.status.state === 'equal');
      await storeFact(store, 'LinkUp', { port });
      await until(() => projector.liveMap.map.linkOf(port) === 'up');
      await engine.restart();
      await until(() => engine.parts.devices.get('leaf1')?.status.state === 'equal');
      expect((await engine.parts.store.readStream(`port-${port}`)).events.map(({ type }) => type)).toEqual(['LinkUp']);
      expect(engine.parts.devices.get('leaf1')?.links()).toEqual([]);
    } finally {
      await engine.stop();
    }
  });
});
