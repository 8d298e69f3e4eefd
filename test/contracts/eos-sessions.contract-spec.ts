import { type IpAddress, type MacAddress, parseIp, parseMac } from '../../events/index.js';
import type { NeighbourChange, NeighbourEntry } from '../../src/drivers/switch/switch.port.js';
import { type EosLab, eosLab, type EosLabOptions, typedLine } from './eos-switch-harness.js';

const entry = (address: string, mac = '52:54:00:00:00:16', name = 'Vlan11'): NeighbourEntry => ({
  interface: name,
  address: parseIp(address) as IpAddress,
  mac: parseMac(mac) as MacAddress,
});
const set = (...entries: NeighbourEntry[]): NeighbourChange[] => entries.map((one) => ({ change: 'set', entry: one }));
const remove = (one: NeighbourEntry): NeighbourChange => ({ change: 'remove', entry: one });
const [v4, v6] = [entry('198.51.100.16'), entry('fe80::5054:ff:fe00:16')];
const portledgerSession = /^configure session portledger-[0-9a-f]{8} /;

describe.each(['4.31', '4.32'] as const)('a push to EOS %s', (version) => {
  let lab: EosLab;
  const open = async (options: EosLabOptions = {}): Promise<EosLab> => (lab = await eosLab({ version, ...options }));
  afterEach(() => lab.close());

  const lines = (): string[] => [...lab.box.running.values()].sort();
  const unfinished = (): string[] =>
    [...lab.box.sessions].filter(([, { state }]) => state !== 'completed').map(([name]) => name);
  const expectUntouched = (): void => {
    expect(lines()).toEqual([]);
    expect(unfinished()).toEqual([]);
    expect(lab.box.timer).toBeUndefined();
  };
  const readOurs = async (): Promise<string[]> =>
    (await lab.driver.read()).neighbours
      .filter(({ ours }) => ours)
      .map(({ address }) => address)
      .sort();

  it('is one session: lines, difference, commit on a timer, reading back, confirmation', async () => {
    await open();
    await lab.driver.apply(set(v4, v6));
    const told = lab.server.heard.filter((command) => !command.startsWith('show ') || command.includes('diffs'));
    const [name] = [...lab.box.sessions.keys()];
    expect(told.filter((command) => command !== 'enable')).toEqual([
      `configure session ${name}`,
      'arp 198.51.100.16 5254.0000.0016 arpa',
      'ipv6 neighbor fe80::5054:ff:fe00:16 Vlan11 5254.0000.0016',
      `show session-config named ${name} diffs`,
      `configure session ${name} commit timer 00:01:00`,
      `configure session ${name} commit`,
    ]);
    expect(unfinished()).toEqual([]);
  });

  it('opens no session where the switch has everything already', async () => {
    await open();
    await lab.driver.apply(set(v4));
    lab.server.heard.length = 0;
    await lab.driver.apply([...set(v4), remove(v6)]);
    expect(lab.server.heard.filter((command) => command.startsWith('configure'))).toEqual([]);
  });

  it('is taken back at once when the switch does not resolve by what it was told', async () => {
    await open();
    lab.box.interfaces.forEach((port) => (port.plugged = true));
    lab.box.notTaken.add(v4.address);
    await expect(lab.driver.apply(set(v4))).rejects.toMatchObject({
      code: 'unreadable',
      message: /198\.51\.100\.16 on Vlan11/,
    });
    expectUntouched();
  });

  it('is taken back when an entry that was removed stays in the tables', async () => {
    await open();
    await lab.driver.apply(set(v4, v6));
    lab.box.stuck.set(v6.address, { vrf: 'default', address: v6.address, mac: '5254.0000.0016', interface: 'Vlan11' });
    await expect(lab.driver.apply([remove(v6)])).rejects.toMatchObject({ code: 'unreadable', message: /still there/ });
    expect(lines()).toHaveLength(2);
    expect(unfinished()).toEqual([]);
  });

  it('fails when the switch says that it committed and did nothing', async () => {
    await open();
    lab.box.liesAboutCommits = true;
    await expect(lab.driver.apply(set(v4))).rejects.toMatchObject({ code: 'unreadable' });
    expectUntouched();
    expect(await readOurs()).toEqual([]);
  });

  it('fails when a commit that was confirmed is taken back all the same', async () => {
    await open();
    lab.server.misbehave = (command) => {
      if (portledgerSession.test(command) && command.endsWith(' commit')) {
        const [name = ''] = lab.box.sessions.keys();
        lab.box.abort(name);
        lab.box.sessions.set(name, { state: 'completed', user: 'portledger', config: new Map() });
        return 'lie';
      }
      return undefined;
    };
    await expect(lab.driver.apply(set(v4))).rejects.toMatchObject({
      code: 'unreadable',
      message: /reading back shows/,
    });
    expectUntouched();
  });

  it('leaves out a line that the switch refuses, the whole of its change, and carries out the others', async () => {
    await open();
    await lab.driver.apply(set(v4));
    const changed = entry('198.51.100.16', '52:54:00:00:00:99');
    lab.server.misbehave = (command) => (command.includes('5254.0000.0099') ? 'refuse' : undefined);
    await expect(lab.driver.apply(set(changed, v6))).rejects.toMatchObject({
      code: 'refused',
      message: /5254\.0000\.0099/,
    });
    expect(lines()).toEqual([typedLine(lab.box, v4), typedLine(lab.box, v6)].sort());
    expect(unfinished()).toEqual([]);
  });

  it('gives its session up when somebody types at the switch meanwhile, and keeps what was typed', async () => {
    await open();
    const typed = entry('198.51.100.77');
    lab.server.misbehave = (command) => {
      if (command.endsWith(' diffs')) lab.box.type(typedLine(lab.box, typed));
      return undefined;
    };
    await expect(lab.driver.apply(set(v4))).rejects.toMatchObject({
      code: 'unreadable',
      message: /somebody else changed/,
    });
    expect(lines()).toEqual([typedLine(lab.box, typed)]);
    expect(unfinished()).toEqual([]);
  });

  it('waits while the commit of somebody else is not confirmed, names it, and leaves it alone', async () => {
    await open();
    const theirs = entry('198.51.100.77');
    lab.box.enter('maintenance', 'ops');
    lab.box.edit('maintenance', typedLine(lab.box, theirs));
    lab.box.commit('maintenance', 3600);
    await expect(lab.driver.apply(set(v4))).rejects.toMatchObject({ code: 'locked', message: /session maintenance/ });
    expect(lab.box.timer?.session).toBe('maintenance');
    expect(lines()).toEqual([typedLine(lab.box, theirs)]);
    lab.box.commit('maintenance');
    await lab.driver.apply(set(v4));
    expect(lines()).toHaveLength(2);
  });

  it('is told as locked when somebody holds the lock, or when all sessions are taken', async () => {
    await open();
    lab.box.lockedBy = 'ops';
    await expect(lab.driver.apply(set(v4))).rejects.toMatchObject({ code: 'locked', message: /locked by ops/ });
    lab.box.lockedBy = undefined;
    for (const name of ['a', 'b', 'c', 'd', 'e']) lab.box.enter(name, 'ops');
    await expect(lab.driver.apply(set(v4))).rejects.toMatchObject({ code: 'locked', message: /Maximum number/ });
    expect(unfinished()).toEqual(['a', 'b', 'c', 'd', 'e']);
    lab.box.abort('a');
    await lab.driver.apply(set(v4));
    expect(unfinished()).toEqual(['b', 'c', 'd', 'e']);
  });

  it('leaves the open sessions of others alone, whatever they are called', async () => {
    await open();
    lab.box.enter('portledger-00000000', 'another engine');
    await lab.driver.apply(set(v4));
    expect(unfinished()).toEqual(['portledger-00000000']);
  });

  it('leaves out an IPv4 address to which nothing leads on the interface, and carries out the others', async () => {
    await open();
    lab.box.interfaces.forEach((port) => (port.plugged = true));
    const elsewhere = entry('192.0.2.200');
    await expect(lab.driver.apply(set(elsewhere, v4, v6))).rejects.toMatchObject({
      code: 'refused',
      message: /192\.0\.2\.200 on Vlan11/,
    });
    expect(lines()).toEqual([typedLine(lab.box, v4), typedLine(lab.box, v6)].sort());
    expect(unfinished()).toEqual([]);
  });

  it('moves an IPv4 address from one interface to the other, and takes nothing away that moved', async () => {
    await open();
    await lab.driver.apply(set(v4));
    lab.box.interfaces.get('Vlan16')?.routes.push('198.51.100.16/32');
    const moved = entry('198.51.100.16', v4.mac, 'Vlan16');
    await lab.driver.apply(set(moved));
    await lab.driver.apply([remove(v4)]);
    expect((await lab.driver.read()).neighbours).toEqual([{ ...moved, ours: true }]);
  });

  it('refuses to set an IPv4 address that somebody else’s line is about, on whatever interface', async () => {
    await open();
    lab.box.type(typedLine(lab.box, entry('198.51.100.17', '52:54:00:00:00:77')));
    expect((await lab.driver.read()).neighbours).toMatchObject([{ interface: 'Vlan16', ours: false }]);
    await expect(lab.driver.apply(set(entry('198.51.100.17'), v6))).rejects.toMatchObject({
      code: 'refused',
      message: /not ours/,
    });
    expect(lines()).toEqual(['arp 198.51.100.17 5254.0000.0077 arpa', typedLine(lab.box, v6)]);
  });

  it('stands in the VRF of the configuration, and nowhere else', async () => {
    await open({ vrf: 'TENANT' });
    await lab.driver.apply(set(v4, v6));
    expect(lines()).toEqual([
      'arp vrf TENANT 198.51.100.16 5254.0000.0016 arpa',
      'ipv6 neighbor vrf TENANT fe80::5054:ff:fe00:16 Vlan11 5254.0000.0016',
    ]);
    expect(await readOurs()).toEqual([v4.address, v6.address]);
    const stray = lab.driverWith({ vrf: 'OTHER' });
    await expect(stray.apply(set(entry('198.51.100.17')))).rejects.toMatchObject({
      code: 'refused',
      message: /VRF TENANT/,
    });
    expect((await stray.read()).neighbours).toEqual([]);
    await lab.driver.apply([remove(v4), remove(v6)]);
    expect(lines()).toEqual([]);
  });

  it('keeps an entry configured while its interface is down, and it counts again when that is up', async () => {
    await open();
    lab.box.interfaces.forEach((port) => (port.plugged = true));
    await lab.setAdmin('Vlan11', false);
    await lab.driver.apply(set(v6));
    expect(await readOurs()).toEqual([]);
    expect(lines()).toEqual([typedLine(lab.box, v6)]);
    await lab.setAdmin('Vlan11', true);
    expect(await readOurs()).toEqual([v6.address]);
  });

  it('knows its entries again when an old startup configuration brings them back, and nobody else’s', async () => {
    await open();
    await lab.driver.apply(set(v4, v6));
    lab.box.startup = lab.box.running;
    await lab.driver.apply([remove(v4)]);
    lab.box.reboot();
    expect(await readOurs()).toEqual([v4.address, v6.address]);
    await lab.driver.apply([remove(v4)]);
    lab.box.type(typedLine(lab.box, entry('198.51.100.16', '52:54:00:00:00:77')));
    expect(await readOurs()).toEqual([v6.address]);
  });

  it('is taken back by the timer of the switch when the engine is gone for good', async () => {
    await open();
    let isGone = false;
    lab.server.misbehave = (command) => {
      if (/ commit$/.test(command)) isGone = true;
      return isGone ? 'reset-before' : undefined;
    };
    const driver = lab.driverWith({ commitSeconds: 30 });
    await expect(driver.apply(set(v4))).rejects.toMatchObject({ code: 'unreachable' });
    expect(lab.box.timer).toBeDefined();
    lab.box.letTimerEnd();
    expectUntouched();
  });

  it.each(['hang', 'reset-before', 'reset-after', 'reset-mid'] as const)(
    'that meets a %s at any of its requests leaves the old state or the new, and the next one succeeds',
    async (fault) => {
      await open({ deadline: fault === 'hang' ? 3_000 : 20_000 });
      const steps = ['enable', 'configure session', 'arp ', 'ipv6 neighbor ', 'show session-config', 'show interfaces'];
      for (const step of [...steps, 'commit timer', 'commit']) {
        lab.box.running = new Map();
        let isArmed = true;
        lab.server.misbehave = (command) => {
          const isMet = isArmed && (step === 'commit' ? command.endsWith(' commit') : command.includes(step));
          if (isMet) isArmed = false;
          return isMet ? fault : undefined;
        };
        await lab.driver.apply(set(v4, v6)).catch(() => undefined);
        expect(isArmed).toBe(false);
        expect([0, 2]).toContain(lines().length);
        await lab.driver.apply(set(v4, v6));
        expect(lines()).toHaveLength(2);
        expect(unfinished()).toEqual([]);
        expect(await readOurs()).toEqual([v4.address, v6.address]);
      }
    },
  );
});
