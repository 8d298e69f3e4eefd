import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DeviceConfig, GatewayConfig, SiteConfig } from '../../../src/config/app-config.js';
import { portledger, type Said, speakingTo } from '../../cli/said.js';
import { RunningEngine, source } from '../../e2e/running-engine.js';
import { storeFact } from '../../support/publish.js';
import { tempDirectory } from '../../support/temp-directory.js';
import { until } from '../judge/sensor-rig.js';
import { ViolationLog } from '../../feed/violation-log.js';

let engine: RunningEngine;
beforeEach(async () => {
  const sites = [Object.assign(new SiteConfig(), { name: 'ams1', survey: true })];
  const gateways = [
    Object.assign(new GatewayConfig(), { switch: 'leaf1', site: 'ams1', devices: [] as DeviceConfig[] }),
  ];
  engine = await RunningEngine.start(undefined, { gateways, settings: { sites } });
  const { store, projector } = engine.parts;
  const { data } = new ViolationLog().detected('v0', { rule: 'unknown-mac', site: 'ams1', victimServerId: undefined });
  const said = Object.fromEntries(Object.entries(data as object).filter(([, value]) => value !== undefined));
  await storeFact(store, 'ViolationDetected', said);
  await until('it is folded', () => projector.liveMap.map.violations.get('v0') !== undefined);
});
afterEach(() => engine.stop());

const ask = (words: string[], token = engine.tokens.operator): Promise<Said> =>
  portledger(['sensor', 'survey', ...words], speakingTo(engine, token));

describe('portledger sensor survey', () => {
  const temporary = tempDirectory();

  it('shows the findings of a site by likely cause, and writes the events that would settle them, once', async () => {
    const directory = join(temporary, 'proposals');
    const { code, out } = await ask(['--site', 'ams1', '--propose', directory]);
    expect(code).toBe(0);
    expect(out).toContain('Site ams1 is in survey: findings are kept and not alerted. 1 open findings.');
    expect(out).toMatch(/1 missing-in-billing: .*\n.*\n +leaf1:Ethernet66 .* ServerAdded/);
    expect(readdirSync(directory)).toEqual(['ams1-ServerAdded.ndjson']);
    const proposed = JSON.parse(readFileSync(join(directory, 'ams1-ServerAdded.ndjson'), 'utf8')) as object;
    expect(proposed).toMatchObject({ type: 'ServerAdded', source: null, data: { port: 'leaf1:Ethernet66', vlan: 66 } });
    expect((await ask(['--propose', directory])).code).toBe(4);
  });

  it('what it proposes is refused while a null stands in it, and accepted once it is filled in', async () => {
    const answer = JSON.parse((await ask(['--json'])).out) as {
      sites: { groups: { findings: { proposals: Record<string, unknown>[] }[] }[] }[];
    };
    const [event] = answer.sites.flatMap((one) =>
      one.groups.flatMap((group) => group.findings.flatMap((found) => found.proposals)),
    );
    if (event === undefined) throw new Error('nothing was proposed');
    expect((await engine.publish({ ...event, source })).status).toBe(400);
    const data = { ...(event['data'] as object), serverId: 'srv-new', customerId: 'cust-new' };
    expect((await engine.publish({ ...event, source, subject: 'srv-new', data })).status).toBe(201);
  });

  it('ends by the word of an operator, and of nobody else', async () => {
    const words = ['end', '--site', 'ams1', '--reason', 'the record is right now', '--source', source];
    expect((await ask(words, engine.tokens.publisher)).code).toBe(1);
    expect(await ask(words)).toMatchObject({ code: 0, out: expect.stringContaining('has ended') as string });
    await until('it is folded', async () => (await ask([])).out.includes('Site ams1 is not in survey'));
    expect((await ask(['--site', 'ams2'])).code).toBe(3);
    expect((await ask(['end', '--site', 'ams1'])).code).toBe(2);
  });
});
