import { portStates as consoleStates } from '../../../src/console/switches/port-states.js';
import { type PortFacts, type PortState, portStates, stateOfPort } from '../../../src/control/switches/port-state.js';

/** For each state the facts that make it true, and none of the others that can stand beside it. */
const alone: Readonly<Record<PortState, PortFacts>> = {
  violation: { sold: true, link: 'up', violation: 'high: address spoof' },
  frozen: { sold: true, link: 'up', frozen: 'leaf1 is frozen by anna: replaced' },
  drift: { sold: true, link: 'up', drift: 'leaf1: gone from it: neighbour' },
  'push-pending': { sold: true, link: 'up', pending: 'leaf1: to come: neighbour' },
  'up-unsold': { sold: false, link: 'up' },
  'sold-down': { sold: true, link: 'down' },
  'not-watched': { sold: true, link: 'up', notWatched: 'no sensor listens here' },
  matched: { sold: true, link: 'up' },
  free: { sold: false, link: 'down' },
};

/** Row and column both true: which of them the port is. `-` where the two exclude each other. V F D P U S N M. */
const cells = `
  V F D P U S N M
V V V V V V V V V
F V F F F F F F F
D V F D D D D D D
P V F D P P P P P
U V F D P U - - -
S V F D P - S S -
N V F D P - S N -
M V F D P - - - M`;
const letters: Readonly<Record<string, PortState>> = {
  V: 'violation',
  F: 'frozen',
  D: 'drift',
  P: 'push-pending',
  U: 'up-unsold',
  S: 'sold-down',
  N: 'not-watched',
  M: 'matched',
};

const lines = cells
  .trim()
  .split('\n')
  .map((line) => line.trim().split(' '));
const [columns = [], ...rows] = lines;
const pairs = rows.flatMap(([row = '', ...winners]) =>
  winners.map((winner, at) => [letters[row], letters[columns[at] ?? ''], letters[winner]] as const),
);

/** Facts under which both are true: the world of the one, and what the other adds to it. */
function together(one: PortState, other: PortState): PortFacts {
  const [first, second] = [alone[one], alone[other]];
  // What is sold and up is no state of its own where the other one says something of that.
  const base =
    one === 'matched' || ['violation', 'frozen', 'drift', 'push-pending', 'not-watched'].includes(one) ? second : first;
  return { ...first, ...second, sold: base.sold, link: base.link };
}

describe('the state of a port', () => {
  it.each(portStates.map((state) => [state]))('is %s where nothing else is true', (state) => {
    expect(stateOfPort(alone[state])).toMatchObject({ state, also: [] });
  });

  it.each(pairs.filter(([, , winner]) => winner !== undefined))('of %s and %s is %s', (one, other, winner) => {
    if (one === undefined || other === undefined) throw new Error('The table of this test names an unknown letter.');
    const decided = stateOfPort(together(one, other));
    expect(decided.state).toBe(winner);
    const loser = winner === one ? other : one;
    if (loser !== winner && loser !== 'matched') expect(decided.also.map(({ state }) => state)).toEqual([loser]);
  });

  it('is one that the console has a symbol and words for, in the same order of weight', () => {
    expect(consoleStates).toEqual(portStates);
  });

  it('covers every pair of states but those that exclude each other', () => {
    expect(pairs).toHaveLength(64);
    expect(pairs.filter(([, , winner]) => winner === undefined)).toHaveLength(10);
  });

  it('is free or matched where nothing is wrong, by what is sold and by the link alone', () => {
    const links = ['up', 'down', 'unknown'] as const;
    const stateOf = (sold: boolean) => links.map((link) => stateOfPort({ sold, link }).state);
    expect(stateOf(true)).toEqual(['matched', 'sold-down', 'sold-down']);
    expect(stateOf(false)).toEqual(['up-unsold', 'free', 'free']);
  });

  it('is told with its reason, and so is what counts less', () => {
    const facts: PortFacts = {
      sold: true,
      link: 'down',
      drift: 'leaf1: gone from it: neighbour',
      notWatched: 'no sensor listens here',
    };
    expect(stateOfPort(facts)).toEqual({
      state: 'drift',
      why: 'leaf1: gone from it: neighbour',
      also: [
        { state: 'sold-down', why: 'the link is down' },
        { state: 'not-watched', why: 'no sensor listens here' },
      ],
    });
  });

  it('asks nothing of a sensor where nothing is sold', () => {
    expect(stateOfPort({ sold: false, link: 'down', notWatched: 'no sensor listens here' }).state).toBe('free');
  });
});
