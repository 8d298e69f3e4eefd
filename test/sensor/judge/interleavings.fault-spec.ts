import fc from 'fast-check';
import { DatedGrants } from '../../../src/sensor/judge/grants/dated-grants.js';
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
  return bench.verdicts.flatMap(({ type, data }) =>
    type === 'ViolationDetected' ? [`${data.violationId} ${data.rule} ${data.frameTime} ${data.offenderServerId}`] : [],
  );
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
  }, 240_000);
});
