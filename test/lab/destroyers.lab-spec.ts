import { ask, publish, serverFact } from '../story/billing.js';
import { makeTokens, startStoryEngine, type StoryEngine, type Tokens } from '../story/engine.js';
import { labStage } from '../story/lab.stage.js';
import { portName, type Stage, vlanOf } from '../story/stage.js';
import { approveFirstPlan } from '../support/approve.js';
import { describeLab } from './describe-lab.js';
import { createLab, type Lab, until } from './lab.js';
import { run } from './lab-process.js';

describeLab('a gateway on which somebody works', () => {
  let lab: Lab;
  let stage: Stage;
  let tokens: Tokens;
  let engine: StoryEngine;

  const sysctl = (path: string, value: number): Promise<string> =>
    run('ip', ['netns', 'exec', lab.sw, 'sh', '-e', '-c', `echo ${value} > /proc/sys/net/${path}`]);
  const kernelRoutes = async (): Promise<string[]> => {
    const rows = (await lab.switchKernel('route', 'show', 'table', 'all', 'proto', 'bird', 'type', 'unicast')) as {
      dst: string;
      flags: string[];
    }[];
    return rows.filter(({ flags }) => !flags.includes('linkdown') && !flags.includes('dead')).map(({ dst }) => dst);
  };
  /** Entries on the switch, routes in its kernel and routes at the upstream: all that the server was sold, and it answers. */
  const isServed = async (): Promise<boolean> => {
    const { ipv4, prefix, mac, linkLocal } = lab.servers.vlan16;
    const entries = await stage.entries();
    if (![ipv4, linkLocal].every((address) => entries.has(`${address} vlan16 ${mac}`))) return false;
    const announced = await stage.announced();
    if (!announced.has(prefix) || !announced.has(`${ipv4}/32`)) return false;
    const kernel = await kernelRoutes();
    return kernel.includes(prefix) && kernel.includes(ipv4);
  };
  const untilServed = (): Promise<void> => until('the server is served again', isServed);

  beforeAll(async () => {
    lab = await createLab();
    stage = labStage(lab);
    tokens = makeTokens(stage);
    engine = await startStoryEngine(stage, 'data');
    const gateway = { switch: 'leaf1', addresses: ['fe80::1', '198.51.100.1'], macs: ['52:54:00:ff:00:01'] };
    await publish(engine, tokens, [{ type: 'GatewayDeclared', subject: 'leaf1', data: gateway }], 'operator');
    const { mac, ipv4, prefix } = stage.servers.vlan16;
    await publish(engine, tokens, [
      serverFact('ServerAdded', 'srv-16', { customerId: 'c1', port: portName('vlan16'), vlan: vlanOf('vlan16'), mac }),
      serverFact('Ipv6PrefixAssigned', 'srv-16', { prefix }),
      serverFact('Ipv4AddOnBought', 'srv-16', { addOnId: 'a', address: ipv4 }),
    ]);
    await approveFirstPlan(engine.url, tokens.operator);
    await lab.setCarrier('vlan16', true);
    await untilServed();
  });
  afterAll(async () => {
    await engine.stop();
    await stage.close();
  });

  const works: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['the MTU is changed', () => lab.byHand('link set vlan16 mtu 1400', 'link set vlan16 mtu 1500')],
    ['ARP is switched off and on', () => lab.byHand('link set vlan16 arp off', 'link set vlan16 arp on')],
    [
      // And back: the server remembers the gateway by the old one for as long as its own cache wants.
      'the MAC of the gateway is changed and changed back',
      () => lab.byHand('link set vlan16 address 52:54:00:ff:00:02', 'link set vlan16 address 52:54:00:ff:00:01'),
    ],
    ['the entries are flushed', () => lab.byHand('neigh flush dev vlan16 nud permanent')],
    [
      'the interface is set down and up',
      async () => {
        await lab.adminDown('vlan16');
        await lab.adminUp('vlan16');
        await lab.restoreGateway('vlan16');
      },
    ],
    [
      'IPv6 is switched off and on',
      async () => {
        await sysctl('ipv6/conf/vlan16/disable_ipv6', 1);
        await sysctl('ipv6/conf/vlan16/disable_ipv6', 0);
        await lab.restoreGateway('vlan16');
      },
    ],
    [
      'the last IPv4 address of the interface is taken away',
      () => lab.byHand('addr add 192.0.2.1/32 dev vlan16', 'addr del 192.0.2.1/32 dev vlan16'),
    ],
    [
      'forwarding is switched off and on',
      async () => {
        await sysctl('ipv4/ip_forward', 0);
        await sysctl('ipv4/ip_forward', 1);
        await sysctl('ipv6/conf/all/forwarding', 0);
        await sysctl('ipv6/conf/all/forwarding', 1);
      },
    ],
    [
      'BIRD is ended and started again',
      async () => {
        await lab.stopBird();
        await lab.startBird();
      },
    ],
  ];
  it.each(works)('serves the server again after %s', async (_what, work) => {
    await work();
    await untilServed();
    expect(await lab.ping(lab.servers.vlan16.ipv4)).toBeGreaterThan(0);
  });

  it('shows in the plan of the device that everything passed before', async () => {
    const status = await ask<{ preflight: { result: string; check: string }[] }>(engine, tokens, '/v1/devices/leaf1');
    expect(status.preflight.filter(({ result }) => result === 'fail')).toEqual([]);
    expect(status.preflight.length).toBeGreaterThan(20);
  });
});
