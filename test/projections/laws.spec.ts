import fc from '../support/property.js';
import { decodeEvent } from '../../events/index.js';
import { type Binding, grantLines, type LogFold, mapHash } from '../../projections/index.js';
import { assignments } from '../../projections/assignments.projection.js';
import type { EventsOf } from '../../projections/projection.js';
import { LiveMap } from '../../src/projector/live-map.js';
import { contestedHistories, hearsayFacts, interleaved, separateHistories } from '../support/arbitrary-histories.js';
import { type Fact, fold, foldStored, instantOf, stored } from '../support/history.js';
import { naiveClaims, naiveLines } from '../support/naive-map.js';
import { asReadBack } from '../support/retold.js';
import { everythingOf, rowsOf, withoutPositions, expectSame } from '../support/told.js';

const runs = { numRuns: 300 };

/** A history and the same facts delivered in another order, some of them twice. */
function redelivered(histories: fc.Arbitrary<Fact[]>): fc.Arbitrary<readonly [Fact[], Fact[]]> {
  return histories.chain((history) =>
    fc
      .subarray(history)
      .chain((again) => {
        const all = [...history, ...again];
        return fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length });
      })
      .map((delivery) => [history, delivery] as const),
  );
}

describe('any delivery order, with duplicates,', () => {
  it('gives the same rows', () => {
    fc.assert(
      fc.property(redelivered(contestedHistories()), ([history, delivery]) => {
        expectSame(rowsOf(fold(delivery)), rowsOf(fold(history)));
      }),
      runs,
    );
  });

  it('gives the same map hash where no two servers claim the same thing', () => {
    fc.assert(
      fc.property(redelivered(separateHistories()), ([history, delivery]) => {
        expectSame(grantLines(fold(delivery).map), grantLines(fold(history).map));
        expect(mapHash(fold(delivery).map)).toBe(mapHash(fold(history).map));
      }),
      runs,
    );
  });

  it('gives the same answers in the same order, whichever server came first', () => {
    fc.assert(
      fc.property(redelivered(separateHistories()), ([history, delivery]) => {
        expectSame(answersOf(fold(delivery)), answersOf(fold(history)));
      }),
      runs,
    );
  });
});

function answersOf({ map }: LogFold): unknown {
  const ports = ['leaf1:Ethernet1', 'leaf1:Ethernet2', 'leaf1:Ethernet3', 'leaf2:Ethernet1'];
  return withoutPositions([
    [...map.bindings()],
    ['leaf1', 'leaf2'].map((name) => map.bindingsOnSwitch(name)),
    ports.map((port) => map.bindingsOnPort(port)),
    ['52:54:00:00:00:01', '52:54:00:00:00:02'].map((mac) => map.bindingsOfMac(mac)),
    ['198.51.100.1', '2001:db8:1:1:1::5', '2001:db8:2::5'].map((address) => map.holderOfAddress(address)),
  ]);
}

describe('the map', () => {
  it('is what a naive reading of all facts gives, contested claims and their holders included', () => {
    fc.assert(
      fc.property(contestedHistories(), (history) => {
        const { map } = fold(history);
        const lines = [...map.bindings()].map((binding) =>
          describeBinding(binding, map.assignments.get(binding.serverId)?.linkLocal?.value),
        );
        expectSame(lines.sort(), naiveLines(history));
      }),
      runs,
    );
  });

  it('is moved by nothing that a sensor, a link source or a reactor says', () => {
    fc.assert(
      fc.property(contestedHistories(), hearsayFacts(), fc.array(fc.boolean()), (history, hearsay, picks) => {
        const log = interleaved(history, hearsay, picks);
        expectSame(grantLines(fold(log).map), grantLines(fold(history).map));
        expect(mapHash(fold(log).map)).toBe(mapHash(fold(history).map));
      }),
      runs,
    );
  });

  it('has another hash when a grant differs', () => {
    fc.assert(
      fc.property(separateHistories(), separateHistories(), (one, other) => {
        const [first, second] = [fold(one).map, fold(other).map];
        const sameGrants = JSON.stringify(grantLines(first)) === JSON.stringify(grantLines(second));
        expect(mapHash(first) === mapHash(second)).toBe(sameGrants);
      }),
      runs,
    );
  });
});

function describeBinding(one: Binding, ownLinkLocal: string | undefined): string {
  const mark = (heldBy: string | undefined): string => (heldBy === undefined ? '' : `!${heldBy}`);
  return JSON.stringify({
    id: one.serverId,
    state: one.state,
    customer: one.customerId,
    port: one.port,
    vlan: one.vlan,
    mac: one.mac,
    otherMacs: one.otherMacs,
    ownLinkLocal,
    addresses: one.addresses.map((sold) => `${sold.addOnId} ${sold.address}${mark(sold.heldBy)}`).sort(),
    prefixes: one.prefixes.map((sold) => `${sold.prefix}${mark(sold.heldBy)}`).sort(),
  });
}

