import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { IpAddress, MacAddress } from '../../events/index.js';
import { createLinuxSwitch } from '../../src/drivers/switch/linux.switch.js';
import type { NeighbourEntry, SwitchDriver } from '../../src/drivers/switch/switch.port.js';
import { describeLab } from './describe-lab.js';
import { createLab, type Lab, until } from './lab.js';
import { run } from './lab-process.js';

interface KernelEntry {
  readonly dst: string;
  readonly dev: string;
  readonly lladdr: string;
}

describeLab('the Linux switch', () => {
  let lab: Lab;
  const opened: SwitchDriver[] = [];

  const open = (): SwitchDriver => {
    const driver = createLinuxSwitch({
      device: 'leaf1',
      netns: lab.sw,
      interfaces: ['vlan11', 'vlan16'],
      stateFile: join(lab.directory, 'leaf1.json'),
      deadline: 5_000,
    });
    opened.push(driver);
    return driver;
  };
  const held = async (): Promise<NeighbourEntry[]> => {
    const entries = (await lab.switchKernel('neigh', 'show', 'nud', 'permanent')) as KernelEntry[];
    return entries
      .filter(({ dev }) => dev === 'vlan11' || dev === 'vlan16')
      .map(({ dst, dev, lladdr }) => ({ interface: dev, address: dst as IpAddress, mac: lladdr as MacAddress }));
  };
  /** The kernel tells of a second change within a second late; the check is about the driver, not about that. */
  const carrierIs = (name: string, up: boolean): Promise<void> =>
    until(`${name} has ${up ? '' : 'no '}carrier`, async () => {
      const [link] = (await lab.switchKernel('link', 'show', 'dev', name)) as { flags: string[] }[];
      return link?.flags.includes('LOWER_UP') === up;
    });
  const clean = async (): Promise<void> => {
    await Promise.all(opened.splice(0).map((driver) => driver.close()));
    await lab.byHand(
      ...(await held()).map(({ address, interface: on }) => `neigh del ${address} dev ${on}`),
      'neigh show',
    );
    for (const port of ['vlan11', 'vlan16'] as const) {
      await lab.setCarrier(port, false);
      await lab.adminUp(port);
      await lab.restoreGateway(port);
      await carrierIs(port, false);
    }
    await rm(join(lab.directory, 'leaf1.json'), { force: true });
  };

  beforeAll(async () => {
    lab = await createLab({ startBird: false });
  });
  afterEach(clean);
  afterAll(() => lab.close());

  it('marks its entries with the protocol number and renders values from their bytes', async () => {
    const driver = open();
    const entry = { interface: 'vlan16', address: 'fe80::16' as IpAddress, mac: '52:54:00:00:00:16' as MacAddress };
    await driver.apply([{ change: 'set', entry }]);
    expect(await lab.switchKernel('neigh', 'show', 'dev', 'vlan16', 'nud', 'permanent')).toEqual([
      { dst: 'fe80::16', lladdr: '52:54:00:00:00:16', state: ['PERMANENT'], protocol: '155' },
    ]);
    for (const address of ['fe80::17 dev lo', '198.51.100.016', 'fe80::1%vlan16']) {
      const forged = { ...entry, address: address as IpAddress };
      await expect(driver.apply([{ change: 'set', entry: forged }])).rejects.toMatchObject({ code: 'refused' });
    }
    expect(await held()).toHaveLength(1);
  });

  it('refuses to write where the interface is in no VRF and one is configured', async () => {
    const driver = createLinuxSwitch({
      device: 'leaf1',
      netns: lab.sw,
      interfaces: ['vlan11', 'vlan16'],
      vrf: 'customers',
      stateFile: join(lab.directory, 'leaf1.json'),
    });
    opened.push(driver);
    const entry = { interface: 'vlan16', address: 'fe80::16' as IpAddress, mac: '52:54:00:00:00:16' as MacAddress };
    await expect(driver.apply([{ change: 'set', entry }])).rejects.toThrow(
      /vlan16 is in the default VRF, not in VRF customers as configured/,
    );
    expect(await held()).toEqual([]);
  });

  it('reads the gateway addresses of the whole box and the link-local of each interface', async () => {
    const state = await open().read();
    expect([...state.boxAddresses]).toEqual(
      expect.arrayContaining(['198.51.100.1', '2001:db8::1', 'fe80::1', '10.255.1.1']),
    );
    expect(state.interfaces.get('vlan16')).toEqual({
      name: 'vlan16',
      adminUp: true,
      carrier: false,
      addresses: ['fe80::1'],
    });
    expect([...state.interfaces.keys()].sort()).toEqual(['vlan11', 'vlan16']);
  });

  it('hints when a permanent entry or a gateway address is taken away by hand', async () => {
    const driver = open();
    const entry = { interface: 'vlan16', address: 'fe80::16' as IpAddress, mac: '52:54:00:00:00:16' as MacAddress };
    await driver.apply([{ change: 'set', entry }]);
    const hints: (string | undefined)[] = [];
    driver.watch((name) => hints.push(name));
    await until('the watch has begun', () => hints.includes(undefined));
    hints.length = 0;
    await lab.byHand('neigh del fe80::16 dev vlan16');
    await until('a hint at vlan16', () => hints.includes('vlan16'));
    await lab.byHand('addr del 198.51.100.1/32 dev lo', 'addr add 198.51.100.1/32 dev lo');
    await until('a hint at the box', () => hints.includes(undefined));
  });

  it('names a namespace that is gone with the cure, and resumes when it is there again', async () => {
    const name = `${lab.sw}2`;
    const make = async (): Promise<void> => {
      await run('ip', ['netns', 'add', name]);
      await run('ip', ['-n', name, 'link', 'add', 'vlan11', 'type', 'veth', 'peer', 'name', 'far']);
    };
    await make();
    const driver = createLinuxSwitch({
      device: 'leaf2',
      netns: name,
      interfaces: ['vlan11'],
      stateFile: join(lab.directory, 'leaf2.json'),
    });
    const hints: (string | undefined)[] = [];
    driver.watch((hint) => hints.push(hint));
    try {
      expect((await driver.read()).interfaces.has('vlan11')).toBe(true);
      await until('the watch has begun', () => hints.length > 0);
      await run('ip', ['netns', 'del', name]);
      await expect(driver.read()).rejects.toMatchObject({ code: 'namespace-gone' });
      await expect(driver.read()).rejects.toThrow(`ip netns add ${name}`);
      await until('the end of the watch is told', () => hints.length > 1);
      hints.length = 0;
      await make();
      expect((await driver.read()).interfaces.get('vlan11')?.adminUp).toBe(false);
      await until('the watch has begun again', () => hints.includes(undefined));
      hints.length = 0;
      await run('ip', ['-n', name, 'link', 'set', 'vlan11', 'up']);
      await until('a hint from the new namespace', () => hints.includes('vlan11'));
    } finally {
      await driver.close();
      await run('ip', ['netns', 'del', name]);
    }
  });

  it('tells that a namespace was replaced behind its name before it reads the new one', async () => {
    const name = `${lab.sw}3`;
    await run('ip', ['netns', 'add', name]);
    const driver = createLinuxSwitch({
      device: 'leaf3',
      netns: name,
      interfaces: ['vlan11'],
      stateFile: join(lab.directory, 'leaf3.json'),
    });
    try {
      expect((await driver.read()).interfaces.size).toBe(0);
      await run('ip', ['netns', 'del', name]);
      await run('ip', ['netns', 'add', name]);
      await run('ip', ['-n', name, 'link', 'add', 'vlan11', 'type', 'veth', 'peer', 'name', 'far']);
      await expect(driver.read()).rejects.toThrow(/replaced/);
      expect((await driver.read()).interfaces.size).toBe(1);
    } finally {
      await driver.close();
      await run('ip', ['netns', 'del', name]);
    }
  });

  it('names a state file that says no stamp, and a folder that is missing', async () => {
    const file = join(lab.directory, 'leaf1.json');
    await writeFile(file, '{"ordinal": 3');
    await expect(open().read()).rejects.toThrow(`leaf1: ${file} is no stamp`);
    const nowhere = createLinuxSwitch({
      device: 'leaf4',
      netns: lab.sw,
      interfaces: [],
      stateFile: join(lab.directory, 'no', 'leaf4.json'),
    });
    opened.push(nowhere);
    await expect(nowhere.writeStamp({ logId: 'a', ordinal: 1 })).rejects.toMatchObject({ code: 'misconfigured' });
  });
});
