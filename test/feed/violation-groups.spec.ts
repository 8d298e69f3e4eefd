import fc from '../support/property.js';
import { formatInstant } from '../../events/index.js';
import { dayOf, hourMs, isOpen, sumOfDays, type ViolationRow } from '../../projections/index.js';
import { customerRecord } from '../../src/feed/customer-record.js';
import { fittingSlots } from '../../src/feed/fitting-slots.js';
import { type Grouping, groupings } from '../../src/feed/group-numbers.js';
import { fits, severities, type ViolationFilter } from '../../src/feed/violation-filter.js';
import { violationPage } from '../../src/feed/violation-page.js';
import { violationGroups } from '../../src/feed/violation-groups.js';
import { ViolationIndex } from '../../src/feed/violation-index.js';
import { happening, ids, tell } from './happenings.js';
import { questions, understood } from './questions.js';
import { lookingAt, startMs, ViolationLog } from './violation-log.js';

/** Late enough for hours that are too long ago, early enough for frames of a clock that is ahead. */
const now = startMs + 30 * hourMs + 1_800_000;
const hours = fc.integer({ min: 0, max: 33 });
/** Frames of many hours told at once. */
const heardFor = fc.tuple(fc.constantFrom(...ids), hours, fc.nat(2), fc.nat(5));
const history = fc.array(
  fc.oneof(
    happening,
    heardFor.map((heard) => ({ heard })),
  ),
  { maxLength: 40, size: 'max' },
);

const nameOf: Readonly<Record<Grouping, (row: ViolationRow) => readonly (string | undefined)[]>> = {
  'rule-port': (row) => [row.rule, row.switch, row.port],
  port: (row) => [row.switch, row.port],
  rule: (row) => [row.rule],
  offender: (row) => [row.offenderServerId],
  victim: (row) => [row.victimServerId],
  customer: (row) => [row.offenderCustomerId],
};

function lived(happenings: typeof history extends fc.Arbitrary<infer All> ? All : never) {
  const log = new ViolationLog();
  const index = new ViolationIndex(log.liveMap);
  for (const one of happenings) {
    if (!('heard' in one)) tell(log, one);
    else {
      const [id, hour, span, count] = one.heard;
      const [first, last] = [startMs + hour * hourMs, startMs + (hour + span) * hourMs].map(formatInstant);
      log.fold(log.told('ViolationRepeated', id, { count, firstFrameTime: first, lastFrameTime: last }));
    }
  }
  const viewing = lookingAt(index, now);
  const list = (filter: ViolationFilter): ViolationRow[] =>
    [...log.liveMap.map.violations.values()]
      .filter((row) => fits(row, filter, viewing))
      .sort((a, b) => b.lastSeen - a.lastSeen || b.detectedAt - a.detectedAt);
  return { index, viewing, list };
}

