import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ipv4Address, Ipv6Address, MacAddress } from '../../events/index.js';
import type { GuardDriver, PortCounts, PortGuard } from '../../src/drivers/guard/guard.port.js';
import { createNftGuard } from '../../src/drivers/guard/nft.guard.js';
import { describeLab } from './describe-lab.js';
import { arp, neighbourSolicitation } from './frames.js';
import { gateway } from './guard-frames.js';
import { createLab, type Lab, type LabPort, until } from './lab.js';
import { startCapture } from './lab-capture.js';
import { floodFrames } from './lab-forge.js';
import { run } from './lab-process.js';

const upstream4 = '10.255.1.2' as Ipv4Address;
const upstream6 = '2001:db8:ff:1::2' as Ipv6Address;

describeLab('a guarded gateway under attack', () => {
  let lab: Lab;
  const customer6 = (): Ipv6Address => lab.servers.vlan11.prefix.replace('/48', '1') as Ipv6Address;
  let guard: GuardDriver;

  const guardOf = (port: LabPort, closed = false): PortGuard => {
    const { mac, ipv4, prefix } = lab.servers[port];
    return {
      interface: port,
      mode: 'drop',
      closed,
      macs: closed ? [] : [mac],
      ipv4: closed ? [] : [ipv4],
      prefixes: closed ? [] : [prefix],
      gatewayMacs: [gateway.mac as MacAddress],
      gatewayIpv4: [gateway.ipv4 as Ipv4Address],
      gatewayIpv6: [gateway.ipv6 as Ipv6Address],
    };
  };
  const sh = (netns: string, script: string): Promise<string> =>
    run('ip', ['netns', 'exec', netns, 'sh', '-c', script]);
  const hits = async (port: LabPort): Promise<PortCounts['hits']> => (await guard.read()).counts.get(port)?.hits ?? {};
  const neighbours = async (family: '-4' | '-6'): Promise<number> =>
    ((await run('ip', ['-n', lab.sw, '-j', family, 'neigh', 'show', 'dev', 'vlan66'])).match(/"dst"/g) ?? []).length;

  beforeAll(async () => {
    lab = await createLab({ startBird: false });
    for (const port of ['vlan11', 'vlan16', 'vlan66'] as const) {
      const { mac, linkLocal, ipv4, prefix } = lab.servers[port];
      await lab.setCarrier(port, true);
      await lab.byHand(
        `neigh replace ${linkLocal} lladdr ${mac} dev ${port} nud permanent`,
        `neigh replace ${ipv4} lladdr ${mac} dev ${port} nud permanent`,
        `route replace ${prefix} via ${linkLocal} dev ${port}`,
        `route replace ${ipv4}/32 dev ${port}`,
      );
      await run('ip', ['-n', lab.up, 'route', 'replace', `${ipv4}/32`, 'via', '10.255.1.1']);
      await run('ip', ['-n', lab.up, 'route', 'replace', prefix, 'via', '2001:db8:ff:1::1']);
    }
    guard = createNftGuard({
      device: 'leaf1',
      netns: lab.sw,
      interfaces: lab.interfaces,
      stateFile: join(lab.directory, 'guard.json'),
    });
  });
  afterEach(() =>
    run('ip', ['netns', 'exec', lab.sw, 'nft', 'delete', 'table', 'netdev', 'portledger_guard']).catch(() => ''),
  );
  afterAll(async () => {
    await guard.close();
    await lab.close();
  });

  /** How many frames of a server leave at the uplink while it sends to the world. */
  const sentByServer = async (port: LabPort): Promise<readonly string[]> => {
    const { namespace, ipv4, prefix } = lab.servers[port];
    const own = `src host ${ipv4} or src net ${prefix}`;
    const capture = await startCapture(lab.sw, 'up0', own, 'out');
    const ping = (address: string): Promise<string> =>
      run('ip', ['netns', 'exec', namespace, 'ping', '-n', '-c', '5', '-i', '0.05', '-W', '1', address]).catch(
        () => '',
      );
    await Promise.all([ping(upstream4), ping(upstream6)]);
    // Without asking for the gateway first, and from an address it never used before.
    await sh(namespace, `ip neigh replace fe80::1 lladdr ${gateway.mac} dev eth0 nud permanent`);
    await ping(upstream6);
    await sh(namespace, 'ip neigh del fe80::1 dev eth0');
    await sleep(100);
    return (await capture.stop()).filter((line) => line !== '');
  };

  it('lets nothing of a suspended server out; without a guard it goes on sending', async () => {
    expect((await sentByServer('vlan16')).length).toBeGreaterThan(10);
    await guard.apply({ set: [guardOf('vlan16', true), guardOf('vlan11')], remove: [] });
    expect(await sentByServer('vlan16')).toEqual([]);
    expect((await sentByServer('vlan11')).length).toBeGreaterThan(10);
    expect((await hits('vlan16')).closed?.frames).toBeGreaterThan(10);
    await guard.apply({ set: [guardOf('vlan16')], remove: [] });
    expect((await sentByServer('vlan16')).length).toBeGreaterThan(10);
  });

  /** NS from addresses of its own prefix, each a new one, and ARP requests for the gateway from anybody. */
  const flood = (): string[] => {
    const { mac, prefix } = lab.servers.vlan66;
    const frames: string[] = [];
    for (let index = 0; index < 6_000; index++) {
      const [a, b] = [(index >> 8).toString(16), (index & 255).toString(16)];
      const source = prefix.replace('::/48', `:0:0:0:${a}:${b}`);
      frames.push(neighbourSolicitation({ etherSource: mac, source, target: gateway.ipv6 }));
      const senderIp = `100.66.${index >> 8}.${index & 255}`;
      frames.push(arp({ operation: 1, etherSource: mac, senderIp, targetIp: gateway.ipv4 }));
    }
    return frames;
  };

  /** Pings between the world and another customer while the port of an attacker floods; gives the share lost, 0 to 1. */
  const lossUnderFlood = async (): Promise<{
    readonly loss4: number;
    readonly loss6: number;
    readonly most: number;
  }> => {
    const flooding = floodFrames(lab.servers.vlan66.namespace, 'eth0', flood(), 5_000);
    await sleep(600);
    await lab.byHand('neigh flush dev up0 nud reachable nud stale nud delay nud probe nud failed');
    const count = 10;
    const [got4, got6] = await Promise.all([lab.ping(lab.servers.vlan11.ipv4, count), lab.ping(customer6(), count)]);
    const most = Math.max(await neighbours('-4'), await neighbours('-6'));
    await flooding;
    await lab.byHand('neigh flush dev vlan66');
    return { loss4: 1 - got4 / count, loss6: 1 - got6 / count, most };
  };

  it('keeps every other customer connected while one port floods; without a guard they lose', async () => {
    // The gateway learns its upstream by asking, as where nobody made that entry permanent.
    await lab.byHand('neigh del 10.255.1.2 dev up0', 'neigh del 2001:db8:ff:1::2 dev up0');
    // Of a packet that it forwards a gateway asks from its link-local address (RFC 4861 section 7.2.2); without one it
    // asks only when it happens to have a word of its own for the neighbour, and every ping is lost.
    await lab.byHand('addr add fe80::ff:1/64 dev up0 nodad');
    await sh(
      lab.sw,
      'for f in ipv4 ipv6; do for k in mcast ucast; do echo 3 > /proc/sys/net/$f/neigh/up0/${k}_solicit; done; done',
    );
    await sh(
      lab.sw,
      'echo 1 > /proc/sys/net/ipv4/conf/all/log_martians; for f in all vlan66; do echo 0 > /proc/sys/net/ipv4/conf/$f/rp_filter; done',
    );
    expect(await lab.ping(lab.servers.vlan11.ipv4)).toBe(3);

    const without = await lossUnderFlood();
    expect(without.loss6).toBeGreaterThan(0);
    expect(without.most).toBeGreaterThan(700);

    await guard.apply({ set: lab.interfaces.map((port) => guardOf(port)), remove: [] });
    // The first flood may have cost the gateway its BGP session: what is tried next begins where everything works again.
    const reaches = async (address: Ipv4Address | Ipv6Address): Promise<boolean> => (await lab.ping(address)) === 3;
    await until('the customer is reached again by IPv4', () => reaches(lab.servers.vlan11.ipv4));
    await until('the customer is reached again by IPv6', () => reaches(customer6()));
    const guarded = await lossUnderFlood();
    expect(guarded).toMatchObject({ loss4: 0, loss6: 0 });
    const { perPort } = guard.rates.nd;
    expect(guarded.most).toBeLessThanOrEqual(perPort.burst + 10 * perPort.rate);
    const counted = await hits('vlan66');
    expect(counted['nd-rate']?.frames).toBeGreaterThan(5_000);
    expect(counted['arp-private']?.frames).toBeGreaterThan(5_000);
  });
});
