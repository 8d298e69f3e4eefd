/** Where the work on a violation stands. Being muted is no state: it lies over any of them. */
export const triageStates = ['new', 'acknowledged', 'resolved', 'false-positive', 'exonerated'] as const;
export type TriageState = (typeof triageStates)[number];

/** What can happen to a violation that was detected: told by the sensor and its watch, then by people. */
export const triageActs = [
  'heard-again',
  'exonerate',
  'quiet',
  'acknowledge',
  'resolve',
  'false-positive',
  'comment',
  'ticket',
  'contain',
  'mute',
  'unmute',
] as const;
export type TriageAct = (typeof triageActs)[number];

/** The state an act leads to, or why it is not to be done in this one. */
export type TriageCell =
  | {
      readonly to: TriageState;
      /** It stays closed, and what was heard is to be excused by an exception. */
      readonly asksForException?: true;
    }
  | { readonly refused: string };

type Row = Readonly<Record<TriageAct, TriageCell>>;

const stays = (to: TriageState) => ({ comment: { to }, ticket: { to }, mute: { to }, unmute: { to } });
const no = (refused: string): TriageCell => ({ refused });
const closed = {
  quiet: no('it is closed: silence is what is expected of it'),
  contain: no('it is closed: acknowledge it first, and it is open again'),
};

/**
 * Every state and everything that can happen in it. Frames are heard again when they were captured after it was closed.
 * To acknowledge a closed violation takes it up again: so a wrong word about one is taken back.
 */
export const triageTable: Readonly<Record<TriageState, Row>> = {
  new: {
    'heard-again': { to: 'new' },
    exonerate: { to: 'exonerated' },
    quiet: { to: 'new' },
    acknowledge: { to: 'acknowledged' },
    resolve: { to: 'resolved' },
    'false-positive': { to: 'false-positive' },
    contain: { to: 'new' },
    ...stays('new'),
  },
  acknowledged: {
    'heard-again': { to: 'acknowledged' },
    exonerate: { to: 'exonerated' },
    quiet: { to: 'acknowledged' },
    acknowledge: { to: 'acknowledged' },
    resolve: { to: 'resolved' },
    'false-positive': { to: 'false-positive' },
    contain: { to: 'acknowledged' },
    ...stays('acknowledged'),
  },
  resolved: {
    'heard-again': { to: 'new' },
    exonerate: { to: 'exonerated' },
    acknowledge: { to: 'acknowledged' },
    resolve: no('it is resolved already'),
    'false-positive': { to: 'false-positive' },
    ...closed,
    ...stays('resolved'),
  },
  'false-positive': {
    'heard-again': { to: 'false-positive', asksForException: true },
    exonerate: no('somebody said that it is none; a fact that says so as well changes nothing'),
    acknowledge: { to: 'acknowledged' },
    resolve: no('it is a false positive: acknowledge it first to take it up again'),
    'false-positive': no('it is a false positive already'),
    ...closed,
    ...stays('false-positive'),
  },
  exonerated: {
    'heard-again': { to: 'new' },
    exonerate: { to: 'exonerated' },
    acknowledge: { to: 'acknowledged' },
    resolve: no('a fact of billing says that it was none: there is nothing to resolve'),
    'false-positive': { to: 'false-positive' },
    ...closed,
    ...stays('exonerated'),
  },
};

/** True while somebody has something to do about it. */
export function isOpen(state: TriageState): boolean {
  return state === 'new' || state === 'acknowledged';
}
