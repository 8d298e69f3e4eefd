import { setTimeout as sleep } from 'node:timers/promises';
import type { RangeUse } from '../../projections/index.js';
import type { DhcpStatus } from '../../src/reactors/dhcp-status.js';
import { type Fact, serverFact } from '../story/billing.js';
import { portName, vlanOf } from '../story/stage.js';
import { describeLab } from './describe-lab.js';
import { DhcpClients, type Given } from './dhcp-clients.js';
import { type Kea, keaIn } from './kea.js';
import { createLab, type Lab, until } from './lab.js';
import { type LabEngine, startLabEngine } from './lab-engine.js';
import { ipBatch } from './lab-process.js';

const [port, serverId, duid] = ['vlan16', 'srv-16', '00030001525400000016'] as const;
const [first, second] = ['2001:db8:7::/64', '2001:db8:7:1::/64'];

const delegated = (customerId: string, prefix: string): Fact => ({
  ...{ type: 'CustomerPrefixDelegated', subject: customerId, data: { customerId, prefix } },
});
/** Billing names none: it is chosen out of a pool. */
const ordered = (customerId: string, orderId: string): Fact => ({
  ...{ type: 'CustomerPrefixOrdered', subject: customerId, data: { customerId, orderId, site: 'default' } },
});
const pooled = (poolId: string, prefix: string): Fact => ({
  ...{ type: 'AddressPoolAdded', subject: poolId },
  data: { poolId, prefix, site: 'default', purpose: 'customer-prefix' },
});
const withdrawn = (customerId: string, prefix: string): Fact => ({
  ...{ type: 'CustomerPrefixWithdrawn', subject: customerId, data: { customerId, prefix } },
});

