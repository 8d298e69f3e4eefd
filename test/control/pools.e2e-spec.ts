import type { IpAddress, PortId } from '../../events/index.js';
import { parseConfig } from '../../src/config/load-config.js';
import { SimulatedBgp } from '../../src/drivers/bgp/simulated.bgp.js';
import { SimulatedSwitch } from '../../src/drivers/switch/simulated.switch.js';
import { portledger, speakingTo } from '../cli/said.js';
import { RunningEngine } from '../e2e/running-engine.js';
import { until } from '../reactors/allocator-rig.js';
import { approveFirstPlan } from '../support/approve.js';
import { storeFact } from '../support/publish.js';

const vlans = [11, 12, 13];
const portOf = (vlan: number): PortId => `leaf1:Ethernet${vlan}` as PortId;
const device = {
  name: 'leaf1',
  mode: 'enforce',
  interfacePattern: 'vlan{vlan}',
  ports: Object.fromEntries(vlans.map((vlan) => [portOf(vlan), `vlan${vlan}`])),
  driver: { kind: 'simulated' },
  bgp: { kind: 'simulated' },
};
const { gateways } = parseConfig(
  { gateways: [{ switch: 'leaf1', site: 'ams', devices: [device] }] },
  'portledger.json',
);

function simulated() {
  const box = new SimulatedSwitch({
    device: 'leaf1',
    interfaces: Object.fromEntries(vlans.map((vlan) => [`vlan${vlan}`, ['fe80::1' as IpAddress]])),
    boxAddresses: ['198.51.100.1' as IpAddress],
  });
  return { switch: box, bgp: new SimulatedBgp('leaf1', box) };
}

