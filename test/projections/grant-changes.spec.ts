import fc from '../support/property.js';
import { type ChangedRow, GrantChanges, type GrantRecords, LogFold } from '../../projections/index.js';
import { contestedHistories, hearsayFacts, interleaved } from '../support/arbitrary-histories.js';
import {
  type Fact,
  fold as foldOf,
  ipv6PrefixAssigned,
  serverAdded,
  serverTransferred,
  stored,
} from '../support/history.js';
import { KeptGrants } from '../support/kept-grants.js';

/** Histories in which servers contend, links go up and down and sensors talk, dealt out in pages of any size. */
const pagedLogs = fc
  .tuple(contestedHistories(60), hearsayFacts(20), fc.array(fc.boolean(), { maxLength: 80 }))
  .chain(([billing, hearsay, picks]) => {
    const log = interleaved(billing, hearsay, picks);
    return fc.record({
      log: fc.constant(log),
      pages: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: log.length, maxLength: log.length }),
      startAt: fc.nat(log.length),
    });
  });

/** Every record of a map, read at once. */
function all(fold: LogFold): KeptGrants {
  const kept = new KeptGrants();
  for (const page of new GrantChanges(fold.map).all(() => fold.ordinal, 2)) kept.take(page);
  return kept;
}

function* paged(log: readonly Fact[], pages: readonly number[]): Generator<Fact[]> {
  for (let at = 0, page = 0; at < log.length; page++) {
    const size = pages[page] ?? 1;
    yield log.slice(at, at + size);
    at += size;
  }
}

describe('the records of grants', () => {
  it('are all told again that a change touches, those of servers that waited included, and none is missed', () => {
    fc.assert(
      fc.property(pagedLogs, ({ log, pages, startAt }) => {
        let changed: ChangedRow[] = [];
        const fold = new LogFold({ onChange: (table, key) => changed.push({ table, key }) });
        const changes = new GrantChanges(fold.map);
        const kept = new KeptGrants();
        let snapshot: Iterator<GrantRecords> | undefined;
        let ordinal = 0;
        for (const page of paged(log, pages)) {
          for (const event of stored(page, ordinal)) fold.fold(event);
          ordinal += page.length;
          // The snapshot begins somewhere, one page of it after each change: both arrive in the order they were made.
          if (ordinal >= startAt) snapshot ??= changes.all(() => fold.ordinal, 1);
          const touched = snapshot === undefined ? undefined : changes.touchedBy(changed, fold.ordinal);
          if (touched !== undefined) kept.take(touched);
          changed = [];
          const next = snapshot?.next();
          if (next?.done === false) kept.take(next.value);
        }
        snapshot ??= changes.all(() => fold.ordinal, 1);
        for (let next = snapshot.next(); next.done !== true; next = snapshot.next()) kept.take(next.value);
        expect(kept.told).toEqual(all(fold).told);
      }),
      { numRuns: 400 },
    );
  });

  it('are told again of a server that must wait because another was transferred', () => {
    const nested = [
      serverAdded('s1', { customerId: 'c1', port: 'leaf1:Ethernet1', vlan: 11 }, 0),
      ipv6PrefixAssigned('s1', { prefix: '2001:db8::/32' }, 1),
      serverAdded('s2', { customerId: 'c1', port: 'leaf1:Ethernet2', vlan: 12 }, 2),
      ipv6PrefixAssigned('s2', { prefix: '2001:db8:1::/48' }, 3),
    ];
    const fold = foldOf(nested);
    const changes = new GrantChanges(fold.map);
    const kept = new KeptGrants();
    for (const page of changes.all(() => fold.ordinal)) kept.take(page);
    for (const event of stored([serverTransferred('s1', { customerId: 'c2' }, 4)], nested.length)) fold.fold(event);
    const touched = changes.touchedBy([{ table: 'assignments', key: 's1' }], fold.ordinal);
    expect(touched?.servers.map((one) => [one.serverId, one.prefixes])).toEqual([
      ['s1', ['2001:db8::/32']],
      ['s2', []],
    ]);
  });

  it('survive the way through JSON and through a thread', () => {
    fc.assert(
      fc.property(contestedHistories(), (history) => {
        const fold = new LogFold();
        for (const event of stored(history)) fold.fold(event);
        for (const page of new GrantChanges(fold.map).all(() => fold.ordinal)) {
          expect(JSON.parse(JSON.stringify(page))).toEqual(page);
          expect(structuredClone(page)).toEqual(page);
        }
      }),
    );
  });
});
