import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Ipv6Prefix, parseIpv6Prefix } from '../../events/index.js';
import type { BgpDriver, Route } from '../../src/drivers/bgp/bgp.port.js';
import { createBirdBgp } from '../../src/drivers/bgp/bird.bgp.js';
import { inTurn, SiteTurn } from '../../src/drivers/bgp/in-turn.js';
import { describeLab } from './describe-lab.js';
import { createLab, type Lab } from './lab.js';

describeLab('a real BIRD', () => {
  let lab: Lab;
  let bird: BgpDriver;
  const stamp = { logId: 'lab', ordinal: 1 };
  const route = (number: number): Route => ({
    family: 'ipv6',
    prefix: parseIpv6Prefix(`2001:db8:${(number + 1).toString(16)}::/48`) as Ipv6Prefix,
    nextHop: lab.servers.vlan16.linkLocal,
    interface: 'vlan16',
    med: 0,
  });
  const loads = async (): Promise<number> =>
    (await readFile(join(lab.directory, 'sw.log'), 'utf8')).split('\n').filter((line) => line.includes('Reconfiguring'))
      .length;

  beforeAll(async () => {
    lab = await createLab();
    await lab.setCarrier('vlan16', true);
    bird = inTurn(createBirdBgp({ device: 'leaf1', netns: lab.sw, ...lab.bird }), new SiteTurn());
  });
  afterAll(async () => {
    await bird.close();
    await lab.close();
  });

  it('loads twice for 1,000 changes in one burst: for the first, and for all that came meanwhile', async () => {
    const before = await loads();
    const all = Array.from({ length: 1_000 }, (_, number) => route(number));
    await Promise.all(all.map((_, last) => bird.setRoutes(all.slice(0, last + 1), stamp)));
    expect((await loads()) - before).toBe(2);
    const state = await bird.read();
    expect([state.owned.length, state.inTable.size]).toEqual([1_000, 1_000]);
  });

  it("names the line of somebody else's file that it cannot load, changes nothing, and goes on when it is mended", async () => {
    await bird.setRoutes([route(1)], stamp);
    const others = join(lab.directory, 'others.conf');
    const base = await readFile(lab.bird.confFile, 'utf8');
    await writeFile(others, '# of another team\nprotocol static theirs { ipv4; route 10.0.0.0/8 unreachabel; }\n');
    await writeFile(lab.bird.confFile, `${base}include "others.conf";\n`);
    const file = await readFile(lab.bird.include6, 'utf8');
    await expect(bird.setRoutes([route(2)], stamp)).rejects.toThrow(`${others}:2:`);
    expect(await readFile(lab.bird.include6, 'utf8')).toBe(file);
    expect((await bird.read()).owned).toEqual([route(1)]);
    await writeFile(others, 'protocol static theirs { ipv4; route 10.0.0.0/8 unreachable; }\n');
    await bird.setRoutes([route(2)], stamp);
    expect([...(await bird.read()).inTable]).toEqual(['2001:db8:3::/48 vlan16']);
  });
});
