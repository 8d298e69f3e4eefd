import { logLine, renderStats, streamLine } from '../../src/audit/render-log.js';
import type { LoggedEvent } from '../../src/audit/log-page.js';

const event: LoggedEvent = {
  id: '5f9c3a52-6f0e-4d3c-9d5e-2b7c1f0a9e11',
  stream: 'server-srv-17',
  type: 'ServerMoved',
  data: { serverId: 'srv-17', vlan: 17 },
  metadata: {
    source: 'urn:billing:eu',
    sourceId: '1',
    schemaVersion: 1,
    time: '2026-01-31T03:14:00.000Z',
    recordedAt: '2026-01-31T03:14:01.250Z',
  },
  revision: 4,
  position: '41',
  ordinal: 41,
};

describe('the log on a terminal', () => {
  it('is one line an event, and says why one cannot be read', () => {
    expect(logLine(event)).toBe(
      '#41       2026-01-31T03:14:01.250Z  server-srv-17             ServerMoved           serverId=srv-17 vlan=17',
    );
    expect(logLine({ ...event, unreadable: 'vlan: expected' })).toMatch(/ unreadable: vlan: expected$/);
    expect(
      streamLine({ ...event, unreadable: 'vlan: expected' })
        .split('\n')
        .at(-1),
    ).toBe('   unreadable: vlan: expected');
  });

  it('lets no text of the log forge a line or turn it around', () => {
    const bad = 'x\n#42 ServerRemoved\u001b[2J\u202e';
    const metadata = { ...event.metadata, source: bad, recordedAt: bad, time: bad, causedBy: [bad] };
    const forged = { ...event, stream: bad, type: bad, id: bad, data: { [bad]: bad }, metadata, unreadable: bad };
    // oxlint-disable-next-line no-control-regex
    const dangerous = /[\u0000-\u0009\u000b-\u001f\u202e]/;
    expect(logLine(forged)).not.toMatch(/\n/);
    expect(logLine(forged)).not.toMatch(dangerous);
    expect(streamLine(forged).split('\n')).toHaveLength(4);
    expect(streamLine(forged)).not.toMatch(dangerous);
    const counts = { events: 1, bytes: 1 };
    const stats = { logId: 'x', size: 1, root: '00', bytes: 1, firstRecordedAt: bad, lastRecordedAt: bad };
    const shown = renderStats({ ...stats, types: [{ type: bad, ...counts }], families: [{ family: bad, ...counts }] });
    expect(shown).not.toMatch(dangerous);
    expect(shown.split('\n')).toHaveLength(10);
  });
});
