import fc from '../../support/property.js';
import type { PortId, ServerId, SwitchName, Vlan } from '../../../events/index.js';
import { type SoldPort, soldPorts } from '../../../projections/index.js';
import type { CaptureSource } from '../../../src/sensor/capture/capture-source.js';
import type { HearingState } from '../../../src/sensor/coverage/hearing-watch.js';
import { coverageOf, type CoverageQuestion, type KnownSensor } from '../../../src/sensor/coverage/port-coverage.js';
import { renderCoverage } from '../../../src/sensor/coverage/render-coverage.js';
import { foldOf, rack, sold } from '../../projections/rules/rack.js';

const sensorAt = (port: string, state: HearingState = 'hearing', more: Partial<KnownSensor> = {}): KnownSensor => {
  const source: CaptureSource = {
    name: `at-${port.split(':')[1]}`,
    site: 'default',
    switch: 'leaf1' as SwitchName,
    interface: 'vlan16',
    port: port as PortId,
    vlan: 16 as Vlan,
    attribution: 'interface',
  };
  const trouble = state === 'silent' ? { reason: 'the capture ended', cure: 'start it' } : undefined;
  return {
    source,
    said: { name: source.name, source, capture: { state: 'running' }, frames: 0, behindMs: 0.4 },
    hearing: { state, trouble },
    selfTestConfigured: false,
    lastSelfTest: undefined,
    ...more,
  };
};

const soldAt = (port: string, serverId = `srv-${port}`): SoldPort => ({
  port: port as PortId,
  switch: port.split(':')[0] as SwitchName,
  serverId: serverId as ServerId,
  customerId: undefined,
  vlan: undefined,
});

const ask = (
  ports: Iterable<SoldPort | undefined>,
  sensors: readonly KnownSensor[],
  question: Partial<CoverageQuestion> = {},
) => coverageOf(ports, sensors, (name) => (name === 'leaf2' ? 'fra2' : 'fra1'), { limit: 100, ...question });

const states = (answer: Awaited<ReturnType<typeof ask>>): string[] =>
  answer.ports.map(({ port, state }) => `${port} ${state}`);

