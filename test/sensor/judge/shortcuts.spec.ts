import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { PortId, SwitchName, Vlan } from '../../../events/index.js';
import type { Observation } from '../../../projections/index.js';
import { CaptureError } from '../../../src/sensor/capture/capture.error.js';
import { CaptureRecord } from '../../../src/sensor/capture/capture-record.js';
import type { CaptureSource } from '../../../src/sensor/capture/capture-source.js';
import { FrameFields } from '../../../src/sensor/capture/frame-fields.js';
import { readFrame } from '../../../src/sensor/capture/frame-reader.js';
import { FrameStream } from '../../../src/sensor/capture/frame-stream.js';
import type { KeptFrame } from '../../../src/sensor/evidence/kept-frame.js';
import { FrameJudge } from '../../../src/sensor/judge/frame-judge.js';
import { DatedGrants } from '../../../src/sensor/judge/grants/dated-grants.js';
import type { JudgeLimits } from '../../../src/sensor/judge/judge-limits.js';
import type { Verdict } from '../../../src/sensor/judge/judge-verdict.js';
import { gateway, mac, rack, sold, strangeMac, type Told } from '../../projections/rules/rack.js';
import { ownCaptures, realdata } from '../capture/capture-files.js';
import { arp, ethernet } from '../capture/frames.js';
import { fillRecord, rackFrames, rackPlaces, sourceOf, toldOfRack } from './frame-bench.js';
import { foldOfTold } from './grants/told-pages.js';
import { noonMs, nothingStored, storedFrom } from './judge-bench.js';
import { PlainJudge } from './plain-judge.js';

const byTable: CaptureSource = {
  name: 'leaf1-tables',
  site: 'default',
  switch: 'leaf1' as SwitchName,
  interface: 'uplink',
  attribution: 'mac-table',
};
const places = [...rackPlaces, 'tables'] as const;
type Place = (typeof places)[number];
const sources = [...rackPlaces.map(sourceOf), byTable];

/** Both judges at once, on grants of their own that change alike. */
class Both {
  readonly fast: FrameJudge;
  readonly plain: PlainJudge;
  readonly verdicts: Verdict[] = [];
  readonly kept: KeptFrame[] = [];
  private readonly grants = [new DatedGrants(5_000), new DatedGrants(5_000)] as const;
  private readonly next: (told: Told) => Parameters<DatedGrants['take']>[0];
  private readonly fields = new FrameFields();
  private readonly record = new CaptureRecord();

  constructor(told: readonly Told[], limits: Partial<JudgeLimits> = {}, stored = nothingStored) {
    const { pages, next } = foldOfTold(told);
    this.next = next;
    for (const grants of this.grants) for (const page of pages) grants.take(page);
    const [fast, plain] = this.grants;
    this.fast = new FrameJudge({
      grants: fast,
      stored,
      limits: { ...limits, judgedPerSecond: Number.POSITIVE_INFINITY },
      onVerdicts: (some) => void this.verdicts.push(...some),
      onFrameKept: (frame) => void this.kept.push(frame),
    });
    for (const source of sources) this.fast.addSource(source);
    this.plain = new PlainJudge(plain, sources, limits, stored);
  }

  hear(place: Place, bytes: Uint8Array, time: number): void {
    fillRecord(this.record, bytes, time);
    if (readFrame(bytes, 0, bytes.length, this.record.linkType, this.fields))
      this.take(place, this.fields, this.record);
  }

  take(place: Place, fields: FrameFields, record: CaptureRecord): void {
    const number = places.indexOf(place);
    this.fast.hear(number, fields, record);
    this.plain.hear(number, fields, record);
  }

  observe(observation: Observation): void {
    this.fast.observe(observation);
    this.plain.observe(observation);
  }

  change(told: Told, recordedAt: number): void {
    const records = this.next(told);
    for (const grants of this.grants) grants.take(records, recordedAt);
  }

  flush(now: number): void {
    this.fast.flush(now);
    this.grants[1].advance(now);
    this.plain.flush(now);
  }

  /** Fails where they do not say the same. */
  compare(): void {
    expect(this.verdicts).toEqual(this.plain.verdicts);
    expect(this.fast.counts).toEqual(this.plain.judge.counts);
    expect(this.fast.judge.exceptionHits.all()).toEqual(this.plain.judge.exceptionHits.all());
    expect(this.kept.map(({ violationId, bytes }) => [violationId, Buffer.from(bytes)])).toEqual(
      this.plain.kept.map(({ violationId, bytes }) => [violationId, Buffer.from(bytes)]),
    );
  }
}

const exception = (rule: string, more: Record<string, unknown>): Told => [
  'ExceptionGranted',
  { exceptionId: `11111111-1111-5111-8111-1111111111${rule.length}`, rule, expires: '2026-11-02T12:03:00Z', ...more },
];

const changes: readonly Told[] = [
  ['ServerNicReplaced', { serverId: 'srv-16', mac: strangeMac }],
  ['ServerNicReplaced', { serverId: 'srv-16', mac: mac[16] }],
  ['ServerMoved', { serverId: 'srv-66', port: 'leaf1:Ethernet67', vlan: 66 }],
  ['ServerMacAdded', { serverId: 'srv-11', mac: strangeMac, purpose: 'bond' }],
  ['ServerSuspended', { serverId: 'srv-66' }],
  ['Ipv4AddOnCancelled', { serverId: 'srv-16', addOnId: 'v4-16' }],
  ['Ipv6PrefixAssigned', { serverId: 'srv-66', prefix: '2001:db8:16::/64' }],
  ['LinkUp', { port: 'leaf1:Ethernet16' }],
  exception('address-spoof', { port: 'leaf1:Ethernet66' }),
  exception('mac-moved', { mac: mac[16] }),
];

