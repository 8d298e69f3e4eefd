import { join } from 'node:path';
import type { Ipv4Address, Ipv6Address, Ipv6Prefix, MacAddress } from '../../events/index.js';
import type { GuardDriver, GuardKind, PortGuard } from '../../src/drivers/guard/guard.port.js';
import { guardKinds } from '../../src/drivers/guard/guard.port.js';
import { createNftGuard } from '../../src/drivers/guard/nft.guard.js';
import { describeLab } from './describe-lab.js';
import { allowedFrames, forbiddenFrames, gateway, type GuardedServer } from './guard-frames.js';
import { createLab, type Lab, type LabPort } from './lab.js';
import { run } from './lab-process.js';

type Hits = Partial<Record<GuardKind, number>>;

describeLab('the nftables guard', () => {
  let lab: Lab;
  const opened: GuardDriver[] = [];

  const open = (): GuardDriver => {
    const guard = createNftGuard({
      device: 'leaf1',
      netns: lab.sw,
      interfaces: lab.interfaces,
      stateFile: join(lab.directory, 'guard.json'),
    });
    opened.push(guard);
    return guard;
  };
  const serverAt = (port: LabPort): GuardedServer => {
    const { mac, linkLocal, ipv4, prefix } = lab.servers[port];
    return { mac, linkLocal, ipv4, prefix: prefix.replace('/48', '') };
  };
  const guardOf = (port: LabPort, more: Partial<PortGuard> = {}): PortGuard => {
    const { mac, ipv4, prefix } = lab.servers[port];
    return {
      interface: port,
      mode: 'drop',
      closed: false,
      macs: [mac],
      ipv4: [ipv4],
      prefixes: [prefix],
      gatewayMacs: [gateway.mac as MacAddress],
      gatewayIpv4: [gateway.ipv4 as Ipv4Address],
      gatewayIpv6: [gateway.ipv6 as Ipv6Address],
      ...more,
    };
  };
  const nothing = { closed: true, macs: [], ipv4: [], prefixes: [] };
  const hits = async (guard: GuardDriver, port: LabPort): Promise<Hits> => {
    const counts = (await guard.read()).counts.get(port)?.hits ?? {};
    return Object.fromEntries(Object.entries(counts).map(([kind, { frames }]) => [kind, frames]));
  };
  const nft = (...args: string[]): Promise<string> => run('ip', ['netns', 'exec', lab.sw, 'nft', ...args]);

  beforeAll(async () => {
    lab = await createLab({ startBird: false });
    for (const port of ['vlan11', 'vlan16', 'vlan66'] as const) await lab.setCarrier(port, true);
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((guard) => guard.close()));
    await nft('delete', 'table', 'netdev', 'portledger_guard').catch(() => undefined);
  });
  afterAll(() => lab.close());

  it('reads back exactly what was set, and is intact', async () => {
    const guard = open();
    expect((await guard.read()).rules).toBe('missing');
    const ports = [
      guardOf('vlan16', { ipv4: ['198.51.100.16', '198.51.100.17'] as Ipv4Address[] }),
      guardOf('vlan66', nothing),
      guardOf('vlan11', { mode: 'count', prefixes: ['2001:db8:11::/48', '2001:db8:9::9/128'].sort() as Ipv6Prefix[] }),
    ];
    await guard.apply({ set: ports, remove: [] });
    const state = await guard.read();
    expect(state.rules).toBe('intact');
    expect([...state.interfaces].sort()).toEqual([...lab.interfaces].sort());
    expect([...state.ports.values()].sort((a, b) => (a.interface < b.interface ? -1 : 1))).toEqual(
      [...ports].sort((a, b) => (a.interface < b.interface ? -1 : 1)).map((port) => ({ ...port, attached: true })),
    );
  });

  it.each(['drop', 'count'] as const)(
    'in mode %s lets in, and does not count, all that a server sends',
    async (mode) => {
      const guard = open();
      await guard.apply({ set: [guardOf('vlan16', { mode })], remove: [] });
      for (const [what, frame] of Object.entries(allowedFrames(serverAt('vlan16')))) {
        await lab.forge('vlan16', [frame]);
        expect({ what, ...(await hits(guard, 'vlan16')) }).toEqual({ what });
      }
      const counts = (await guard.read()).counts.get('vlan16');
      expect(counts?.seen.frames).toBeGreaterThanOrEqual(Object.keys(allowedFrames(serverAt('vlan16'))).length);
    },
  );

  it('counts what may not be sent under its name, each frame once', async () => {
    const guard = open();
    await guard.apply({ set: [guardOf('vlan16', { mode: 'count' })], remove: [] });
    const expected: Record<string, number> = {};
    for (const [what, kind, frame] of forbiddenFrames(serverAt('vlan16'))) {
      expected[kind] = (expected[kind] ?? 0) + 1;
      await lab.forge('vlan16', [frame]);
      expect({ what, ...(await hits(guard, 'vlan16')) }).toEqual({ what, ...expected });
    }
    const untold: readonly GuardKind[] = ['closed', 'arp-rate', 'nd-rate'];
    expect(Object.keys(expected).sort()).toEqual(guardKinds.filter((kind) => !untold.includes(kind)).sort());
  });

  it('drops it, and nothing else, where the port is told to', async () => {
    const guard = open();
    await guard.apply({ set: [guardOf('vlan16'), guardOf('vlan11', nothing)], remove: [] });
    await withProbe('vlan16', async (passed) => {
      await lab.forge(
        'vlan16',
        forbiddenFrames(serverAt('vlan16')).map(([, , frame]) => frame),
      );
      expect(await passed()).toBe(0);
      await lab.forge('vlan16', Object.values(allowedFrames(serverAt('vlan16'))));
      expect(await passed()).toBe(Object.keys(allowedFrames(serverAt('vlan16'))).length);
    });
    await withProbe('vlan11', async (passed) => {
      const frames = Object.values(allowedFrames(serverAt('vlan11')));
      await lab.forge('vlan11', frames);
      expect(await passed()).toBe(0);
      expect(await hits(guard, 'vlan11')).toMatchObject({ closed: expect.any(Number) as number });
    });
  });

  it('changes one server without touching what is counted or granted at another', async () => {
    const guard = open();
    await guard.apply({ set: [guardOf('vlan16', { mode: 'count' }), guardOf('vlan11')], remove: [] });
    await lab.forge(
      'vlan16',
      forbiddenFrames(serverAt('vlan16')).map(([, , frame]) => frame),
    );
    const before = await hits(guard, 'vlan16');
    const handles = await handlesOf();
    await guard.apply({ set: [guardOf('vlan11', { ipv4: ['198.51.100.99'] as Ipv4Address[] })], remove: ['vlan21'] });
    expect(await hits(guard, 'vlan16')).toEqual(before);
    expect(await handlesOf()).toEqual(handles);
    expect((await guard.read()).ports.get('vlan11')?.ipv4).toEqual(['198.51.100.99']);
    await guard.apply({ set: [guardOf('vlan16', { mode: 'drop' })], remove: ['vlan11'] });
    const { ports } = await guard.read();
    expect([...ports.keys()]).toEqual(['vlan16']);
    expect(ports.get('vlan16')?.mode).toBe('drop');
    expect(await hits(guard, 'vlan16')).toEqual(before);
  });

  it('replaces a prefix by one inside it, and by one around it, in one step', async () => {
    const guard = open();
    for (const prefix of ['2001:db8:16::/48', '2001:db8:16:1::/64', '2001:db8::/32', '2001:db8:16::/48']) {
      await guard.apply({ set: [guardOf('vlan16', { prefixes: [prefix as Ipv6Prefix] })], remove: [] });
      expect((await guard.read()).ports.get('vlan16')?.prefixes).toEqual([prefix]);
    }
  });

  it('touches no table of anybody else', async () => {
    await nft('add', 'table', 'netdev', 'somebody');
    await nft('add', 'chain', 'netdev', 'somebody', 'mine', '{ type filter hook ingress device "vlan16" priority 0; }');
    await nft('add', 'table', 'inet', 'portledger_guard');
    try {
      const others = async () => [await nft('list', 'table', 'netdev', 'somebody'), await nft('list', 'tables')];
      const before = await others();
      const guard = open();
      await guard.apply({ set: [guardOf('vlan16')], remove: [] });
      await nft('add', 'rule', 'netdev', 'portledger_guard', 'guard', 'accept');
      await guard.apply({ set: [], remove: [] });
      await guard.apply({ set: [], remove: ['vlan16'] });
      await nft('delete', 'table', 'netdev', 'portledger_guard');
      expect(await others()).toEqual(before);
    } finally {
      await nft('delete', 'table', 'netdev', 'somebody');
      await nft('delete', 'table', 'inet', 'portledger_guard');
    }
  });

  it.each([
    ['a rule added', (at: typeof nft) => at('insert', 'rule', 'netdev', 'portledger_guard', 'guard', 'accept')],
    ['a chain emptied', (at: typeof nft) => at('flush', 'chain', 'netdev', 'portledger_guard', 'over_ipv6')],
    ['a chain nobody knows', (at: typeof nft) => at('add', 'chain', 'netdev', 'portledger_guard', 'mine')],
    ['a set nobody knows', (at: typeof nft) => at('add', 'set', 'netdev', 'portledger_guard', 'x', '{ type mark; }')],
    ['a port without its jump', (at: typeof nft) => at('flush', 'chain', 'netdev', 'portledger_guard', 'in_vlan16')],
    [
      'half an address of the gateway',
      (at: typeof nft) => at('flush', 'set', 'netdev', 'portledger_guard', 'gateway_target'),
    ],
  ])('sees %s by hand, and makes the table whole again', async (_what, edit) => {
    const guard = open();
    const ports = [guardOf('vlan16', { mode: 'count' }), guardOf('vlan66', nothing)];
    await guard.apply({ set: ports, remove: [] });
    await edit(nft);
    expect((await guard.read()).rules).toBe('changed');
    await guard.apply({ set: ports, remove: [] });
    const state = await guard.read();
    expect(state.rules).toBe('intact');
    expect(state.ports.get('vlan16')).toEqual({ ...ports[0], attached: true });
  });

  it('sees an element added or taken away by hand as what the port then lets in', async () => {
    const guard = open();
    await guard.apply({ set: [guardOf('vlan16')], remove: [] });
    await nft('add', 'element', 'netdev', 'portledger_guard', 'sold_ip4', '{ "vlan16" . 203.0.113.9 }');
    await nft('flush', 'set', 'netdev', 'portledger_guard', 'dropping');
    expect((await guard.read()).ports.get('vlan16')).toMatchObject({
      mode: 'count',
      ipv4: ['198.51.100.16', '203.0.113.9'],
    });
    await guard.apply({ set: [guardOf('vlan16')], remove: [] });
    expect((await guard.read()).ports.get('vlan16')).toEqual({ ...guardOf('vlan16'), attached: true });
  });

  it('goes on guarding through an admin bounce, and after the interface was made anew', async () => {
    const guard = open();
    await guard.apply({ set: [guardOf('vlan66')], remove: [] });
    const foreign = forbiddenFrames(serverAt('vlan66')).find(([, kind]) => kind === 'foreign-mac')?.[2] ?? '';
    const count = async () => (await hits(guard, 'vlan66'))['foreign-mac'] ?? 0;
    await lab.adminDown('vlan66');
    await lab.adminUp('vlan66');
    await lab.forge('vlan66', [foreign]);
    expect(await count()).toBe(1);
    const { namespace, mac } = lab.servers.vlan66;
    await lab.byHand('link del vlan66');
    expect((await guard.read()).interfaces.has('vlan66')).toBe(false);
    await lab.byHand(
      `link add vlan66 address ${gateway.mac} type veth peer name eth0 address ${mac} netns ${namespace}`,
      'link set vlan66 up',
    );
    await run('ip', ['-n', namespace, 'link', 'set', 'eth0', 'up']);
    // Kernels before 6.16 drop the chain with its interface: then reading shows it, and applying brings it back.
    await guard.apply({ set: [guardOf('vlan66')], remove: [] });
    expect((await guard.read()).ports.get('vlan66')).toEqual({ ...guardOf('vlan66'), attached: true });
    const since = await count();
    await lab.forge('vlan66', [foreign]);
    expect(await count()).toBe(since + 1);
    await lab.restoreGateway('vlan66');
  });

  it('sends nothing of what is not what its type says, and names it', async () => {
    const guard = open();
    const forged: Partial<PortGuard>[] = [
      { macs: ['52:54:00:00:00:16 }; flush ruleset; add' as MacAddress] },
      { macs: ['5254.0000.0016' as MacAddress] },
      { ipv4: ['198.51.100.016' as Ipv4Address] },
      { prefixes: ['2001:db8:16::1/48' as Ipv6Prefix] },
      { gatewayIpv6: ['fe80::1%vlan16' as Ipv6Address] },
      { interface: 'vlan16"; drop' },
    ];
    for (const more of forged) {
      await expect(guard.apply({ set: [guardOf('vlan16', more)], remove: [] })).rejects.toMatchObject({
        code: 'refused',
      });
    }
    expect((await guard.read()).rules).toBe('missing');
    expect(() =>
      createNftGuard({ device: 'x', interfaces: ['a b'], stateFile: join(lab.directory, 'x.json') }),
    ).toThrow('is no Linux interface name');
  });

  const handlesOf = async (): Promise<string[]> =>
    [...(await nft('-a', 'list', 'table', 'netdev', 'portledger_guard')).matchAll(/# handle (\d+)/g)].map(
      ([all]) => all,
    );

  /** Counts what the guard lets through, in a table of somebody else's that comes after it. */
  async function withProbe(port: LabPort, work: (passed: () => Promise<number>) => Promise<void>): Promise<void> {
    await nft('add', 'table', 'netdev', 'probe');
    try {
      await nft('add', 'chain', 'netdev', 'probe', 'c', `{ type filter hook ingress device "${port}" priority 0; }`);
      await nft('add', 'rule', 'netdev', 'probe', 'c', 'counter');
      await work(async () => Number(/packets (\d+)/.exec(await nft('list', 'table', 'netdev', 'probe'))?.[1]));
    } finally {
      await nft('delete', 'table', 'netdev', 'probe');
    }
  }
});
