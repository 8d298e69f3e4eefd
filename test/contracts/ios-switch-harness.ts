import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { macBytes, parseIp, parseMac } from '../../events/index.js';
import { createIosSwitch, type IosSwitchOptions } from '../../src/drivers/switch/ios.switch.js';
import type { NeighbourEntry, SwitchDriver } from '../../src/drivers/switch/switch.port.js';
import { SshConnection } from '../../src/transports/ssh-connection.js';
import { type BoxInterface, networkOf } from '../support/eapi/eos-box.js';
import { IosBox } from '../support/ios/ios-box.js';
import { IosShell, type IosShellOptions } from '../support/ios/ios-shell.js';
import { type SshHost, startSshHost } from '../support/ssh-host.js';
import type { HeldEntry, Setting, SwitchHarness } from './switch-driver.harness.js';

/** A simulated IOS box behind a real SSH server, with what speaks to it, and hands on the box. */
export interface IosLab extends Required<Omit<SwitchHarness, 'patienceMs'>> {
  readonly box: IosBox;
  readonly host: SshHost;
  /** How its next terminals behave. */
  readonly habits: { -readonly [Key in keyof Omit<IosShellOptions, 'box' | 'user'>]: IosShellOptions[Key] };
  /** Every command that came, in order. */
  readonly heard: string[];
  driverWith(options?: Partial<IosSwitchOptions>): SwitchDriver;
}

export interface IosLabOptions extends Setting {
  /** How long a minute of the revert timer takes, in ms. */
  readonly deadline?: number;
}

const onSecond = [17, 90, ...Array.from({ length: 30 }, (_, index) => 102 + 2 * index)];

/** The line somebody types for an entry; in the VRF of its interface where none is named. */
export function typedIosLine(
  box: IosBox,
  entry: NeighbourEntry,
  vrf = box.interfaces.get(entry.interface)?.vrf,
): string {
  const digits = macBytes(entry.mac)
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
  const mac = `${digits.slice(0, 4)}.${digits.slice(4, 8)}.${digits.slice(8)}`;
  if (entry.address.includes(':')) return `ipv6 neighbor ${entry.address.toUpperCase()} ${entry.interface} ${mac}`;
  return `arp ${vrf === undefined || vrf === 'default' ? '' : `vrf ${vrf} `}${entry.address} ${mac} ARPA`;
}

