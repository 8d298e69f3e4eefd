import { type IpAddress, type MacAddress, parseIp, parseMac } from '../../events/index.js';
import type { NeighbourChange, NeighbourEntry } from '../../src/drivers/switch/switch.port.js';
import { type IosLab, iosLab, type IosLabOptions, typedIosLine } from './ios-switch-harness.js';

const entry = (address: string, mac = '52:54:00:00:00:16', name = 'Vlan11'): NeighbourEntry => ({
  interface: name,
  address: parseIp(address) as IpAddress,
  mac: parseMac(mac) as MacAddress,
});
const set = (...entries: NeighbourEntry[]): NeighbourChange[] => entries.map((one) => ({ change: 'set', entry: one }));
const [v4, v6] = [entry('198.51.100.16'), entry('fe80::5054:ff:fe00:16')];

describe('a push to IOS', () => {
  let lab: IosLab;
  const open = async (options: IosLabOptions = {}): Promise<IosLab> => (lab = await iosLab(options));
  afterEach(() => lab.close());
  const lines = (): string[] => [...lab.box.running.values()].sort();

  it('is lines under the revert timer, reading back, and a confirmation', async () => {
    await open();
    await lab.driver.apply(set(v4, v6));
    const told = lab.heard.filter((command) => !/^(?:show|terminal) /.test(command));
    expect(told).toEqual([
      'configure terminal revert timer 1',
      'arp 198.51.100.16 5254.0000.0016 ARPA',
      'ipv6 neighbor FE80::5054:FF:FE00:16 Vlan11 5254.0000.0016',
      'end',
      'configure confirm',
    ]);
    expect(lab.box.timer).toBeUndefined();
    await lab.driver.apply([{ change: 'remove', entry: v4 }]);
    expect(lab.heard).toContain('no arp 198.51.100.16 5254.0000.0016 ARPA');
    expect(lines()).toEqual([typedIosLine(lab.box, v6)]);
  });

  it('is taken back at once when the box does not resolve by what it was told', async () => {
    await open();
    lab.box.interfaces.forEach((port) => (port.plugged = true));
    lab.box.notTaken.add(v4.address);
    await expect(lab.driver.apply(set(v4))).rejects.toMatchObject({
      code: 'unreadable',
      message: /198\.51\.100\.16 on Vlan11/,
    });
    expect([lines(), lab.box.timer]).toEqual([[], undefined]);
  });

  it('leaves out a line that the box refuses, the whole of its change, and carries out the others', async () => {
    await open();
    await lab.driver.apply(set(v4));
    lab.habits.misbehave = (command) => (command.includes('5254.0000.0099') ? 'refuse' : undefined);
    const work = lab.driver.apply(set(entry('198.51.100.16', '52:54:00:00:00:99'), v6));
    await expect(work).rejects.toMatchObject({ code: 'refused', message: /% Invalid input/ });
    expect(lines()).toEqual([typedIosLine(lab.box, v4), typedIosLine(lab.box, v6)].sort());
    expect(lab.box.timer).toBeUndefined();
  });

  it('waits while the revert timer of somebody else runs, and leaves it alone', async () => {
    await open();
    lab.box.configure('ops', 60);
    await expect(lab.driver.apply(set(v4))).rejects.toMatchObject({ code: 'locked', message: /ops/ });
    expect(lab.box.timer?.user).toBe('ops');
    lab.box.confirm();
    await lab.driver.apply(set(v4));
    expect(lines()).toHaveLength(1);
  });

  it('is taken back by the timer of the box when the engine is gone for good', async () => {
    await open();
    lab.habits.misbehave = (command) => (command === 'configure confirm' ? 'reset-before' : undefined);
    lab.driverWith(); // keeps nothing of it
    const work = lab.driver.apply(set(v4));
    lab.habits.misbehave = (command) => (/^configure (?:confirm|revert)/.test(command) ? 'reset-before' : undefined);
    await expect(work).rejects.toMatchObject({ code: 'unreachable' });
    expect(lab.box.timer).toBeDefined();
    lab.box.revert();
    expect([lines(), lab.box.timer]).toEqual([[], undefined]);
  });

  it.each(['reset-before', 'reset-after', 'hang'] as const)(
    'that meets a %s at any of its commands leaves the old state or the new, and the next one succeeds',
    async (fault) => {
      await open({ deadline: fault === 'hang' ? 3_000 : 20_000 });
      for (const step of ['configure terminal', 'arp ', 'ipv6 neighbor ', 'end', 'show ip arp', 'configure confirm']) {
        lab.box.running = new Map();
        let isArmed = true;
        lab.habits.misbehave = (command) => {
          const isMet = isArmed && command.startsWith(step);
          if (isMet) isArmed = false;
          return isMet ? fault : undefined;
        };
        await lab.driver.apply(set(v4, v6)).catch(() => undefined);
        expect(isArmed).toBe(false);
        const next = lab.driverWith();
        const state = await next.read(); // ends what was left behind
        expect([0, 2]).toContain(state.neighbours.length);
        expect(lab.box.timer).toBeUndefined();
        await next.apply(set(v4, v6));
        expect(lines()).toHaveLength(2);
      }
    },
  );

  it('gives up a box that prints a banner and never prompts', async () => {
    await open({ deadline: 500 });
    lab.habits.silent = true;
    await expect(lab.driver.read()).rejects.toMatchObject({ code: 'timeout', message: /did not prompt/ });
  });

  it('says so when its user is not privileged', async () => {
    await open();
    lab.habits.sign = '>';
    await expect(lab.driver.read()).rejects.toMatchObject({ code: 'misconfigured', message: /privilege level 15/ });
  });

  it('reads through "--More--" of a box that pages all the same', async () => {
    await open();
    const many = Array.from({ length: 60 }, (_, index) => entry(`198.51.100.${index + 101}`));
    for (const one of many.filter((_, index) => index % 2 === 0)) lab.box.type(typedIosLine(lab.box, one));
    const before = (await lab.driver.read()).neighbours;
    lab.habits.pagesAlways = true;
    expect(before).toHaveLength(30);
    expect((await lab.driver.read()).neighbours).toEqual(before);
  });

  it('fails and changes nothing on a box without the revert timer', async () => {
    await open();
    lab.habits.misbehave = (command) => (/revert timer|rollback timer/.test(command) ? 'refuse' : undefined);
    await expect(lab.driver.apply(set(v4))).rejects.toMatchObject({ code: 'misconfigured', message: /rollback timer/ });
    expect(lines()).toEqual([]);
  });
});
