import fc from '../support/property.js';
import { decodeEvent, type LedgerEvent, type StoredEvent } from '../../events/index.js';
import { effectOf, grantLines, type LogFold, mapHash, Trial } from '../../projections/index.js';
import { contestedHistories } from '../support/arbitrary-histories.js';
import {
  type Fact,
  fold,
  ipv4AddOnBought,
  ipv6PrefixAssigned,
  serverAdded,
  serverMoved,
  serverRemoved,
  serverTransferred,
  stored,
  unreadable,
} from '../support/history.js';

const runs = process.env['PORTLEDGER_LONG'] === '1' ? 20_000 : 400;

function decoded(event: StoredEvent): LedgerEvent {
  const outcome = decodeEvent(event);
  if (!outcome.readable) throw new Error(outcome.reason);
  return outcome.event;
}

/** What a trial of the next facts says of each of them and of all before, and what folding them makes true. */
function both(base: LogFold, earlier: readonly StoredEvent[], next: readonly Fact[]) {
  const events = stored(next, earlier.length).map(decoded);
  const facts = [...earlier.filter((one) => decodeEvent(one).readable).map(decoded), ...events];
  const trial = new Trial(base);
  const before = [base.ordinal, mapHash(base.map), grantLines(base.map)];
  for (const event of events) trial.fold(event);
  const tried = facts.map((event) => trial.effectOf(event));
  expect([base.ordinal, mapHash(base.map), grantLines(base.map)]).toEqual(before);
  for (const event of stored(next, earlier.length)) base.fold(event);
  return { tried, real: facts.map((event) => effectOf(base, event)) };
}

describe('a trial', () => {
  const seen = { conflicts: 0, held: 0 };

  it('says what folding would make true, and leaves the map as it is', () => {
    const frozen = fc.constantFrom<Fact[]>([], [unreadable('s1', 5)], [unreadable('s2', 1), unreadable('s4', 2)]);
    fc.assert(
      fc.property(contestedHistories(30), frozen, contestedHistories(12), fc.nat(), (past, spoilt, next, at) => {
        const history = past.toSpliced(at % (past.length + 1), 0, ...spoilt);
        const { tried, real } = both(fold(history), stored(history), next);
        expect(tried).toEqual(real);
        seen.conflicts += tried.filter(({ conflicts }) => conflicts.length > 0).length;
        seen.held += tried.filter(({ effect }) => effect === 'held').length;
      }),
      { numRuns: runs },
    );
  });

  it('met conflicts and held facts on the way', () => {
    expect(seen.conflicts).toBeGreaterThan(runs / 4);
    expect(seen.held).toBeGreaterThan(runs / 10);
  });

  const sold = { customerId: 'c1', port: 'leaf1:e1', vlan: 11, mac: '52:54:00:00:00:01' };
  const trialOf = (past: readonly Fact[], next: readonly Fact[]) =>
    both(fold(past), stored(past), next).tried.slice(-next.length);

  it('lets two servers of one request see each other', () => {
    const tried = trialOf([], [serverAdded('a', sold, 1), serverAdded('b', { ...sold, port: 'leaf1:e2' }, 2)]);
    expect(tried.map(({ effect }) => effect)).toEqual(['applied', 'conflicted']);
    expect(tried[1]?.conflicts.map(({ holder }) => holder)).toEqual(['a', 'a']);
  });

  it('lets go of what a server of the request gives up, and takes what it claims anew', () => {
    const past = [serverAdded('a', sold, 1), ipv4AddOnBought('a', { addOnId: 'ip', address: '198.51.100.1' }, 2)];
    const buy = ipv4AddOnBought('b', { addOnId: 'ip', address: '198.51.100.1' }, 4);
    const b = serverAdded('b', { ...sold, port: 'leaf2:e1' }, 3);
    expect(trialOf(past, [b, buy]).at(-1)).toMatchObject({ effect: 'conflicted' });
    expect(trialOf(past, [serverRemoved('a', {}, 3), b, buy]).at(-1)).toEqual({ effect: 'applied', conflicts: [] });
    const moved = trialOf([...past, b], [serverMoved('b', { port: 'leaf1:e9', vlan: 11 }, 5)]);
    expect(moved).toMatchObject([{ effect: 'conflicted', conflicts: [{ holder: 'a' }, { holder: 'a' }] }]);
  });

  it('tells whom a transfer would make wait', () => {
    const past = [
      serverAdded('a', sold, 1),
      serverAdded('b', { ...sold, vlan: 12 }, 2),
      ipv6PrefixAssigned('a', { prefix: '2001:db8::/32' }, 3),
      ipv6PrefixAssigned('b', { prefix: '2001:db8:1::/48' }, 4),
    ];
    expect(trialOf(past, [serverTransferred('a', { customerId: 'c2' }, 5)])).toEqual([
      { effect: 'applied', conflicts: [{ claim: 'prefix 2001:db8:1::/48', holder: 'a' }] },
    ]);
  });

  it('holds a fact of a frozen stream, and folds nothing of it', () => {
    const past = [serverAdded('a', sold, 1), unreadable('a', 2)];
    expect(trialOf(past, [serverRemoved('a', {}, 3), serverAdded('b', sold, 4)])).toMatchObject([
      { effect: 'held' },
      { effect: 'conflicted' },
    ]);
  });
});