const heardIn = (port: 11 | 16 | 66): fc.Arbitrary<{ place: Place; bytes: Buffer }> =>
  fc.record({
    place: fc.oneof(
      { weight: 3, arbitrary: fc.constant<Place>(port) },
      fc.constantFrom<Place[]>('trunk', 'mirror', 'tables', 16, 66),
    ),
    bytes: rackFrames(port, fc.constantFrom(undefined, undefined, port, 16)),
  });

/** Few different frames, each told many times and in turns: what is remembered of one meets it again. */
const told = fc.record({
  frames: fc.array(fc.constantFrom<(11 | 16 | 66)[]>(11, 16, 66).chain(heardIn), { minLength: 2, maxLength: 6 }),
  steps: fc.array(
    fc.record({
      which: fc.nat(99),
      afterMs: fc.oneof(
        { weight: 8, arbitrary: fc.nat(20) },
        { weight: 2, arbitrary: fc.nat(6_000) },
        fc.nat(70_000),
        // A frame of another source may come a little late.
        fc.integer({ min: -30, max: 0 }),
      ),
      change: fc.option(fc.constantFrom(...changes), { freq: 25, nil: undefined }),
      row: fc.option(fc.constantFrom('leaf1:Ethernet11', 'leaf1:Ethernet16'), { freq: 15, nil: undefined }),
    }),
    { maxLength: 120, size: 'max' },
  ),
  limits: fc.constantFrom<Partial<JudgeLimits>[]>(
    {},
    { identitiesPerMinute: 1, repeatsPerMinute: 1 },
    { waitingAPort: 1, sightingsPerMinute: 2 },
    { openViolations: 2, waitingFindings: 2, keptFrames: 2, repeatWindowMs: 500 },
  ),
});

describe('the judge of frames with its shortcuts, and the judge that asks every rule of every frame', () => {
  it('tell the same violations, repeats and sightings in the same order, count the same and keep the same frames', () => {
    let repeated = 0;
    fc.assert(
      fc.property(toldOfRack, told, fc.boolean(), (log, { frames, steps, limits }, isRestarted) => {
        let both = new Both(log, limits);
        let time = noonMs;
        for (const [index, { which, afterMs, change, row }] of steps.entries()) {
          time += afterMs;
          if (change !== undefined) both.change(change, time);
          if (row !== undefined) both.observe(rowAt(row, time));
          const frame = frames[which % frames.length];
          if (frame !== undefined) both.hear(frame.place, frame.bytes, time);
          if (!isRestarted || index !== steps.length >>> 1) continue;
          both.compare();
          both = new Both(log, limits, storedFrom(both.verdicts));
        }
        both.flush(time + 60_000);
        both.compare();
        repeated += both.verdicts.filter(({ type }) => type === 'ViolationRepeated').length;
      }),
      { numRuns: 80 },
    );
    expect(repeated).toBeGreaterThan(60);
  });

  it.each(['random MACs and addresses', 'one MAC and many addresses', 'two MACs in turns', 'one lie'])(
    'agree on a flood of %s',
    (flood) => {
      const both = new Both([gateway, ...sold(11), ...sold(16), ...sold(66)]);
      let seed = 7;
      const random = (): string =>
        ((seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0) >>> 0).toString(16).padStart(8, '0');
      const lie = (frame: number): Buffer => {
        switch (flood) {
          case 'random MACs and addresses':
            return forged(`02${random()}00`, random());
          case 'one MAC and many addresses':
            return forged('525400000066', `c63364${random().slice(0, 2)}`);
          case 'two MACs in turns':
            return forged(frame % 2 === 0 ? '525400000011' : '02deadbeef01', 'c6336410');
          default:
            return forged('525400000066', 'c6336410');
        }
      };
      for (let frame = 0; frame < 3_000; frame++) {
        const time = noonMs + frame * 30;
        both.hear(66, lie(frame), time);
        if (frame % 3 === 0) both.hear(66, forged('525400000066', 'c6336442'), time);
        if (frame % 7 === 0) both.hear(16, forged('525400000016', 'c6336410'), time);
      }
      both.flush(noonMs + 200_000);
      both.compare();
      expect(both.verdicts.length).toBeGreaterThan(5);
    },
    30_000,
  );

  it('agree on every capture, ours and real ones, heard at every place', () => {
    const real = realdata();
    const folders = [ownCaptures, ...('folder' in real ? [join(real.folder, 'pcap')] : [])];
    let heard = 0;
    for (const folder of folders) {
      for (const name of readdirSync(folder).filter((one) => /\.pcap(ng)?$/.test(one))) {
        const both = new Both(rack);
        let end = 0;
        for (const place of places) {
          try {
            new FrameStream(name, (fields, record) => {
              if (heard++ > 200_000) return;
              end = Math.max(end, record.seconds * 1000);
              both.take(place, fields, record);
            }).push(readFileSync(join(folder, name)));
          } catch (error) {
            if (!(error instanceof CaptureError)) throw error;
          }
        }
        both.flush(end + 60_000);
        both.compare();
      }
    }
    expect(heard).toBeGreaterThan(100);
  }, 60_000);
});

const forged = (from: string, address: string): Buffer =>
  ethernet(0x0806, arp(2, from, address, '000000000000', 'c6336401'), { from });

/** A row of a MAC table that shows the server of Ethernet16 there. */
function rowAt(port: string, frameTime: number): Observation {
  return {
    kind: 'mac-table',
    sensor: 'leaf1-table',
    site: 'default',
    switch: 'leaf1' as SwitchName,
    attribution: 'mac-table',
    port: port as PortId,
    vlan: 16 as Vlan,
    etherSource: mac[16],
    claimedMac: mac[16],
    tentative: false,
    frameTime,
  };
}
