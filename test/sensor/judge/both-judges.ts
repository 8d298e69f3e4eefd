// The judge of frames and the judge that asks every rule of every frame, side by side, and what they may hear.
import fc from '../../support/property.js';
import type { PortId, SwitchName, Vlan } from '../../../events/index.js';
import type { Observation } from '../../../projections/index.js';
import { CaptureRecord } from '../../../src/sensor/capture/capture-record.js';
import type { CaptureSource } from '../../../src/sensor/capture/capture-source.js';
import { FrameFields } from '../../../src/sensor/capture/frame-fields.js';
import { readFrame } from '../../../src/sensor/capture/frame-reader.js';
import type { KeptFrame } from '../../../src/sensor/evidence/kept-frame.js';
import { FrameJudge } from '../../../src/sensor/judge/frame-judge.js';
import { DatedGrants } from '../../../src/sensor/judge/grants/dated-grants.js';
import { MacSightings } from '../../../src/sensor/judge/judge-sightings.js';
import { DadWatch } from '../../../src/sensor/judge/sieve/dad-watch.js';
import { Sieve } from '../../../src/sensor/judge/sieve/sieve.js';
import type { JudgeLimits } from '../../../src/sensor/judge/judge-limits.js';
import type { Verdict } from '../../../src/sensor/judge/judge-verdict.js';
import { mac, strangeMac, type Told } from '../../projections/rules/rack.js';
import { fillRecord, rackFrames, rackPlaces, sourceOf } from './frame-bench.js';
import { foldOfTold } from './grants/told-pages.js';
import { nothingStored } from './judge-bench.js';
import { PlainJudge } from './plain-judge.js';

const byTable: CaptureSource = {
  name: 'leaf1-tables',
  site: 'default',
  switch: 'leaf1' as SwitchName,
  interface: 'uplink',
  attribution: 'mac-table',
};
export const places = [...rackPlaces, 'tables'] as const;
export type Place = (typeof places)[number];
const sources = [...rackPlaces.map(sourceOf), byTable];

/** Both judges at once, on grants of their own that change alike. */
export class BothJudges {
  readonly fast: FrameJudge;
  readonly plain: PlainJudge;
  readonly verdicts: Verdict[] = [];
  readonly kept: KeptFrame[] = [];
  private readonly grants = [new DatedGrants(5_000), new DatedGrants(5_000)] as const;
  /** Clears what a server says with its MAC on its VLAN, whatever a MAC table says of its port. */
  private readonly atHome: Sieve;
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
    const watch = new DadWatch(0);
    this.atHome = new Sieve(byTable, fast.index.packed, watch, new MacSightings(() => undefined, 0));
  }

  hear(place: Place, bytes: Uint8Array, time: number): void {
    fillRecord(this.record, bytes, time);
    if (readFrame(bytes, 0, bytes.length, this.record.linkType, this.fields))
      this.take(place, this.fields, this.record);
  }

  take(place: Place, fields: FrameFields, record: CaptureRecord): void {
    // Of these the rows of the MAC table are judged and the frames are not, as the README says among the known limits.
    if (place === 'tables' && this.atHome.clears(record.bytes, fields)) return;
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
    this.plain.flush(now);
    this.grants[1].advance(now, () => this.plain.judge.waitsSince);
  }

  /** Fails where they do not say the same. */
  compare(): void {
    expect(this.verdicts.map(undated)).toEqual(this.plain.verdicts.map(undated));
    expect(this.fast.counts).toEqual(this.plain.judge.counts);
    expect(this.fast.judge.exceptionHits.all()).toEqual(this.plain.judge.exceptionHits.all());
    expect(this.kept.map(({ violationId, bytes }) => [violationId, Buffer.from(bytes)])).toEqual(
      this.plain.kept.map(({ violationId, bytes }) => [violationId, Buffer.from(bytes)]),
    );
  }
}

/** A frame that the sieve clears moves the clock of one of them: the grants of that moment are in the data all the same. */
const undated = (verdict: Verdict): object => ({ ...verdict, asOf: undefined });

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
export const toldInTurns = fc.record({
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

/** A row of a MAC table that shows the server of Ethernet16 there. */
export function rowAt(port: string, frameTime: number): Observation {
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
