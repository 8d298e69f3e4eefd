import type { InterfaceFacts } from '../../src/drivers/switch/preflight.port.js';
import type { PreflightCheck, SiteRules } from '../../src/reactors/preflight.js';
import { PreflightHolds } from '../../src/reactors/preflight-holds.js';
import { tempDirectory } from '../support/temp-directory.js';
import {
  declareGateway,
  type Heart,
  linkUp,
  sellServer,
  simulatedDevices,
  startHeart,
  world,
} from './reactor-bench.js';

const entries = (vlan: number): string[] => [
  `198.51.100.${vlan} vlan${vlan} 52:54:00:00:00:${vlan}`,
  `fe80::5054:ff:fe00:${vlan} vlan${vlan} 52:54:00:00:00:${vlan}`,
];
const routes = (vlan: number): string[] => [`198.51.100.${vlan}/32 vlan${vlan}`, `2001:db8:${vlan}::/48 vlan${vlan}`];
const all = (...vlans: number[]): string[] => vlans.flatMap((vlan) => [...entries(vlan), ...routes(vlan)]).sort();

describe('a gateway with a preflight', () => {
  let heart: Heart;
  let devices: ReturnType<typeof simulatedDevices>;
  let preflight: PreflightHolds;
  let clock: number;
  let failed: readonly PreflightCheck[];
  const site: SiteRules & { aggregates: string[] } = { sameSubnet: 'host-route', aggregates: [] };
  const directory = tempDirectory();
  let round = 0;

  beforeEach(async () => {
    devices = simulatedDevices();
    clock = 0;
    failed = [];
    site.aggregates = [];
    preflight = new PreflightHolds({
      switch: devices.device,
      bgp: devices.bgp,
      site,
      interfaces: ['vlan11', 'vlan16'],
      onFailed: (checks) => (failed = checks),
      now: () => clock,
    });
    heart = await startHeart(`${directory}/${round++}`, devices, 'enforce', [preflight]);
    await declareGateway(heart);
    for (const vlan of [11, 16]) {
      await sellServer(heart, vlan);
      await linkUp(heart, devices, vlan);
    }
  });
  afterEach(() => heart.stop());

  const spoils: readonly (readonly [string, Partial<InterfaceFacts>])[] = [
    ['gateway-link-local', { linkLocals: { known: [] } }],
    ['no-on-link-prefix', { onLinkPrefixes: { known: ['2001:db8:16::/64'] } }],
    ['no-on-link-advertisement', { advertisedOnLink: { known: ['2001:db8:16::/64 by radvd'] } }],
    ['accept-ra', { acceptRa: { known: 1 } }],
    ['no-questions', { solicits: { known: [{ setting: 'mcast', family: 'ipv6', count: 3 }] } }],
    ['ipv4-gateway', { arpSilence: { known: { here: undefined, elsewhere: 'arp_ignore is 1' } } }],
  ];
  it.each(spoils)('puts nothing on a port that fails %s, says why, and serves the other port', async (check, facts) => {
    devices.device.setFacts('vlan16', facts);
    const status = await heart.reactor.reconcile();
    expect(await world(devices)).toEqual(all(11));
    expect(status.state).toBe('differs');
    const waiting = status.plan.map(({ interface: name, waits }) => [name, waits]);
    expect(waiting).toHaveLength(4);
    for (const line of waiting) expect(line).toEqual(['vlan16', expect.stringContaining(`preflight ${check}: `)]);
    expect(failed.map((one) => [one.check, one.interface])).toEqual([[check, 'vlan16']]);
    expect(failed[0]?.cure).toMatch(/./);
  });

  it('looks again at what failed at the next look, and serves the port once it passes', async () => {
    devices.device.setFacts('vlan16', { acceptRa: { known: 1 } });
    await heart.reactor.reconcile();
    devices.device.setFacts('vlan16', { acceptRa: { known: 0 } });
    const status = await heart.reactor.reconcile();
    expect(status.state).toBe('equal');
    expect(await world(devices)).toEqual(all(11, 16));
    expect(failed).toEqual([]);
  });

  it('takes away from a port that fails what is no longer sold there, and leaves what is', async () => {
    await heart.reactor.reconcile();
    devices.device.setFacts('vlan16', { acceptRa: { known: 1 } });
    clock += 60_000;
    await heart.fact('Ipv6PrefixReleased', { serverId: 's16', prefix: '2001:db8:16::/48' }, '2026-02-01T00:00:00Z');
    await heart.reactor.reconcile();
    expect(await world(devices)).toEqual([...all(11), ...entries(16), '198.51.100.16/32 vlan16'].sort());
    await heart.fact('ServerRemoved', { serverId: 's16' }, '2026-02-02T00:00:00Z');
    await heart.reactor.reconcile();
    expect(await world(devices)).toEqual(all(11));
  });

  it('adds nothing while the facts cannot be read, and withdraws all the same', async () => {
    await heart.reactor.reconcile();
    clock += 60_000;
    devices.device.preflight = () => Promise.reject(new Error('no such file'));
    await heart.fact('ServerRemoved', { serverId: 's16' }, '2026-02-01T00:00:00Z');
    await sellServer(heart, 21);
    const status = await heart.reactor.reconcile();
    expect(await world(devices)).toEqual(all(11));
    expect(status.plan.map(({ waits }) => waits)).toEqual(
      status.plan.map(() => 'the preflight cannot be read: no such file'),
    );
  });

  it('holds nothing for what a driver cannot see, and says that it cannot', async () => {
    const unknown = { unknown: 'the box does not show it' };
    devices.device.setFacts('vlan16', { acceptRa: unknown, solicits: unknown, advertisedOnLink: unknown });
    await heart.reactor.reconcile();
    expect(await world(devices)).toEqual(all(11, 16));
    const open = preflight.checks.filter(({ result }) => result !== 'pass');
    expect(open.map(({ check, found }) => [check, found])).toEqual([
      ['no-on-link-advertisement', 'the box does not show it'],
      ['accept-ra', 'the box does not show it'],
      ['no-questions', 'the box does not show it'],
    ]);
  });

  it('believes what passed for ten seconds, and then looks again', async () => {
    await heart.reactor.reconcile();
    devices.device.setFacts('vlan16', { acceptRa: { known: 1 } });
    await heart.reactor.reconcile();
    expect(failed).toEqual([]);
    clock += 10_000;
    await heart.reactor.reconcile();
    expect(failed.map(({ check }) => check)).toEqual(['accept-ra']);
  });

  it('announces nothing of a family whose aggregate would loop, and puts the entries there', async () => {
    site.aggregates = ['2001:db8::/32'];
    await heart.reactor.reconcile();
    const quiet = all(11, 16).filter((line) => !line.includes('/48'));
    expect(await world(devices)).toEqual(quiet);
    devices.device.refusedDestinations.add('2001:db8::/32');
    await heart.reactor.reconcile();
    expect(await world(devices)).toEqual(all(11, 16));
  });
});
