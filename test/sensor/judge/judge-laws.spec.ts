import fc from '../../support/property.js';
import { type Observation, primaryFinding, ruleMemories } from '../../../projections/index.js';
import type { Verdict } from '../../../src/sensor/judge/judge-verdict.js';
import { gatewayMac, grantsOf, heardOn, mac16, mac66, rack, strangeMac } from '../../projections/rules/rack.js';
import { newJudge, noonMs } from './judge-bench.js';

const grants = grantsOf(rack);

const frames = fc
  .array(
    fc.record({
      port: fc.constantFrom(11, 16, 21, 66),
      kind: fc.constantFrom('arp-reply', 'neighbour-advertisement', 'router-advertisement'),
      etherSource: fc.constantFrom(mac16, mac66, strangeMac, gatewayMac, '02:00:00:00:00:01', '02:00:00:00:00:02'),
      claimedAddress: fc.constantFrom('198.51.100.16', '198.51.100.1', '2001:db8:66::9', '203.0.113.7', 'fe80::1'),
      afterMs: fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 9_000 })),
    }),
    { maxLength: 120 },
  )
  .map((drafts) => {
    let frameTime = noonMs;
    return drafts.map(({ port, kind, etherSource, claimedAddress, afterMs }): Observation => {
      frameTime += afterMs;
      return heardOn(port, { kind: kind, etherSource, claimedAddress, frameTime });
    });
  });
const end = noonMs + 1e8;

type Frames = readonly Observation[];

function judged(heard: Frames, limits = {}, flushAt: readonly number[] = []): Verdict[] {
  const judge = newJudge(limits);
  const verdicts = heard.flatMap((frame, index) => [
    ...judge.flush(between(heard[index - 1], frame, flushAt[index]), grants),
    ...judge.observe(frame, grants),
  ]);
  return [...verdicts, ...judge.flush(end, grants)];
}

/** A moment between two frames; the time of the first one where there is no share. */
function between(before: Observation | undefined, after: Observation, share = 0): number {
  const from = before?.frameTime ?? after.frameTime;
  return from + share * (after.frameTime - from);
}

describe('the judge', () => {
  it('gives the same verdicts however frames and flushes are dealt out', () => {
    fc.assert(
      fc.property(
        frames,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 120 }),
        (heard, flushes) => {
          expect(judged(heard, {}, flushes)).toEqual(judged(heard));
        },
      ),
    );
  });

  it('accounts for every frame that breaks a rule, once', () => {
    fc.assert(
      fc.property(frames, fc.integer({ min: 1, max: 5 }), (heard, openViolations) => {
        const broken = heard.filter((frame) => primaryFinding(frame, grants, ruleMemories()) !== undefined).length;
        for (const limits of [{}, { openViolations }, { waitingFindings: openViolations }]) {
          const told = judged(heard, limits).reduce((sum, { type, data }) => {
            if (type === 'MacSeen') return sum;
            return sum + (type === 'ViolationRepeated' ? data.count : 1);
          }, 0);
          expect(told).toBe(broken);
        }
      }),
    );
  });

  it('keeps no more violations and waiting findings than its limits', () => {
    fc.assert(
      fc.property(frames, fc.integer({ min: 1, max: 5 }), (heard, limit) => {
        const judge = newJudge({ openViolations: limit, waitingFindings: limit });
        for (const frame of heard) {
          judge.observe(frame, grants);
          expect(judge.counts.open).toBeLessThanOrEqual(limit);
          expect(judge.counts.inFlight).toBeLessThanOrEqual(limit);
        }
      }),
    );
  });

  it('tells a violation once, and each of its repeats about frames ten seconds after those of the one before', () => {
    fc.assert(
      fc.property(frames, (heard) => {
        const repeats = new Map<string, number | undefined>();
        for (const { type, data } of judged(heard)) {
          if (type === 'MacSeen') continue;
          expect(repeats.has(data.violationId)).toBe(type === 'ViolationRepeated');
          const first = type === 'ViolationRepeated' ? Date.parse(data.firstFrameTime) : undefined;
          const before = repeats.get(data.violationId);
          if (first !== undefined && before !== undefined) expect(first - before).toBeGreaterThanOrEqual(10_000);
          repeats.set(data.violationId, first);
        }
      }),
    );
  });
});