describe('an IPv4 add-on that is bought without an address', () => {
  let engine: RunningEngine;
  let world: ReturnType<typeof simulated>;
  const start = async (settings: object = {}): Promise<void> => {
    world = simulated();
    const hands = { devices: new Map([['leaf1', world]]) };
    const { allocation, products } = parseConfig(settings, 'portledger.json');
    engine = await RunningEngine.start(undefined, { gateways, hands, settings: { allocation, products } });
    await fact('GatewayDeclared', { switch: 'leaf1', addresses: ['198.51.100.1', 'fe80::1'], macs: [] });
  };
  afterEach(() => engine.stop());

  const fact = (type: Parameters<typeof storeFact>[1], data: Record<string, unknown>): Promise<number> =>
    storeFact(engine.parts.store, type, data);
  const pool = (prefix: string, poolId = 'v4-a'): Promise<number> =>
    fact('AddressPoolAdded', { poolId, prefix, site: 'ams', purpose: 'ipv4-add-on' });
  const add = (vlan: number): Promise<number> => {
    const mac = `52:54:00:00:00:${vlan}`;
    return fact('ServerAdded', { serverId: `s${vlan}`, customerId: `c${vlan}`, port: portOf(vlan), vlan, mac });
  };
  const buy = (vlan: number): Promise<number> => fact('Ipv4AddOnBought', { serverId: `s${vlan}`, addOnId: 'ip-1' });
  const addressOf = (vlan: number): string | undefined =>
    engine.parts.projector.liveMap.map.binding(`s${vlan}`)?.addresses[0]?.address;
  const say = (...words: string[]) => portledger(words, speakingTo(engine, engine.tokens.every));
  const ask = async (path: string): Promise<{ status: number; body: unknown }> => {
    const answer = await fetch(`${engine.url}${path}`, { headers: { Authorization: `Bearer ${engine.tokens.every}` } });
    return { status: answer.status, body: await answer.json() };
  };
  const post = async (query: string, body: object): Promise<{ status: number; body: unknown }> => {
    const type = `application/cloudevents${Array.isArray(body) ? '-batch' : ''}+json`;
    const headers = { Authorization: `Bearer ${engine.tokens.every}`, 'Content-Type': type };
    const answer = await fetch(`${engine.url}/v1/events${query}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    return { status: answer.status, body: await answer.json() };
  };
  const said = (type: string, subject: string, data: object): object => ({
    ...{ specversion: '1.0', type, source: 'urn:billing:eu', id: `${type} ${subject}`, subject },
    ...{ time: '2026-01-01T00:00:00Z', data },
  });
  const publish = async (query: string, data: object): Promise<{ status: number; body: Record<string, unknown> }> => {
    const answer = await post(query, said('Ipv4AddOnBought', 's11', { serverId: 's11', addOnId: 'ip-1', ...data }));
    return { ...answer, body: answer.body as Record<string, unknown> };
  };
  const entries = async (): Promise<string[]> =>
    (await world.switch.read()).neighbours.map((one) => `${one.address} ${one.interface} ${one.mac}`);

  it('gets one from the pool of its site, and an entry on its switch; a restart decides nothing anew', async () => {
    await start();
    await pool('198.51.100.0/29');
    await add(11);
    await buy(11);
    await until(() => addressOf(11) === '198.51.100.2');
    await approveFirstPlan(engine.url, engine.tokens.every, 'leaf1', (lines) => lines.length >= 2);
    const isThere = async (): Promise<boolean> => (await entries()).includes('198.51.100.2 vlan11 52:54:00:00:00:11');
    const end = performance.now() + 60_000;
    while (!(await isThere()) && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await isThere()).toBe(true);
    await engine.restart();
    await add(12);
    await buy(12);
    await until(() => addressOf(12) === '198.51.100.3');
    expect(addressOf(11)).toBe('198.51.100.2');
    const { events } = await engine.parts.store.readStream('server-s11');
    expect(events.map(({ type }) => type)).toEqual(['ServerAdded', 'Ipv4AddOnBought', 'Ipv4AddressAllocated']);
  });

  it('is told of by `pools`, by `map` and over the API: who has what, who waits and why', async () => {
    await start();
    await pool('198.51.100.0/30');
    for (const vlan of vlans) await add(vlan);
    await buy(11);
    await until(() => addressOf(11) === '198.51.100.2');
    await buy(12);
    await until(() => engine.parts.allocator.waiting()[0]?.reason.startsWith('no address') === true);
    const reason = 'no address is free in the pools for IPv4 add-ons at site ams';
    const { body } = await ask('/v1/pools');
    expect(body).toMatchObject({
      pools: [{ poolId: 'v4-a', use: { size: 4, taken: 1, cooling: 0, keptBack: 3, free: 0 } }],
      waiting: [{ serverId: 's12', addOnId: 'ip-1', reason }],
    });
    expect(await ask('/v1/pools/v4-a')).toEqual({ status: 200, body });
    expect(await ask('/v1/pools/v4-z')).toMatchObject({ status: 404 });
    const pools = await say('pools', 'show', 'v4-a');
    expect(pools.out).toContain('v4-a  198.51.100.0/30  ams   ipv4-add-on  4     1      0        3     0');
    expect(pools.out).toContain(reason);
    expect(JSON.parse((await say('pools', '--json')).out)).toEqual(body);
    expect((await say('pools', 'show')).code).toBe(2);
    expect((await say('pools', 'show', 'v4-z')).code).toBe(3);
    const { out } = await say('map');
    expect(out).toContain('198.51.100.2 (from pool v4-a)');
    expect(out).toContain('ip-1 (no address yet, see portledger pools)');
    const told = engine.parts.alerts.current().filter(({ code }) => code === 'ipv4-pool-empty');
    expect(told).toMatchObject([{ key: 'ams' }]);
  });

  it('can be asked for before it is sold: by the site, and by a dry run', async () => {
    await start();
    await add(11);
    const at = '/v1/availability?product=ipv4&site=';
    expect(await ask(`${at}ams`)).toMatchObject({ body: { available: false, reason: 'no-pool' } });
    await pool('198.51.100.0/31');
    await until(() => engine.parts.allocator.pools()?.length === 1);
    expect(await ask(`${at}ams`)).toEqual({
      status: 200,
      body: { product: 'ipv4', site: 'ams', available: true, free: 1 },
    });
    expect((await publish('?dryRun=true', {})).body).not.toHaveProperty('withheld');
    await add(12);
    await buy(12);
    await until(() => addressOf(12) === '198.51.100.0');
    const text = 'IPv4 not available: no address is free in the pools for IPv4 add-ons at site ams';
    expect(await ask(`${at}ams`)).toMatchObject({ body: { available: false, reason: 'pool-empty', text } });
    expect((await publish('?dryRun=true', {})).body['withheld']).toEqual([{ what: 'ip-1', reason: text }]);
    expect((await publish('?dryRun=true', { address: '203.0.113.9' })).body).not.toHaveProperty('withheld');
    for (const wrong of [
      '/v1/availability',
      `${at}a/b`,
      '/v1/availability?product=ipv5',
      `${at}ams&x=1`,
      `${at}ams&customer=c1`,
    ])
      expect(await ask(wrong)).toMatchObject({ status: 400 });
  });

  it('is stored and waits while IPv4 is not for sale, which the answers say', async () => {
    const text = 'IPv4 not available: new contracts are IPv6 only';
    await start({ products: { ipv4: { status: 'unavailable', text } } });
    await pool('198.51.100.0/29');
    await add(11);
    expect(await ask('/v1/availability?product=ipv4&site=ams')).toMatchObject({
      body: { available: false, reason: 'not-sold', text },
    });
    const named = { address: '198.51.100.4' };
    for (const data of [{}, named])
      expect((await publish('?dryRun=true', data)).body['withheld']).toEqual([{ what: 'ip-1', reason: text }]);
    expect(await publish('', {})).toMatchObject({ status: 201, body: { effect: 'pending' } });
    await until(() => engine.parts.allocator.waiting()[0]?.reason === text);
    expect(addressOf(11)).toBeUndefined();
    expect(engine.parts.alerts.current().map(({ code }) => code)).not.toContain('ipv4-pool-empty');
  });

  it('is no different for a /64: out of the prefix of the customer, shown with how full that is', async () => {
    await start();
    await fact('CustomerPrefixDelegated', { customerId: 'c11', prefix: '2001:db8:7::/48' });
    await fact('CustomerPrefixDelegated', { customerId: 'c12', prefix: '2001:db8:7:8000::/52' });
    const may = '/v1/availability?product=ipv6&site=ams&customer=';
    await until(() => engine.parts.allocator.delegations('c11')?.length === 1);
    expect(await ask(`${may}c11`)).toEqual({
      status: 200,
      body: { product: 'ipv6', site: 'ams', customer: 'c11', available: true, free: 65_536 },
    });
    expect(await ask(`${may}c99`)).toMatchObject({ body: { available: false, reason: 'no-pool' } });
    await add(11);
    await add(12);
    for (const vlan of [11, 12]) await fact('Ipv6PrefixOrdered', { serverId: `s${vlan}`, orderId: 'v6-1' });
    const prefixOf = (): string | undefined => engine.parts.projector.liveMap.map.binding('s11')?.prefixes[0]?.prefix;
    await until(() => prefixOf() === '2001:db8:7::/64');
    await until(() => engine.parts.allocator.waiting()[0]?.reason.includes('waits for') === true);
    const { body } = await ask('/v1/pools');
    expect(body).toMatchObject({
      delegations: [
        { customerId: 'c11', prefix: '2001:db8:7::/48', use: { size: 65_536, taken: 1, free: 65_535 } },
        { customerId: 'c12', prefix: '2001:db8:7:8000::/52', heldBy: 'c11' },
      ],
      furtherCustomers: 0,
      waiting: [{ serverId: 's12', orderId: 'v6-1' }],
    });
    expect(await ask('/v1/pools?customer=c11')).toMatchObject({ body: { delegations: [{ customerId: 'c11' }] } });
    expect(await ask('/v1/pools?customer=')).toMatchObject({ status: 400 });
    const { out } = await say('pools', 'customer', 'c12');
    expect(out).toContain('c12       2001:db8:7:8000::/52  by name  waits for c11');
    expect((await say('map')).out).toContain('2001:db8:7::/64 (order v6-1)');
    await fact('LinkUp', { port: portOf(11) });
    const isMeant = (lines: readonly object[]): boolean => JSON.stringify(lines).includes('2001:db8:7::/64');
    await approveFirstPlan(engine.url, engine.tokens.every, 'leaf1', isMeant);
    const isRouted = async (): Promise<boolean> => isMeant([...(await world.bgp.read()).owned]);
    const end = performance.now() + 60_000;
    while (!(await isRouted()) && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await isRouted()).toBe(true);
  });

  it('is told of by a dry run of an order of a /64, unless the request itself delegates to the customer', async () => {
    await start();
    await add(11);
    const order = said('Ipv6PrefixOrdered', 's11', { serverId: 's11', orderId: 'v6-1' });
    const delegation = said('CustomerPrefixDelegated', 'c11', { customerId: 'c11', prefix: '2001:db8:7::/48' });
    const reason = 'IPv6 not available: no prefix is delegated to the customer or pooled at site ams';
    await until(() => engine.parts.allocator.freePrefixes('c11', 'ams') !== undefined);
    expect((await post('?dryRun=true', order)).body).toMatchObject({
      effect: 'pending',
      withheld: [{ what: 'v6-1', reason }],
    });
    expect(JSON.stringify((await post('?dryRun=true', [delegation, order])).body)).not.toContain('withheld');
    expect(await post('', delegation)).toMatchObject({ status: 201 });
    await until(() => engine.parts.allocator.freePrefixes('c11', 'ams') === 65_536);
    expect((await post('?dryRun=true', order)).body).not.toHaveProperty('withheld');
  });

  it('hands out prefixes of customers too: asked for, dry, over the API, in the list, and to their servers', async () => {
    await start();
    const may = '/v1/availability?product=customer-prefix&site=ams';
    const order = (data: object): object =>
      said('CustomerPrefixOrdered', 'c11', { customerId: 'c11', orderId: 'net-1', site: 'ams', ...data });
    await until(() => engine.parts.allocator.pools() !== undefined);
    const text = 'Prefix not available: there is no pool for customer prefixes that a /48 fits into at site ams';
    expect(await ask(may)).toMatchObject({ body: { available: false, reason: 'no-pool', text } });
    expect((await post('?dryRun=true', order({}))).body).toMatchObject({
      effect: 'pending',
      withheld: [{ what: 'net-1', reason: text }],
    });
    await fact('AddressPoolAdded', {
      poolId: 'nets',
      prefix: '2001:db8::/47',
      site: 'ams',
      purpose: 'customer-prefix',
    });
    await until(() => engine.parts.allocator.pools()?.length === 1);
    expect((await ask(`${may}&length=52`)).body).toEqual({
      ...{ product: 'customer-prefix', site: 'ams', length: 52, available: true, free: 32 },
    });
    for (const more of ['&length=65', '&length=x', '&customer=c11'])
      expect((await ask(`${may}${more}`)).status).toBe(400);
    expect((await post('?dryRun=true', order({}))).body).not.toHaveProperty('withheld');
    await add(11);
    await fact('Ipv6PrefixOrdered', { serverId: 's11', orderId: 'v6-1' });
    expect(await post('', order({}))).toMatchObject({
      status: 201,
      body: { effect: 'pending' },
    });
    const prefixOf = (): string | undefined => engine.parts.projector.liveMap.map.binding('s11')?.prefixes[0]?.prefix;
    await until(() => prefixOf() === '2001:db8::/64');
    await fact('CustomerPrefixOrdered', { customerId: 'c12', orderId: 'net-1', site: 'ams', length: 47 });
    await until(() => engine.parts.alerts.current().some(({ code }) => code === 'customer-prefix-empty'));
    const { body } = await ask('/v1/pools');
    expect(body).toMatchObject({
      pools: [{ poolId: 'nets', countedLength: 48, use: { size: 2, taken: 1, free: 1, keptBack: 0, cooling: 0 } }],
      delegations: [
        { customerId: 'c11', prefix: '2001:db8::/48', orderId: 'net-1', poolId: 'nets', use: { taken: 1 } },
      ],
      waiting: [
        {
          ...{ customerId: 'c12', orderId: 'net-1' },
          reason: 'no /47 is free in the pools for customer prefixes at site ams',
        },
      ],
    });
    const { out } = await say('pools');
    expect(out).toMatch(/^nets +2001:db8::\/47 +ams +customer-prefix, \/48s +2 +1 /m);
    expect(out).toMatch(/^c11 +2001:db8::\/48 +net-1 +in use +65536 +1 /m);
    expect(out).toMatch(/^c12 +net-1 +.* no \/47 is free/m);
    await engine.restart();
    await until(() => engine.parts.allocator.pools()?.length === 1);
    const still = (answer: unknown): string => JSON.stringify(answer).replace(/"emptyAt":"[^"]+"/g, '');
    expect(still((await ask('/v1/pools')).body)).toBe(still(body));
    const { events } = await engine.parts.store.readStream('customer-c11');
    expect(events.map(({ type }) => type)).toEqual(['CustomerPrefixOrdered', 'CustomerPrefixAllocated']);
    expect(await post('', said('CustomerPrefixAllocated', 'c11', { customerId: 'c11' }))).toMatchObject({
      status: 403,
    });
  });
});
