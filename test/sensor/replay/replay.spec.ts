import fc from '../../support/property.js';
import { catalogue, formatInstant, type StoredEvent } from '../../../events/index.js';
import { CaptureRecord } from '../../../src/sensor/capture/capture-record.js';
import { FrameFields } from '../../../src/sensor/capture/frame-fields.js';
import { readFrame } from '../../../src/sensor/capture/frame-reader.js';
import type { Verdict } from '../../../src/sensor/judge/judge-verdict.js';
import type { CaptureFrame } from '../../../src/sensor/replay/capture-frames.js';
import { compare } from '../../../src/sensor/replay/compare.js';
import { recordedViolations, violationsOf } from '../../../src/sensor/replay/known-violations.js';
import type { LogPages } from '../../../src/sensor/replay/log-pages.js';
import { fixedMap, MapOfEachFrame } from '../../../src/sensor/replay/map-then.js';
import { replay } from '../../../src/sensor/replay/replay.js';
import { rack, stored, type Told } from '../../projections/rules/rack.js';
import { arp, ethernet } from '../capture/frames.js';
import { fillRecord } from '../judge/frame-bench.js';
import { source66 } from '../judge/sensor-rig.js';

const noon = Date.UTC(2026, 10, 2, 12);
const stranger = '020000000009';

/** A claim for the address of the port's own server, so many ms after noon. */
function claimAt(ms: number, mac = stranger, address = 'c6336442'): CaptureFrame {
  const bytes = ethernet(0x0806, arp(2, mac, address, '001c73000099', 'c6336401'), { from: mac });
  const [fields, record] = [new FrameFields(), new CaptureRecord()];
  fillRecord(record, bytes, noon + ms);
  if (!readFrame(bytes, 0, bytes.length, record.linkType, fields))
    throw new Error('the frame of the test is neither ARP nor ND');
  return { fields, record };
}

/** The rack, sold before noon, and what was told after it, each with the time it was recorded. */
function logOf(...later: readonly (readonly [ms: number, ...Told])[]): readonly StoredEvent[] {
  const told = [...rack, ...later.map(([, type, data]): Told => [type, data])];
  return stored(told).map((event, ordinal) => {
    const [ms] = later[ordinal - rack.length] ?? [];
    if (ms === undefined) return event;
    const time = formatInstant(noon + ms);
    return { ...event, metadata: { ...event.metadata, time, recordedAt: time } };
  });
}
const pagesOf = (events: readonly StoredEvent[], size = 4): LogPages => ({
  async *pages() {
    for (let at = 0; at < events.length; at += size) yield await Promise.resolve(events.slice(at, at + size));
  },
});
const cardBecomes = (mac: string): Told => ['ServerNicReplaced', { serverId: 'srv-66', mac }];
const found = (verdicts: readonly Verdict[]): string[] =>
  verdicts.flatMap((one) => (one.type === 'ViolationDetected' ? [`${one.data.rule} ${one.data.etherSource}`] : []));

