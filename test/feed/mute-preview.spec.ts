import fc from '../support/property.js';
import { formatInstant } from '../../events/index.js';
import { type MuteScope, Mutes } from '../../projections/index.js';
import { mutePreview } from '../../src/feed/mute-preview.js';
import { ViolationIndex } from '../../src/feed/violation-index.js';
import { violationPage } from '../../src/feed/violation-page.js';
import { lookingAt, startMs, ViolationLog } from './violation-log.js';

const now = startMs + 3_600_000;
const until = formatInstant(now + 3_600_000);
const rule = fc.constantFrom('address-spoof', 'mac-mismatch');
const port = fc.constantFrom('leaf1:Ethernet1', 'leaf1:Ethernet2');
const customer = fc.constantFrom('cust-1', 'cust-2');
const scopes: fc.Arbitrary<MuteScope> = fc.oneof(
  fc.constantFrom('v0', 'v1', 'v2', 'none').map((violationId) => ({ violationId })),
  fc.record({ rule, port }),
  fc.record({ rule, customerId: customer }),
);
const found = fc.record({
  rule,
  port: fc.option(port, { nil: undefined }),
  offenderCustomerId: fc.option(customer, { nil: undefined }),
});

/** What the list shows of violations that are not muted. */
function shown(index: ViolationIndex): Set<string> {
  const { violations } = violationPage(index, { filter: { muted: false }, limit: 500 }, lookingAt(index, now));
  return new Set(violations.map((one) => one.violationId));
}

describe('the preview of a mute', () => {
  it('counts exactly what disappears when the mute is set, whatever was muted and ended before', () => {
    fc.assert(
      fc.property(
        fc.array(found, { maxLength: 30 }),
        fc.array(fc.tuple(scopes, fc.boolean()), { maxLength: 4 }),
        scopes,
        (all, before, scope) => {
          const log = new ViolationLog();
          const index = new ViolationIndex(log.liveMap);
          all.forEach((data, n) => log.fold(log.detected(`v${n}`, data)));
          before.forEach(([old, isOver], n) => {
            log.fold(log.muted(`old${n}`, old, until));
            if (isOver) log.fold(log.muteEnded(`old${n}`));
          });
          const sight = shown(index);
          const preview = mutePreview(index, scope, lookingAt(index, now));
          log.fold(log.muted('new', scope, until));
          const after = shown(index);
          const gone = [...sight].filter((id) => !after.has(id));
          expect(preview.hides).toBe(gone.length);
          expect(preview.sample.every((one) => gone.includes(one.violationId))).toBe(true);
          expect(preview.sample).toHaveLength(Math.min(20, gone.length));
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('mutes', () => {
  it('hide nothing without one of the three scopes, and nothing once they are over', () => {
    const log = new ViolationLog();
    log.fold(
      log.detected('v0'),
      log.muted('m0', { rule: 'address-spoof' }, until),
      log.muted('m1', { violationId: 'v0' }, until),
    );
    const mutes = new Mutes();
    for (const mute of log.liveMap.map.mutes.values()) mutes.put(mute);
    const row = log.liveMap.map.violations.get('v0');
    if (row === undefined) throw new Error('v0 was not folded');
    expect(mutes.muting(row, now)?.muteId).toBe('m1');
    expect(mutes.muting(row, now + 3_600_000)).toBeUndefined();
    expect(mutes.formerlyMuting(row, now + 3_600_000)?.muteId).toBe('m1');
  });

  it('last 30 days at most, whatever they say', () => {
    const log = new ViolationLog();
    log.fold(log.muted('m0', { violationId: 'v0' }, '2099-01-01T00:00:00Z'));
    const mute = log.liveMap.map.mutes.get('m0');
    expect((mute?.until ?? 0) - (mute?.mutedAt ?? 0)).toBe(30 * 24 * 3_600_000);
  });
});
