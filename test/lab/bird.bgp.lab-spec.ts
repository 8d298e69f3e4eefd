import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ipv4Address, Ipv6Address, Ipv6Prefix } from '../../events/index.js';
import { createBirdBgp } from '../../src/drivers/bgp/bird.bgp.js';
import { BirdControl } from '../../src/drivers/bgp/bird-control.js';
import { type BgpDriver, type Route, routeKey } from '../../src/drivers/bgp/bgp.port.js';
import { describeLab } from './describe-lab.js';
import { createLab, type Lab, type LabPort, until } from './lab.js';

const logId = '3f0e0f5c-7a53-4a43-9c5c-1f6f0a1f7f11';
const stamp = (ordinal: number): { logId: string; ordinal: number } => ({ logId, ordinal });

describeLab('the BIRD driver', () => {
  let lab: Lab;
  let bird: BgpDriver;
  let control: BirdControl;

  const opened: BgpDriver[] = [];

  const open = (options: { confFile?: undefined } = {}): BgpDriver => {
    const driver = createBirdBgp({ device: 'leaf1-bird', netns: lab.sw, deadline: 5_000, ...lab.bird, ...options });
    opened.push(driver);
    return driver;
  };
  const v6 = (port: LabPort, med = 0): Route => {
    const { prefix, linkLocal } = lab.servers[port];
    return { family: 'ipv6', prefix, nextHop: linkLocal, interface: port, med };
  };
  const v4 = (port: LabPort, med = 0): Route => ({
    family: 'ipv4',
    address: lab.servers[port].ipv4,
    interface: port,
    med,
  });
  const upstream = async (): Promise<string[]> => {
    const routes = [...(await lab.upstreamRoutes()).values()];
    return routes.map(({ destination, med }) => `${destination} ${med}`).sort();
  };
  const upstreamHears = (expected: readonly string[]): Promise<void> =>
    until(
      `the upstream hears ${expected.join(', ') || 'nothing'}`,
      async () => (await upstream()).join() === [...expected].sort().join(),
    );
  const lastReload = async (): Promise<string | undefined> =>
    (await control.command('show status')).lines.find(({ text }) => text.startsWith('Last reconfiguration'))?.text;
  const kernelHolds = async (): Promise<string[]> => {
    const routes = (await lab.switchKernel('route', 'show', 'table', 'all', 'proto', 'bird')) as {
      dst: string;
      dev: string;
    }[];
    return routes.map(({ dst, dev }) => `${dst} ${dev}`).sort();
  };

  beforeAll(async () => {
    lab = await createLab();
    await Promise.all([lab.setCarrier('vlan16', true), lab.setCarrier('vlan11', true)]);
    control = new BirdControl('lab', lab.bird.socket, 5_000);
  });
  beforeEach(async () => {
    bird = open();
    await bird.setRoutes([], stamp(-1));
    await upstreamHears([]);
  });
  afterEach(() => Promise.all(opened.splice(0).map((driver) => driver.close())));
  afterAll(async () => {
    await control.close();
    await lab.close();
  });

  it('announces both families with their MED, to the kernel and to the upstream', async () => {
    const routes = [v6('vlan16'), v6('vlan11', 50), v4('vlan16')];
    await bird.setRoutes(routes, stamp(7));
    await upstreamHears(['2001:db8:16::/48 0', '2001:db8:11::/48 50', '198.51.100.16/32 0']);
    expect(await kernelHolds()).toEqual(['198.51.100.16 vlan16', '2001:db8:11::/48 vlan11', '2001:db8:16::/48 vlan16']);
    const state = await bird.read();
    const keys = new Set(routes.map(routeKey));
    expect(state).toEqual({
      owned: expect.arrayContaining(routes) as unknown,
      inTable: keys,
      inKernel: keys,
      stamp: stamp(7),
    });
    expect(state.owned).toHaveLength(3);
  });

  it('withdraws what is no longer wanted, from the kernel and from the upstream', async () => {
    await bird.setRoutes([v6('vlan16'), v4('vlan16'), v6('vlan11')], stamp(7));
    await upstreamHears(['2001:db8:16::/48 0', '2001:db8:11::/48 0', '198.51.100.16/32 0']);
    await bird.setRoutes([v6('vlan11')], stamp(8));
    await upstreamHears(['2001:db8:11::/48 0']);
    expect(await kernelHolds()).toEqual(['2001:db8:11::/48 vlan11']);
    const state = await bird.read();
    expect(state.owned).toEqual([v6('vlan11')]);
    expect(state.inTable).toEqual(new Set(['2001:db8:11::/48 vlan11']));
  });

  it('keeps the stamp in its files when there are no routes', async () => {
    await bird.setRoutes([], stamp(9));
    expect(await readFile(lab.bird.include6, 'utf8')).toBe(`# portledger log=${logId} ordinal=9\n`);
    expect(await readFile(lab.bird.include4, 'utf8')).toBe(`# portledger log=${logId} ordinal=9\n`);
    expect((await open().read()).stamp).toEqual(stamp(9));
  });

  it('lets an older map undo nothing that another engine did since it was read', async () => {
    await bird.setRoutes([v6('vlan16'), v6('vlan11')], stamp(50));
    const other = open();
    await Promise.all([bird.read(), other.read()]);
    await bird.setRoutes([v6('vlan11')], stamp(100));
    await expect(other.setRoutes([v6('vlan16')], stamp(60))).rejects.toMatchObject({ code: 'refused' });
    expect((await other.read()).owned).toEqual([v6('vlan11')]);
    await upstreamHears(['2001:db8:11::/48 0']);
  });

  it('does not reload the daemon when only the stamp changed, nor after a restart of the engine', async () => {
    await bird.setRoutes([v6('vlan16')], stamp(7));
    const before = await lastReload();
    await bird.setRoutes([v6('vlan16')], stamp(7));
    await bird.setRoutes([v6('vlan16')], stamp(8));
    const restarted = open();
    await restarted.setRoutes([v6('vlan16')], stamp(9));
    expect(await lastReload()).toBe(before);
    expect((await bird.read()).stamp).toEqual(stamp(9));
    await bird.setRoutes([v6('vlan16', 5)], stamp(9));
    expect(await lastReload()).not.toBe(before);
  });

  it('reloads unchanged files that the daemon never confirmed, as after a kill in the middle of a push', async () => {
    await bird.setRoutes([v6('vlan16')], stamp(7));
    const line = `route 2001:db8:16::/48 via ${lab.servers.vlan16.linkLocal}%vlan16 { bgp_med = 50; };\n`;
    await writeFile(lab.bird.include6, `# portledger log=${logId} ordinal=8 pending\n${line}`);
    await open().setRoutes([v6('vlan16', 50)], stamp(8));
    await upstreamHears(['2001:db8:16::/48 50']);
    expect(await readFile(lab.bird.include6, 'utf8')).toBe(`# portledger log=${logId} ordinal=8\n${line}`);
  });

  it('reloads when somebody undid the configuration behind its back', async () => {
    await bird.setRoutes([v6('vlan16')], stamp(7));
    await upstreamHears(['2001:db8:16::/48 0']);
    await control.command('configure undo');
    await upstreamHears([]);
    await bird.setRoutes([v6('vlan16')], stamp(7));
    await upstreamHears(['2001:db8:16::/48 0']);
  });

  it('withdraws with the carrier on its own, and reads the route as wanted but not there', async () => {
    await bird.setRoutes([v6('vlan16'), v4('vlan16')], stamp(7));
    await upstreamHears(['2001:db8:16::/48 0', '198.51.100.16/32 0']);
    await lab.setCarrier('vlan16', false);
    await upstreamHears([]);
    const state = await bird.read();
    expect([state.owned.length, state.inTable.size, state.inKernel?.size]).toEqual([2, 0, 0]);
    await lab.setCarrier('vlan16', true);
    await upstreamHears(['2001:db8:16::/48 0', '198.51.100.16/32 0']);
  });

  it('refuses what BIRD would take: a doubled prefix, a next hop that is not link-local, a wrong MED', async () => {
    await bird.setRoutes([v6('vlan16')], stamp(7));
    const before = await readFile(lab.bird.include6, 'utf8');
    const doubled = [v6('vlan16'), { ...v6('vlan16'), interface: 'vlan11' }];
    await expect(bird.setRoutes(doubled, stamp(8))).rejects.toThrow(
      /2001:db8:16::\/48 is wanted twice, on vlan16 and vlan11/,
    );
    const odd: Route[] = [
      {
        family: 'ipv6',
        prefix: '2001:db8:16::/48' as Ipv6Prefix,
        nextHop: '2001:db8::16' as Ipv6Address,
        interface: 'vlan16',
        med: 0,
      },
      {
        family: 'ipv6',
        prefix: '2001:db8:16::1/48' as Ipv6Prefix,
        nextHop: 'fe80::16' as Ipv6Address,
        interface: 'vlan16',
        med: 0,
      },
      { family: 'ipv4', address: '198.51.100.16' as Ipv4Address, interface: 'vlan16"; };', med: 0 },
      { family: 'ipv4', address: '198.51.100.16' as Ipv4Address, interface: 'vlan16', med: -1 },
    ];
    for (const route of odd) await expect(bird.setRoutes([route], stamp(8))).rejects.toMatchObject({ code: 'refused' });
    expect(await readFile(lab.bird.include6, 'utf8')).toBe(before);
  });

  it('puts the include files back when BIRD refuses the configuration, and names file and line', async () => {
    await bird.setRoutes([v6('vlan16')], stamp(7));
    await upstreamHears(['2001:db8:16::/48 0']);
    const before = await readFile(lab.bird.include6, 'utf8');
    const good = await readFile(lab.bird.confFile, 'utf8');
    await writeFile(lab.bird.confFile, `${good}nonsense here;\n`);
    try {
      const work = bird.setRoutes([v6('vlan11'), v4('vlan11')], stamp(8));
      await expect(work).rejects.toMatchObject({ code: 'refused' });
      await expect(work).rejects.toThrow(/8002 .*sw\.conf:\d+:\d+ syntax error/);
      expect(await readFile(lab.bird.include6, 'utf8')).toBe(before);
      expect(await readFile(lab.bird.include4, 'utf8')).toBe(`# portledger log=${logId} ordinal=7\n`);
      expect(await upstream()).toEqual(['2001:db8:16::/48 0']);
    } finally {
      await writeFile(lab.bird.confFile, good);
    }
  });

  it('names a line in its own file that it did not write, and changes nothing', async () => {
    const text = `# portledger log=${logId} ordinal=7\nroute 2001:db8:66::/48 blackhole;\n`;
    await writeFile(lab.bird.include6, text);
    try {
      await expect(bird.read()).rejects.toThrow(`${lab.bird.include6}:2 was not written by portledger`);
      await expect(bird.setRoutes([v6('vlan16')], stamp(8))).rejects.toMatchObject({ code: 'unreadable' });
      expect(await readFile(lab.bird.include6, 'utf8')).toBe(text);
    } finally {
      await writeFile(lab.bird.include6, '');
    }
  });

  it('says that BIRD is not running, touches no file meanwhile, and resumes by itself', async () => {
    await bird.setRoutes([v6('vlan16')], stamp(7));
    const before = await readFile(lab.bird.include6, 'utf8');
    await lab.stopBird();
    for (const work of [bird.read(), bird.setRoutes([], stamp(8))]) {
      await expect(work).rejects.toMatchObject({ code: 'unreachable' });
      await expect(work).rejects.toThrow(lab.bird.socket);
    }
    expect(await readFile(lab.bird.include6, 'utf8')).toBe(before);
    await lab.startBird();
    await bird.setRoutes([v4('vlan16')], stamp(9));
    await upstreamHears(['198.51.100.16/32 0']);
  });

  it('tells of a push that was cut off before the daemon confirmed it, and keeps the daemon from going back', async () => {
    await bird.setRoutes([v6('vlan16')], stamp(7));
    const line = `route 2001:db8:16::/48 via ${lab.servers.vlan16.linkLocal}%vlan16 { bgp_med = 50; };\n`;
    const cutOff = async (): Promise<void> => {
      await writeFile(lab.bird.include6, `# portledger log=${logId} ordinal=8 pending\n${line}`);
      await control.command('configure timeout 1');
      await upstreamHears(['2001:db8:16::/48 50']);
    };
    await cutOff();
    const after = open();
    const state = await after.read();
    expect([state.owned, state.unconfirmed]).toEqual([[v6('vlan16', 50)], true]);
    await after.setRoutes(state.owned, stamp(8));
    expect((await after.read()).unconfirmed).toBeUndefined();
    await sleep(1_500);
    expect(await upstream()).toEqual(['2001:db8:16::/48 50']);

    await bird.setRoutes([v6('vlan16')], stamp(9));
    await upstreamHears(['2001:db8:16::/48 0']);
    await cutOff();
    await upstreamHears(['2001:db8:16::/48 0']);
    expect((await open().read()).owned).toEqual([{ ...v6('vlan16'), communities: [] }]);
  });

  it('leaves alone what somebody else tries out until it is confirmed, and says how', async () => {
    await bird.setRoutes([v6('vlan16')], stamp(7));
    const before = await readFile(lab.bird.include6, 'utf8');
    await control.command('configure timeout 60');
    await expect(bird.setRoutes([v6('vlan11')], stamp(8))).rejects.toMatchObject({ code: 'locked' });
    expect(await readFile(lab.bird.include6, 'utf8')).toBe(before);
    expect((await control.command('configure status')).lines.some(({ code }) => code === '0022')).toBe(true);
    await control.command('configure confirm');
    await bird.setRoutes([v6('vlan11')], stamp(9));
    await upstreamHears(['2001:db8:11::/48 0']);
  });

  it('leaves a route alone that somebody else has in its protocol', async () => {
    const good = await readFile(lab.bird.confFile, 'utf8');
    await writeFile(lab.bird.confFile, good.replace('ipv6; check', 'ipv6; route 2001:db8:77::/48 unreachable; check'));
    try {
      await control.command('configure');
      await bird.setRoutes([v6('vlan16')], stamp(7));
      expect((await bird.read()).owned).toEqual([v6('vlan16')]);
      await upstreamHears(['2001:db8:16::/48 0', '2001:db8:77::/48 undefined']);
      await bird.setRoutes([], stamp(8));
      await upstreamHears(['2001:db8:77::/48 undefined']);
    } finally {
      await writeFile(lab.bird.confFile, good);
      await control.command('configure');
    }
  });

  it('learns the configuration file from the daemon where it is not named', async () => {
    const asking = open({ confFile: undefined });
    await asking.setRoutes([v6('vlan16')], stamp(7));
    expect((await asking.read()).inTable.size).toBe(1);
  });

  it('refuses a daemon that is not told to read our file, with the line to add', async () => {
    const good = await readFile(lab.bird.confFile, 'utf8');
    const broken = {
      [`include "${lab.bird.include4}";`]: good.replace(`include "${lab.bird.include4}";`, ''),
      'protocol static billing6': good.replaceAll('billing6 {', 'other6 {'),
    };
    try {
      for (const [message, text] of Object.entries(broken)) {
        await writeFile(lab.bird.confFile, text);
        await expect(bird.setRoutes([v6('vlan16')], stamp(8))).rejects.toMatchObject({ code: 'misconfigured' });
        await expect(bird.read()).rejects.toThrow(message);
      }
    } finally {
      await writeFile(lab.bird.confFile, good);
    }
    expect(await upstream()).toEqual([]);
  });

  it('adds nothing where a daemon is not told to check the link, and still withdraws', async () => {
    const good = await readFile(lab.bird.confFile, 'utf8');
    await bird.setRoutes([v6('vlan16'), v6('vlan11')], stamp(7));
    const broken = [
      good.replace('check link yes;', ''),
      good.replace('check link yes;', '# check link yes;\n'),
      good.replaceAll('check link yes;', 'check link no;'),
    ];
    try {
      for (const text of broken) {
        await writeFile(lab.bird.confFile, text);
        const work = bird.setRoutes([v6('vlan16'), v6('vlan11', 5)], stamp(8));
        await expect(work).rejects.toMatchObject({ code: 'misconfigured' });
        await expect(work).rejects.toThrow('lacks the line  check link yes;');
        const { checkLink } = (await bird.preflight?.([])) ?? { checkLink: [] };
        expect(checkLink.find(({ family }) => family === 'ipv6')?.checks).toEqual({ known: false });
      }
      expect(await upstream()).toEqual(['2001:db8:11::/48 0', '2001:db8:16::/48 0']);
      await bird.setRoutes([v6('vlan16')], stamp(9));
      await upstreamHears(['2001:db8:16::/48 0']);
    } finally {
      await writeFile(lab.bird.confFile, good);
    }
  });

  it('loads a configuration that was mended on disk but not in the daemon before it announces', async () => {
    const good = await readFile(lab.bird.confFile, 'utf8');
    await bird.setRoutes([v6('vlan16')], stamp(7));
    await writeFile(lab.bird.confFile, good.replaceAll('check link yes;', ''));
    await control.command('configure');
    await writeFile(lab.bird.confFile, good);
    await bird.setRoutes([v6('vlan16')], stamp(7));
    await lab.setCarrier('vlan16', false);
    await upstreamHears([]);
    await lab.setCarrier('vlan16', true);
  });
});
