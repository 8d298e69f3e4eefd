import { writeFile } from 'node:fs/promises';
import { formatIpv6, parseIpv6Prefix } from '../../events/index.js';
import type { Route } from '../../src/drivers/bgp/bgp.port.js';
import { BirdControl } from '../../src/drivers/bgp/bird-control.js';
import { renderRoutes } from '../../src/drivers/bgp/bird-include.js';
import { createBirdBgp } from '../../src/drivers/bgp/bird.bgp.js';
import { createLab, type Lab, until } from '../lab/lab.js';
import { type BenchRow, rowOf } from './row.js';
import { median } from './statistics.js';

const port = 'vlan16';
const patienceMs = 300_000;
const stamp = { logId: '3f0e0f5c-7a53-4a43-9c5c-1f6f0a1f7f11', ordinal: 0 };

/** 100,000 routes given to BIRD until its table has them all: the driver beside the same file and a bare `configure`. */
export async function routesFigures(smoke: boolean, say: (text: string) => void): Promise<BenchRow[]> {
  const [count, rounds] = smoke ? [100, 1] : [100_000, 3];
  const lab = await createLab();
  const control = new BirdControl('bench', lab.bird.socket, patienceMs);
  const driver = createBirdBgp({ device: 'bench', netns: lab.sw, deadline: patienceMs, ...lab.bird });
  const took = { ours: [] as number[], bare: [] as number[], still: [] as number[] };
  try {
    await lab.setCarrier(port, true);
    const routes = routesOf(lab, count);
    const text = renderRoutes(routes);
    for (let round = 0; round < rounds; round++) {
      took.bare.push(await timed(() => bare(lab, control, text, count)));
      await bare(lab, control, '', 0);
      took.ours.push(await timed(() => driver.setRoutes(routes, stamp).then(() => has(control, count))));
      took.still.push(await timed(() => driver.setRoutes(routes, stamp)));
      await driver.setRoutes([], stamp);
      await has(control, 0);
      say(`${count} routes, ${round + 1} of ${rounds}`);
    }
  } finally {
    await driver.close();
    await control.close();
    await lab.close();
  }
  const many = count.toLocaleString('en-US');
  const limit = median(took.bare);
  return [
    rowOf({
      room: 'devices',
      name: `${many} routes in BIRD, proven and written durably (limit bare configure)`,
      value: median(took.ours),
      unit: 'ms',
      limit,
    }),
    rowOf({
      room: 'devices',
      name: `the same ${many} routes again, nothing reloaded (limit bare configure)`,
      value: median(took.still),
      unit: 'ms',
      limit,
    }),
  ];
}

function routesOf(lab: Lab, count: number): Route[] {
  const { linkLocal } = lab.servers[port];
  return Array.from({ length: count }, (_, index) => {
    const prefix = parseIpv6Prefix(`${formatIpv6([0x2a000000, index, 0, 0])}/64`);
    if (prefix === undefined) throw new Error(`route ${index} has no prefix`);
    return { family: 'ipv6', prefix, nextHop: linkLocal, interface: port, med: 0 };
  });
}

async function bare(lab: Lab, control: BirdControl, text: string, count: number): Promise<void> {
  await writeFile(lab.bird.include6, text);
  await control.command('configure');
  await has(control, count);
}

async function has(control: BirdControl, count: number): Promise<void> {
  await until(
    `BIRD has ${count} routes`,
    async () => {
      const { lines } = await control.command('show route protocol billing6 count');
      return lines.some(({ text }) => text.startsWith(`${count} of `));
    },
    patienceMs,
  );
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
