import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { announcementOf } from '../../../src/sensor/coverage/announcement.js';
import type { CoverageAnswer } from '../../../src/sensor/coverage/port-coverage.js';
import type { SelfTestView } from '../../../src/sensor/coverage/self-test-view.js';
import { sendRawFrame } from '../../../src/transports/raw-frame.js';
import { portledger, type Said, speakingTo } from '../../cli/said.js';
import { RunningEngine } from '../../e2e/running-engine.js';
import { describeLab } from '../../lab/describe-lab.js';
import { sweepAfterTheDead } from '../../lab/lab-sweep.js';
import { tell } from '../judge/sensor-rig.js';
import { asked, sensorOn } from './sensing-engine.js';

const sw = `pllab-${process.pid}-cov-sw`;
const server = `pllab-${process.pid}-cov-srv`;
const ip = (...args: string[]): string => execFileSync('ip', args, { encoding: 'utf8' });

function makeLink(): void {
  ip('-n', sw, 'link', 'add', 'vlan16', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', server);
  ip('-n', server, 'link', 'set', 'eth0', 'up');
  ip('-n', sw, 'link', 'set', 'vlan16', 'up');
}

let engine: RunningEngine;

async function until(what: string, isTrue: () => boolean | Promise<boolean>): Promise<void> {
  for (let round = 0; round < 1200; round++) {
    if (await isTrue()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Gave up after a minute waiting until ${what}.`);
}

const coverage = async (): Promise<CoverageAnswer> =>
  (await asked(engine, '/v1/coverage')).body as unknown as CoverageAnswer;
const stateOfPort = async (): Promise<string | undefined> =>
  (await coverage()).ports.find(({ port }) => port === 'leaf1:Ethernet16')?.state;
const told = async (): Promise<string[]> =>
  (await engine.parts.store.readStream('sensor-leaf1-e16')).events.map((event) => event.type);
const alerts = async (): Promise<string[]> =>
  ((await engine.call('/readyz')).body['alerts'] as { code: string; key: string }[]).map(
    (one) => `${one.code} ${one.key}`,
  );
const selftest = (...words: string[]): Promise<Said> =>
  portledger(['sensor', 'selftest', 'leaf1:Ethernet16', ...words], speakingTo(engine, engine.tokens.operator));
const violations = (): string[] =>
  [...engine.parts.projector.liveMap.map.violations.values()].map((row) => `${row.rule} ${row.claimedMac}`);

describeLab('coverage of real ports', () => {
  beforeEach(async () => {
    sweepAfterTheDead();
    for (const netns of [sw, server]) ip('netns', 'add', netns);
    // Nobody but the test speaks: a kernel that solicits routers would be heard.
    ip(
      'netns',
      'exec',
      server,
      'sysctl',
      '-q',
      '-w',
      'net.ipv6.conf.all.disable_ipv6=1',
      'net.ipv6.conf.default.disable_ipv6=1',
    );
    makeLink();
    const sensor = Object.assign(sensorOn(16, { netns: server, interface: 'eth0' }), { netns: sw });
    engine = await RunningEngine.start(undefined, {
      settings: { sensors: [sensor], inFlightWindowMs: 200, coverage: { silentSeconds: 12, lagMs: 2000 } },
    });
    await tell(engine.parts.store);
    await until('the sensor hears', async () => (await stateOfPort()) === 'watched');
  });
  afterEach(async () => {
    await engine.stop();
    for (const netns of [sw, server]) spawnSync('ip', ['netns', 'del', netns]);
  });

  it('finds the forged claim of a self-test on the wire, and keeps it out of the feed and of the map', async () => {
    const { code, out, err } = await selftest('--json');
    expect([code, err]).toEqual([0, '']);
    const view = JSON.parse(out) as SelfTestView;
    expect(view).toMatchObject({ passed: true, sensor: 'leaf1-e16', port: 'leaf1:Ethernet16' });
    expect(view.rule).toBeDefined();
    expect(view.judgedAfterMs).toBeGreaterThanOrEqual(view.capturedAfterMs ?? Infinity);
    const { totals, ports } = await coverage();
    expect(totals).toMatchObject({ soldPorts: 3, watched: 1, notWatched: 2 });
    expect(ports.find(({ port }) => port === 'leaf1:Ethernet16')?.sensors).toMatchObject([
      { sensor: 'leaf1-e16', state: 'hearing', kernelDrops: 0, lastSelfTest: { passed: true } },
    ]);
    expect(violations().filter((one) => one.includes(view.mac))).toEqual([]);
    expect(engine.parts.projector.liveMap.map.seenMacs.get('leaf1:Ethernet16')?.sightings ?? []).not.toContainEqual(
      expect.objectContaining({ mac: view.mac }),
    );
    // Who says the same again has no test to hide behind.
    await sendRawFrame({ netns: server, interface: 'eth0' }, announcementOf(view));
    await until('it is a violation', () => violations().some((one) => one.includes(view.mac)));
  });

  it('fails a self-test that the sensor does not hear, and alerts', async () => {
    // The claim goes to a dead end: as if the capture were on the wrong interface.
    ip('-n', server, 'link', 'add', 'aside', 'type', 'veth', 'peer', 'name', 'nowhere');
    for (const name of ['aside', 'nowhere']) ip('-n', server, 'link', 'set', name, 'up');
    ip('-n', server, 'link', 'set', 'eth0', 'name', 'eth1');
    ip('-n', server, 'link', 'set', 'aside', 'name', 'eth0');
    const { code, out } = await selftest('--wait', '1');
    expect(code).toBe(6);
    expect(out).toContain('Failed: the forged claim sent at leaf1:Ethernet16 was not found.');
    await until('it is alerted', async () => (await alerts()).includes('sensor-silent leaf1-e16'));
    expect(await stateOfPort()).toBe('silent');
  });

  it('says why a self-test cannot be sent, and does not blame the sensor', async () => {
    ip('-n', server, 'link', 'set', 'eth0', 'name', 'eth9');
    const { code, err } = await selftest();
    expect(code).toBe(4);
    expect(err).toContain(`Nothing could be sent from eth0 in namespace ${server}: there is no interface eth0 here`);
    expect(await stateOfPort()).toBe('watched');
  });

  it('alerts for a sensor whose interface is gone, and for no port whose link is only down', async () => {
    // A capture that is started on an interface that is down ends at once, again and again.
    await engine.restart(() => void ip('-n', sw, 'link', 'set', 'vlan16', 'down'));
    await until('the link is seen down', async () => (await stateOfPort()) === 'link-down');
    await new Promise((resolve) => setTimeout(resolve, 8_000));
    expect(await told()).toEqual(['SensorStarted']);
    expect(await alerts()).toEqual([]);
    ip('-n', sw, 'link', 'set', 'vlan16', 'up');
    await until('it hears again', async () => (await told()).length === 2);
    ip('-n', sw, 'link', 'del', 'vlan16');
    await until('it is alerted', async () => (await alerts()).includes('sensor-silent leaf1-e16'));
    await until('the log has it', async () => (await told()).includes('SensorSilent'));
    expect(await stateOfPort()).toBe('silent');
    makeLink();
    await until('it hears again', async () => (await stateOfPort()) === 'watched');
    await until('the log has that', async () => (await told()).length === 4);
    expect(await told()).toEqual(['SensorStarted', 'SensorStarted', 'SensorSilent', 'SensorStarted']);
    await until('the alert is over', async () => (await alerts()).length === 0);
  });

  it('keeps frames that tcpdump reads', async () => {
    const frame = announcementOf({ mac: '02:00:00:00:00:09', address: '198.51.100.66' });
    for (let n = 0; n < 12; n++) await sendRawFrame({ netns: server, interface: 'eth0' }, frame);
    const kept = (): { violationId: string } | undefined =>
      [...engine.parts.projector.liveMap.map.violations.values()].find((row) => row.evidenceFrames === 10);
    await until('its first ten frames are kept', () => kept() !== undefined);
    const violationId = kept()?.violationId ?? '';
    const file = join(engine.directory, 'evidence.pcap');
    const analyst = speakingTo(engine, engine.tokens['security-analyst']);
    expect((await portledger(['violations', 'evidence', violationId, '-o', file], analyst)).code).toBe(0);
    const read = execFileSync('tcpdump', ['-n', '-r', file], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    expect(read.match(/Request who-has 198\.51\.100\.66 .*tell 198\.51\.100\.66/g)).toHaveLength(10);
  });
});
