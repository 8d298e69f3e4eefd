import { portledger, type Said, speakingTo } from '../../cli/said.js';
import type { RunningEngine } from '../../e2e/running-engine.js';
import type { CoverageAnswer } from '../../../src/sensor/coverage/port-coverage.js';
import { arp, ethernet } from '../capture/frames.js';
import { tell, until } from '../judge/sensor-rig.js';
import { asked, Captures, sensorOn, startSensing } from './sensing-engine.js';

const dead = { state: 'failed', reason: 'tcpdump cannot run', cure: 'apt-get install tcpdump', retryInMs: 1 } as const;

let captures: Captures;
let engine: RunningEngine;
beforeEach(async () => {
  captures = new Captures();
  engine = await startSensing(captures, {
    sensors: [sensorOn(16), sensorOn(66)],
    coverage: { silentSeconds: 6, lagMs: 2000 },
  });
  await tell(engine.parts.store);
  await until('both listen and the ports are sold', () => {
    const { liveMap } = engine.parts.projector;
    return captures.running === 2 && liveMap.map.binding('srv-66') !== undefined;
  });
});
afterEach(() => engine.stop());

const coverage = async (query = ''): Promise<CoverageAnswer> =>
  (await asked(engine, `/v1/coverage${query}`)).body as unknown as CoverageAnswer;
const verb = (...words: string[]): Promise<Said> =>
  portledger(['sensor', ...words], speakingTo(engine, engine.tokens.operator));
const alerts = async (): Promise<readonly Record<string, unknown>[]> =>
  (await engine.call('/readyz')).body['alerts'] as Record<string, unknown>[];
const told = async (sensor: string): Promise<string[]> =>
  (await engine.parts.store.readStream(`sensor-${sensor}`)).events.map((event) => event.type);

describe('coverage of the sold ports', () => {
  it('lists a sold port that no sensor listens at, and every other with its sensor', async () => {
    await until('both are heard of', async () => (await coverage()).totals.watched === 2);
    captures.send('leaf1-e16', ethernet(0x0806, arp(1, '525400000016', 'c6336410', '000000000000', 'c6336401')));
    await until('its frame was judged', async () => (await coverage()).ports[1]?.sensors[0]?.lastFrame !== undefined);
    const { totals, ports } = await coverage();
    expect(totals).toMatchObject({ soldPorts: 3, watched: 2, notWatched: 1, silent: 0 });
    expect(ports.map(({ port, state, servers }) => [port, state, servers])).toEqual([
      ['leaf1:Ethernet11', 'not-watched', ['srv-11']],
      ['leaf1:Ethernet16', 'watched', ['srv-16']],
      ['leaf1:Ethernet66', 'watched', ['srv-66']],
    ]);
    expect(ports[1]?.sensors).toMatchObject([{ sensor: 'leaf1-e16', state: 'hearing', selfTestConfigured: false }]);
    expect(Date.now() - Date.parse(ports[1]?.sensors[0]?.lastFrame ?? '')).toBeLessThan(120_000);
    expect(ports[2]?.sensors[0]).not.toHaveProperty('lastFrame');
  });

  it('is asked of one switch or site, with a limit, and a misspelt question is refused', async () => {
    await until('both are heard of', async () => (await coverage()).totals.watched === 2);
    expect((await coverage('?switch=leaf2')).totals.soldPorts).toBe(0);
    expect((await coverage('?site=default')).totals.soldPorts).toBe(3);
    expect(await coverage('?limit=1')).toMatchObject({ left: 2, ports: [{ port: 'leaf1:Ethernet11' }] });
    for (const query of ['?swich=leaf1', '?limit=0', '?switch=Leaf+1', '?limit=1&limit=2'])
      expect([query, (await asked(engine, `/v1/coverage${query}`)).status]).toEqual([query, 400]);
  });

  it('is shown by the command line, which ends with 5 while a port is not watched', async () => {
    await until('both are heard of', async () => (await coverage()).totals.watched === 2);
    const { code, out } = await verb('coverage');
    expect(code).toBe(5);
    expect(out).toMatch(/^PORT +STATE +SENSOR .*\nleaf1:Ethernet11 +not watched +- /);
    expect(out).toMatch(/\n3 sold ports: 2 watched, 1 not watched\.\n$/);
    expect((await verb('coverage', '--switch', 'leaf2')).code).toBe(0);
    expect(JSON.parse((await verb('coverage', '--json')).out)).toMatchObject({ totals: { soldPorts: 3 } });
  });

  it('is read by who may read the network, and by nobody else', async () => {
    const { tokens } = engine;
    for (const scope of ['security-analyst', 'auditor', 'operator', 'viewer'] as const)
      expect([scope, (await asked(engine, '/v1/coverage', tokens[scope])).status]).toEqual([scope, 200]);
    for (const scope of ['publisher', 'link-source'] as const)
      expect([scope, (await asked(engine, '/v1/coverage', tokens[scope])).status]).toEqual([scope, 403]);
  });
});

