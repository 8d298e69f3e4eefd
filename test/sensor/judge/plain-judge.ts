import { type Observation, rules } from '../../../projections/index.js';
import type { CaptureRecord } from '../../../src/sensor/capture/capture-record.js';
import type { CaptureSource } from '../../../src/sensor/capture/capture-source.js';
import { observe } from '../../../src/sensor/capture/claims.js';
import { spellOut } from '../../../src/sensor/capture/frame-decoder.js';
import { type FrameFields, MALFORMED } from '../../../src/sensor/capture/frame-fields.js';
import { placeByVlan } from '../../../src/sensor/capture/place-by-vlan.js';
import type { KeptFrame } from '../../../src/sensor/evidence/kept-frame.js';
import type { DatedGrants } from '../../../src/sensor/judge/grants/dated-grants.js';
import { Judge } from '../../../src/sensor/judge/judge.js';
import type { JudgeLimits } from '../../../src/sensor/judge/judge-limits.js';
import type { Verdict } from '../../../src/sensor/judge/judge-verdict.js';
import { PortMeter } from '../../../src/sensor/judge/sieve/port-meter.js';
import { MacPlaces } from '../../../src/sensor/tables/mac-places.js';
import { nothingStored } from './judge-bench.js';

/** What `FrameJudge` shall say, told the slow way: every frame is spelled out, and every rule is asked of it. */
export class PlainJudge {
  readonly verdicts: Verdict[] = [];
  readonly kept: KeptFrame[] = [];
  readonly judge: Judge;
  private readonly meters = new Map<number, PortMeter>();
  private readonly places = new MacPlaces(300_000);

  constructor(
    private readonly grants: DatedGrants,
    private readonly sources: readonly CaptureSource[],
    limits: Partial<JudgeLimits> = {},
    stored = nothingStored,
  ) {
    this.judge = new Judge(stored, limits, rules, { onFrameKept: (frame) => void this.kept.push(frame) });
  }

  hear(number: number, fields: FrameFields, record: CaptureRecord): void {
    const source = this.sources[number];
    if (source === undefined) throw new RangeError(`There is no source ${number}.`);
    if (fields.kind === MALFORMED || fields.problem !== 0 || fields.etherSource < 0) return;
    const { bytes, start, end, seconds, nanoseconds, originalLength, linkType } = record;
    const time = { seconds, nanoseconds };
    const meter = source.attribution === 'interface' ? this.meterOf(number) : undefined;
    meter?.count(bytes, fields, seconds * 1000 + nanoseconds / 1e6);
    const observed = observe(spellOut(bytes, fields, record.number, time), source);
    if (observed === undefined) return;
    const placed = this.placed(observed);
    this.observe(meter === undefined ? placed : { ...placed, traffic: meter }, () => {
      return { time, bytes: Uint8Array.from(bytes.subarray(start, end)), originalLength, linkType };
    });
  }

  observe(observation: Observation, frame?: () => Omit<KeptFrame, 'violationId' | 'sensor'>): void {
    this.places.learn(observation);
    this.verdicts.push(...this.judge.observe(observation, this.grants, frame));
  }

  flush(now: number): void {
    this.verdicts.push(...this.judge.flush(now, this.grants));
  }

  private placed(observation: Observation): Observation {
    if (observation.attribution === 'vlan') return placeByVlan(observation, this.grants.asOf(observation.frameTime));
    return observation.attribution === 'mac-table' ? this.places.placed(observation) : observation;
  }

  private meterOf(number: number): PortMeter {
    const meter = this.meters.get(number) ?? new PortMeter();
    this.meters.set(number, meter);
    return meter;
  }
}
