import { existsSync, readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import type { Ipv6Address, MacAddress } from '../../events/index.js';
import { createBirdBgp } from '../../src/drivers/bgp/bird.bgp.js';
import { describeLab } from './describe-lab.js';
import { arp, neighbourAdvertisement, neighbourSolicitation, routerAdvertisement } from './frames.js';
import { createLab, type Lab, type LabPort, until } from './lab.js';

const stamp = { logId: 'lab', ordinal: 1 };

describeLab('the lab', () => {
  let lab: Lab;

  /** What the engine would have the gateway hold for the machine at a port. */
  const sell = async (...ports: LabPort[]): Promise<void> => {
    const entries = ports.flatMap((port) => {
      const { ipv4, linkLocal, mac } = lab.servers[port];
      return [ipv4, linkLocal].map(
        (address) => `neigh replace ${address} lladdr ${mac} dev ${port} nud permanent protocol 155`,
      );
    });
    await lab.byHand(...entries);
    const bird = createBirdBgp({ device: 'bird', netns: lab.sw, ...lab.bird });
    const routes = ports.flatMap((port) => {
      const { ipv4, linkLocal, prefix } = lab.servers[port];
      return [
        { family: 'ipv6', prefix, nextHop: linkLocal, interface: port, med: 0 } as const,
        { family: 'ipv4', address: ipv4, interface: port, med: 0 } as const,
      ];
    });
    await bird.setRoutes(routes, stamp);
    await bird.close();
  };
  const hears = (destination: string, present: boolean): Promise<void> =>
    until(
      `the upstream ${present ? 'hears' : 'no longer hears'} ${destination}`,
      async () => (await lab.upstreamRoutes()).has(destination) === present,
    );

  beforeAll(async () => {
    lab = await createLab();
  });
  afterAll(() => lab.close());

  it('carries traffic to an address that nobody ever used, and the gateway asks nobody', async () => {
    await sell('vlan16', 'vlan11');
    expect((await lab.upstreamRoutes()).size).toBe(0);
    await lab.setCarrier('vlan16', true);
    await hears('2001:db8:16::/48', true);
    await hears('198.51.100.16/32', true);
    const capture = await lab.capture('vlan16', 'arp or icmp6', 'out');
    expect(await lab.ping('2001:db8:16:5eed::beef:1' as Ipv6Address)).toBe(3);
    expect(await lab.ping(lab.servers.vlan16.ipv4)).toBe(3);
    const frames = await capture.stop();
    expect(frames.filter((frame) => /echo request/.test(frame))).toHaveLength(3);
    expect(frames.filter((frame) => /neighbor solicitation|who-has/.test(frame))).toEqual([]);
  });

  it('loses the route at the upstream with the carrier and gets it back', async () => {
    await lab.setCarrier('vlan16', false);
    await hears('2001:db8:16::/48', false);
    await hears('198.51.100.16/32', false);
    await lab.setCarrier('vlan16', true);
    await hears('2001:db8:16::/48', true);
    expect(await lab.ping('2001:db8:16::77' as Ipv6Address)).toBe(3);
  });

  it('loses entries and gateway address by an admin bounce until they are restored', async () => {
    await lab.adminDown('vlan16');
    await hears('2001:db8:16::/48', false);
    await lab.adminUp('vlan16');
    expect(await lab.switchKernel('neigh', 'show', 'dev', 'vlan16', 'nud', 'permanent')).toEqual([]);
    await hears('198.51.100.16/32', true);
    expect((await lab.upstreamRoutes()).has('2001:db8:16::/48')).toBe(false);
    await lab.restoreGateway('vlan16');
    await hears('2001:db8:16::/48', true);
    await sell('vlan16', 'vlan11');
    expect(await lab.ping('2001:db8:16::78' as Ipv6Address)).toBe(3);
  });

  it('delivers forged frames with valid checksums, and permanent entries stand', async () => {
    await lab.setCarrier('vlan66', true);
    const { mac } = lab.servers.vlan66;
    const victim = lab.servers.vlan16;
    const capture = await lab.capture('vlan66', 'arp or (icmp6 and ip6[40] >= 133 and ip6[40] <= 137)', 'in');
    await lab.forge('vlan66', [
      arp({ operation: 2, etherSource: mac, senderIp: victim.ipv4, targetIp: '198.51.100.1' }),
      arp({ operation: 1, etherSource: mac, senderIp: '198.51.100.1', targetIp: '198.51.100.1' }),
      neighbourAdvertisement({ etherSource: mac, source: victim.linkLocal, target: victim.linkLocal }),
      neighbourSolicitation({ etherSource: mac, source: victim.linkLocal, target: 'fe80::1' }),
      routerAdvertisement({ etherSource: mac, source: 'fe80::1' }),
    ]);
    const seen = (): boolean =>
      [
        /Reply 198\.51\.100\.16 is-at 52:54:00:00:00:66/,
        /who-has 198\.51\.100\.1 .*tell 198\.51\.100\.1/,
        /neighbor advertisement, tgt is fe80::5054:ff:fe00:16/,
        /who has fe80::1/,
        /router advertisement/,
      ].every((shape) => capture.lines.some((line) => shape.test(line)));
    await until('all five frames arrived', seen);
    expect((await capture.stop()).join('\n')).not.toMatch(/bad (icmp6 )?cksum|wrong/);
    const entries = (await lab.switchKernel('neigh', 'show', 'dev', 'vlan16', 'nud', 'permanent')) as {
      dst: string;
      lladdr: string;
    }[];
    expect(entries.map(({ dst, lladdr }) => [dst, lladdr]).sort()).toEqual([
      [victim.ipv4, victim.mac],
      [victim.linkLocal, victim.mac],
    ]);
    expect(await lab.ping('2001:db8:16::79' as Ipv6Address)).toBe(3);
  });

  it('moves a machine to another port and gives one another network card', async () => {
    await lab.setCarrier('vlan11', true);
    await lab.moveServer('vlan11', 'vlan21');
    await lab.replaceNic('vlan16', '52:54:00:00:01:16' as MacAddress);
    await sell('vlan16', 'vlan21');
    await hears('2001:db8:11::/48', true);
    expect(await lab.ping('2001:db8:11::80' as Ipv6Address)).toBe(3);
    expect(await lab.ping(lab.servers.vlan21.ipv4)).toBe(3);
    expect(await lab.ping('2001:db8:16::80' as Ipv6Address)).toBe(3);
    const [left] = (await lab.switchKernel('link', 'show', 'dev', 'vlan11')) as { flags: string[] }[];
    expect(left?.flags).not.toContain('LOWER_UP');
  });

  it('leaves no namespace, no process and no file behind', async () => {
    const second = await createLab();
    const { directory, sw } = second;
    const pids = second.pids();
    expect(pids).toHaveLength(2);
    await second.close();
    expect(readdirSync('/run/netns').filter((name) => name.startsWith(sw.slice(0, -3)))).toEqual([]);
    expect(existsSync(directory)).toBe(false);
    for (const pid of pids) expect(existsSync(`/proc/${pid}`)).toBe(false);
  });

  it('shows what a missing "check link yes" does: the route stays without carrier', async () => {
    const careless = await createLab({ checkLink: false });
    try {
      await careless.setCarrier('vlan16', true);
      const { linkLocal, prefix } = careless.servers.vlan16;
      await writeFile(careless.bird.include6, `route ${prefix} via ${linkLocal}%vlan16 { bgp_med = 0; };\n`);
      await careless.reloadBird();
      const present = async (): Promise<boolean> => (await careless.upstreamRoutes()).has(prefix);
      await until('the route is announced', present);
      await careless.setCarrier('vlan16', false);
      await until('the switch sees no carrier', async () => {
        const [link] = (await careless.switchKernel('link', 'show', 'dev', 'vlan16')) as { flags: string[] }[];
        return link?.flags.includes('LOWER_UP') === false;
      });
      expect(await present()).toBe(true);
    } finally {
      await careless.close();
    }
  });
});