describe('a sensor that falls silent', () => {
  it('is told in the log, alerted with the cure, and heard of again when it hears', async () => {
    await until('it has started', async () => (await told('leaf1-e66')).length === 1);
    captures.say('leaf1-e66', dead);
    await until('it is silent', async () => (await told('leaf1-e66')).includes('SensorSilent'));
    await until('it is alerted', async () => (await alerts()).length > 0);
    expect(await alerts()).toMatchObject([
      {
        code: 'sensor-silent',
        key: 'leaf1-e66',
        detail: 'Sensor leaf1-e66 hears nothing: tcpdump cannot run. Cure: apt-get install tcpdump.',
      },
    ]);
    expect((await coverage()).ports[1]).toMatchObject({
      port: 'leaf1:Ethernet66',
      state: 'silent',
      sensors: [{ state: 'silent', reason: 'tcpdump cannot run' }],
    });
    expect((await verb('coverage')).out).toContain('leaf1-e66: tcpdump cannot run. Cure: apt-get install tcpdump.');
    captures.say('leaf1-e66', { state: 'running' });
    await until('it started again', async () => (await told('leaf1-e66')).length === 3);
    expect(await told('leaf1-e66')).toEqual(['SensorStarted', 'SensorSilent', 'SensorStarted']);
    expect(await told('leaf1-e16')).toEqual(['SensorStarted']);
    await until('the alert is over', async () => (await alerts()).length === 0);
  });

  it('is one event however long it lasts, and changes nothing of the map', async () => {
    await until(
      'both have started',
      async () => (await told('leaf1-e66')).length + (await told('leaf1-e16')).length === 2,
    );
    const before = engine.parts.projector.liveMap.map.grantsVersion;
    captures.say('leaf1-e66', dead);
    await until('it is silent', async () => (await told('leaf1-e66')).includes('SensorSilent'));
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(await told('leaf1-e66')).toEqual(['SensorStarted', 'SensorSilent']);
    expect(engine.parts.projector.liveMap.map.grantsVersion).toBe(before);
    expect(engine.parts.projector.liveMap.frozenStreams()).toEqual([]);
  });
});

describe('a self-test', () => {
  it('is refused where no sensor listens, and where none is configured, with the cure', async () => {
    const nobody = await verb('selftest', 'leaf1:Ethernet11');
    expect(nobody).toMatchObject({
      code: 3,
      err: expect.stringContaining('No sensor listens at leaf1:Ethernet11') as string,
    });
    const without = await verb('selftest', 'leaf1:Ethernet16');
    expect(without.code).toBe(4);
    expect(without.err).toContain('Sensor leaf1-e16 has no selftest in the configuration.');
    expect(without.err).toContain('"selftest": {"interface": NAME}');
    expect((await verb('selftest', 'nowhere')).code).toBe(2);
  });

  it('is sent for an operator only', async () => {
    const request = { method: 'POST', body: JSON.stringify({ port: 'leaf1:Ethernet16' }) };
    const { tokens } = engine;
    for (const scope of ['security-analyst', 'auditor', 'viewer', 'publisher'] as const) {
      const { status } = await asked(engine, '/v1/coverage/selftest', tokens[scope], request);
      expect([scope, status]).toEqual([scope, 403]);
    }
  });
});
