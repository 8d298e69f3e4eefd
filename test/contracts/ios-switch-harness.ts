import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createIosSwitch, type IosSwitchOptions } from '../../src/drivers/switch/ios.switch.js';
import type { NeighbourEntry, SwitchDriver } from '../../src/drivers/switch/switch.port.js';
import { SshConnection } from '../../src/transports/ssh-connection.js';
import { networkOf } from '../support/eapi/eos-box.js';
import { IosBox } from '../support/ios/ios-box.js';
import { IosShell, type IosShellOptions } from '../support/ios/ios-shell.js';
import { type SshHost, startSshHost } from '../support/ssh-host.js';
import type { HeldEntry, Setting, SwitchHarness } from './switch-driver.harness.js';
import { boxInterfaces, dotted, handsOn, heldIn } from './typed-box.js';

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

/** The line somebody types for an entry; in the VRF of its interface where none is named. */
export function typedIosLine(
  box: IosBox,
  entry: NeighbourEntry,
  vrf = box.interfaces.get(entry.interface)?.vrf,
): string {
  const mac = dotted(entry.mac);
  if (entry.address.includes(':')) return `ipv6 neighbor ${entry.address.toUpperCase()} ${entry.interface} ${mac}`;
  return `arp ${vrf === undefined || vrf === 'default' ? '' : `vrf ${vrf} `}${entry.address} ${mac} ARPA`;
}

export async function iosLab(options: IosLabOptions = {}): Promise<IosLab> {
  const { vrf = 'default', toldVrf = vrf, deadline = 5000 } = options;
  const directory = mkdtempSync(join(tmpdir(), 'portledger-ios-'));
  const box = new IosBox(boxInterfaces(vrf, 'GigabitEthernet1/0/1'));
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
    ...handsOn({
      box,
      vrf,
      typed: (entry, inVrf) => typedIosLine(box, entry, inVrf),
      misbehave: (how) => void (habits.misbehave = how),
      shows: /^(?:show|terminal) /,
    }),
    restarted: () => driverWith(),
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
  return heldIn([...rows, ...idle]);
}
