import type { Ipv6Prefix, RenumberingState, ServerId } from '../../events/index.js';
import {
  awaitedOf,
  backStep,
  isEnded,
  nextStep,
  type PrefixWatch,
  quietAt,
  type RenumberingOrder,
  renumberingOrders,
  type RenumberingRow,
  renumberingState,
  renumberingTable,
  type RenumberingWord,
  renumberingWords,
  type RenumberingWorld,
} from '../../projections/index.js';
import { renumberings } from '../../projections/renumberings.projection.js';
import { type Fact, fact, fold } from '../support/history.js';
import fc from '../support/property.js';

const about = { renumberingId: 'rn-1', serverId: 'srv-16' as ServerId };
const [from, to] = ['2001:db8:16::/64', '2001:db8:1016::/48'] as Ipv6Prefix[] as [Ipv6Prefix, Ipv6Prefix];
const by = 'token:night-shift';
const begun = fact('RenumberingStarted', { ...about, customerId: 'c1', from, to, quietSeconds: 60, by }, 0);
const next = fact('RenumberingAdvanced', { ...about, asked: 'Ipv6PrefixAssigned', prefix: to, by, reason: 'go' }, 1);
const back = fact('RenumberingTakenBack', { ...about, by, reason: 'no' }, 2);
const found = (state: RenumberingState): Fact => fact('RenumberingProgressed', { ...about, state }, 3);

const reach: Readonly<Record<RenumberingOrder, readonly Fact[]>> = {
  planned: [],
  granting: [next],
  releasing: [next, next],
  restoring: [next, next, back],
  reverting: [next, back],
  finished: [next, next, found('finished')],
  'rolled-back': [back],
  void: [found('void')],
};
const said: Readonly<Record<RenumberingWord, Fact>> = {
  next,
  back,
  finished: found('finished'),
  'rolled-back': found('rolled-back'),
  void: found('void'),
};
/** The table once more, by hand: what each word leads to; nothing where it is refused. */
const wanted: Readonly<Record<RenumberingOrder, Partial<Record<RenumberingWord, RenumberingOrder>>>> = {
  planned: { next: 'granting', back: 'rolled-back', void: 'void' },
  granting: { next: 'releasing', back: 'reverting', finished: 'finished', void: 'void' },
  releasing: { back: 'restoring', finished: 'finished', void: 'void' },
  restoring: { next: 'releasing', back: 'reverting', void: 'void' },
  reverting: { 'rolled-back': 'rolled-back', void: 'void' },
  finished: { back: 'restoring' },
  'rolled-back': {},
  void: {},
};
const rowAfter = (...facts: readonly Fact[]): RenumberingRow | undefined =>
  fold([begun, ...facts]).map.renumberings.get('rn-1');

describe('the orders of a renumbering', () => {
  const cells = renumberingOrders.flatMap((order) => renumberingWords.map((word) => [order, word] as const));
  it.each(cells)('of one that is %s, %s does what the table says', (order, word) => {
    expect(rowAfter(...reach[order])?.order).toBe(order);
    const after = rowAfter(...reach[order], said[word]);
    expect(after?.order).toBe(wanted[order][word] ?? order);
    const cell = renumberingTable[order][word];
    expect('refused' in cell ? undefined : cell.to).toBe(wanted[order][word]);
    if ('refused' in cell) expect(cell.refused.length).toBeGreaterThan(5);
  });

  it('belong to what was started: others are of nothing', () => {
    expect([...fold([next, back]).map.renumberings.keys()]).toEqual([]);
  });

  it('keep who gave the last one and why, count what was heard, and know since when both are live', () => {
    const heard = (state: RenumberingState, count: number, at: number): Fact =>
      fact('RenumberingProgressed', { ...about, state, heard: count, lastHeard: '2026-01-01T00:00:30Z' }, at);
    const row = rowAfter(next, heard('both-live', 2, 5), heard('both-live', 3, 6), heard('safe-to-remove', 1, 9));
    expect(row).toMatchObject({ by, reason: 'go', heard: 6, noted: 'safe-to-remove', orderedAt: 1 });
    expect(row?.bothLiveAt).toBe(Date.parse('2026-01-01T00:05:00Z'));
    expect(row?.lastHeard).toBe(Date.parse('2026-01-01T00:00:30Z'));
    expect(rowAfter(next, heard('both-live', 2, 5), found('waiting-for-route'))?.bothLiveAt).toBeUndefined();
  });
});

