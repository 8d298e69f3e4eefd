import fc from '../../support/property.js';
import { decodeEvent, formatInstant, type LedgerEvent } from '../../../events/index.js';
import { LogFold } from '../../../projections/index.js';
import { dayHtml } from '../../../src/audit/report/day-html.js';
import type { DayReport } from '../../../src/audit/report/day-report.js';
import { dayText } from '../../../src/audit/report/day-text.js';
import { foldDay, parseSince, readDay } from '../../../src/audit/report/read-day.js';
import { corpus } from '../../support/corpus.js';
import { MemoryLog, type Told } from '../memory-log.js';

const start = Date.UTC(2026, 0, 5);
const dayMs = 86_400_000;
const samples = corpus.filter(({ stored, file }) => file.endsWith('.v1.json') && decodeEvent(stored).readable);

/** Any events over two days, of any type; several of them about the same few violations and devices. */
const anyLog = fc
  .array(fc.record({ sample: fc.nat(samples.length - 1), minute: fc.nat(2 * 24 * 60), name: fc.nat(3) }), {
    maxLength: 60,
  })
  .map((drawn) => {
    const told = drawn
      .toSorted((a, b) => a.minute - b.minute)
      .map(({ sample, minute, name }): Told => {
        const stored = samples[sample]?.stored;
        const data = { ...(stored?.data as Record<string, unknown>) };
        if ('violationId' in data && stored?.type !== 'ViolationMuted') data['violationId'] = `v${name}`;
        if ('device' in data) data['device'] = `leaf${name}`;
        if (stored?.type === 'DeviceFrozen' && name < 2) data['by'] = 'portledger';
        return { type: stored?.type ?? '', data, time: formatInstant(start + minute * 60_000) };
      });
    return MemoryLog.of(told.filter(isHeardOf));
  });

/** Our own rooms write down a repetition only of what they wrote down before. */
function isHeardOf({ type, data }: Told, index: number, told: readonly Told[]): boolean {
  const ofSame = (one: Told): boolean =>
    'violationId' in one.data && 'violationId' in data && one.data.violationId === data.violationId;
  return (
    type !== 'ViolationRepeated' || told.slice(0, index).some((one) => one.type === 'ViolationDetected' && ofSame(one))
  );
}

/** What a person with the list of the events would count. */
function counted(log: MemoryLog, from: number, to: number) {
  const known = log.events.flatMap((stored) => {
    const at = Date.parse(stored.metadata.recordedAt);
    const decoded = decodeEvent(stored);
    return at > from && at <= to && decoded.readable ? [decoded.event] : [];
  });
  const of = (...types: string[]): LedgerEvent[] => known.filter(({ type }) => types.includes(type));
  const finished = known.flatMap((event) => (event.type === 'ReconcileFinished' ? [event.data] : []));
  const lines = finished
    .flatMap((data) => data.lines)
    .filter(({ change, readBack }) => (change === 'add') === (readBack === 'present') && readBack !== 'unknown');
  const repeated = known.flatMap((event) => (event.type === 'ViolationRepeated' ? [event.data.count] : []));
  const blackouts = known.flatMap((event) => (event.type === 'MoveFinished' ? (event.data.blackoutMs ?? []) : []));
  const ofTheEngine = known.filter(({ data }) => 'by' in data && data.by === 'portledger');
  const words = known.filter(
    (event) =>
      (['EntryAdopted', 'DeviceFrozen', 'DeviceResumed'].includes(event.type) && !ofTheEngine.includes(event)) ||
      'confirmedBy' in event.data ||
      'releasedBy' in event.data,
  );
  return {
    events: known.length,
    detected: of('ViolationDetected').length,
    frames: of('ViolationDetected').length + repeated.reduce((sum, count) => sum + count, 0),
    resolved: of('ViolationResolved').length,
    falsePositive: of('ViolationMarkedFalsePositive').length,
    exonerated: of('ViolationExonerated').length,
    moves: of('MoveFinished').length,
    longest: blackouts.length === 0 ? undefined : Math.max(...blackouts),
    lines: lines.length,
    drift: lines.filter(({ cause }) => cause === 'drift').length,
    billing: of(
      ...['ServerSuspended', 'ServerRemoved', 'Ipv4AddOnCancelled', 'Ipv6PrefixReleased'],
      ...['Ipv6PrefixOrderCancelled', 'ContainmentRefused'],
    ).length,
    sensors: of('SensorSilent', 'SensorLagging').length,
    stopped: ofTheEngine.length,
    approvals: words.length,
  };
}

function told({ events, unreadable, violations, moves, devices, billing, sensors, approvals }: DayReport) {
  const sum = (of: (day: DayReport['devices'][number]) => number): number =>
    devices.reduce((total, day) => total + of(day), 0);
  return {
    events: events - unreadable,
    detected: violations.detected,
    frames: violations.frames,
    resolved: violations.resolved,
    falsePositive: violations.falsePositive,
    exonerated: violations.exonerated,
    moves: moves.total,
    longest: moves.longestBlackoutMs,
    lines: sum(({ lines }) => lines),
    drift: sum(({ driftRepaired }) => driftRepaired),
    stopped: sum(({ stopped }) => stopped),
    billing: billing.total,
    sensors: sensors.total,
    approvals: approvals.total,
  };
}

