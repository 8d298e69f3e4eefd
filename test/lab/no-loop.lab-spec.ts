import { readFile, writeFile } from 'node:fs/promises';
import type { Ipv6Address } from '../../events/index.js';
import { describeLab } from './describe-lab.js';
import { createLab, type Lab, until } from './lab.js';
import { ipBatch, run } from './lab-process.js';
import { startCapture } from './lab-capture.js';

describeLab('a prefix that was withdrawn', () => {
  let lab: Lab;
  const gone = '2001:db8:16::1' as Ipv6Address;

  /** Frames on the uplink for one echo request to an address of the withdrawn prefix. */
  const framesOf = async (count: number): Promise<number> => {
    const capture = await startCapture(lab.sw, 'up0', `icmp6 and dst host ${gone}`, 'inout');
    expect(await lab.ping(gone, count)).toBe(0);
    return (await capture.stop()).filter((line) => line.trim() !== '').length / count;
  };

  beforeAll(async () => {
    lab = await createLab();
    // What makes a loop: the upstream has a covering route to us, and we have a default route to the upstream.
    await ipBatch(lab.up, ['route add 2001:db8::/32 via 2001:db8:ff:1::1 dev eth0']);
    await run('ip', ['netns', 'exec', lab.up, 'sh', '-c', 'echo 1 > /proc/sys/net/ipv6/conf/all/forwarding']);
    await lab.byHand('route add default via 2001:db8:ff:1::2 dev up0');
  });
  afterAll(() => lab.close());

  it('loops without a route for its aggregate, and ends at the gateway with one', async () => {
    expect(await framesOf(1)).toBeGreaterThan(20);
    const base = await readFile(lab.bird.confFile, 'utf8');
    await writeFile(
      lab.bird.confFile,
      `${base}protocol static aggregates6 { ipv6; route 2001:db8::/32 unreachable; }\n`,
    );
    await lab.reloadBird();
    await until('the kernel refuses the aggregate', async () => {
      const routes = (await lab.switchKernel('route', 'show', 'table', 'all', 'type', 'unreachable')) as object[];
      return JSON.stringify(routes).includes('2001:db8::/32');
    });
    expect(await framesOf(1)).toBe(1);
  });
});
