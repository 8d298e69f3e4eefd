import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseConfig } from '../../src/config/load-config.js';
import { type EosLab, eosLab } from '../contracts/eos-switch-harness.js';
import { type IosLab, iosLab } from '../contracts/ios-switch-harness.js';
import { approveFirstPlan } from '../support/approve.js';
import { storeFact } from '../support/publish.js';
import { tempDirectory } from '../support/temp-directory.js';
import { RunningEngine } from './running-engine.js';

/** The engine as an operator configures it, on a simulated switch behind its real protocol. */
describe('an engine with a switch of a vendor', () => {
  const directory = tempDirectory();
  const passwordFile = join(directory, 'password');
  let lab: EosLab | IosLab;
  let engine: RunningEngine;
  afterEach(async () => {
    await engine.stop();
    await lab.close();
  });

  async function until(what: string, holds: () => boolean): Promise<void> {
    for (let look = 0; look < 2000 && !holds(); look++) await new Promise((resolve) => setTimeout(resolve, 20));
    if (!holds()) throw new Error(`${what} did not come about: ${[...lab.box.running.values()].join('; ')}`);
  }

  async function runs(driver: object, port: string, line4: string, line6: string): Promise<void> {
    const device = { name: 'leaf1', mode: 'enforce', interfacePattern: 'Vlan{vlan}', linkPollSeconds: 1, driver };
    const ports = { 'leaf1:1': port };
    const gateways = [{ switch: 'leaf1', devices: [{ ...device, ports }] }];
    engine = await RunningEngine.start(undefined, {
      gateways: parseConfig({ gateways }, 'portledger.json').gateways,
      settings: { resyncSeconds: 1 },
    });
    const { store, projector } = engine.parts;
    const where = { port: 'leaf1:1', vlan: 11, mac: '52:54:00:00:00:16', linkLocal: 'fe80::16' };
    await storeFact(store, 'ServerAdded', { serverId: 's16', customerId: 'c1', ...where });
    await storeFact(store, 'Ipv4AddOnBought', { serverId: 's16', addOnId: 'a', address: '198.51.100.16' });
    await approveFirstPlan(engine.url, engine.tokens.operator, 'leaf1', (lines) => lines.length === 2);
    await until('both entries', () => [...lab.box.running.values()].sort().join() === [line4, line6].join());
    await until('the link', () => [...projector.liveMap.map.links.values()].some((link) => link.up));
    await storeFact(store, 'ServerRemoved', { serverId: 's16' }, '2026-01-02T00:00:00.000Z');
    await until('an empty switch', () => lab.box.running.size === 0);
  }

  it('puts entries on an EOS switch, reads the link of its port, and takes the entries away', async () => {
    const eos = await eosLab();
    lab = eos;
    writeFileSync(passwordFile, eos.server.password, { mode: 0o600 });
    const { port, username, fingerprint } = eos.server;
    const driver = {
      kind: 'eos',
      host: '127.0.0.1',
      port,
      username,
      passwordFile,
      certificateFingerprint: fingerprint,
    };
    const mac = '5254.0000.0016';
    await runs(driver, 'Ethernet1', `arp 198.51.100.16 ${mac} arpa`, `ipv6 neighbor fe80::16 Vlan11 ${mac}`);
  });

  it('puts entries on an IOS switch, reads the link of its port, and takes the entries away', async () => {
    const ios = await iosLab();
    lab = ios;
    writeFileSync(passwordFile, 'a password of the tests', { mode: 0o600 });
    const { port, hostKey } = ios.host;
    const driver = { kind: 'ios', host: '127.0.0.1', port, username: 'portledger', passwordFile, hostKeys: [hostKey] };
    const mac = '5254.0000.0016';
    await runs(driver, 'GigabitEthernet1/0/1', `arp 198.51.100.16 ${mac} ARPA`, `ipv6 neighbor FE80::16 Vlan11 ${mac}`);
  });
});