/** The list put together by hand, row by row. */
function byHand(by: Grouping, list: readonly ViolationRow[]) {
  const groups = new Map<string, ViolationRow[]>();
  for (const row of list) {
    const name = JSON.stringify(nameOf[by](row));
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  return [...groups.values()].map((rows) => ({
    violations: rows.length,
    open: rows.filter(({ state }) => isOpen(state)).length,
    severity: [...severities].reverse().find((name) => rows.some(({ severity }) => severity === name)),
    frames: rows.reduce((sum, { count }) => sum + count, 0),
    firstSeen: formatInstant(Math.min(...rows.map(({ firstSeen }) => firstSeen))),
    lastSeen: formatInstant(Math.max(...rows.map(({ lastSeen }) => lastSeen))),
    newest: rows[0]?.violationId,
    day: sumOfDays(rows.map((row) => dayOf(row, now))),
  }));
}

describe('groups of violations', () => {
  it('are those of the filtered list put together by hand, whatever happened and whatever is asked', () => {
    fc.assert(
      fc.property(
        history,
        fc.array(questions, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 4 }),
        (happenings, asked, limit) => {
          const { index, viewing, list } = lived(happenings);
          for (const question of asked)
            for (const by of groupings) {
              const filter = understood(question);
              const expected = byHand(by, list(filter));
              const answer = violationGroups(index, { by, filter, limit: 500 }, viewing);
              const bare = answer.groups.map(
                ({ violations, open, severity, frames, firstSeen, lastSeen, newest, day }) => ({
                  violations,
                  open,
                  severity,
                  frames,
                  firstSeen,
                  lastSeen,
                  newest,
                  day,
                }),
              );
              expect(bare).toEqual(expected);
              expect([answer.left, answer.violations]).toEqual([0, list(filter).length]);
              const few = violationGroups(index, { by, filter, limit }, viewing);
              expect(few.groups).toEqual(answer.groups.slice(0, limit));
              expect(few.left).toBe(Math.max(0, expected.length - limit));
            }
          index.close();
        },
      ),
      { numRuns: 40 },
    );
  });

  it('each say by which filters the list holds exactly its violations, also where nobody knows the port', () => {
    fc.assert(
      fc.property(history, questions, fc.constantFrom(...groupings), (happenings, question, by) => {
        const { index, viewing, list } = lived(happenings);
        const { groups } = violationGroups(index, { by, filter: understood(question), limit: 500 }, viewing);
        const found = groups.map(({ filter }) => {
          const unknown = [question['unknown'], filter['unknown']].filter((one) => one !== undefined).join(',');
          const narrowed = { ...question, ...filter, ...(unknown !== '' && { unknown }) };
          return list(understood(narrowed)).map(({ violationId }) => violationId);
        });
        expect(found.map((own) => own.length)).toEqual(groups.map(({ violations }) => violations));
        expect(found.map(([newest]) => newest)).toEqual(groups.map(({ newest }) => newest));
        expect(found.flat().sort()).toEqual(
          list(understood(question))
            .map(({ violationId }) => violationId)
            .sort(),
        );
        index.close();
      }),
      { numRuns: 100 },
    );
  });

  it('of a renumbering are all that it explains, also a stranger after the release, and nothing near its prefixes', () => {
    const log = new ViolationLog();
    const index = new ViolationIndex(log.liveMap);
    const to = '2001:db8:1:2:8000::/65';
    log.fold(log.detected('before', { claimedAddress: '2001:db8::1' }));
    log.fold(log.renumberingStarted('rn-1', { to }));
    const claims = { own: '2001:db8::1', new: '2001:db8:1:2:8000::1', near: '2001:db8:1:2::1', out: '2001:db8:2::1' };
    for (const [id, claimedAddress] of Object.entries(claims)) log.fold(log.detected(id, { claimedAddress }));
    log.fold(log.detected('ipv4', {}), log.detected('none', { claimedAddress: undefined }));
    log.fold(log.renumbered('RenumberingAdvanced', 'rn-1', { asked: 'Ipv6PrefixAssigned', prefix: to, by: 'a' }));
    log.fold(log.renumbered('RenumberingProgressed', 'rn-1', { state: 'finished' }));
    const unknown = { offenderServerId: undefined, victimServerId: undefined };
    log.fold(log.detected('stranger', { claimedAddress: '2001:db8::9', ...unknown }));
    const filter = understood({ renumbering: 'rn-1' });
    const viewing = lookingAt(index, now);
    const { violations } = violationPage(index, { filter, limit: 9 }, viewing);
    expect(violations.map(({ violationId }) => violationId)).toEqual(['stranger', 'own']);
    expect(violations.map(({ renumbering }) => renumbering?.renumberingId)).toEqual(['rn-1', 'rn-1']);
    expect(violationGroups(index, { by: 'rule', filter, limit: 9 }, viewing).violations).toBe(2);
    index.close();
  });

  it('of a MAC that very many have take it by its hash instead of unpacking them all', () => {
    const { index, viewing } = lived(ids.map((id) => ['found', id, {}] as never));
    let unpacked = 0;
    const counting = Object.create(index, {
      rowAt: { value: (slot: number) => (unpacked++, index.rowAt(slot)) },
    }) as ViolationIndex;
    const found = fittingSlots(counting, understood({ q: '52:54:00:00:00:66' }), viewing, 2);
    expect([found.length, unpacked]).toEqual([ids.length, 2]);
    index.close();
  });
});

describe('the record of a customer', () => {
  it('counts what its servers did otherwise in thirty days, and shows the last ten of it', () => {
    fc.assert(
      fc.property(
        history,
        fc.constantFrom(...ids),
        fc.constantFrom('cust-1', 'cust-2', 'cust-66'),
        (happenings, besides, customer) => {
          const { index, list } = lived(happenings);
          const at = startMs + 30 * 86_400_000 + 20_000;
          const own = list({ 'offender-customer': customer }).filter(
            ({ violationId, lastSeen }) => violationId !== besides && lastSeen >= at - 30 * 86_400_000,
          );
          const record = customerRecord(index, customer, besides, at);
          expect(record.count).toBe(own.length);
          expect(record.violations.map(({ violationId }) => violationId)).toEqual(
            own.slice(0, 10).map(({ violationId }) => violationId),
          );
          index.close();
        },
      ),
    );
  });
});
