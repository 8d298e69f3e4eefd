import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Route } from '../../src/drivers/bgp/bgp.port.js';
import type { BgpDriver } from '../../src/drivers/bgp/bgp.port.js';
import { createBirdBgp } from '../../src/drivers/bgp/bird.bgp.js';
import { BirdControl } from '../../src/drivers/bgp/bird-control.js';
import { bgpDriverChecks, type BgpHarness } from '../contracts/bgp-driver.contract.js';
import { bgpSaboteurs, confirmsUnverified } from '../contracts/bgp-driver.saboteurs.js';
import { describeLab } from './describe-lab.js';
import { createLab, type Lab, type LabPort, until } from './lab.js';
import { LyingSocket } from './lying-socket.js';

describeLab('the BIRD driver, as the contract of BGP drivers wants it', () => {
  let lab: Lab;
  let lying: LyingSocket;
  let good: string;
  const opened: BgpDriver[] = [];

  const open = (): BgpDriver => {
    const socket = lying.path;
    const driver = createBirdBgp({ device: 'leaf1', netns: lab.sw, deadline: 5_000, ...lab.bird, socket });
    opened.push(driver);
    return driver;
  };
  const v6 = (port: LabPort): Route => {
    const { prefix, linkLocal } = lab.servers[port];
    return { family: 'ipv6', prefix, nextHop: linkLocal, interface: port, med: 0 };
  };
  const carrierIs = (port: LabPort, up: boolean): Promise<void> =>
    until(`${port} has ${up ? '' : 'no '}carrier`, async () => {
      const [link] = (await lab.switchKernel('link', 'show', 'dev', port)) as { flags: string[] }[];
      return link?.flags.includes('LOWER_UP') === up;
    });
  const harness = (
    patienceMs: number,
    disguise: (honest: BgpDriver) => BgpDriver = (honest) => honest,
  ): BgpHarness => ({
    driver: disguise(open()),
    routes: [
      v6('vlan16'),
      v6('vlan11'),
      { family: 'ipv4', address: lab.servers.vlan16.ipv4, interface: 'vlan16', med: 0 },
    ],
    patienceMs,
    announced: async () =>
      [...(await lab.upstreamRoutes()).values()].map(({ destination, med, communities }) =>
        `${destination} ${med} ${communities}`.trim(),
      ),
    async setCarrier(name, up) {
      await lab.setCarrier(name as LabPort, up);
      await carrierIs(name as LabPort, up);
    },
    async undo() {
      const control = new BirdControl('lab', lab.bird.socket, 5_000);
      await control.command('configure undo').finally(() => control.close());
    },
    setRunning: (running) => (running ? lab.startBird() : lab.stopBird()),
    setRefusing: (refusing) => writeFile(lab.bird.confFile, refusing ? `${good}nonsense here;\n` : good),
    setLying: (lies) => Promise.resolve(void (lying.lies = lies)),
    restarted: open,
  });
  /** A daemon and files without a trace of what was tried before. */
  const clean = async (): Promise<void> => {
    await Promise.all(opened.splice(0).map((driver) => driver.close()));
    lying.lies = false;
    await writeFile(lab.bird.confFile, good);
    await writeFile(lab.bird.include6, '');
    await writeFile(lab.bird.include4, '');
    await Promise.all((['vlan16', 'vlan11'] as const).map((port) => lab.setCarrier(port, true)));
    await Promise.all((['vlan16', 'vlan11'] as const).map((port) => carrierIs(port, true)));
    await lab.startBirdIfStopped();
    await lab.reloadBird();
    await until('the upstream hears nothing', async () => (await lab.upstreamRoutes()).size === 0);
  };

  beforeAll(async () => {
    lab = await createLab();
    good = await readFile(lab.bird.confFile, 'utf8');
    lying = await LyingSocket.open(join(lab.directory, 'lying.ctl'), lab.bird.socket);
  });
  beforeEach(clean);
  afterAll(async () => {
    await Promise.all(opened.splice(0).map((driver) => driver.close()));
    await lying.close();
    await lab.close();
  });

  it.each(bgpDriverChecks)('$name', ({ run }) => run(harness(30_000)));

  it.each(Object.entries({ ...bgpSaboteurs, 'confirms without verifying': confirmsUnverified }))(
    'is told from a driver that %s',
    async (_name, sabotage) => {
      const failed: string[] = [];
      for (const { name, run } of bgpDriverChecks) {
        // Each saboteur is caught by one of these; the whole list would only repeat what the simulated daemon shows.
        if (!/both families|withdraws|MED|word of a daemon|restart of|carrier|took back|refuses,/.test(name)) continue;
        await run(harness(700, sabotage)).catch(() => failed.push(name));
        await clean();
        if (failed.length > 0) break;
      }
      expect(failed).not.toEqual([]);
    },
  );
});