export async function iosLab(options: IosLabOptions = {}): Promise<IosLab> {
  const { vrf = 'default', toldVrf = vrf, deadline = 5000 } = options;
  const directory = mkdtempSync(join(tmpdir(), 'portledger-ios-'));
  const port = (more: Partial<BoxInterface>): BoxInterface => {
    return { adminUp: true, plugged: false, vrf: 'default', ipv4: [], routes: [], ipv6: [], ...more };
  };
  const routes = onSecond.map((last) => `198.51.100.${last}/32`);
  const box = new IosBox(
    new Map([
      ['Vlan11', port({ vrf, ipv4: ['198.51.100.1/24'], ipv6: ['fe80::1'] })],
      ['Vlan16', port({ vrf, ipv4: ['203.0.113.1/24'], routes, ipv6: ['fe80::1'] })],
      ['GigabitEthernet1/0/1', port({ plugged: true })],
      ['Loopback0', port({ plugged: true, ipv4: ['192.0.2.1/32'] })],
    ]),
  );
  const heard: string[] = [];
  const habits: IosLab['habits'] = {
    misbehave: () => undefined,
    banner: '\nAuthorised people only. Ask leaf1# for help.\n\n',
    silent: false,
    sign: '#',
    pagesAlways: false,
  };
  const [username, password] = ['portledger', 'a password of the tests'];
  const misbehave: IosShellOptions['misbehave'] = (command) => (heard.push(command), habits.misbehave(command));
  const host = await startSshHost({
    username,
    password,
    onShell: (channel) => void new IosShell(channel, { ...habits, box, user: username, misbehave }),
  });
  const passwordFile = join(directory, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  const drivers: SwitchDriver[] = [];
  const driverWith = (more: Partial<IosSwitchOptions> = {}): SwitchDriver => {
    const target = { host: '127.0.0.1', port: host.port, username, hostKeys: [host.hostKey], passwordFile };
    const driver = createIosSwitch({
      device: 'leaf1',
      ssh: new SshConnection({ ...target, connectDeadline: deadline }),
      username,
      interfacePattern: 'Vlan{vlan}',
      ...(toldVrf === 'default' ? {} : { vrf: toldVrf }),
      stateFile: join(directory, 'leaf1.state.json'),
      ownedFile: join(directory, 'leaf1.owned.json'),
      deadline,
      revertMinutes: 1,
      readBackTries: 3,
      readBackPauseMs: 20,
      watchMs: 20,
      ...more,
    });
    drivers.push(driver);
    return driver;
  };
  const portOf = (name: string): BoxInterface => box.interfaces.get(name) ?? fail(name);
  const mend = (): Promise<void> => Promise.resolve(void (habits.misbehave = () => undefined));
  return {
    box,
    host,
    habits,
    heard,
    driverWith,
    driver: driverWith(),
    deadline,
    interfaces: ['Vlan11', 'Vlan16'],
    inspect: () => Promise.resolve(heldBy(box)),
    // Whoever types an entry also sees to the route that leads there.
    handSet: (entry) => {
      const route = `${entry.address}/32`;
      if (!entry.address.includes(':') && networkOf(box.interfaces, vrf, entry.address) !== entry.interface)
        for (const [name, one] of box.interfaces)
          one.routes = [...one.routes.filter((other) => other !== route), ...(name === entry.interface ? [route] : [])];
      return Promise.resolve(box.type(typedIosLine(box, entry)));
    },
    handRemove: (entry) => Promise.resolve(box.type(`no ${typedIosLine(box, entry)}`)),
    handSetInDefaultVrf: (entry) => Promise.resolve(box.type(typedIosLine(box, entry, 'default'))),
    setCarrier: (name, up) => Promise.resolve(void (portOf(name).plugged = up)),
    setAdmin: (name, up) => Promise.resolve(void (portOf(name).adminUp = up)),
    restarted: () => driverWith(),
    reboot: () => Promise.resolve(box.reboot()),
    hang: () => {
      habits.misbehave = () => 'hang';
      return Promise.resolve(mend);
    },
    lie: () => {
      habits.misbehave = (command) => (/^(?:show|terminal) /.test(command) ? undefined : 'lie');
      return Promise.resolve(mend);
    },
    lock: () => {
      box.lockedBy = 'ops';
      return Promise.resolve(() => Promise.resolve(void (box.lockedBy = undefined)));
    },
    dieAfter: (changes) => {
      let left = changes;
      habits.misbehave = (command) => {
        if (left <= 0) return 'reset-before';
        if (/^(?:no )?(?:arp|ipv6 neighbor) /.test(command)) left--;
        return left > 0 ? undefined : 'reset-after';
      };
      return Promise.resolve(() => (box.reboot(), mend()));
    },
    async close() {
      await Promise.all(drivers.map((driver) => driver.close()));
      box.close();
      await host.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** What the box works by, and lines in a VRF where nothing works by them, on the interface they are about. */
function heldBy(box: IosBox): HeldEntry[] {
  const rows = box.resolved().filter(({ isStatic }) => isStatic);
  const idle = box.lines().flatMap((line) => {
    const name = line.interface ?? networkOf(box.interfaces, undefined, line.address);
    const vrf = box.vrfOf(line);
    return name === undefined || box.interfaces.get(name)?.vrf === vrf ? [] : [{ ...line, vrf, interface: name }];
  });
  return [...rows, ...idle]
    .filter((row) => row.interface.startsWith('Vlan'))
    .map((row) => ({ ...entryOf(row), ...(row.vrf === 'default' ? {} : { vrf: row.vrf }) }));
}

function entryOf(row: { readonly interface: string; readonly address: string; readonly mac: string }): NeighbourEntry {
  const [address, mac] = [parseIp(row.address), parseMac(row.mac)];
  if (address === undefined || mac === undefined) throw new Error(`the box resolves ${row.address} to ${row.mac}`);
  return { interface: row.interface, address, mac };
}

function fail(name: string): never {
  throw new RangeError(`the box has no interface ${name}`);
}