describe('the quiet of an old prefix', () => {
  const live = { ...rowAfter(next), bothLiveAt: 1_000, lastHeard: 2_000 } as RenumberingRow;
  it.each([
    ['both were live', { ...live, bothLiveAt: 9_000 }, { since: 3_000, lastHeard: 4_000 }],
    ['somebody listens', live, { since: 9_000, lastHeard: 4_000 }],
    ['it was heard', live, { since: 3_000, lastHeard: 9_000 }],
    ['it was written down as heard', { ...live, lastHeard: 9_000 }, { since: 3_000 }],
  ])('counts from when %s, where that is the last of all', (_what, row, watch) => {
    expect(quietAt(row, watch)).toBe(9_000 + 60_000);
  });

  it('is not known while nobody listens, or both are not live', () => {
    expect(quietAt(live, { lastHeard: 4_000 })).toBeUndefined();
    const { bothLiveAt: _none, ...alone } = live;
    expect(quietAt(alone, { since: 3_000 })).toBeUndefined();
  });
});

const flags = ['sold', 'oldGranted', 'newGranted', 'oldAnnounced', 'newAnnounced', 'isQuiet'] as const;
const worlds = Array.from(
  { length: 2 ** flags.length },
  (_, bits) =>
    Object.fromEntries(flags.map((name, place) => [name, ((bits >> place) & 1) === 1])) as unknown as RenumberingWorld,
);

describe('every order in every world', () => {
  const everywhere = renumberingOrders.flatMap((order) =>
    worlds.map((world) => ({ order, world, state: renumberingState(order, world) })),
  );

  it('is safe to remove only where both are live and the old one is quiet', () => {
    const safe = everywhere.filter(({ state }) => state === 'safe-to-remove');
    expect(safe.length).toBe(2);
    for (const { order, world } of safe) {
      const { sold, oldGranted, newGranted, oldAnnounced, newAnnounced, isQuiet } = world;
      expect([sold, oldGranted, newGranted, oldAnnounced, newAnnounced, isQuiet].every(Boolean)).toBe(true);
      expect(['granting', 'restoring']).toContain(order);
    }
  });

  it('ends only where the server keeps a prefix that billing grants, and not the other one', () => {
    const open = everywhere.filter(({ order }) => !isEnded(order));
    const ends = (state: string) => open.filter((one) => one.state === state).map(({ world }) => world);
    expect(ends('finished').length).toBeGreaterThan(0);
    for (const { oldGranted, newGranted, newAnnounced, oldAnnounced } of ends('finished'))
      expect([oldGranted, oldAnnounced, newGranted, newAnnounced]).toEqual([false, false, true, true]);
    expect(ends('rolled-back').length).toBeGreaterThan(0);
    for (const { oldGranted, newGranted } of ends('rolled-back'))
      expect([oldGranted, newGranted]).toEqual([true, false]);
    for (const { sold } of ends('void')) expect(sold).toBe(false);
  });

  it('never waits for a release that would leave the server with nothing', () => {
    for (const { order, world, state } of everywhere) {
      if (isEnded(order)) continue;
      const ask = awaitedOf({ from, to }, state);
      if (ask?.asked !== 'Ipv6PrefixReleased') continue;
      expect(ask.prefix === from ? world.newGranted && world.newAnnounced : world.oldGranted).toBe(true);
    }
  });
});

const moments = ['assign-new', 'release-new', 'assign-old', 'release-old', 'next', 'force', 'back'] as const;
const others = ['route-up', 'route-down', 'heard', 'deaf', 'listening', 'second', 'minute'] as const;
type Moment = (typeof moments)[number] | (typeof others)[number];

/** One renumbering among billing, network and operators, with a conductor that looks after each moment. */
class Play {
  private row: RenumberingRow;
  private readonly world = { sold: true, oldGranted: true, newGranted: false, oldAnnounced: true, newAnnounced: false };
  private watch: PrefixWatch = { since: 0 };
  private now = 0;
  private ordinal = 0;
  private lastHeard = -Infinity;
  private bothSince = Infinity;
  private listeningSince = 0;
  readonly states: RenumberingState[] = [];

