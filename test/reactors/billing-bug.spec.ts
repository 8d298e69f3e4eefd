import type { IpAddress } from '../../events/index.js';
import { SimulatedBgp } from '../../src/drivers/bgp/simulated.bgp.js';
import { SimulatedSwitch } from '../../src/drivers/switch/simulated.switch.js';
import { storeFacts } from '../support/publish.js';
import { tempDirectory } from '../support/temp-directory.js';
import { applied, declareGateway, type Heart, startHeart } from './reactor-bench.js';

const servers = 4_000;
/** One VLAN each, of those that there are. */
const vlanOf = (index: number): number => index + 50;

describe('a billing bug that cancels 4,000 servers', () => {
  const directory = tempDirectory();
  let round = 0;
  let heart: Heart;
  let device: SimulatedSwitch;

  beforeEach(async () => {
    const names = Array.from({ length: servers }, (_, index) => `vlan${vlanOf(index)}`);
    const interfaces = Object.fromEntries(names.map((name) => [name, ['fe80::1' as IpAddress]]));
    device = new SimulatedSwitch({ device: 'leaf1', interfaces, boxAddresses: ['198.51.100.1' as IpAddress] });
    heart = await startHeart(`${directory}/${round++}`, { device, bgp: new SimulatedBgp('leaf1', device) });
    await declareGateway(heart);
    const added = Array.from({ length: servers }, (_, index) => {
      const serverId = `s${index}`;
      const mac = `52:54:00:00:${(index >> 8).toString(16).padStart(2, '0')}:${(index & 255).toString(16).padStart(2, '0')}`;
      const place = { port: `leaf1:Ethernet${vlanOf(index)}`, vlan: vlanOf(index) };
      return { type: 'ServerAdded' as const, data: { serverId, customerId: 'c1', mac, ...place } };
    });
    await heart.liveMap.reached(await storeFacts(heart.store, added), 60_000);
    await heart.reactor.reconcile();
    expect(device.entries()).toHaveLength(servers);
  });
  afterEach(() => heart.stop());

  async function cancel(from: number, to: number): Promise<void> {
    const facts = Array.from({ length: to - from }, (_, index) => ({
      type: 'ServerRemoved' as const,
      data: { serverId: `s${from + index}` },
      time: '2026-03-01T00:00:00.000Z',
    }));
    await heart.liveMap.reached(await storeFacts(heart.store, facts), 60_000);
  }

  it('at once takes nothing away, alerts, and shows every line of the plan', async () => {
    await cancel(0, servers);
    const status = await heart.reactor.reconcile();
    expect(status).toMatchObject({ state: 'braked', brake: { code: 'removal-limit' } });
    expect(heart.alerts.get('brake-tripped')).toContain(`would remove ${servers} of ${servers} entries`);
    expect(status.plan).toHaveLength(servers);
    expect(device.entries()).toHaveLength(servers);
    const words = `remove ${servers} from leaf1`;
    expect(await applied(heart)).toEqual({ said: 'confirmation-needed', words });
    expect(device.entries()).toHaveLength(servers);
  });

  it('little by little is stopped at the budget of a minute, and stays stopped until an operator applies the plan', async () => {
    for (let done = 0; done < 400; done += 20) {
      await cancel(done, done + 20);
      await heart.reactor.reconcile();
    }
    expect(device.entries()).toHaveLength(servers - 100);
    expect(heart.reactor.status.brake?.code).toBe('removal-rate');
    expect(heart.alerts.get('brake-tripped')).toContain('the limit is 100 a minute');
    expect(heart.reactor.status.plan).toHaveLength(300);
    heart.skip(10 * 60_000);
    await heart.reactor.reconcile();
    expect(device.entries()).toHaveLength(servers - 100);
    expect(await applied(heart)).toMatchObject({ said: 'applied', left: [] });
    expect(device.entries()).toHaveLength(servers - 400);
    expect(heart.alerts.size).toBe(0);
  });
});
