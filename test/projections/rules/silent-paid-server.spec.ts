import { type PortActivity, silentPaidServers, thresholds } from '../../../projections/index.js';
import { foldOf, rack, sold, type Told } from './rack.js';

describe('silent-paid-server', () => {
  const soldAt = Date.UTC(2026, 10, 1);
  const dayMs = thresholds.silentServerMs;
  const now = soldAt + 10 * dayMs;
  const ask = (activity: PortActivity | undefined, told: readonly Told[] = sold(16), at = now) =>
    silentPaidServers(foldOf(told).map, ({ port }) => (port === 'leaf1:Ethernet16' ? activity : undefined), at);

  it('names a server that was not heard for a day, with its link', () => {
    expect(ask({ readSince: soldAt, lastHeard: now - dayMs })).toEqual([
      {
        serverId: 'srv-16',
        port: 'leaf1:Ethernet16',
        lastHeard: now - dayMs,
        link: 'unknown',
        detail: 'srv-16 on leaf1:Ethernet16 was not heard for 24 h; its link is unknown',
      },
    ]);
    const down: Told[] = [...sold(16), ['LinkDown', { port: 'leaf1:Ethernet16' }]];
    expect(ask({ readSince: soldAt, lastHeard: now - 2 * dayMs }, down)).toMatchObject([{ link: 'down' }]);
  });

  it('names a server that was never heard since its port is read', () => {
    const [silent] = ask({ readSince: now - dayMs });
    expect(silent).toMatchObject({ serverId: 'srv-16' });
    expect(silent).not.toHaveProperty('lastHeard');
  });

  it('is silent on a server heard within the day, by whatever counter or table', () => {
    expect(ask({ readSince: soldAt, lastHeard: now - dayMs + 1 })).toEqual([]);
  });

  it('knows nothing of a port that nobody reads, or not yet for a day: silence in ND alone proves nothing', () => {
    expect(ask(undefined)).toEqual([]);
    expect(ask({ lastHeard: soldAt })).toEqual([]);
    expect(ask({ readSince: now - dayMs + 1 })).toEqual([]);
  });

  it('gives a day to a server that was just sold, moved, resumed or given another card', () => {
    const activity = { readSince: soldAt - 30 * dayMs };
    expect(ask(activity, sold(16), soldAt + dayMs - 1)).toEqual([]);
    for (const change of [
      ['ServerMoved', { serverId: 'srv-16', port: 'leaf1:Ethernet16', vlan: 17 }],
      ['ServerNicReplaced', { serverId: 'srv-16', mac: '02:00:00:00:00:01' }],
    ] as const) {
      const told = [...sold(16), change];
      expect(ask(activity, told, soldAt + dayMs)).toEqual([]);
      expect(ask(activity, told, soldAt + dayMs + 4_000)).toHaveLength(1);
    }
  });

  it('is silent on servers that are suspended, removed or wait for a MAC', () => {
    const activity = { readSince: soldAt };
    expect(ask(activity, [...sold(16), ['ServerSuspended', { serverId: 'srv-16' }]])).toEqual([]);
    expect(ask(activity, [...sold(16), ['ServerRemoved', { serverId: 'srv-16' }]])).toEqual([]);
    expect(ask(activity, sold(16, { mac: null }))).toEqual([]);
    expect(ask(activity, rack)).toHaveLength(1);
  });
});
