import { portledger, type Said, speakingTo } from '../../cli/said.js';
import { RunningEngine } from '../../e2e/running-engine.js';
import { asked } from '../coverage/sensing-engine.js';
import { tell, until } from '../judge/sensor-rig.js';

let engine: RunningEngine;
beforeAll(async () => {
  engine = await RunningEngine.start();
  await tell(engine.parts.store);
  await until('the prefixes are sold', () => engine.parts.projector.liveMap.map.binding('srv-66') !== undefined);
});
afterAll(() => engine.stop());

const busy = (prefix: string, fanOut: number) => ({
  prefix,
  frames: fanOut,
  sources: 20,
  fanOut,
  newSourcesPerSecond: 2,
  lastFrameTime: Date.now(),
});
const verb = (...words: string[]): Promise<Said> =>
  portledger(['sensor', 'scorecard', ...words], speakingTo(engine, engine.tokens['security-analyst']));

describe('GET /v1/scorecard and its verb', () => {
  it('show the busy prefixes with whose they are, all or of one length', async () => {
    expect((await verb()).out).toBe('No prefix was busy.\n');
    engine.parts.sensorDesk.scoreboard.update({
      48: [busy('2001:db8:16::/48', 500), busy('2001:db8:ffff::/48', 30)],
      64: [busy('2001:db8:16:7::/64', 490)],
    });
    const { status, body } = await asked(engine, '/v1/scorecard');
    expect(status).toBe(200);
    expect(body['prefixes']).toMatchObject([
      { prefix: '2001:db8:16::/48', length: 48, serverId: 'srv-16', customerId: 'cust-16', fanOut: 500, newSources: 2 },
      { prefix: '2001:db8:16:7::/64', length: 64, serverId: 'srv-16', peakFanOut: 490 },
      { prefix: '2001:db8:ffff::/48' },
    ]);
    expect((body['prefixes'] as object[])[2]).not.toHaveProperty('serverId');
    const { code, out } = await verb('--length', '64');
    expect(code).toBe(0);
    expect(out).toMatch(/^PREFIX .*\n2001:db8:16:7::\/64 +srv-16 +cust-16 +2\.0 +2\.0 +490 +490 +20\d\d-[^\n]+\n$/);
    expect((await verb('--json')).out.trim().split('\n')).toHaveLength(3);
  });

  it('refuse what they do not understand, and who may not ask', async () => {
    for (const query of ['?length=56', '?lenght=48'])
      expect([query, (await asked(engine, `/v1/scorecard${query}`)).status]).toEqual([query, 400]);
    expect((await verb('--length', '56')).code).toBe(2);
    for (const scope of ['publisher', 'link-source', 'viewer'] as const)
      expect([scope, (await asked(engine, '/v1/scorecard', engine.tokens[scope])).status]).toEqual([scope, 403]);
  });
});
