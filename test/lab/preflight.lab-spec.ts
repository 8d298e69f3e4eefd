import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IpAddress, PortId, ServerId } from '../../events/index.js';
import type { DesiredState } from '../../projections/index.js';
import { createBirdBgp } from '../../src/drivers/bgp/bird.bgp.js';
import type { BgpDriver } from '../../src/drivers/bgp/bgp.port.js';
import { createLinuxSwitch } from '../../src/drivers/switch/linux.switch.js';
import type { SwitchDriver } from '../../src/drivers/switch/switch.port.js';
import type { PreflightCheck, SiteRules } from '../../src/reactors/preflight.js';
import { PreflightHolds } from '../../src/reactors/preflight-holds.js';
import { documentedBase } from './bird-page.js';
import { describeLab } from './describe-lab.js';
import { createLab, type Lab, until } from './lab.js';
import { end, run, startInside } from './lab-process.js';

describeLab('the preflight on a real box', () => {
  let lab: Lab;
  let device: SwitchDriver;
  let bird: BgpDriver;
  const aggregates = ['2001:db8::/32', '198.51.100.0/24'];
  const hostRoute: SiteRules = { sameSubnet: 'host-route', aggregates };

  const sysctl = (path: string, value: number): Promise<string> =>
    run('ip', ['netns', 'exec', lab.sw, 'sh', '-e', '-c', `echo ${value} > /proc/sys/net/${path}`]);
  const nft = (rules: string): Promise<string> => run('ip', ['netns', 'exec', lab.sw, 'nft', rules]);
  const desired = (): DesiredState => {
    const { linkLocal, mac, ipv4, prefix } = lab.servers.vlan16;
    const wanted = { serverId: 's16' as ServerId, interface: 'vlan16', cause: 1 };
    const routed = {
      ...{ ...wanted, med: 0, epoch: 1, port: 'leaf1:Ethernet16' as PortId, linkUp: true },
      gatewayAddresses: ['fe80::1', '198.51.100.1'] as IpAddress[],
    };
    return {
      neighbours: [linkLocal, ipv4].map((address) => ({ ...wanted, address, mac })),
      routes: [
        { ...routed, family: 'ipv6', prefix, nextHop: linkLocal, needs: linkLocal },
        { ...routed, family: 'ipv4', address: ipv4, needs: ipv4 },
      ],
      withheld: [],
    };
  };
  const look = async (site: SiteRules = hostRoute): Promise<readonly PreflightCheck[]> => {
    const holds = new PreflightHolds({ switch: device, bgp: bird, site, interfaces: [], now: () => 0 });
    const [state, bgp] = await Promise.all([device.read(), bird.read()]);
    await holds.look({ switch: state, bgp }, desired());
    return holds.checks;
  };
  /** What does not pass, by name and interface or family. */
  const failures = async (site?: SiteRules): Promise<string[]> =>
    (await look(site))
      .filter(({ result }) => result !== 'pass')
      .map(({ check, interface: name, family }) => `${check} ${name ?? family}`);
  /** Breaks one thing, sees exactly that check fail, mends it, and sees everything pass. */
  const breaks = async (
    failing: readonly string[],
    spoil: () => Promise<unknown>,
    mend: () => Promise<unknown>,
  ): Promise<void> => {
    await spoil();
    try {
      expect(await failures()).toEqual(failing);
    } finally {
      await mend();
    }
    expect(await failures()).toEqual([]);
  };
  const configure = async (text: string): Promise<void> => {
    writeFileSync(lab.bird.confFile, text);
    await lab.reloadBird();
  };
  const kernelRefuses = (destination: string, refuses: boolean): Promise<void> =>
    until(`the kernel ${refuses ? 'refuses' : 'no longer refuses'} ${destination}`, async () => {
      const routes = (await lab.switchKernel('route', 'show', 'table', 'all', 'type', 'unreachable')) as object[];
      return JSON.stringify(routes).includes(destination) === refuses;
    });

  beforeAll(async () => {
    lab = await createLab({ startBird: false });
    const include = (family: number): string => join(lab.directory, `portledger${family}.conf`);
    for (const family of [4, 6]) writeFileSync(include(family), '');
    writeFileSync(lab.bird.confFile, documentedBase());
    await lab.startBird();
    const options = { device: 'leaf1', netns: lab.sw, deadline: 5_000 };
    const interfaces = [...lab.interfaces];
    device = createLinuxSwitch({ ...options, interfaces, stateFile: join(lab.directory, 'leaf1.json') });
    bird = createBirdBgp({ ...options, ...lab.bird, include4: include(4), include6: include(6) });
    await kernelRefuses('2001:db8::/32', true);
    await kernelRefuses('198.51.100.0/24', true);
  });
  afterAll(async () => {
    await Promise.all([device.close(), bird.close()]);
    await lab.close();
  });

  it('passes with the base configuration exactly as its page shows it', async () => {
    const checks = await look();
    expect(checks.filter(({ result }) => result !== 'pass')).toEqual([]);
    expect(checks.map(({ check }) => check)).toEqual([
      ...['gateway-link-local', 'no-on-link-prefix', 'no-on-link-advertisement', 'accept-ra', 'no-questions'],
      ...['ipv4-gateway', 'check-link', 'check-link', 'aggregate', 'aggregate'],
    ]);
  });

  it('fails where the gateway has no link-local address on the interface, and only that', () =>
    breaks(
      ['gateway-link-local vlan16'],
      () => lab.byHand('addr del fe80::1/64 dev vlan16'),
      () => lab.restoreGateway('vlan16'),
    ));

  it('fails where a global prefix is on-link, by an address or by a route, and only that', async () => {
    await breaks(
      ['no-on-link-prefix vlan16'],
      () => lab.byHand('addr add 2001:db8:16::1/64 dev vlan16 nodad'),
      () => lab.byHand('addr del 2001:db8:16::1/64 dev vlan16'),
    );
    await breaks(
      ['no-on-link-prefix vlan16'],
      () => lab.byHand('route add 2001:db8:16::/64 dev vlan16'),
      () => lab.byHand('route del 2001:db8:16::/64 dev vlan16'),
    );
  });

  it('fails where radvd announces a prefix on-link, and passes with the flag off', async () => {
    const conf = join(lab.directory, 'radvd.conf');
    const announce = async (onLink: string): Promise<() => Promise<void>> => {
      const prefix = `prefix 2001:db8:16::/64 { AdvOnLink ${onLink}; AdvAutonomous off; };`;
      writeFileSync(conf, `interface vlan16 { AdvSendAdvert on; ${prefix} };\n`);
      const radvd = startInside(lab.sw, 'radvd', ['-n', '-C', conf, '-p', join(lab.directory, 'radvd.pid')]);
      await until('radvd holds its socket', async () =>
        (await run('ip', ['netns', 'exec', lab.sw, 'cat', '/proc/net/raw6'])).includes(':003A'),
      );
      return () => end(radvd);
    };
    let stop = await announce('on');
    expect(await failures().finally(stop)).toEqual(['no-on-link-advertisement vlan16']);
    stop = await announce('off');
    expect(await failures().finally(stop)).toEqual([]);
  });

  it('fails where BIRD announces the prefix of the interface on-link, and passes with "onlink no"', async () => {
    const radv = (rule: string): string => `protocol radv { interface "vlan*" { ${rule} }; }\n`;
    await lab.byHand('addr add 2001:db8:16::1/64 dev vlan16 nodad');
    try {
      await configure(documentedBase() + radv('prefix 2001:db8:16::/48 { autonomous no; };'));
      expect(await failures()).toEqual(['no-on-link-prefix vlan16', 'no-on-link-advertisement vlan16']);
      await configure(documentedBase() + radv('prefix ::/0 { onlink no; };'));
      expect(await failures()).toEqual(['no-on-link-prefix vlan16']);
    } finally {
      await lab.byHand('addr del 2001:db8:16::1/64 dev vlan16');
      await configure(documentedBase());
    }
  });

  it('fails where the box takes router advertisements, and only that', () =>
    breaks(
      ['accept-ra vlan16'],
      () => sysctl('ipv6/conf/vlan16/accept_ra', 1),
      () => sysctl('ipv6/conf/vlan16/accept_ra', 0),
    ));

  it('fails where the box asks for neighbours, in either family, unless a rule drops the questions', async () => {
    for (const [setting, family] of [
      ['ipv6/neigh/vlan16/mcast_solicit', 'ip6'],
      ['ipv4/neigh/vlan16/ucast_solicit', 'arp'],
      ['ipv6/neigh/vlan16/app_solicit', 'ip6'],
    ] as const) {
      const question = family === 'arp' ? 'arp operation request' : 'icmpv6 type nd-neighbor-solicit';
      const drop = (chain: string): string =>
        `table ${family} quiet {\n chain out {\n type filter hook output priority 0;\n ${chain}\n }\n}\n`;
      await breaks(
        ['no-questions vlan16'],
        () => sysctl(setting, 1),
        async () => {
          await nft(drop(`oifname { "vlan11", "vlan16" } ${question} counter drop`));
          expect(await failures()).toEqual([]);
          await nft(`delete table ${family} quiet`);
          await nft(drop(`oifname "vlan11" ${question} drop`));
          expect(await failures()).toEqual(['no-questions vlan16']);
          await nft(`delete table ${family} quiet`);
          await sysctl(setting, 0);
        },
      );
    }
  });

  it('fails where nobody answers for the IPv4 gateway: it is gone, or ARP is kept silent', async () => {
    await breaks(
      ['ipv4-gateway vlan16'],
      () => lab.byHand('addr del 198.51.100.1/32 dev lo'),
      () => lab.byHand('addr add 198.51.100.1/32 dev lo'),
    );
    await breaks(
      ['ipv4-gateway vlan16'],
      () => sysctl('ipv4/conf/vlan16/arp_ignore', 1),
      () => sysctl('ipv4/conf/vlan16/arp_ignore', 0),
    );
    await breaks(
      ['ipv4-gateway vlan16'],
      () => lab.byHand('link set vlan16 arp off'),
      () => lab.byHand('link set vlan16 arp on'),
    );
  });

  it('fails without proxy ARP where the site declares it, and only there', async () => {
    const site: SiteRules = { ...hostRoute, sameSubnet: 'proxy-arp' };
    expect(await failures(site)).toEqual(['same-subnet vlan16']);
    expect(await failures()).toEqual([]);
    await sysctl('ipv4/conf/vlan16/proxy_arp', 1);
    expect(await failures(site)).toEqual([]);
    await sysctl('ipv4/conf/vlan16/proxy_arp', 0);
  });

  it('fails where a static protocol does not check the link, for the routes of that family', () =>
    breaks(
      ['check-link ipv4'],
      () => configure(documentedBase().replace(/(billing4 \{\n {2}ipv4;\n) {2}check link yes;\n/, '$1')),
      () => configure(documentedBase()),
    ));

  it('fails where an aggregate of the site is not refused by the kernel, and only that', () =>
    breaks(
      ['aggregate ipv6'],
      async () => {
        await configure(documentedBase().replace('route 2001:db8::/32 unreachable;', ''));
        await kernelRefuses('2001:db8::/32', false);
      },
      async () => {
        await configure(documentedBase());
        await kernelRefuses('2001:db8::/32', true);
      },
    ));

  it('says of each failure what was found and what cures it', async () => {
    await sysctl('ipv6/conf/vlan16/accept_ra', 2);
    const failed = (await look()).filter(({ result }) => result === 'fail');
    await sysctl('ipv6/conf/vlan16/accept_ra', 0);
    expect(failed).toEqual([
      {
        check: 'accept-ra',
        interface: 'vlan16',
        result: 'fail',
        found: 'accept_ra is 2: a customer could give this box routes',
        cure: 'sysctl -w net.ipv6.conf.vlan16.accept_ra=0',
      },
    ]);
  });
});
