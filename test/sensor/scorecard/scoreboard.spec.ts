import fc from '../../support/property.js';
import { CaptureRecord } from '../../../src/sensor/capture/capture-record.js';
import { ETHERNET } from '../../../src/sensor/capture/link-type.js';
import { FrameFields } from '../../../src/sensor/capture/frame-fields.js';
import { readFrame } from '../../../src/sensor/capture/frame-reader.js';
import { type PrefixScore, Scorecard } from '../../../src/sensor/judge/sieve/scorecard.js';
import { prefixView } from '../../../src/sensor/scorecard/prefix-view.js';
import { renderScorecard } from '../../../src/sensor/scorecard/scorecard.command.js';
import { type PrefixScores, Scoreboard } from '../../../src/sensor/scorecard/scoreboard.js';
import { foldOf, rack } from '../../projections/rules/rack.js';
import { icmpv6 } from '../capture/frames.js';

const start = Date.UTC(2026, 10, 2);

const score = (prefix: string, more: Partial<PrefixScore> = {}): PrefixScore => ({
  prefix,
  frames: 1,
  sources: 0,
  fanOut: 0,
  newSourcesPerSecond: 0,
  lastFrameTime: start,
  ...more,
});
const scores = (of48: PrefixScore[], of64: PrefixScore[] = []): PrefixScores => ({ 48: of48, 64: of64 });
const scan = '2001:db8:16::/48';

describe('the scorecard', () => {
  it('shows what a prefix does now, and the most it did', () => {
    const board = new Scoreboard();
    board.update(scores([score(scan, { frames: 900, newSourcesPerSecond: 90, fanOut: 400 })]));
    board.update(
      scores([score(scan, { frames: 910, newSourcesPerSecond: 2, fanOut: 500, lastFrameTime: start + 9_000 })]),
    );
    expect(board.top(start + 9_500)).toEqual([
      {
        prefix: scan,
        length: 48,
        frames: 910,
        newSources: 2,
        peakNewSources: 90,
        fanOut: 500,
        peakFanOut: 500,
        lastFrameTime: start + 9_000,
      },
    ]);
  });

  it('says that a prefix does nothing once it was quiet for ten seconds, and keeps its peaks', () => {
    const board = new Scoreboard();
    board.update(scores([score(scan, { newSourcesPerSecond: 90, fanOut: 400 })]));
    expect(board.top(start + 10_001)).toMatchObject([
      { newSources: 0, fanOut: 0, peakNewSources: 90, peakFanOut: 400 },
    ]);
  });

  it('begins with the busiest', () => {
    const board = new Scoreboard();
    const quiet = score('2001:db8:11::/48', { lastFrameTime: start + 1 });
    board.update(scores([quiet, score(scan, { fanOut: 7 })], [score('2001:db8:16::/64', { fanOut: 6 })]));
    expect(board.top(start).map((one) => one.prefix)).toEqual([scan, '2001:db8:16::/64', '2001:db8:11::/48']);
  });

  it('remembers 256 prefixes, however many are made up, and forgets those first that were quiet longest', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 800 }), (many) => {
        const board = new Scoreboard();
        for (let n = 0; n < many; n++) {
          board.update(scores([score(`2001:db8:${n.toString(16)}::/48`, { lastFrameTime: start + n })]));
        }
        const known = board.top(start);
        expect(known).toHaveLength(Math.min(many, 256));
        expect(Math.min(...known.map((one) => one.lastFrameTime))).toBe(start + Math.max(0, many - 256));
      }),
      { numRuns: 20 },
    );
  });

  it('names the scanned prefix and whose it is, from the frames of a scan to the table', () => {
    const counted = new Scorecard();
    const fields = new FrameFields();
    const record = new CaptureRecord();
    for (let n = 0; n < 300; n++) {
      const target = `20010db80016000000000000${n.toString(16).padStart(8, '0')}`;
      record.bytes = icmpv6(135, `00000000 ${target}`);
      const isRead = readFrame(record.bytes, 0, record.bytes.length, ETHERNET, fields);
      expect(isRead).toBe(true);
      counted.count(record.bytes, fields, start + n);
    }
    const board = new Scoreboard();
    board.update({ 48: counted.top(48), 64: counted.top(64) });
    const { map } = foldOf(rack);
    const top = board.top(start + 300).filter((one) => one.prefix.startsWith('2001:db8:16:'));
    const [first] = top.map((one) => prefixView(one, map));
    expect(first).toMatchObject({ serverId: 'srv-16', customerId: 'cust-16' });
    expect(first?.fanOut).toBeGreaterThan(250);
    expect(first?.fanOut).toBeLessThan(350);
    expect(renderScorecard(top.map((one) => prefixView(one, map)))).toMatch(
      /^PREFIX +SERVER +CUSTOMER +NEW SOURCES\/S +PEAK +FAN-OUT +PEAK +LAST SEEN\n2001:db8:16::\/(48|64) +srv-16 +cust-16 +/,
    );
  });

  it('says so when there is nothing to show', () => {
    expect(renderScorecard([])).toBe('No prefix was busy.');
  });
});