describe('a replay', () => {
  const frames = [claimAt(0), claimAt(20_000)];

  it('settles a finding by the map of the moment at which it was due, not by that of the next frame', async () => {
    const explained = pagesOf(logOf([3_000, ...cardBecomes('02:00:00:00:00:09')]));
    expect(found((await replay(frames, source66, new MapOfEachFrame(explained))).verdicts)).toEqual([]);
    const tooLate = pagesOf(logOf([10_000, ...cardBecomes('02:00:00:00:00:09')]));
    const { verdicts } = await replay(frames, source66, new MapOfEachFrame(tooLate));
    expect(found(verdicts)).toEqual(['unknown-mac 02:00:00:00:00:09']);
  });

  it('settles what waits at the end of the capture by what was recorded until it was due', async () => {
    for (const [ms, expected] of [
      [4_000, []],
      [6_000, ['unknown-mac 02:00:00:00:00:09']],
    ] as const) {
      const map = new MapOfEachFrame(pagesOf(logOf([ms, ...cardBecomes('02:00:00:00:00:09')])));
      expect(found((await replay([claimAt(0)], source66, map)).verdicts)).toEqual(expected);
    }
  });

  it('by one fixed map takes the facts of that valid time, as far as they were known', async () => {
    const events = logOf([10_000, ...cardBecomes('02:00:00:00:00:09')]);
    const by = async (fixed: Parameters<typeof fixedMap>[1]): Promise<string[]> =>
      found((await replay(frames, source66, await fixedMap(pagesOf(events), fixed))).verdicts);
    expect(await by({})).toEqual([]);
    expect(await by({ at: noon + 9_999 })).toEqual(['unknown-mac 02:00:00:00:00:09']);
    expect(await by({ at: noon + 10_000 })).toEqual([]);
    expect(await by({ at: noon + 10_000, knownAt: { ordinal: rack.length - 1 } })).toHaveLength(1);
    expect(await by({ knownAt: { recordedAt: noon + 9_999 } })).toHaveLength(1);
  });

  it('gives the same verdicts however the log is cut into pages', async () => {
    const events = logOf([3_000, ...cardBecomes('02:00:00:00:00:07')], [12_000, ...cardBecomes('02:00:00:00:00:09')]);
    const all = [claimAt(0), claimAt(1, '020000000007'), claimAt(11_000, '525400000066', 'c6336410'), claimAt(30_000)];
    const whole = await replay(all, source66, new MapOfEachFrame(pagesOf(events, 100)));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 20 }), async (size) => {
        expect(await replay(all, source66, new MapOfEachFrame(pagesOf(events, size)))).toEqual(whole);
      }),
      { numRuns: 20 },
    );
  });

  it('ends where it is told to, and says so', async () => {
    let seen = 0;
    const options = { onFrame: () => void seen++, isStopped: () => seen === 1 };
    const stopped = await replay(frames, source66, new MapOfEachFrame(pagesOf(logOf())), options);
    expect(stopped).toMatchObject({ isStopped: true, frames: 1 });
  });
});

describe('what was recorded', () => {
  const told = async (): Promise<readonly Verdict[]> => {
    const frames = [claimAt(0), claimAt(6_000), claimAt(7_000), claimAt(30_000)];
    return (await replay(frames, source66, new MapOfEachFrame(pagesOf(logOf())))).verdicts;
  };
  const asStored = (verdicts: readonly Verdict[], sensor = 'leaf1-e66'): StoredEvent[] =>
    verdicts.flatMap(({ type, data, time: at }, ordinal) => {
      if (type === 'MacSeen') return [];
      const time = formatInstant(at);
      const source = `urn:portledger:sensor:${sensor}`;
      const schemaVersion = catalogue[type].version;
      const metadata = { source, sourceId: `${ordinal}`, schemaVersion, time, recordedAt: time };
      const place = { revision: 0, position: `${ordinal}`, ordinal };
      return [{ id: `${ordinal}`, stream: `violation-${data.violationId}`, type, data, metadata, ...place }];
    });

  it('is the same as a replay of the same frames, whatever the sensor told of other times', async () => {
    const verdicts = await told();
    const span = { from: noon, to: noon + 30_000 };
    const recorded = await recordedViolations(pagesOf(asStored(verdicts)), { sensor: 'leaf1-e66' }, span);
    expect(compare(recorded, violationsOf(verdicts))).toEqual({ differences: [], same: 1 });
    const elsewhere = { from: noon + 60_000, to: noon + 90_000 };
    expect((await recordedViolations(pagesOf(asStored(verdicts)), { sensor: 'leaf1-e66' }, elsewhere)).size).toBe(0);
  });

  it('of another sensor counts for the port only', async () => {
    const pages = pagesOf(asStored(await told(), 'mirror'));
    const span = { from: noon, to: noon + 30_000 };
    expect((await recordedViolations(pages, { sensor: 'leaf1-e66' }, span)).size).toBe(0);
    expect((await recordedViolations(pages, { port: source66.port }, span)).size).toBe(1);
  });

  it('is not counted where an event tells of frames beyond the capture as well', async () => {
    const pages = pagesOf(asStored(await told()));
    const [one] = (await recordedViolations(pages, { sensor: 'leaf1-e66' }, { from: noon, to: noon + 6_500 })).values();
    expect(one).toMatchObject({ detected: { rule: 'unknown-mac' }, frames: undefined });
  });
});
