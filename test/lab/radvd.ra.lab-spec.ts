import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Ipv6Address } from '../../events/index.js';
import type { RaDriver } from '../../src/drivers/ra/ra.port.js';
import { createRadvd } from '../../src/drivers/ra/radvd.ra.js';
import { raDriverChecks, type RaHarness } from '../contracts/ra-driver.contract.js';
import { describeLab } from './describe-lab.js';
import { createLab, type Lab, until } from './lab.js';
import { radvdIn, type RadvdInLab, solicit } from './radvd.js';

const router = 'fe80::1' as Ipv6Address;
const ports = ['vlan11', 'vlan16'] as const;

describeLab('the radvd driver, as the contract of router advertisements wants it', () => {
  let lab: Lab;
  let radvd: RadvdInLab;

  const open = (): RaDriver => {
    const { file, pidFile } = radvd;
    return createRadvd({ device: 'leaf1', file, pidFile, netns: lab.sw, interfaces: ports, deadline: 2_000 });
  };
  const harness = (): RaHarness => ({
    driver: open(),
    advertised: [
      { interface: 'vlan11', router },
      { interface: 'vlan16', router },
    ],
    async heard() {
      const heard = await Promise.all(ports.map((port) => solicit(lab.servers[port].namespace)));
      return ports.flatMap((port, index) => (heard[index] === undefined ? [] : [`${port} ${heard[index].from}`]));
    },
    setRunning: (running) => (running ? radvd.start() : radvd.stop()),
    setDeaf: (deaf) => Promise.resolve(radvd.signal(deaf ? 'SIGSTOP' : 'SIGCONT')),
    spoil: () => Promise.resolve(writeFileSync(radvd.file, `${readFileSync(radvd.file, 'utf8')}# by hand\n`)),
    restarted: open,
  });

  beforeAll(async () => {
    lab = await createLab({ startBird: false });
    radvd = radvdIn(lab.sw, lab.directory);
    for (const port of ports) await lab.setCarrier(port, true);
  });
  afterEach(async () => {
    await radvd.stop('SIGKILL');
    rmSync(radvd.file, { force: true });
  });
  afterAll(() => lab.close());

  it.each(raDriverChecks)('$name', ({ run }) => run(harness()));

  it('puts back what stood in the file where radvd does not survive the new one', async () => {
    const { driver, advertised } = harness();
    const up = new Set<string>(ports);
    await driver.apply({ advertised: [advertised[0]], up }, { logId: 'l', ordinal: 1 });
    await radvd.start();
    const before = readFileSync(radvd.file, 'utf8');
    radvd.signal('SIGSTOP');
    const pushed = expect(driver.apply({ advertised, up }, { logId: 'l', ordinal: 2 })).rejects.toThrow('radvd ended');
    await until('the new file is there', () => readFileSync(radvd.file, 'utf8') !== before);
    await radvd.stop('SIGKILL');
    await pushed;
    expect(readFileSync(radvd.file, 'utf8')).toBe(before);
  });

  it('says that a pid file names the radvd of another file, and that it writes nothing for that one', async () => {
    const mine = open();
    await mine.apply({ advertised: [], up: new Set() }, { logId: 'l', ordinal: 1 });
    await radvd.start();
    const other = `${radvd.file}.other`;
    const { pidFile } = radvd;
    const driver = createRadvd({ device: 'leaf1', file: other, pidFile, netns: lab.sw, interfaces: ports });
    await expect(driver.read()).rejects.toThrow(`names a radvd that reads ${radvd.file}, not ${other}`);
    const elsewhere = createRadvd({ device: 'leaf1', file: radvd.file, pidFile, netns: lab.up, interfaces: ports });
    await expect(elsewhere.read()).rejects.toThrow('another network namespace');
  });
});
