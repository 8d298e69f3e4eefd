import fc from '../../support/property.js';
import { DatedGrants } from '../../../src/sensor/judge/grants/dated-grants.js';
import { HeldVerdicts } from '../../../src/sensor/judge/held-verdicts.js';
import type { Verdict } from '../../../src/sensor/judge/judge-verdict.js';
import { gateway, gatewayMac, mac, sold, strangeMac, type Told } from '../../projections/rules/rack.js';
import { arp, ethernet } from '../capture/frames.js';
import { frameBench, type RackPort } from './frame-bench.js';
import { foldOfTold } from './grants/told-pages.js';
import { noonMs } from './judge-bench.js';

const windowMs = 5_000;
const rackTold: readonly Told[] = [gateway, ...sold(11), ...sold(16), ...sold(66)];
const changes: readonly Told[] = [
  ['ServerNicReplaced', { serverId: 'srv-16', mac: strangeMac }],
  ['ServerNicReplaced', { serverId: 'srv-16', mac: mac[16] }],
  ['Ipv4AddOnCancelled', { serverId: 'srv-16', addOnId: 'v4-16' }],
  ['Ipv4AddOnBought', { serverId: 'srv-66', addOnId: 'more', address: '203.0.113.7' }],
  ['ServerSuspended', { serverId: 'srv-11' }],
  ['ServerResumed', { serverId: 'srv-11' }],
  ['ServerMacAdded', { serverId: 'srv-11', mac: strangeMac, purpose: 'bond' }],
];
const macs = [mac[11], mac[16], mac[66], strangeMac, gatewayMac].map((one) => one.replaceAll(':', ''));
const addresses = ['c633640b', 'c6336410', 'c6336442', 'cb007107', 'c6336401'];

/** So many ms after noon; before, inside and after the window of frames that come at up to eight seconds after noon. */
const change = fc.record({
  at: fc.integer({ min: -8_000, max: 20_000 }),
  which: fc.constantFrom(...changes),
});
const frame = fc.record({
  at: fc.integer({ min: 0, max: 8_000 }),
  port: fc.constantFrom<RackPort[]>(11, 16, 66),
  sender: fc.constantFrom(...macs),
  address: fc.constantFrom(...addresses),
});
type Change = { at: number; which: Told };
type Frame = { at: number; port: RackPort; sender: string; address: string };

/** The verdicts where every frame, in the order of capture, comes so late to a judge that knows each change at its moment. */
function verdictsOf(changed: readonly Change[], frames: readonly Frame[], lateMs: number): string[] {
  const { pages, next } = foldOfTold(rackTold);
  const grants = new DatedGrants(windowMs);
  for (const page of pages) grants.take(page);
  const bench = frameBench(grants);
  const told = changed.map(({ at, which }) => ({ at, do: () => grants.take(next(which), noonMs + at) }));
  const heard = frames.map(({ at, port, sender, address }) => {
    const bytes = ethernet(0x0806, arp(2, sender, address, '000000000000', 'c6336401'), { from: sender });
    return { at: at + lateMs, do: () => bench.hear(port, bytes, noonMs + at) };
  });
  for (const step of [...told, ...heard].sort((a, b) => a.at - b.at)) step.do();
  bench.judge.flush(noonMs + 120_000);
  return detectionsIn(bench.verdicts);
}

function detectionsIn(verdicts: readonly Verdict[]): string[] {
  return verdicts.flatMap(({ type, data }) =>
    type === 'ViolationDetected' ? [`${data.violationId} ${data.rule} ${data.frameTime} ${data.offenderServerId}`] : [],
  );
}

/** The judge passed the end of the window, and forgot the purchase of the next millisecond, while it waited for news of the frame's own. */
const forgottenWhileHeld: [Change[], Frame[], LateNews] = [
  [
    { at: 0, which: ['ServerNicReplaced', { serverId: 'srv-16', mac: strangeMac }] },
    { at: 1, which: ['Ipv4AddOnBought', { serverId: 'srv-66', addOnId: 'more', address: '203.0.113.7' }] },
  ],
  [
    { at: 0, port: 16, sender: strangeMac.replaceAll(':', ''), address: 'cb007107' },
    { at: 0, port: 11, sender: mac[11].replaceAll(':', ''), address: 'c633640b' },
  ],
  { newsMs: 1, frameMs: 0, flushMs: 2 },
];

/** A claim was noted as one after the owner's, of a server that by late news had neither the address nor that MAC any more. */
const remembersAnOwnerThatWasNone: [Change[], Frame[], LateNews] = [
  [
    { at: 0, which: ['Ipv4AddOnCancelled', { serverId: 'srv-16', addOnId: 'v4-16' }] },
    { at: 0, which: ['ServerNicReplaced', { serverId: 'srv-16', mac: strangeMac }] },
  ],
  [
    { at: 0, port: 16, sender: mac[16].replaceAll(':', ''), address: 'c633640b' },
    { at: 0, port: 66, sender: mac[11].replaceAll(':', ''), address: 'c6336410' },
    { at: 1, port: 66, sender: mac[66].replaceAll(':', ''), address: 'c6336410' },
  ],
  { newsMs: 1, frameMs: 0, flushMs: 0 },
];

