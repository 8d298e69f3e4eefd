import type { Ipv4Address, MacAddress } from '../../events/index.js';
import type { NeighbourChange, SwitchDriver } from '../../src/drivers/switch/switch.port.js';
import { createLinuxSwitch } from '../../src/drivers/switch/linux.switch.js';
import { createBirdBgp } from '../../src/drivers/bgp/bird.bgp.js';
import type { BgpDriver } from '../../src/drivers/bgp/bgp.port.js';
import { join } from 'node:path';
import { describeLab } from './describe-lab.js';
import { createLab, type Lab, type LabPort, until } from './lab.js';
import { ipBatch, run } from './lab-process.js';

describeLab('two IPv4 servers of one subnet on different ports', () => {
  let lab: Lab;
  let device: SwitchDriver;
  let bird: BgpDriver;
  const ports = ['vlan16', 'vlan11'] as const;

  /** Echo requests answered from the server at one port to the address of the other. */
  const reaches = async (from: LabPort, to: Ipv4Address): Promise<number> => {
    const args = ['netns', 'exec', lab.servers[from].namespace, 'ping', '-n', '-c', '3', '-i', '0.2', '-W', '1', to];
    const said = await run('ip', args).catch((error: { stdout?: string }) => error.stdout ?? '');
    return Number(/(\d+) received/.exec(said)?.[1] ?? 0);
  };
  const proxyArp = (value: number): Promise<string> => {
    const script = ports.flatMap((port) => [
      `echo ${value} > /proc/sys/net/ipv4/conf/${port}/proxy_arp`,
      `echo 0 > /proc/sys/net/ipv4/neigh/${port}/proxy_delay`,
    ]);
    return run('ip', ['netns', 'exec', lab.sw, 'sh', '-e', '-c', script.join('\n')]);
  };

  beforeAll(async () => {
    lab = await createLab();
    await Promise.all(ports.map((port) => lab.setCarrier(port, true)));
    device = createLinuxSwitch({
      device: 'leaf1',
      netns: lab.sw,
      interfaces: [...ports],
      stateFile: join(lab.directory, 'leaf1.json'),
    });
    bird = createBirdBgp({ device: 'leaf1', netns: lab.sw, ...lab.bird });
    const entry = (port: LabPort): NeighbourChange => {
      const { ipv4, mac } = lab.servers[port];
      return { change: 'set', entry: { interface: port, address: ipv4, mac: mac satisfies MacAddress } };
    };
    await device.apply(ports.map(entry));
    const route = (port: LabPort) =>
      ({ family: 'ipv4', address: lab.servers[port].ipv4, interface: port, med: 0 }) as const;
    await bird.setRoutes(ports.map(route), { logId: 'lab', ordinal: 1 });
    await until('both host routes are in the kernel', async () => (await bird.read()).inKernel?.size === 2);
  });
  afterAll(async () => {
    await Promise.all([device.close(), bird.close()]);
    await lab.close();
  });

  it('talk by their host routes where each has a /32 and asks for the gateway only', async () => {
    expect(await reaches('vlan16', lab.servers.vlan11.ipv4)).toBe(3);
    expect(await reaches('vlan11', lab.servers.vlan16.ipv4)).toBe(3);
  });

  it('where one has a /24: does not reach its neighbour by host routes, and does by proxy ARP', async () => {
    const { namespace, ipv4 } = lab.servers.vlan16;
    await ipBatch(namespace, [`addr del ${ipv4}/32 dev eth0`, `addr add ${ipv4}/24 dev eth0`]);
    await ipBatch(namespace, ['route replace default via 198.51.100.1 dev eth0 onlink']);
    expect(await reaches('vlan16', lab.servers.vlan11.ipv4)).toBe(0);
    await proxyArp(1);
    await ipBatch(namespace, ['neigh flush dev eth0']);
    expect(await reaches('vlan16', lab.servers.vlan11.ipv4)).toBeGreaterThan(0);
    expect(await reaches('vlan11', ipv4)).toBeGreaterThan(0);
  });
});
