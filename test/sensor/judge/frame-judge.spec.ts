import fc from '../../support/property.js';
import { decodeData, type ViolationDetected } from '../../../events/index.js';
import type { KeptFrame } from '../../../src/sensor/evidence/kept-frame.js';
import { DatedGrants } from '../../../src/sensor/judge/grants/dated-grants.js';
import type { Verdict } from '../../../src/sensor/judge/judge-verdict.js';
import { rejudge } from '../../../src/sensor/judge/rejudge.js';
import { gateway, rack, sold, strangeMac, type Told } from '../../projections/rules/rack.js';
import { arp, ethernet } from '../capture/frames.js';
import { datedGrantsOf, frameBench, heardFrames, toldOfRack } from './frame-bench.js';
import { foldOfTold } from './grants/told-pages.js';
import { noonMs, violationsIn } from './judge-bench.js';

const hex = (value: number, digits: number): string => (value >>> 0).toString(16).padStart(digits, '0');
const forged = (mac: string, address: string): Buffer =>
  ethernet(0x0806, arp(2, mac, address, '000000000000', 'c6336401'), { from: mac });

const detections = (verdicts: readonly Verdict[]): ViolationDetected[] =>
  verdicts.flatMap((one) => (one.type === 'ViolationDetected' ? [one.data] : []));

describe('frames judged one after another', () => {
  it('give violations that are found again from their fields alone, in events that can be read back', () => {
    let found = 0;
    fc.assert(
      fc.property(toldOfRack, heardFrames(60), (told, frames) => {
        const bench = frameBench(datedGrantsOf(told));
        let time = noonMs;
        for (const { place, bytes, afterMs } of frames) bench.hear(place, bytes, (time += afterMs));
        bench.judge.flush(time + 60_000);
        for (const data of detections(bench.verdicts)) {
          const read = decodeData('ViolationDetected', 2, JSON.parse(JSON.stringify(data)));
          expect(read).toEqual({ readable: true, data });
          expect(rejudge(data)).toBe(data.rule);
          found++;
        }
      }),
      { numRuns: 60 },
    );
    expect(found).toBeGreaterThan(100);
  });

  it('of a flood from one port leave at most 400 events in a minute, and one forgery from another port is told at once', () => {
    const bench = frameBench(datedGrantsOf(rack));
    let seed = 7;
    const random = (): number => (seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0);
    const frames = 20_000;
    for (let frame = 0; frame < frames; frame++) {
      const time = noonMs + (frame * 60_000) / frames;
      bench.hear(66, forged(`02${hex(random(), 8)}${hex(frame & 255, 2)}`, hex(random(), 8)), time);
      if (frame !== frames / 2) continue;
      const before = bench.verdicts.length;
      bench.hear(11, forged('525400000011', 'c6336410'), time);
      expect(detections(bench.verdicts.slice(before))).toMatchObject([
        { rule: 'address-spoof', port: 'leaf1:Ethernet11', claimedAddress: '198.51.100.16' },
      ]);
    }
    bench.judge.flush(noonMs + 120_000);
    expect(bench.verdicts.length).toBeLessThanOrEqual(400);
    expect(detections(bench.verdicts).some((one) => one.sampled === true)).toBe(true);
    const { frames: heard, sampled } = bench.judge.countsOf(2);
    expect([heard, sampled]).toEqual([frames, 0]);
  });

  it('are counted exactly where one lie is told again and again, and its first ten frames are kept', () => {
    const kept: KeptFrame[] = [];
    const bench = frameBench(datedGrantsOf(rack), { onFrameKept: (frame) => void kept.push(frame) });
    const lie = forged('525400000066', 'c6336410');
    for (let frame = 0; frame < 5_000; frame++) bench.hear(66, lie, noonMs + frame);
    bench.judge.flush(noonMs + 60_000);
    const told = violationsIn(bench.verdicts).reduce(
      (sum, one) => sum + (one.type === 'ViolationRepeated' ? one.data.count : 1),
      0,
    );
    expect(told).toBe(5_000);
    expect(kept).toHaveLength(10);
    expect(Buffer.from(kept[0]?.bytes ?? [])).toEqual(lie);
  });
});

describe('frames and changes of the map in any order of arrival', () => {
  /*
   * A false verdict is a violation that says something else than this: a frame breaks a rule by the grants recorded until
   * the moment it was captured; and where billing may still speak, also by those recorded until the in-flight window after
   * it was over. A change is known at the moment it is recorded; a frame comes to the judge up to the window later.
   */
  it('are judged as by a replay that knows every change at its moment', () => {
    const change: Told = ['ServerNicReplaced', { serverId: 'srv-16', mac: strangeMac }];
    const sale: Told = ['Ipv4AddOnCancelled', { serverId: 'srv-16', addOnId: 'v4-16' }];
    const mac = strangeMac.replaceAll(':', '');
    fc.assert(
      fc.property(
        fc.record({
          changeAt: fc.integer({ min: -8_000, max: 8_000 }),
          which: fc.constantFrom(change, sale),
          lateMs: fc.integer({ min: 0, max: 4_900 }),
          sender: fc.constantFrom(mac, '525400000016'),
        }),
        ({ changeAt, which, lateMs, sender }) => {
          const run = (late: number): unknown[] => {
            const { pages, next } = foldOfTold([gateway, ...sold(11), ...sold(16), ...sold(66)]);
            const grants = new DatedGrants(5_000);
            for (const page of pages) grants.take(page);
            const bench = frameBench(grants);
            const steps = [
              { at: noonMs + changeAt, do: () => grants.take(next(which), noonMs + changeAt) },
              { at: noonMs + late, do: () => bench.hear(16, forged(sender, 'c6336410'), noonMs) },
            ];
            for (const step of steps.sort((a, b) => a.at - b.at)) step.do();
            bench.judge.flush(noonMs + 60_000);
            return detections(bench.verdicts).map(({ rule, claimedAddress, etherSource }) => [
              rule,
              claimedAddress,
              etherSource,
            ]);
          };
          expect(run(lateMs)).toEqual(run(0));
        },
      ),
      { numRuns: 300 },
    );
  });
});
