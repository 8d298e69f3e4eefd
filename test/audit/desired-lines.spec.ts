import fc from '../support/property.js';
import type { SwitchName } from '../../events/index.js';
import { desiredState, LogFold } from '../../projections/index.js';
import { Audit } from '../../src/audit/audit.js';
import { configuredViews } from '../../src/audit/configured-view.js';
import { desiredLines } from '../../src/audit/desired-lines.js';
import { readAtQuestion, readMapQuestion } from '../../src/audit/question.js';
import { AppConfig, DeviceConfig, GatewayConfig } from '../../src/config/app-config.js';
import { neighbourLine, routeLine } from '../../src/reactors/lines.js';
import { anyNight } from './any-night.js';
import { MemoryLog } from './memory-log.js';
import { nightLog } from './night-at-leaf1.js';
import { run } from './ran.js';

const leaf1 = 'leaf1' as SwitchName;
const early = ['audit', 'at', '2026-01-01T08:30:00Z', '--offline', 'copy', '--device', 'leaf1'];

/** One gateway, leaf1, that two devices show. */
function configured(): AppConfig {
  const device = (name: string, more: Partial<DeviceConfig>): DeviceConfig =>
    Object.assign(new DeviceConfig(), { name, ...more });
  const gateway = Object.assign(new GatewayConfig(), { switch: 'leaf1' });
  gateway.devices = [
    device('leaf1-a', { interfacePattern: 'Vlan{vlan}', med: 50, communities: ['64512:2', '64512:1'] }),
    device('leaf1-b', { interfacePattern: 'irb.{vlan}' }),
  ];
  return Object.assign(new AppConfig(), { gateways: [gateway] });
}

describe('the lines that a device should have had', () => {
  it('are those of the map as of then, as it was known then', async () => {
    const told = await run([...early, '--known-at', '#7'], nightLog());
    expect(told.code).toBe(0);
    expect(told.out).toContain(
      [
        'Desired on leaf1:',
        'neighbour 198.51.100.16 vlan16 52:54:00:00:00:99',
        'neighbour fe80::5054:ff:fe00:99 vlan16 52:54:00:00:00:99',
        'route 198.51.100.16/32 vlan16 med 0',
        'route 2001:db8:16::/48 via fe80::5054:ff:fe00:99 vlan16 med 0',
        '',
      ].join('\n'),
    );
    const today = await run(early, nightLog());
    expect(today.out).toContain('neighbour 198.51.100.16 vlan16 52:54:00:00:00:16\n');
    expect(today.out).not.toContain('52:54:00:00:00:99');
  });

  it('say why what was sold is not there', async () => {
    const before = await run([...early.with(2, '2026-01-01T08:00:30Z')], nightLog());
    expect(before.out).toContain('! srv-a: route 198.51.100.16/32: the link of leaf1:Ethernet16 is unknown\n');
    expect(before.out).not.toMatch(/^route/m);
  });

  it('are nothing for a device that nobody knows, which is told by the exit code', async () => {
    const told = await run([...early.slice(0, -1), 'leaf9'], nightLog());
    expect([told.code, told.out]).toEqual([3, expect.stringContaining('Desired on leaf9:\nnothing\n')]);
  });

  it('have the names that the device has by the configuration', async () => {
    const audit = new Audit(nightLog(), undefined, undefined, configuredViews(configured()));
    const ask = async (device: string) => {
      const read = readAtQuestion({ at: '2026-01-01T08:30:00Z', device });
      if ('problem' in read) throw new Error(read.problem);
      return audit.map(read.value);
    };
    const { desired, bindings } = await ask('leaf1-a');
    expect(desired).toMatchObject({ device: 'leaf1-a', switch: 'leaf1' });
    expect(desired?.lines).toContain('neighbour 198.51.100.16 Vlan16 52:54:00:00:00:16');
    expect(desired?.lines).toContain('route 198.51.100.16/32 Vlan16 med 50 communities 64512:1 64512:2');
    expect(bindings.map(({ serverId }) => serverId)).toEqual(['srv-a']);
    expect((await ask('leaf1-b')).desired?.lines).toContain('neighbour 198.51.100.16 irb.16 52:54:00:00:00:16');
  });

  it('are spelled as the plans and the journal spell them', () => {
    let routes = 0;
    const property = fc.property(anyNight, (night) => {
      const fold = new LogFold();
      for (const event of MemoryLog.of(night).events) fold.fold(event);
      const view = { ...configuredViews(configured())('leaf1-a' as SwitchName) };
      const desired = desiredState(fold.map, view);
      const announced = desired.routes.filter(({ linkUp }) => linkUp);
      routes += announced.length;
      expect(desiredLines(fold.map, 'leaf1-a', view).lines).toEqual([
        ...desired.neighbours.map(neighbourLine).sort(),
        ...announced.map(routeLine).sort(),
      ]);
    });
    fc.assert(property, { numRuns: 100 });
    expect(routes).toBeGreaterThan(0);
  });

  it('come on the first page only, and are no part of the map that viewers read', async () => {
    const audit = new Audit(nightLog());
    const question = { filters: {}, device: leaf1, at: Date.parse('2026-01-01T10:00:00Z') };
    const first = await audit.map({ ...question, page: { limit: 1 } });
    const second = await audit.map({ ...question, page: { limit: 1, cursor: 'srv-a' } });
    expect([first.desired?.lines.length, second.desired, second.bindings.length]).toEqual([5, undefined, 1]);
    expect(readMapQuestion({ device: 'leaf1' })).toEqual({
      problem: expect.stringContaining('device: no such field') as string,
    });
    expect(readAtQuestion({ device: 'Leaf 1' })).toEqual({
      problem: expect.stringContaining('"Leaf 1" is not the name') as string,
    });
    expect((await run(['map', '--device', 'leaf1', '--offline', 'copy'], nightLog())).code).toBe(2);
  });
});