describe('a claim', () => {
  it('is never evicted by anything but a change of customer: a release only adds holders', () => {
    fc.assert(
      fc.property(contestedHistories(), (history) => {
        for (let count = 1; count <= history.length; count++) {
          const [before, after] = [fold(history.slice(0, count - 1)), fold(history.slice(0, count))];
          if (customersOf(before, after)) continue;
          const [held, holds] = [holdings(before), holdings(after)];
          for (const [claim] of [...held].filter(([, waits]) => !waits)) {
            // Either its own server makes it no longer, or it still holds.
            expectSame({ claim, waits: holds.get(claim) ?? false }, { claim, waits: false });
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  it('keeps its place in line as long as it is made without a break, whatever restates or transfers it', () => {
    fc.assert(
      fc.property(contestedHistories(), (history) => {
        const { map } = fold(history);
        const places = [...map.assignments.values()].map((row) => [
          row.serverId as string,
          Object.fromEntries(row.claims.map((claim) => [claim.key, claim.since])),
        ]);
        const naive = naiveClaims(history);
        const expected = [...map.assignments.values()].map((row) => [
          row.serverId as string,
          Object.fromEntries((naive.get(row.serverId) ?? []).map((claim) => [claim.key, claim.since])),
        ]);
        expectSame(places, expected);
      }),
      runs,
    );
  });
});

/** Whether a server that has a customer in both got another one. */
function customersOf(before: LogFold, after: LogFold): boolean {
  return [...after.map.assignments.values()].some((row) => {
    const old = before.map.assignments.get(row.serverId)?.customer;
    return old !== undefined && row.customer !== undefined && old.value !== row.customer.value;
  });
}

/** Every claim made, and whether it waits. */
function holdings({ map }: LogFold): Map<string, boolean> {
  return new Map(
    [...map.bindings()].flatMap((binding) =>
      (map.assignments.get(binding.serverId)?.claims ?? []).map(
        ({ key }) =>
          [`${binding.serverId}: ${key}`, binding.conflicts.some((conflict) => conflict.claim === key)] as const,
      ),
    ),
  );
}

describe('a replay', () => {
  const logs = fc
    .tuple(contestedHistories(), hearsayFacts(), fc.array(fc.boolean()))
    .map(([history, hearsay, picks]) => interleaved(history, hearsay, picks));

  it('equals what was folded live page by page, stopped anywhere and resumed with pages handed over again', () => {
    fc.assert(
      fc.property(logs, fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 60 }), fc.nat(3), (log, sizes, again) => {
        const events = stored(log);
        const live = new LiveMap('log-1');
        let from = 0;
        for (const size of sizes) {
          live.foldPage(events.slice(Math.max(0, from - again), from + size));
          from += size;
          const rebuilt = foldStored(asReadBack(events.slice(0, from)));
          expectSame(grantLines(live.map), grantLines(rebuilt.map));
          if (from >= events.length) break;
        }
        live.foldPage(events.slice(from));
        expectSame(everythingOf(live), everythingOf(foldStored(asReadBack(events))));
      }),
      { numRuns: 150 },
    );
  });

  it('with --at T equals folding only the facts with a time up to T', () => {
    fc.assert(
      fc.property(logs, fc.integer({ min: -1, max: 45 }), (log, minutes) => {
        const at = Date.parse(instantOf(minutes));
        const events = stored(log);
        const until = events.filter((event) => Date.parse(event.metadata.time) <= at);
        const [whole, part] = [foldStored(events, { at }), foldStored(until)];
        part.ordinal = whole.ordinal;
        expectSame(everythingOf(whole), everythingOf(part));
      }),
      runs,
    );
  });

  it('returns the same row object for every fact that was folded before', () => {
    fc.assert(
      fc.property(contestedHistories(), (history) => {
        const { map } = fold(history);
        for (const event of stored(history)) {
          const decoded = decodeEvent(event);
          if (!decoded.readable || !isAssignment(decoded.event)) continue;
          const row = map.assignments.get(decoded.event.data.serverId);
          expect(assignments.evolve(row, decoded.event)).toBe(row);
        }
      }),
      runs,
    );
  });
});

function isAssignment(event: { readonly type: string }): event is EventsOf<(typeof assignments.handles)[number]> {
  return (assignments.handles as readonly string[]).includes(event.type);
}