  constructor() {
    const row = fold([begun]).map.renumberings.get('rn-1');
    if (row === undefined) throw new Error('It was not begun.');
    this.row = row;
  }

  be(moment: Moment): void {
    this.happen(moment);
    const { oldGranted, newGranted, newAnnounced } = this.world;
    if (!(oldGranted && newGranted && newAnnounced)) this.bothSince = Infinity;
    else if (this.bothSince === Infinity) this.bothSince = this.now;
    const state = this.state();
    if (state !== this.row.noted) {
      this.check(state);
      this.tell('RenumberingProgressed', { state });
      this.states.push(state);
    }
  }

  private check(state: RenumberingState): void {
    if (state === 'safe-to-remove') {
      expect(this.now - this.lastHeard).toBeGreaterThanOrEqual(60_000);
      expect(this.now - this.bothSince).toBeGreaterThanOrEqual(60_000);
      expect(this.now - this.listeningSince).toBeGreaterThanOrEqual(60_000);
    }
    if (state === 'finished') expect(this.world).toMatchObject({ oldGranted: false, newGranted: true });
    if (state === 'rolled-back') expect(this.world.oldGranted).toBe(true);
  }

  private happen(moment: Moment): void {
    const { world } = this;
    switch (moment) {
      case 'assign-new':
      case 'release-new':
        world.newGranted = moment === 'assign-new';
        world.newAnnounced &&= world.newGranted;
        return;
      case 'assign-old':
      case 'release-old':
        world.oldGranted = world.oldAnnounced = moment === 'assign-old';
        return;
      case 'route-up':
      case 'route-down':
        world.newAnnounced = moment === 'route-up' && world.newGranted;
        return;
      case 'heard':
        this.lastHeard = this.now;
        if (this.watch.since !== undefined) this.watch = { ...this.watch, lastHeard: this.now };
        return;
      case 'deaf':
        this.listeningSince = Infinity;
        this.watch = {};
        return;
      case 'listening':
        if (this.watch.since === undefined) this.watch = { since: (this.listeningSince = this.now) };
        return;
      case 'second':
      case 'minute':
        this.now += moment === 'second' ? 1_000 : 60_000;
        return;
      case 'next':
      case 'force':
      case 'back': {
        const state = this.state();
        const step = moment === 'back' ? backStep(this.row, state) : nextStep(this.row, state, moment === 'force');
        if ('refused' in step) return;
        this.tell(moment === 'back' ? 'RenumberingTakenBack' : 'RenumberingAdvanced', {
          ...step.ask,
          by,
          reason: 'so',
        });
      }
    }
  }

  private state(): RenumberingState {
    const quiet = quietAt(this.row, this.watch);
    return renumberingState(this.row.order, { ...this.world, isQuiet: quiet !== undefined && quiet <= this.now });
  }

  private tell(type: 'RenumberingProgressed' | 'RenumberingAdvanced' | 'RenumberingTakenBack', data: object): void {
    const event = { type, data: { ...about, ...data }, time: this.now, ordinal: ++this.ordinal };
    this.row = renumberings.evolve(this.row, event as unknown as Parameters<typeof renumberings.evolve>[1]) ?? this.row;
  }
}

describe('any interleaving of billing, network and operators', () => {
  it('never calls a prefix safe to remove that was heard, unwatched or alone within the quiet time, nor ends too early', () => {
    const reached = new Set<RenumberingState>();
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom<Moment[]>(...moments, ...others), { maxLength: 60, size: 'max' }),
        (played) => {
          const play = new Play();
          // Most plays begin where both are live, else few would come to where it matters.
          for (const moment of ['next', 'assign-new', 'route-up', ...played] as const) play.be(moment);
          for (const state of play.states) reached.add(state);
        },
      ),
      { numRuns: 2_000 },
    );
    expect([...reached]).toEqual(
      expect.arrayContaining(['safe-to-remove', 'finished', 'rolled-back', 'waiting-for-old']),
    );
  });
});
