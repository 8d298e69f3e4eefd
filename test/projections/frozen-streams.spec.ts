import fc from '../support/property.js';
import { grantLines } from '../../projections/index.js';
import { LiveMap } from '../../src/projector/live-map.js';
import type { StoredEvent } from '../../events/index.js';
import { contestedHistories } from '../support/arbitrary-histories.js';
import {
  eventSkipped,
  type Fact,
  fold,
  foldStored,
  idAt,
  instantOf,
  ipv4AddOnBought,
  ipv4AddOnCancelled,
  linkDown,
  linkUp,
  serverAdded,
  serverMoved,
  serverNicReplaced,
  stored,
  unreadable,
} from '../support/history.js';
import { asReadBack } from '../support/retold.js';
import { everythingOf, rowsOf, expectSame } from '../support/told.js';

const s1 = { customerId: 'c1', port: 'leaf1:Ethernet1', vlan: 11, mac: '52:54:00:00:00:01' };
const s2 = { customerId: 'c2', port: 'leaf1:Ethernet2', vlan: 12, mac: '52:54:00:00:00:02' };
const address = '198.51.100.1';

describe('an unreadable event', () => {
  it('freezes its stream: it and every later event of it are held, the last good state stays', () => {
    const log = [serverAdded('s1', s1, 1), unreadable('s1', 2), serverNicReplaced('s1', { mac: s2.mac }, 3)];
    const folded = fold(log);
    expect(folded.map.binding('s1')).toMatchObject({ state: 'active', mac: s1.mac });
    expect(folded.frozenStreams()).toMatchObject([
      {
        stream: 'server-s1',
        parked: { id: idAt(1) },
        reason: expect.stringContaining('port') as string,
        held: [{ id: idAt(2) }],
      },
    ]);
    expect(stored(log).map((event) => folded.isHeld(event))).toEqual([false, true, true]);
  });

  it('holds no other stream', () => {
    const folded = fold([unreadable('s1', 1), serverAdded('s2', s2, 2), linkUp(s2.port, 3)]);
    expect(folded.map.binding('s2')).toMatchObject({ state: 'active', link: 'up' });
    expect(folded.isFrozen('server-s2')).toBe(false);
  });

  it.each([
    ['of a type nobody knows', { type: 'ServerPainted' }],
    ['of a version from the future', { schemaVersion: 2 }],
    ['in a stream that its data does not name', { stream: 'server-s2' }],
    ['with a time that is no instant', { time: 'yesterday' }],
    ['with data that is no object', { data: [] }],
    ['without metadata', { metadata: null }],
  ])('%s freezes its stream and throws nothing', (_what, broken) => {
    const [event] = stored([serverAdded('s1', s1, 1)]) as [StoredEvent];
    const { schemaVersion, time, ...rest } = { schemaVersion: 1, time: event.metadata.time, ...broken };
    const metadata = { ...event.metadata, schemaVersion, time };
    const bad = { ...event, metadata, ...rest } as unknown as StoredEvent;
    const folded = foldStored([bad]);
    expect(folded.frozenStreams()).toMatchObject([{ stream: bad.stream, parked: { id: event.id } }]);
    expect([...folded.map.bindings()]).toEqual([]);
  });

  it('holds the link of a port in its last good state too', () => {
    const port = s1.port;
    const broken: Fact = { type: 'LinkDown', data: {}, stream: `port-${port}`, time: instantOf(2) };
    expect(fold([linkUp(port, 1), broken, linkDown(port, 3)]).map.linkOf(port)).toBe('up');
  });
});

