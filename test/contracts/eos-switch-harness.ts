import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { macBytes, parseIp, parseMac } from '../../events/index.js';
import { createEosSwitch, type EosSwitchOptions } from '../../src/drivers/switch/eos.switch.js';
import type { NeighbourEntry, SwitchDriver } from '../../src/drivers/switch/switch.port.js';
import { EapiClient } from '../../src/transports/eapi-client.js';
import { EapiServer } from '../support/eapi/eapi-server.js';
import { type BoxInterface, EosBox, networkOf, parsed } from '../support/eapi/eos-box.js';
import type { HeldEntry, Setting, SwitchHarness } from './switch-driver.harness.js';

/** A simulated EOS box with what speaks to it, and hands on the box. */
export interface EosLab extends Required<Omit<SwitchHarness, 'patienceMs'>> {
  readonly box: EosBox;
  readonly server: EapiServer;
  /** Another driver with the same files, as after a restart; closed with the lab. */
  driverWith(options?: Partial<EosSwitchOptions>): SwitchDriver;
}

export interface EosLabOptions extends Setting {
  readonly version?: '4.31' | '4.32';
  /** How long a second of the commit timer takes, in ms. */
  readonly deadline?: number;
}

/** The line somebody types for an entry; in the VRF of its interface where none is named. */
export function typedLine(box: EosBox, entry: NeighbourEntry, vrf = box.interfaces.get(entry.interface)?.vrf): string {
  const inVrf = vrf === undefined || vrf === 'default' ? '' : `vrf ${vrf} `;
  const digits = macBytes(entry.mac)
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
  const mac = `${digits.slice(0, 4)}.${digits.slice(4, 8)}.${digits.slice(8)}`;
  return entry.address.includes(':')
    ? `ipv6 neighbor ${inVrf}${entry.address} ${entry.interface} ${mac}`
    : `arp ${inVrf}${entry.address} ${mac} arpa`;
}

/** Host routes lead to these addresses on the second interface; the network of the first holds all others. */
const onSecond = [17, 90, ...Array.from({ length: 30 }, (_, index) => 102 + 2 * index)];

export async function eosLab(options: EosLabOptions = {}): Promise<EosLab> {
  const { version, vrf = 'default', toldVrf = vrf, deadline = 5000 } = options;
  const directory = mkdtempSync(join(tmpdir(), 'portledger-eos-'));
  const port = (more: Partial<BoxInterface>): BoxInterface => {
    return { adminUp: true, plugged: false, vrf: 'default', ipv4: [], routes: [], ipv6: [], ...more };
  };
  const routes = onSecond.map((last) => `198.51.100.${last}/32`);
  const box = new EosBox(
    new Map([
      ['Vlan11', port({ vrf, ipv4: ['198.51.100.1/24'], ipv6: ['fe80::1'] })],
      ['Vlan16', port({ vrf, ipv4: ['203.0.113.1/24'], routes, ipv6: ['fe80::1'] })],
      ['Ethernet1', port({ plugged: true })],
      ['Loopback0', port({ plugged: true, ipv4: ['192.0.2.1/32'] })],
    ]),
    version,
  );
  const server = await EapiServer.start(box);
  const passwordFile = join(directory, 'password');
  writeFileSync(passwordFile, `${server.password}\n`);
  const drivers: SwitchDriver[] = [];
  const driverWith = (more: Partial<EosSwitchOptions> = {}): SwitchDriver => {
    const pin = { fingerprint: server.fingerprint };
    const where = { host: '127.0.0.1', port: server.port, username: server.username, passwordFile };
    const driver = createEosSwitch({
      device: 'leaf1',
      eapi: new EapiClient({ ...where, pin, deadline }),
      interfacePattern: 'Vlan{vlan}',
      ...(toldVrf === 'default' ? {} : { vrf: toldVrf }),
      stateFile: join(directory, 'leaf1.state.json'),
      ownedFile: join(directory, 'leaf1.owned.json'),
      commitSeconds: 60,
      readBackTries: 3,
      readBackPauseMs: 20,
      watchMs: 20,
      ...more,
    });
    drivers.push(driver);
    return driver;
  };
  const portOf = (name: string): BoxInterface => box.interfaces.get(name) ?? fail(name);
  const mend = (): Promise<void> => Promise.resolve(void (server.misbehave = () => undefined));
  return {
    box,
    server,
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
      return Promise.resolve(box.type(typedLine(box, entry)));
    },
    handRemove: (entry) => Promise.resolve(box.type(`no ${typedLine(box, entry)}`)),
    handSetInDefaultVrf: (entry) => Promise.resolve(box.type(typedLine(box, entry, 'default'))),
    setCarrier: (name, up) => Promise.resolve(void (portOf(name).plugged = up)),
    setAdmin: (name, up) => Promise.resolve(void (portOf(name).adminUp = up)),
    restarted: () => driverWith(),
    reboot: () => Promise.resolve(box.reboot()),
    hang: () => {
      server.misbehave = () => 'hang';
      return Promise.resolve(mend);
    },
    lie: () => {
      server.misbehave = (command) => (/^(?:show |enable)/.test(command) ? undefined : 'lie');
      return Promise.resolve(mend);
    },
    lock: () => {
      box.lockedBy = 'ops';
      return Promise.resolve(() => Promise.resolve(void (box.lockedBy = undefined)));
    },
    dieAfter: (changes) => {
      let left = changes;
      server.misbehave = (command) => {
        if (left <= 0) return 'reset-before';
        if (/^(?:no )?(?:arp|ipv6 neighbor) /.test(command)) left--;
        return left > 0 ? undefined : 'reset-after';
      };
      return Promise.resolve(() => (box.reboot(), mend()));
    },
    async close() {
      await Promise.all(drivers.map((driver) => driver.close()));
      await server.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** What the box works by, and lines in a VRF where nothing works by them, on the interface they are about. */
function heldBy(box: EosBox): HeldEntry[] {
  const rows = box.resolved().filter(({ isStatic }) => isStatic);
  const idle = [...box.running.values()].map(parsed).flatMap((line) => {
    const name = line.interface ?? box.onLink(undefined, line.address);
    return name === undefined || box.interfaces.get(name)?.vrf === line.vrf ? [] : [{ ...line, interface: name }];
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
