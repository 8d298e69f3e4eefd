import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { macBytes, parseIp, parseMac } from '../../events/index.js';
import { createEosSwitch, type EosSwitchOptions } from '../../src/drivers/switch/eos.switch.js';
import type { NeighbourEntry, SwitchDriver } from '../../src/drivers/switch/switch.port.js';
import { EapiClient } from '../../src/transports/eapi-client.js';
import { EapiServer } from '../support/eapi/eapi-server.js';
import { type BoxInterface, EosBox } from '../support/eapi/eos-box.js';
import type { SwitchHarness } from './switch-driver.contract.js';

/** A simulated EOS box with what speaks to it, and hands on the box. */
export interface EosLab extends SwitchHarness {
  readonly box: EosBox;
  readonly server: EapiServer;
  /** Another driver with the same files, as after a restart; closed with the lab. */
  driverWith(options?: Partial<EosSwitchOptions>): SwitchDriver;
}

export interface EosLabOptions {
  readonly version?: '4.31' | '4.32';
  readonly vrf?: string;
  /** How long a second of the commit timer takes, in ms. */
  readonly secondMs?: number;
  readonly deadline?: number;
  readonly disguise?: (driver: SwitchDriver, clear: (interfaceName: string) => void) => SwitchDriver;
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

export async function eosLab(options: EosLabOptions = {}): Promise<EosLab> {
  const { version, vrf = 'default', secondMs, deadline = 5000 } = options;
  const directory = mkdtempSync(join(tmpdir(), 'portledger-eos-'));
  const svi = (ipv4: string): BoxInterface => ({ adminUp: true, plugged: false, vrf, ipv4: [ipv4], ipv6: ['fe80::1'] });
  const box = new EosBox(
    new Map([
      ['Vlan11', svi('198.51.100.1/24')],
      ['Vlan16', svi('203.0.113.1/24')],
      ['Ethernet1', { adminUp: true, plugged: true, vrf: 'default', ipv4: [], ipv6: [] }],
      ['Loopback0', { adminUp: true, plugged: true, vrf: 'default', ipv4: ['192.0.2.1/32'], ipv6: [] }],
    ]),
    version,
    secondMs,
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
      ...(vrf === 'default' ? {} : { vrf }),
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
  const port = (name: string): BoxInterface => box.interfaces.get(name) ?? fail(name);
  const clear = (interfaceName: string): void => {
    for (const row of box.resolved())
      if (row.interface === interfaceName) box.type(`no ${typedLine(box, entryOf(row), row.vrf)}`);
  };
  const disguise = options.disguise ?? ((driver: SwitchDriver) => driver);
  return {
    box,
    server,
    driverWith,
    driver: disguise(driverWith(), clear),
    interfaces: ['Vlan11', 'Vlan16'],
    inspect: () =>
      Promise.resolve(
        box
          .resolved()
          .filter((row) => row.isStatic && row.interface.startsWith('Vlan'))
          .map(entryOf),
      ),
    handSet: (entry) => Promise.resolve(box.type(typedLine(box, entry))),
    handRemove: (entry) => Promise.resolve(box.type(`no ${typedLine(box, entry)}`)),
    setCarrier: (name, up) => Promise.resolve(void (port(name).plugged = up)),
    setAdmin: (name, up) => Promise.resolve(void (port(name).adminUp = up)),
    restarted: () => disguise(driverWith(), clear),
    async close() {
      await Promise.all(drivers.map((driver) => driver.close()));
      await server.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function entryOf(row: { readonly interface: string; readonly address: string; readonly mac: string }): NeighbourEntry {
  const [address, mac] = [parseIp(row.address), parseMac(row.mac)];
  if (address === undefined || mac === undefined) throw new Error(`the box resolves ${row.address} to ${row.mac}`);
  return { interface: row.interface, address, mac };
}

function fail(name: string): never {
  throw new RangeError(`the box has no interface ${name}`);
}