describe('EventSkipped', () => {
  const frozen = [serverAdded('s1', s1, 1), unreadable('s1', 2), serverNicReplaced('s1', { mac: s2.mac }, 3)];

  it('passes over the unreadable event and folds those held behind it', () => {
    const folded = fold([...frozen, eventSkipped('server-s1', idAt(1), 4)]);
    expect(folded.map.binding('s1')).toMatchObject({ state: 'active', mac: s2.mac });
    expect(folded.frozenStreams()).toEqual([]);
  });

  it('that names another event opens nothing', () => {
    const folded = fold([...frozen, eventSkipped('server-s1', idAt(2), 4)]);
    expect(folded.frozenStreams()).toMatchObject([{ parked: { id: idAt(1) } }]);
    expect(folded.map.binding('s1')?.mac).toBe(s1.mac);
  });

  it('gives the held claims the place of the skip in line, not their own', () => {
    const log = [
      serverAdded('s1', s1, 1),
      serverAdded('s2', s2, 2),
      unreadable('s1', 3),
      ipv4AddOnBought('s1', { addOnId: 'a1', address }, 4),
      ipv4AddOnBought('s2', { addOnId: 'a1', address }, 5),
      eventSkipped('server-s1', idAt(2), 6),
    ];
    const { map } = fold(log);
    expect(map.holderOfAddress(address)?.serverId).toBe('s2');
    expect(map.binding('s1')?.conflicts).toEqual([{ claim: `ipv4 ${address}`, holder: 's2' }]);
    expect(map.assignments.get('s1')?.claims.find((claim) => claim.kind === 'ipv4')?.since).toBe(5);
  });

  it('leaves it to the facts’ own time and position which one wins, held or not', () => {
    const log = [
      serverAdded('s1', s1, 1),
      unreadable('s1', 2),
      serverMoved('s1', { port: s1.port, vlan: 21 }, 9),
      serverMoved('s1', { port: s1.port, vlan: 22 }, 5),
      eventSkipped('server-s1', idAt(1), 10),
    ];
    expect(fold(log).map.binding('s1')?.vlan).toBe(21);
  });

  it('stops again at a second unreadable event of the same stream, until that is skipped too', () => {
    const log = [
      serverAdded('s1', s1, 1),
      unreadable('s1', 2),
      serverMoved('s1', { port: s1.port, vlan: 21 }, 3),
      unreadable('s1', 4),
      serverMoved('s1', { port: s1.port, vlan: 22 }, 5),
      eventSkipped('server-s1', idAt(1), 6),
      serverNicReplaced('s1', { mac: s2.mac }, 7),
      eventSkipped('server-s1', idAt(3), 8),
    ];
    const between = fold(log.slice(0, 7));
    expect(between.map.binding('s1')).toMatchObject({ vlan: 21, mac: s1.mac });
    expect(between.frozenStreams()).toMatchObject([
      { parked: { id: idAt(3) }, held: [{ id: idAt(4) }, { id: idAt(6) }] },
    ]);
    expect(fold(log).map.binding('s1')).toMatchObject({ vlan: 22, mac: s2.mac });
    expect(fold(log).frozenStreams()).toEqual([]);
  });

  it('is folded whatever its time, while a held fact later than --at stays out', () => {
    const log = [
      serverAdded('s1', s1, 1),
      unreadable('s1', 2),
      serverMoved('s1', { port: s1.port, vlan: 21 }, 3),
      serverMoved('s1', { port: s1.port, vlan: 22 }, 50),
      eventSkipped('server-s1', idAt(1), 100),
    ];
    const folded = fold(log, { at: Date.parse(instantOf(10)) });
    expect(folded.map.binding('s1')?.vlan).toBe(21);
    expect(folded.frozenStreams()).toEqual([]);
  });

  it('is not needed under --at for an unreadable event of a later time', () => {
    const folded = fold(frozen, { at: Date.parse(instantOf(1)) });
    expect(folded.frozenStreams()).toEqual([]);
  });

  it('in a stream that is not frozen changes nothing', () => {
    const log = [serverAdded('s1', s1, 1), ipv4AddOnCancelled('s1', { addOnId: 'a1' }, 2)];
    expectSame(grantLines(fold([...log, eventSkipped('server-s1', idAt(0), 3)]).map), grantLines(fold(log).map));
  });
});

/** A history into which unreadable events and skips of whatever is parked then are put. */
const troubled: fc.Arbitrary<Fact[]> = fc
  .tuple(
    contestedHistories(),
    fc.array(fc.record({ where: fc.nat(40), server: fc.constantFrom('s1', 's2', 's3') })),
    fc.array(fc.nat(80), { maxLength: 12 }),
  )
  .map(([history, wrecks, skips]) => {
    const log = [...history];
    wrecks.forEach(({ where, server }, index) => log.splice(where, 0, unreadable(server, 10 + index)));
    for (const where of [...skips].sort((a, b) => a - b)) {
      const before = fold(log.slice(0, where)).frozenStreams();
      const parked = before[where % Math.max(1, before.length)];
      if (parked !== undefined) log.splice(where, 0, eventSkipped(parked.stream, parked.parked.id, 30));
    }
    return renamed(log);
  });

/** Skips name ids, and ids follow ordinals: skips put in later must not shift what the earlier ones name. */
function renamed(log: readonly Fact[]): Fact[] {
  const result: Fact[] = [];
  for (const fact of log) {
    if (fact.type !== 'EventSkipped') {
      result.push(fact);
      continue;
    }
    const parked = fold(result)
      .frozenStreams()
      .find((one) => one.stream === fact.stream);
    if (parked !== undefined) result.push(eventSkipped(fact.stream, parked.parked.id, 30));
  }
  return result;
}

/** The log as if the held events had been written at the skip, and the unreadable ones never. */
function asIfWrittenAtTheSkip(log: readonly Fact[]): Fact[] {
  const waiting = new Map<string, Fact[]>();
  const result: Fact[] = [];
  const isWreck = (fact: Fact): boolean => Object.keys(fact.data).length === 1 && fact.type === 'ServerMoved';
  for (const fact of log) {
    const line = waiting.get(fact.stream);
    if (fact.type === 'EventSkipped') {
      const rest = line ?? [];
      const next = rest.findIndex(isWreck);
      result.push(...(next < 0 ? rest : rest.slice(0, next)));
      if (next < 0) waiting.delete(fact.stream);
      else waiting.set(fact.stream, rest.slice(next + 1));
    } else if (line !== undefined) line.push(fact);
    else if (isWreck(fact)) waiting.set(fact.stream, []);
    else result.push(fact);
  }
  return result;
}