describe('the report of a day', () => {
  it('counts what a naive count over the events of the log counts, live and offline', async () => {
    await fc.assert(
      fc.asyncProperty(anyLog, async (log) => {
        const to = Date.parse(log.events.at(-1)?.metadata.recordedAt ?? formatInstant(start));
        const range = { from: to - dayMs, to };
        const map = new LogFold();
        for (const event of log.events) map.fold(event);
        const live = await readDay(log, map.map, range, map.ordinal);
        expect(told(live)).toEqual(counted(log, range.from, range.to));
        if (log.events.length > 0) expect(await foldDay(log, dayMs)).toEqual(live);
        expect(live.hours.reduce((sum, { events }) => sum + events, 0)).toBe(live.events);
        expect(live.violations.byRule.reduce((sum, { count }) => sum + count, 0)).toBe(live.violations.detected);
      }),
      { numRuns: 60 },
    );
  });

  it("names a device that the engine froze by itself, and counts that as nobody's approval", async () => {
    const frozen = (device: string, by: string): Told => {
      return { type: 'DeviceFrozen', data: { device, by, reason: 'pushes failed' }, time: formatInstant(start) };
    };
    const log = MemoryLog.of([frozen('leaf1', 'portledger'), frozen('leaf2', 'tok1')]);
    const report = await foldDay(log, dayMs);
    expect(report.approvals).toMatchObject({ total: 1, newest: [{ device: 'leaf2', by: 'tok1' }] });
    expect(report.devices).toMatchObject([{ device: 'leaf1', stopped: 1, reconciles: 0 }]);
    expect(dayText(report)).toContain('Frozen by the engine itself: leaf1.');
  });

  it('leaves out what was stored after its map', async () => {
    const log = MemoryLog.of([detected('v1', 1), detected('v2', 2)]);
    const map = new LogFold();
    for (const event of log.events.slice(0, 1)) map.fold(event);
    const report = await readDay(log, map.map, { from: start, to: start + dayMs }, map.ordinal);
    expect(report.violations.detected).toBe(1);
    expect(report.standing.open).toBe(1);
  });

  it('says how the violations stand at the end: open, and of these muted', async () => {
    const time = formatInstant(start + 60_000);
    const until = formatInstant(start + 2 * dayMs);
    const mute = { muteId: 'm1', violationId: 'v1', until, reason: 'known', by: 'token:a' };
    const log = MemoryLog.of([detected('v1', 1), detected('v2', 2), { type: 'ViolationMuted', data: mute, time }]);
    const { standing } = await foldDay(log, dayMs);
    expect(standing).toMatchObject({ open: 2, muted: 1, bySeverity: { high: 2 } });
  });

  it.each([
    ['24h', dayMs],
    ['90m', 5_400_000],
    ['31d', 31 * dayMs],
  ])('reads %s as a length', (text, value) => expect(parseSince(text)).toEqual({ value }));

  it.each(['', '0h', '32d', '24', '-1h', '1h&x=1'])('refuses %j as a length', (text) =>
    expect(parseSince(text)).toMatchObject({ problem: expect.stringContaining('since') as string }),
  );
});

describe('the page of a day', () => {
  const evil = `<script>alert(1)</script>"'><img src=x onerror=alert(1)>&amp;`;

  it('shows what strangers wrote as text, and loads and runs nothing', async () => {
    const log = MemoryLog.of([
      detected('v1', 1, { rule: evil, port: 'leaf1:Ethernet66', offenderCustomerId: 'cust-66', detail: evil }),
      { type: 'SensorSilent', data: { sensor: evil }, time: formatInstant(start) },
      { type: 'DeviceFrozen', data: { device: evil, by: evil, reason: 'x<b>y' }, time: formatInstant(start) },
    ]);
    const report = await foldDay(log, dayMs);
    expect(report).toMatchObject({ violations: { detected: 1 }, sensors: { total: 1 }, approvals: { total: 1 } });
    // No event brings this in; a log that somebody made may.
    const page = dayHtml({ ...report, logId: `log\u202e${evil}` });
    expect(page).toContain('log\\u202e&lt;script');
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&gt;&lt;img src=x onerror=alert(1)&gt;');
    expect(page).not.toMatch(/<script|<img|<b>y|\u202e/i);
    expect([...page.matchAll(/<[^>]*\s(?:src|href|on\w+|style)=/g)]).toEqual([]);
    expect(page).not.toMatch(/url\(|@import/);
    expect(page).toContain('prefers-color-scheme: dark');
    expect(page).toContain('@media print');
  });

  it('says the same in plain text, for mail programs that show nothing else', async () => {
    const log = MemoryLog.of([detected('v1', 1), detected('v2', 2)]);
    const report = await foldDay(log, dayMs);
    const text = dayText(report);
    expect(text).toContain('2 new violations (2 high), 2 frames heard.');
    expect(text).toMatch(/NOISY PORTS\n.*\n +Port +New +Frames\n +leaf1:Ethernet66 +2 +2/);
    expect(dayHtml(report)).toContain('<b>2</b>new violations');
  });

  it('is a page also where nothing happened at all', async () => {
    const report = await foldDay(MemoryLog.of([]), dayMs);
    expect(report.events).toBe(0);
    expect(dayHtml(report)).toContain('0 new violations');
  });
});

function detected(violationId: string, minute: number, more: object = {}): Told {
  const sample = samples.find(({ stored }) => stored.type === 'ViolationDetected');
  const data = { ...(sample?.stored.data as object), violationId, severity: 'high', port: 'leaf1:Ethernet66', ...more };
  return { type: 'ViolationDetected', data, time: formatInstant(start + minute * 60_000) };
}
