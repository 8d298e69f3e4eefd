/** What a port can be, the one that counts most first: where several are true a port is the first of them. */
export const portStates = [
  'violation',
  'frozen',
  'drift',
  'push-pending',
  'up-unsold',
  'sold-down',
  'not-watched',
  'matched',
  'free',
] as const;
export type PortState = (typeof portStates)[number];

/** How many ports are in each state. */
export type StateCounts = Readonly<Record<PortState, number>>;

/** What is known of one port. A reason is a sentence without its full stop; absent where there is none. */
export interface PortFacts {
  /** Billing sells at least one server here. */
  readonly sold: boolean;
  /** As the log has it: what nobody ever reported is unknown, and not announced. */
  readonly link: 'up' | 'down' | 'unknown';
  /** Something was heard here that billing did not sell, and nobody closed it. */
  readonly violation?: string;
  /** An operator, or the engine, stopped its device; or an event that cannot be read holds its stream. */
  readonly frozen?: string;
  /** A device changed by itself what it holds for this port. */
  readonly drift?: string;
  /** What billing sold is not read back from a device. */
  readonly pending?: string;
  /** No sensor would judge a frame that comes in here. */
  readonly notWatched?: string;
  /** What a reader of a port must know although nothing is wrong. */
  readonly note?: string;
}

interface StateRow {
  readonly state: PortState;
  /** What the state says, for people. */
  readonly meaning: string;
  /** Why it is true of these facts; undefined where it is not. */
  readonly why: (facts: PortFacts) => string | undefined;
}

const whenSold = (reason: (facts: PortFacts) => string | undefined) => (facts: PortFacts) =>
  facts.sold ? reason(facts) : undefined;

/**
 * The one table of precedence. What somebody does to others comes first, then what keeps the engine from putting it right,
 * then where device and map differ, then where the world and billing differ, then what nobody would hear. Exactly one of
 * the last two rows is true where nothing else is.
 */
export const stateTable: readonly StateRow[] = [
  {
    state: 'violation',
    meaning: 'something was heard here that billing did not sell, and nobody closed it',
    why: ({ violation }) => violation,
  },
  {
    state: 'frozen',
    meaning: 'nothing is written for it: its device, or the stream of its server, is frozen',
    why: ({ frozen }) => frozen,
  },
  {
    state: 'drift',
    meaning: 'its device changed by itself what it holds for the port',
    why: ({ drift }) => drift,
  },
  {
    state: 'push-pending',
    meaning: 'what billing sold is not on its device yet, or the device was not read back',
    why: ({ pending }) => pending,
  },
  {
    state: 'up-unsold',
    meaning: 'its link is up, and billing sold nothing here',
    why: ({ sold, link }) => (!sold && link === 'up' ? 'the link is up, and billing sold no server here' : undefined),
  },
  {
    state: 'sold-down',
    meaning: 'billing sold it, and its link is not up: its routes are not announced',
    why: whenSold(({ link }) => {
      if (link === 'up') return undefined;
      return link === 'down' ? 'the link is down' : 'the link was never reported, so nothing is announced';
    }),
  },
  {
    state: 'not-watched',
    meaning: 'billing sold it, and no sensor would hear a forged frame here',
    why: whenSold(({ notWatched }) => notWatched),
  },
  {
    state: 'matched',
    meaning: 'sold, up, on its devices as billing sold it, and watched',
    why: whenSold(({ note }) => note ?? 'as billing sold it'),
  },
  {
    state: 'free',
    meaning: 'not sold, and its link is not up',
    why: ({ link }) => (link === 'down' ? 'not sold, and its link is down' : 'not sold, and no link was reported'),
  },
];

export interface DecidedState {
  readonly state: PortState;
  readonly why: string;
  /** What is true of the port besides, and counts less. */
  readonly also: readonly { readonly state: PortState; readonly why: string }[];
}

/** The state of a port by the table, with its reason, and what else is true. Pure. */
export function stateOfPort(facts: PortFacts): DecidedState {
  const holding = stateTable.flatMap(({ state, why }) => {
    const reason = why(facts);
    return reason === undefined ? [] : [{ state, why: reason }];
  });
  // The last row is true of whatever none of the others says something of.
  const [first = { state: 'free' as const, why: '' }, ...rest] = holding;
  return { ...first, also: rest.filter(({ state }) => state !== 'matched' && state !== 'free') };
}

export function countStates(states: Iterable<PortState>): StateCounts {
  const counts = Object.fromEntries(portStates.map((state) => [state, 0])) as Record<PortState, number>;
  for (const state of states) counts[state]++;
  return counts;
}

/** The sum of two counts. */
export function addCounts(one: StateCounts, other: StateCounts): StateCounts {
  return Object.fromEntries(portStates.map((state) => [state, one[state] + other[state]])) as StateCounts;
}
