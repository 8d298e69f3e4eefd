import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { SensorConfig } from '../../../src/config/app-config.js';
import { portledger, type Said, speakingTo } from '../../cli/said.js';
import type { RunningEngine } from '../../e2e/running-engine.js';
import { rack, type Told } from '../../projections/rules/rack.js';
import { arp, ethernet } from '../capture/frames.js';
import { asked, Captures, sensorOn, startSensing } from '../coverage/sensing-engine.js';
import { tell, until } from '../judge/sensor-rig.js';

const aDayAndAnHour = 25 * 3_600_000;
const linksUp: Told[] = [11, 16, 66].map((number) => ['LinkUp', { port: `leaf1:Ethernet${number}` }]);
const tables = `          Mac Address Table
------------------------------------------------------------------

Vlan    Mac Address       Type        Ports      Moves   Last Move
----    -----------       ----        -----      -----   ---------
  11    5254.0000.0011    DYNAMIC     Et11       1       0:10:12 ago
Total Mac Addresses for this criterion: 1
`;

const clock = Date.now;
const directory = mkdtempSync(join(tmpdir(), 'portledger-silent-'));
const file = join(directory, 'mac.txt');
writeFileSync(file, tables);
const captures = new Captures();
let engine: RunningEngine;
afterEach(() => {
  Date.now = clock;
  return engine.stop();
});
afterAll(() => rmSync(directory, { recursive: true }));

const silent = async (query = ''): Promise<Record<string, unknown>> =>
  (await asked(engine, `/v1/silent-servers${query}`)).body;
const verb = (...words: string[]): Promise<Said> =>
  portledger(['sensor', 'silent', ...words], speakingTo(engine, engine.tokens.operator));

async function start(readsTables: boolean): Promise<void> {
  const reading = Object.assign(new SensorConfig(), {
    name: 'leaf1-tables',
    kind: 'tables',
    switch: 'leaf1',
    file,
    format: 'eos-mac',
    everySeconds: 86_400,
  });
  const sensors = [sensorOn(16), ...(readsTables ? [reading] : [])];
  engine = await startSensing(captures, { sensors });
  await tell(engine.parts.store, [...rack, ...linksUp]);
  await until('the ports are sold', () => engine.parts.projector.liveMap.map.binding('srv-66') !== undefined);
  await until('it listens', () => captures.running === 1);
}

describe('paid servers that are silent', () => {
  it('are named a day after their switch is read, but for those that a frame came from', async () => {
    await start(true);
    await until('the table was read', async () => (await silent())['notJudged'] === 0);
    expect(await silent()).toMatchObject({ rule: 'silent-paid-server', servers: [] });
    expect((await verb()).code).toBe(0);

    Date.now = () => clock() + aDayAndAnHour;
    captures.send('leaf1-e16', ethernet(0x0806, arp(1, '525400000016', 'c6336410', '000000000000', 'c6336401')));
    const names = async (): Promise<unknown[]> =>
      ((await silent())['servers'] as { serverId: string }[]).map(({ serverId }) => serverId);
    await until('the frame was judged', async () => !(await names()).includes('srv-16'));
    expect(await names()).toEqual(['srv-11', 'srv-66']);
    expect(await silent('?switch=leaf2')).toMatchObject({ servers: [], notJudged: 0 });
    const said = await verb('--switch', 'leaf1');
    expect(said.code).toBe(5);
    expect(said.out).toMatch(
      /^SERVER +PORT +LAST HEARD\nsrv-11 +leaf1:Ethernet11 +20\S+.*\nsrv-66 +leaf1:Ethernet66 +never\n/,
    );
    expect(said.out).toMatch(/\n2 paid servers with link up not heard for 24 h\.\n$/);
    expect(JSON.parse((await verb('--json')).out)).toMatchObject({ servers: [{ serverId: 'srv-11' }, {}] });
  });

  it('are told of nobody where no tables are read; a misspelt question is refused', async () => {
    await start(false);
    expect(await silent()).toMatchObject({ servers: [], notJudged: 3 });
    expect((await verb()).out).toBe(
      '0 paid servers with link up not heard for 24 h, 3 not judged, because nobody reads the MAC tables of their switch.\n',
    );
    for (const query of ['?swich=leaf1', '?switch=Leaf+1'])
      expect([query, (await asked(engine, `/v1/silent-servers${query}`)).status]).toEqual([query, 400]);
    expect((await asked(engine, '/v1/silent-servers', engine.tokens.publisher)).status).toBe(403);
  });
});
