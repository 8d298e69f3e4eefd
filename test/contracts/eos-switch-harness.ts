import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEosSwitch, type EosSwitchOptions } from '../../src/drivers/switch/eos.switch.js';
import type { NeighbourEntry, SwitchDriver } from '../../src/drivers/switch/switch.port.js';
import { EapiClient } from '../../src/transports/eapi-client.js';
import { EapiServer } from '../support/eapi/eapi-server.js';
import { EosBox, parsed } from '../support/eapi/eos-box.js';
import type { HeldEntry, Setting, SwitchHarness } from './switch-driver.harness.js';
import { boxInterfaces, dotted, handsOn, heldIn } from './typed-box.js';

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
  const mac = dotted(entry.mac);
  return entry.address.includes(':')
    ? `ipv6 neighbor ${inVrf}${entry.address} ${entry.interface} ${mac}`
    : `arp ${inVrf}${entry.address} ${mac} arpa`;
}

export async function eosLab(options: EosLabOptions = {}): Promise<EosLab> {
  const { version, vrf = 'default', toldVrf = vrf, deadline = 5000 } = options;
  const directory = mkdtempSync(join(tmpdir(), 'portledger-eos-'));
  const box = new EosBox(boxInterfaces(vrf, 'Ethernet1'), version);
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
  return {
    box,
    server,
    driverWith,
    driver: driverWith(),
    deadline,
    interfaces: ['Vlan11', 'Vlan16'],
    inspect: () => Promise.resolve(heldBy(box)),
    ...handsOn({
      box,
      vrf,
      typed: (entry, inVrf) => typedLine(box, entry, inVrf),
      misbehave: (how) => void (server.misbehave = how),
      shows: /^(?:show |enable)/,
    }),
    restarted: () => driverWith(),
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
  return heldIn([...rows, ...idle]);
}
