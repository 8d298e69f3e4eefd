import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from '../../support/property.js';
import { formatInstant, type StoredEvent } from '../../../events/index.js';
import type { Verdict } from '../../../src/sensor/judge/judge-verdict.js';
import type { JudgeReport } from '../../../src/sensor/judge/thread/judge-messages.js';
import { JudgeDesk } from '../../../src/sensor/judge/thread/judge-desk.js';
import { captureFrames } from '../../../src/sensor/replay/capture-frames.js';
import type { LogPages } from '../../../src/sensor/replay/log-pages.js';
import { MapOfEachFrame } from '../../../src/sensor/replay/map-then.js';
import { replay } from '../../../src/sensor/replay/replay.js';
import { rack, stored, type Told } from '../../projections/rules/rack.js';
import { ownCaptures } from '../capture/capture-files.js';
import { foldOfTold } from '../judge/grants/told-pages.js';
import { sourceOf } from '../judge/frame-bench.js';

/** Where each frame of a classic pcap file begins, and when it was captured. */
async function placesIn(path: string): Promise<{ readonly offset: number; readonly time: number }[]> {
  const places: { offset: number; time: number }[] = [];
  let offset = 24;
  for await (const { record } of captureFrames(path)) {
    places.push({ offset, time: record.seconds * 1000 + record.nanoseconds / 1e6 });
    offset += 16 + record.end - record.start;
  }
  return places;
}

/** As an engine hears a capture: the map before it, and one change that it is told of while the frames come. */
function heardLive(bytes: Uint8Array, change: Told, recordedAt: number, cut: number, pieceSize: number): Verdict[] {
  const verdicts: Verdict[] = [];
  const report = (one: JudgeReport): void => {
    if (one.kind === 'verdicts') verdicts.push(...one.verdicts);
  };
  const desk = new JudgeDesk({ limits: {}, sources: [sourceOf(66)] }, report, () => recordedAt);
  const { pages, next } = foldOfTold(rack);
  for (const records of pages) desk.learn({ kind: 'records', records });
  desk.take({ kind: 'begin', source: 0, capture: 'live' });
  const hear = (from: number, to: number): void => {
    for (let at = from; at < to; at += pieceSize)
      desk.take({ kind: 'piece', source: 0, piece: bytes.slice(at, Math.min(to, at + pieceSize)) });
  };
  hear(0, cut);
  desk.learn({ kind: 'records', records: next(change), recordedAt });
  hear(cut, bytes.length);
  desk.take({ kind: 'close' });
  return verdicts;
}

function logWith(change: Told, recordedAt: number): LogPages {
  const events = stored([...rack, change]).map((event, ordinal): StoredEvent => {
    const time = formatInstant(ordinal < rack.length ? Date.UTC(2020, 0, 1) : recordedAt);
    return { ...event, metadata: { ...event.metadata, recordedAt: time } };
  });
  return {
    async *pages() {
      yield await Promise.resolve(events);
    },
  };
}

/** What of verdicts does not say how much of the log was known. */
const told = (verdicts: readonly Verdict[]): unknown[] =>
  verdicts.map(({ type, data, time }) => {
    if (type !== 'ViolationDetected') return [type, data, time];
    return [type, { ...data, judgedAtOrdinal: 0 }, time];
  });
const rulesIn = (verdicts: readonly Verdict[]): Set<string> =>
  new Set(verdicts.flatMap(({ type, data }) => (type === 'ViolationDetected' ? [data.rule] : [])));

const changes: readonly Told[] = [
  ['Ipv4AddOnCancelled', { serverId: 'srv-16', addOnId: 'v4-16' }],
  ['ServerNicReplaced', { serverId: 'srv-66', mac: '02:00:00:00:00:99' }],
  ['ServerSuspended', { serverId: 'srv-66' }],
];

describe('a capture heard by an engine and replayed', () => {
  it.each([
    ['arp-scan-24.pcap', 'neighbour-scan'],
    ['thc-flood-advertise6.pcap', 'neighbour-exhaustion'],
    ['arpspoof.pcap', 'address-spoof'],
  ])('%s gives the same verdicts, %s among them, whenever the map changes meanwhile', async (file, rule) => {
    const path = join(ownCaptures, file);
    const bytes = new Uint8Array(readFileSync(path));
    const places = await placesIn(path);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...changes),
        fc.constantFrom(...places),
        fc.integer({ min: 24, max: bytes.length }),
        fc.integer({ min: 20, max: 4_000 }),
        async (change, { time }, cut, pieceSize) => {
          // The log has whole milliseconds. The judge knows the change before it hears the first frame of after it.
          const recordedAt = Math.floor(time);
          const after = places.find((one) => one.time >= recordedAt)?.offset ?? bytes.length;
          const live = heardLive(bytes, change, recordedAt, Math.min(cut, after), pieceSize);
          const { verdicts } = await replay(
            captureFrames(path),
            sourceOf(66),
            new MapOfEachFrame(logWith(change, recordedAt)),
          );
          expect(told(verdicts)).toEqual(told(live));
          if (change[0] === 'ServerSuspended') expect(rulesIn(verdicts)).toContain(rule);
        },
      ),
      { numRuns: 12 },
    );
  });
});