describe('coverage', () => {
  it('names each sold port with its sensor, and those that nobody watches first', async () => {
    const answer = await ask(soldPorts(foldOf(rack).map), [sensorAt('leaf1:Ethernet16')]);
    expect(states(answer)).toEqual([
      'leaf1:Ethernet11 not-watched',
      'leaf1:Ethernet66 not-watched',
      'leaf1:Ethernet16 watched',
    ]);
    expect(answer.totals).toEqual({
      soldPorts: 3,
      watched: 1,
      notWatched: 2,
      silent: 0,
      starting: 0,
      linkDown: 0,
    });
    expect(answer.ports[2]).toMatchObject({ servers: ['srv-16'], sensors: [{ sensor: 'at-Ethernet16', behindMs: 0 }] });
  });

  it('knows no port of a server that was removed or has none yet', async () => {
    const map = foldOf([
      ...sold(11),
      ['ServerRemoved', { serverId: 'srv-11' }],
      ['Ipv6PrefixAssigned', { serverId: 'srv-99', prefix: '2001:db8:99::/48' }],
    ]).map;
    expect((await ask(soldPorts(map), [])).totals.soldPorts).toBe(0);
  });

  it('says what the best sensor of a port does', async () => {
    const ports = ['leaf1:a', 'leaf1:b', 'leaf1:c', 'leaf1:d', 'leaf1:e'].map((port) => soldAt(port));
    const answer = await ask(ports, [
      sensorAt('leaf1:a', 'silent'),
      sensorAt('leaf1:a', 'lagging'),
      sensorAt('leaf1:b', 'silent'),
      sensorAt('leaf1:c', 'link-down'),
      sensorAt('leaf1:d', 'stopped'),
      sensorAt('leaf1:e', 'starting'),
    ]);
    expect(states(answer)).toEqual([
      'leaf1:b silent',
      'leaf1:d silent',
      'leaf1:e starting',
      'leaf1:c link-down',
      'leaf1:a watched',
    ]);
  });

  it('counts a port with several servers once, and shows whom it is sold to', async () => {
    const servers = Array.from({ length: 30 }, (_, n) => soldAt('leaf1:Ethernet1', `vm-${String(n).padStart(2, '0')}`));
    const { totals, ports } = await ask(servers, []);
    expect(totals.soldPorts).toBe(1);
    expect(ports[0]?.servers).toEqual(servers.slice(0, 20).map((one) => one.serverId));
  });

  it('answers of one switch, or one site', async () => {
    const ports = [soldAt('leaf1:Ethernet2'), soldAt('leaf2:Ethernet10'), soldAt('leaf2:Ethernet2')];
    expect(states(await ask(ports, [], { switch: 'leaf1' }))).toEqual(['leaf1:Ethernet2 not-watched']);
    const there = await ask(ports, [], { site: 'fra2' });
    expect(there.ports.map(({ port, site }) => [port, site])).toEqual([
      ['leaf2:Ethernet2', 'fra2'],
      ['leaf2:Ethernet10', 'fra2'],
    ]);
    expect(there.totals.soldPorts).toBe(2);
  });

  it('shows the worst that fit the limit, counts all, and says how many are left', async () => {
    const anyState = fc.constantFrom<HearingState | undefined>('hearing', 'silent', 'link-down', 'starting', undefined);
    await fc.assert(
      fc.asyncProperty(fc.array(anyState, { maxLength: 40 }), fc.integer({ min: 1, max: 50 }), async (list, limit) => {
        const ports = list.map((_, index) => soldAt(`leaf1:Ethernet${index}`));
        const sensors = list.flatMap((state, index) =>
          state === undefined ? [] : [sensorAt(`leaf1:Ethernet${index}`, state)],
        );
        const all = await ask(ports, sensors);
        const some = await ask(ports, sensors, { limit });
        expect(some.totals).toEqual(all.totals);
        expect(some.ports.map((one) => one.state)).toEqual(all.ports.slice(0, limit).map((one) => one.state));
        expect(some.left).toBe(Math.max(0, list.length - limit));
        const { watched, notWatched, silent, starting, linkDown } = all.totals;
        expect(watched + notWatched + silent + starting + linkDown).toBe(list.length);
      }),
    );
  });

  it('is a table for people, with the cure of each silent sensor', async () => {
    const port = 'leaf1:Ethernet16' as PortId;
    const tested = sensorAt(port, 'hearing', {
      lastSelfTest: {
        sensor: 'at-Ethernet16',
        port,
        claim: { mac: '02:50:4c:00:00:01', address: '192.0.2.1' },
        at: Date.UTC(2026, 10, 2),
        passed: true,
        judgedAfterMs: 5210,
      },
    });
    const said = {
      ...tested.said,
      lastFrameTime: Date.UTC(2026, 10, 1),
      counts: { runs: 1, captured: 3, receivedByFilter: 5, droppedByKernel: 2 },
      lost: 1,
    };
    const answer = await ask(soldPorts(foldOf(rack).map), [
      { ...tested, said },
      sensorAt('leaf1:Ethernet66', 'silent'),
    ]);
    expect(renderCoverage(answer)).toBe(
      [
        'PORT              STATE        SENSOR         LAST FRAME            KERNEL DROPS  LOST  LAST SELF-TEST                         SERVERS',
        'leaf1:Ethernet11  not watched  -              -                     -             -     -                                      srv-11',
        'leaf1:Ethernet66  silent       at-Ethernet66  -                     -             -     -                                      srv-66',
        'leaf1:Ethernet16  watched      at-Ethernet16  2026-11-01T00:00:00Z  2             1     passed (5210 ms) 2026-11-02T00:00:00Z  srv-16',
        '',
        'at-Ethernet66: the capture ended. Cure: start it.',
        '',
        '3 sold ports: 1 watched, 1 not watched, 1 with a silent sensor.',
      ].join('\n'),
    );
  });
});