describeLab('a /64 that was allocated out of the prefix of a customer', () => {
  let lab: Lab;
  let site: LabEngine;
  let kea6: Kea;

  beforeAll(async () => {
    lab = await createLab();
    kea6 = keaIn(lab.sw, lab.directory, 6);
    await kea6.start();
    site = await startLabEngine(lab, { dhcp: { socket6: kea6.socket } }, ['vlan11']);
    const shown = async (): Promise<string> => site.cli('dhcp', 'leaf1');
    await until('the first plan of DHCP is there', async () => (await shown()).includes('dhcp apply leaf1'));
    await site.asOperator('dhcp', 'apply', 'leaf1', /dhcp apply leaf1 ([0-9a-f]{16})/.exec(await shown())?.[1] ?? '');
    await site.declare(pooled('nets', '2001:db8:8::/47'));
    const { mac } = lab.servers[port];
    await site.publish(
      delegated('c7', '2001:db8:7::/48'),
      ordered('c8', 'net-1'),
      serverFact('ServerAdded', serverId, { customerId: 'c7', port: portName(port), vlan: vlanOf(port), mac }),
    );
  });
  afterAll(async () => {
    await site.engine.stop();
    await kea6.stop();
    await site.stage.close();
  });

  const order = (orderId: string): Promise<void> =>
    site.publish(serverFact('Ipv6PrefixOrdered', serverId, { orderId }));
  const cancel = (orderId: string): Promise<void> =>
    site.publish(serverFact('Ipv6PrefixOrderCancelled', serverId, { orderId }));

  const transfer = (customerId: string): Promise<void> =>
    site.publish(serverFact('ServerTransferred', serverId, { customerId }));
  const usedOf = async (customerId: string): Promise<Pick<RangeUse, 'taken' | 'cooling' | 'free'> | undefined> => {
    const { delegations } = await site.ask<{ delegations: { use: RangeUse }[] }>(`/v1/pools?customer=${customerId}`);
    return delegations[0]?.use;
  };

  /** The /64s of the delegations that the peer has a route of. */
  const heard = async (): Promise<string[]> =>
    [...(await lab.upstreamRoutes()).keys()].filter((one) => /^2001:db8:[78]:/.test(one)).sort();
  /** Permanent entries in the kernel behind the port of the server. */
  const entries = async (): Promise<string[]> => {
    const args = ['neigh', 'show', 'dev', port, 'nud', 'permanent'];
    const shown = (await lab.switchKernel(...args)) as { dst: string; lladdr: string }[];
    return shown.map(({ dst, lladdr }) => `${dst} ${lladdr}`);
  };
  const own = (): string[] => [`${lab.servers[port].linkLocal} ${lab.servers[port].mac}`];
  /** The /64s that Kea runs with a reservation of. */
  const reserved = async (): Promise<string[]> =>
    [...JSON.stringify(await kea6.config()).matchAll(/2001:db8:[78]:[0-9a-f:]*\/64/g)].map(([one]) => one);

  /** What the peer, the kernel of the gateway and Kea have of the server, and nothing else. */
  const comesTo = async (what: string, wanted: Readonly<Record<'routes' | 'entries' | 'reserved', string[]>>) => {
    let seen = {};
    const isSo = async (): Promise<boolean> => {
      const now = { routes: await heard(), entries: await entries(), reserved: [...new Set(await reserved())] };
      return JSON.stringify((seen = now)) === JSON.stringify(wanted);
    };
    await until(what, isSo).catch((cause: unknown) => {
      throw new Error(`${String(cause)}: ${JSON.stringify(seen)}`, { cause });
    });
  };
  const stands = (prefix: string) =>
    comesTo(`${prefix} stands everywhere`, { routes: [prefix], entries: own(), reserved: [prefix] });
  const asked = (seconds: number): Promise<Given> =>
    new DhcpClients(lab.directory, lab.servers[port].namespace).dhclient6(duid, seconds);
  const answersAt = (prefix: string) =>
    ipBatch(lab.servers[port].namespace, [`route replace local ${prefix} dev lo`]).then(() =>
      lab.ping(prefix.replace('/64', '99') as Parameters<Lab['ping']>[0]),
    );

  it('waits for the link, then is heard at the peer, reached, and handed to the machine', async () => {
    await order('v6-1');
    await comesTo('it is everywhere but at the peer', { routes: [], entries: own(), reserved: [first] });
    await lab.setCarrier(port, true);
    await stands(first);
    expect(await answersAt(first)).toBe(3);
    expect(await asked(40)).toEqual({ ipv6: '2001:db8:7::2', prefix: first });
    const { hosts } = await site.ask<DhcpStatus>('/v1/devices/leaf1/dhcp');
    expect(hosts.find((one) => one.interface === port)).toMatchObject({ serverId, prefixes: [first] });
  });

  it('goes with the carrier, and keeps what the machine is handed', async () => {
    await lab.setCarrier(port, false);
    await comesTo('only the route is gone', { routes: [], entries: own(), reserved: [first] });
    await lab.setCarrier(port, true);
    await stands(first);
  });

  it('leaves peer and DHCP when its order is cancelled, and comes back with the next order', async () => {
    await cancel('v6-1');
    // The entry is that of the machine, not of the prefix: it stays for as long as the server is sold.
    await comesTo('only the entry is left', { routes: [], entries: own(), reserved: [] });
    expect(await answersAt(first)).toBe(0);
    expect(await asked(4)).toEqual({});
    await order('v6-2');
    await stands(first);
    expect(await answersAt(first)).toBe(3);
  });

  it('is replaced by one of the new customer at a transfer, and is given back when the server comes back', async () => {
    await transfer('c8');
    await stands('2001:db8:8::/64');
    expect(await answersAt('2001:db8:8::/64')).toBe(3);
    expect(await answersAt(first)).toBe(0);
    expect(await asked(40)).toEqual({ ipv6: '2001:db8:8::2', prefix: '2001:db8:8::/64' });
    await transfer('c7');
    await stands(first);
  });

  it('is kept by its server when the delegation goes to another customer, and cools down before it is theirs', async () => {
    await site.publish(withdrawn('c7', '2001:db8:7::/48'), delegated('c9', '2001:db8:7::/48'));
    await until(
      'c9 has all of it but what c7 uses',
      async () => (await usedOf('c9'))?.free === 65_535 || sleep(30, false),
    );
    await stands(first);
    await transfer('c9');
    await stands(second);
    expect(await answersAt(second)).toBe(3);
    expect(await usedOf('c9')).toMatchObject({ taken: 1, cooling: 1, free: 65_534 });
  });

  it('goes with its server, and so does the entry', async () => {
    await site.publish(serverFact('ServerRemoved', serverId));
    await comesTo('nothing is left', { routes: [], entries: [], reserved: [] });
  });
});