describe('a frozen stream and its skips', () => {
  it('give the map of a log in which the held events had been written at the skip', () => {
    let frozenOnce = 0;
    fc.assert(
      fc.property(troubled, (log) => {
        const folded = fold(log);
        const plain = fold(asIfWrittenAtTheSkip(log));
        if (log.some((fact) => fact.type === 'EventSkipped')) frozenOnce++;
        expectSame(rowsOf(folded), rowsOf(plain));
        expectSame(grantLines(folded.map), grantLines(plain.map));
      }),
      { numRuns: 300 },
    );
    expect(frozenOnce).toBeGreaterThan(50);
  });

  it.each([undefined, 12, 25])('behave alike live, page by page, and in a rebuild (--at %s)', (minutes) => {
    const at = minutes === undefined ? {} : { at: Date.parse(instantOf(minutes)) };
    fc.assert(
      fc.property(troubled, fc.integer({ min: 1, max: 9 }), (log, size) => {
        const events = stored(log);
        const rebuilt = foldStored(asReadBack(events), at);
        const pages = foldStored([], at);
        const live = new LiveMap('log-1');
        for (let from = 0; from < events.length; from += size) {
          const page = events.slice(from, from + size);
          live.foldPage(page);
          for (const event of page) pages.fold(event);
          const restarted = foldStored(asReadBack(events.slice(0, from + size)), at);
          expectSame(everythingOf(pages), everythingOf(restarted));
        }
        expectSame(everythingOf(pages), everythingOf(rebuilt));
        if (minutes === undefined) expectSame(everythingOf(live), everythingOf(rebuilt));
      }),
      { numRuns: 80 },
    );
  });

  it('under --at equal the fold of the facts up to then and of every skip', () => {
    fc.assert(
      fc.property(troubled, fc.integer({ min: 0, max: 40 }), (log, minutes) => {
        const at = Date.parse(instantOf(minutes));
        const events = stored(log);
        const until = events.filter((event) => event.type === 'EventSkipped' || Date.parse(event.metadata.time) <= at);
        const [whole, part] = [foldStored(events, { at }), foldStored(until)];
        part.ordinal = whole.ordinal;
        // What waits behind a parked event is listed whatever its time; it is only folded when its time has come.
        const { frozen: wholeFrozen, ...wholeRest } = everythingOf(whole) as { frozen: { stream: string }[] };
        const { frozen: partFrozen, ...partRest } = everythingOf(part) as { frozen: { stream: string }[] };
        expectSame(wholeRest, partRest);
        expect(wholeFrozen.map((one) => one.stream)).toEqual(partFrozen.map((one) => one.stream));
      }),
      { numRuns: 300 },
    );
  });
});

describe('a page handed over again', () => {
  it('changes nothing, also where a stream in it is frozen', () => {
    fc.assert(
      fc.property(troubled, fc.nat(40), fc.nat(40), (log, from, size) => {
        const events = stored(log);
        const upTo = Math.min(events.length, from + size);
        const [once, again] = [foldStored(events), foldStored(events.slice(0, upTo))];
        for (const event of events.slice(Math.min(from, upTo))) again.fold(event);
        expectSame(everythingOf(again), everythingOf(once));
      }),
      { numRuns: 150 },
    );
  });
});

describe('the fold', () => {
  it('throws on nothing a store could hand it', () => {
    const junk = fc.record({
      id: fc.uuid(),
      stream: fc.constantFrom('server-s1', 'gateway-leaf1', 'port-leaf1:Ethernet1', 'journal-leaf1', 'violation-v1'),
      type: fc.constantFrom(
        'ServerAdded',
        'EventSkipped',
        'GatewayDeclared',
        'LinkUp',
        'ReconcileFinished',
        'Nonsense',
        '__proto__',
      ),
      data: fc.jsonValue(),
      metadata: fc.oneof(
        fc.jsonValue(),
        fc.record({
          time: fc.constant(instantOf(1)),
          recordedAt: fc.constant(instantOf(2)),
          schemaVersion: fc.jsonValue(),
        }),
        fc.constant({ time: instantOf(1), recordedAt: instantOf(2), schemaVersion: 1 }),
      ),
    });
    fc.assert(
      fc.property(fc.array(junk), (log) => {
        const events = log.map((event, ordinal) => ({ ...event, ordinal, revision: 0, position: String(ordinal) }));
        foldStored(events as unknown as StoredEvent[]);
      }),
      { numRuns: 500 },
    );
  });
});
