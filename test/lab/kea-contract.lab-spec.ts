import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { DhcpDriver, DhcpHost4, DhcpHost6, DhcpLease } from '../../src/drivers/dhcp/dhcp.port.js';
import { createKeaDhcp } from '../../src/drivers/dhcp/kea.dhcp.js';
import { dhcpDriverChecks, type DhcpHarness } from '../contracts/dhcp-driver.contract.js';
import { type DhcpSaboteur, dhcpSaboteurs } from '../contracts/dhcp-driver.saboteurs.js';
import { describeLab } from './describe-lab.js';
import { DhcpClients } from './dhcp-clients.js';
import { labHost4, labHost6, vlanOf } from './dhcp-hosts.js';
import { type Kea, keaIn } from './kea.js';
import { handedOut4, handedOut6, leasesIn, placeTaken, subnetOf, withAltered } from './kea-hands.js';
import { createLab, type Lab, type LabPort } from './lab.js';

const ports = ['vlan16', 'vlan11'] as const;

describeLab('the Kea driver, as the contract of DHCP drivers wants it', () => {
  let lab: Lab;
  let keas: Record<4 | 6, Kea>;
  let fresh: Record<4 | 6, string>;
  const opened: DhcpDriver[] = [];
  const both = async (work: (kea: Kea, family: 4 | 6) => Promise<unknown>): Promise<void> => {
    await Promise.all(([4, 6] as const).map((family) => work(keas[family], family)));
  };

  const open = (): DhcpDriver => {
    const driver = createKeaDhcp({
      device: 'leaf1',
      socket4: keas[4].socket,
      socket6: keas[6].socket,
      netns: lab.sw,
      interfaces: lab.interfaces,
      pollMs: 50,
    });
    opened.push(driver);
    return driver;
  };
  const host4 = (port: LabPort): DhcpHost4 => labHost4(lab, port);
  const host6 = (port: LabPort): DhcpHost6 => labHost6(lab, port);
  /** Puts by hand on a daemon what stands in the way of the second machine, or takes it away. */
  const refusing = async (family: 4 | 6, isSo: boolean): Promise<void> => {
    const what = family === 4 ? `${host4('vlan11').address}/32` : `${host6('vlan11').address}/128`;
    await keas[family].command('config-set', (config) => placeTaken(config, family, what, isSo));
  };
  const harness = (patienceMs: number, disguise: DhcpSaboteur = (honest) => honest): DhcpHarness => ({
    driver: disguise(open(), saved),
    hosts4: [host4('vlan16'), host4('vlan11')],
    hosts6: [host6('vlan16'), host6('vlan11')],
    patienceMs,
    serves: async () => [...handedOut4(await keas[4].config()), ...handedOut6(await keas[6].config())],
    machineGets: async (name) =>
      (await new DhcpClients(lab.directory, lab.servers[name as LabPort].namespace).udhcpc()).ipv4,
    lease: ({ family, ...lease }) => leased(family, lease),
    leases: async () => [
      ...leasesIn(4, await keas[4].ask('lease4-get-all')),
      ...leasesIn(6, await keas[6].ask('lease6-get-all')),
    ],
    async setHearing(name, hearing) {
      const port = name as LabPort;
      await (hearing ? lab.adminUp(port) : lab.adminDown(port));
      if (hearing) await lab.restoreGateway(port);
    },
    setRunning: (family, running) => (running ? keas[family].start() : keas[family].stop()),
    setRefusing: refusing,
    setSavable: (family, savable) => Promise.resolve(setSavable(keas[family].confFile, savable)),
    alter: (family, name) => keas[family].command('config-set', (config) => withAltered(config, family, name)),
    saved,
    restarted: open,
  });
  const leased = async (family: 4 | 6, lease: Omit<DhcpLease, 'family'>): Promise<void> => {
    const { address, prefixLength, vlan, mac, duid } = lease;
    const subnet = subnetOf(await keas[family].config(), family, `vlan${vlan}`, prefixLength !== undefined);
    const who = family === 4 ? { 'hw-address': mac } : { 'hw-address': mac, duid, iaid: 1 };
    const what = prefixLength === undefined ? {} : { type: 'IA_PD', 'prefix-len': prefixLength };
    await keas[family].ask(`lease${family}-add`, { 'subnet-id': subnet, 'ip-address': address, ...who, ...what });
  };
  const saved: DhcpHarness['saved'] = () => {
    const texts = ([4, 6] as const).map(
      (family) => [keas[family].confFile, readFileSync(keas[family].confFile)] as const,
    );
    return Promise.resolve(() => {
      for (const [path, text] of texts) writeFileSync(path, text);
      return Promise.resolve();
    });
  };
  /** Daemons without a trace of what was tried before. */
  const clean = async (): Promise<void> => {
    await Promise.all(opened.splice(0).map((driver) => driver.close()));
    await Promise.all(ports.map(async (port) => lab.adminUp(port).then(() => lab.restoreGateway(port))));
    await both(async (kea, family) => {
      await kea.stop();
      rmSync(kea.confFile, { force: true, recursive: true });
      for (const suffix of ['', '.2']) rmSync(`${kea.leaseFile}${suffix}`, { force: true });
      copyFileSync(fresh[family], kea.confFile);
      await kea.start();
    });
  };

  beforeAll(async () => {
    lab = await createLab({ startBird: false });
    await lab.byHand(...lab.interfaces.map((port) => `addr add 100.64.0.${vlanOf(port)}/32 dev ${port}`));
    for (const port of ports) await lab.setCarrier(port, true);
    keas = { 4: keaIn(lab.sw, lab.directory, 4), 6: keaIn(lab.sw, lab.directory, 6) };
    fresh = { 4: `${keas[4].confFile}.fresh`, 6: `${keas[6].confFile}.fresh` };
    for (const family of [4, 6] as const) copyFileSync(keas[family].confFile, fresh[family]);
  });
  beforeEach(clean);
  afterAll(async () => {
    await Promise.all(opened.splice(0).map((driver) => driver.close()));
    await both((kea) => kea.stop());
    await lab.close();
  });

  it.each(dhcpDriverChecks)('$name', ({ run }) => run(harness(30_000)));

  it.each(Object.entries(dhcpSaboteurs))('is told from a driver that %s', async (_name, sabotage) => {
    const failed: string[] = [];
    for (const { name, run } of dhcpDriverChecks) {
      await run(harness(2_000, sabotage)).catch(() => failed.push(name));
      if (failed.length > 0) break;
      await clean();
    }
    expect(failed).not.toEqual([]);
  });
});

/** Root writes also where it may not; nobody writes to a directory. */
function setSavable(confFile: string, savable: boolean): void {
  if (savable) {
    rmSync(confFile, { recursive: true });
    renameSync(`${confFile}.kept`, confFile);
  } else {
    renameSync(confFile, `${confFile}.kept`);
    mkdirSync(confFile);
  }
}