interface LateNews {
  /** From the moment a change is recorded until the judge has it. */
  readonly newsMs: number;
  /** From the capture of a frame until the judge hears it. */
  readonly frameMs: number;
  /** From the moment a finding that waits is due until the judge looks. */
  readonly flushMs: number;
}

/** What is stored where the judge has news only some time after they were recorded, and holds what it finds. */
function storedWithLateNews(changed: readonly Change[], frames: readonly Frame[], late: LateNews): string[] {
  const { pages, next } = foldOfTold(rackTold);
  const grants = new DatedGrants(windowMs);
  for (const page of pages) grants.take(page);
  const stored: Verdict[] = [];
  const steps = new Steps();
  const held = new HeldVerdicts({
    grants,
    // The answer has everything recorded by now, and comes as late as the last of it.
    ask: () => steps.add(steps.now + late.newsMs, () => held.learntAll()),
    release: (verdicts) => stored.push(...verdicts),
    judgeAnew: (refuted) => bench.judge.judgeAnew(refuted),
  });
  const bench = frameBench(grants, {
    onVerdicts: (verdicts) => held.hold(verdicts),
    heldSince: () => held.since,
  });
  for (const { at, which } of changed) steps.add(at + late.newsMs, () => grants.take(next(which), noonMs + at));
  for (const { at, port, sender, address } of frames) {
    const bytes = ethernet(0x0806, arp(2, sender, address, '000000000000', 'c6336401'), { from: sender });
    steps.add(at + late.frameMs, () => bench.hear(port, bytes, noonMs + at));
    const flushAt = at + windowMs + late.flushMs;
    steps.add(flushAt, () => bench.judge.flush(noonMs + flushAt));
  }
  steps.run();
  bench.judge.flush(noonMs + 120_000);
  steps.run();
  return detectionsIn(stored);
}

/** What is to be done at its time, ms; of one time in the order it was asked for. */
class Steps {
  now = 0;
  private waiting: { at: number; do: () => void }[] = [];

  add(at: number, step: () => void): void {
    const after = this.waiting.findIndex((one) => one.at > at);
    this.waiting.splice(after < 0 ? this.waiting.length : after, 0, { at, do: step });
  }

  run(): void {
    for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) {
      this.now = next.at;
      next.do();
    }
  }
}

describe('ten thousand interleavings of frames and changes of the map', () => {
  /*
   * A verdict is false where it is not the one of a replay that has every change at the moment it was recorded and every
   * frame at the moment it was captured: a frame breaks a rule by the grants of its own moment and, where billing may
   * still speak, by those of the end of the window too. So neither a change that the judge has before an older frame
   * reaches it, nor one that comes to the log after the frame and within the window, makes a violation or hides one.
   */
  it('give no false verdict and hide none, with the change before, inside and after the window', () => {
    let found = 0;
    fc.assert(
      fc.property(
        fc.array(change, { minLength: 1, maxLength: 3 }),
        fc.array(frame, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: windowMs - 100 }),
        (changed, heard, lateMs) => {
          const frames = [...heard].sort((a, b) => a.at - b.at);
          const replayed = verdictsOf(changed, frames, 0);
          found += replayed.length;
          const live = verdictsOf(changed, frames, lateMs);
          if (live.join('\n') !== replayed.join('\n')) expect(live).toEqual(replayed);
        },
      ),
      { numRuns: 10_000 },
    );
    expect(found).toBeGreaterThan(10_000);
  });

  /*
   * Changes and frames lie within a few milliseconds of each other, or changes within a few of the end of the window, and the
   * news of a change may be later than the frame that it explains: what is stored is what a replay finds all the same.
   */
  it('store no false verdict where the judge has the news of a change after the frame that it explains', () => {
    let found = 0;
    const near = fc.integer({ min: 0, max: 60 });
    const nearEither = fc.oneof(
      near,
      near.map((ms) => ms + windowMs),
    );
    fc.assert(
      fc.property(
        fc.array(fc.record({ at: nearEither, which: fc.constantFrom(...changes) }), { minLength: 1, maxLength: 3 }),
        fc.array(
          frame.map((one) => ({ ...one, at: one.at % 61 })),
          { minLength: 1, maxLength: 4 },
        ),
        fc.record({ newsMs: near, frameMs: fc.nat({ max: 10 }), flushMs: fc.nat({ max: 10 }) }),
        (unordered, heard, late) => {
          const changed = [...unordered].sort((a, b) => a.at - b.at);
          const frames = [...heard].sort((a, b) => a.at - b.at);
          const replayed = verdictsOf(changed, frames, 0);
          const stored = storedWithLateNews(changed, frames, late);
          found += stored.length;
          // Of frames alike another than the replay's may be the first that is found: it must be a violation by itself.
          const isTrueAlone = (one: string): boolean =>
            frames.some((alone) => verdictsOf(changed, [alone], 0).includes(one));
          const untrue = stored.filter((one) => !replayed.includes(one) && !isTrueAlone(one));
          if (untrue.length > 0) expect({ stored, untrue }).toEqual({ stored: replayed, untrue: [] });
        },
      ),
      { numRuns: 10_000, examples: [forgottenWhileHeld, remembersAnOwnerThatWasNone] },
    );
    expect(found).toBeGreaterThan(10_000);
  });
});
