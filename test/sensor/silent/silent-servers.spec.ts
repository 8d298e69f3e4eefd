import type { PortId, SwitchName, Vlan } from '../../../events/index.js';
import { thresholds } from '../../../projections/index.js';
import { activityAt } from '../../../src/sensor/silent/port-activity.js';
import { silentServers, type SilentServersAnswer } from '../../../src/sensor/silent/silent-servers.js';
import { MacPorts } from '../../../src/sensor/tables/mac-ports.js';
import { foldOf, mac16, mac66, rack, type Told } from '../../projections/rules/rack.js';
import { source66 } from '../judge/sensor-rig.js';

const dayMs = thresholds.silentServerMs;
const minute = 60_000;
const leaf1 = 'leaf1' as SwitchName;
const e16 = 'leaf1:Ethernet16' as PortId;
const now = Date.UTC(2026, 10, 20);
const linksUp: Told[] = [11, 16, 66].map((number) => ['LinkUp', { port: `leaf1:Ethernet${number}` }]);
const { map } = foldOf([...rack, ...linksUp]);

/** MAC tables read every minute for so long. */
function read(forMs: number, learn: (ports: MacPorts, at: number) => void = () => {}): MacPorts {
  const ports = new MacPorts(3 * minute);
  for (let at = now - forMs; at <= now; at += minute) {
    ports.noteRead(at);
    learn(ports, at);
  }
  return ports;
}
const ask = (
  macPorts: MacPorts | undefined,
  more: Partial<Parameters<typeof silentServers>[0]> = {},
  switchName?: string,
): Promise<SilentServersAnswer> => {
  const tables = macPorts === undefined ? new Map<SwitchName, MacPorts>() : new Map([[leaf1, macPorts]]);
  return silentServers({ sensors: [], macPorts: tables, map, ...more }, now, switchName);
};
const named = async (...asked: Parameters<typeof ask>): Promise<string[]> =>
  (await ask(...asked)).servers.map(({ serverId }) => serverId);

describe('the servers that were not heard', () => {
  it('judges nobody where no MAC tables are read, and says how many that are', async () => {
    expect(await ask(undefined)).toMatchObject({ servers: [], notJudged: 3, linkNotUp: 0 });
    const deaf = { source: source66, lastFrameTime: now - 2 * dayMs };
    expect(await ask(undefined, { sensors: [deaf] })).toMatchObject({ servers: [], notJudged: 3 });
  });

  it('names them after a day of reading without a gap, not before', async () => {
    expect(await named(read(dayMs))).toEqual(['srv-11', 'srv-16', 'srv-66']);
    expect(await named(read(dayMs - minute))).toEqual([]);
  });

  it('leaves out who was shown at its own port, in its own VLAN, within the day', async () => {
    const showing = (port: PortId, vlan: number | undefined, mac: string) =>
      read(dayMs, (ports, at) => {
        if (at === now - dayMs + minute) ports.learn(mac, vlan, port, at);
      });
    expect(await named(showing(e16, 16, mac16))).toEqual(['srv-11', 'srv-66']);
    expect(await named(showing(e16, undefined, mac16))).toEqual(['srv-11', 'srv-66']);
    for (const elsewhere of [
      showing(e16, 17, mac16),
      showing(e16, 16, mac66),
      showing('leaf1:Ethernet21' as PortId, 16, mac16),
    ])
      expect(await named(elsewhere)).toContain('srv-16');
  });

  it('leaves out whose port a sensor heard, in its VLAN, and whose MAC the log saw there', async () => {
    const sensor = { source: source66, lastFrameTime: now - minute };
    expect(await named(read(dayMs), { sensors: [sensor] })).toEqual(['srv-11', 'srv-16']);
    const untold = { source: { ...source66, vlan: 67 as Vlan }, lastFrameTime: now - minute };
    expect(await named(read(dayMs), { sensors: [untold] })).toContain('srv-66');
    const seen = foldOf([...rack, ...linksUp, ['MacSeen', { port: e16, vlan: 16, mac: mac16 }]]).map;
    const activity = activityAt({ sensors: [], macPorts: new Map([[leaf1, read(dayMs)]]), map: seen }, now);
    const [server] = seen.bindingsOnPort(e16);
    expect(server && activity({ ...server, port: e16 })?.lastHeard).toBe(Date.UTC(2026, 10, 1) + 13_000);
  });

  it('counts those whose link is not known to be up, and names them not', async () => {
    const down = foldOf([...rack, ...linksUp, ['LinkDown', { port: e16 }]]).map;
    expect(await ask(read(dayMs), { map: down })).toMatchObject({
      servers: [{ serverId: 'srv-11' }, { serverId: 'srv-66' }],
      linkNotUp: 1,
    });
    expect(await ask(read(dayMs), { map: foldOf(rack).map })).toMatchObject({ servers: [], linkNotUp: 3 });
  });

  it('can be asked of one switch', async () => {
    expect(await ask(undefined, {}, 'leaf2')).toMatchObject({ servers: [], notJudged: 0 });
    expect(await named(read(dayMs), {}, 'leaf1')).toHaveLength(3);
  });

  it('begins anew after a gap in the reading, and while nothing is read judges nobody', async () => {
    const ports = read(2 * dayMs);
    expect(ports.readSince(now + 3 * minute)).toBe(now - 2 * dayMs);
    expect(ports.readSince(now + 3 * minute + 1)).toBeUndefined();
    ports.noteRead(now + 4 * minute);
    expect(ports.readSince(now + 4 * minute)).toBe(now + 4 * minute);
    expect(await ask(new MacPorts(minute))).toMatchObject({ notJudged: 3 });
  });
});
