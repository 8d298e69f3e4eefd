import { actionsOf } from './actions.js';
import type { KeyHelp } from './page.js';
import type { Session } from './session.js';

/** The keys of the feed; those of actions are in `actions.ts`. */
const going: KeyHelp = [
  ['j / k', 'next, previous line'],
  ['Home / End', 'first, last line'],
  ['Enter', 'open the violation, or the list of a group'],
  ['[ / ]', 'previous, next violation while one is open'],
  ['x', 'select, or let go of it'],
  ['X', 'select all that are read, or let go of them'],
  ['Shift j / k', 'select while going'],
  ['n', 'show what is new'],
  ['/', 'search'],
  ['m', 'mute'],
  ['p', 'the port page of it'],
  ['Esc', 'close, let go of the selection, let go of the line'],
];
const ofTriage: readonly string[] = ['m', 'x', 'X', 'Shift j / k'];

/** Every key that does something in the feed for this reader. */
export function keysOfFeed(session: Session): KeyHelp {
  const actions = actionsOf(session);
  return [
    ...going.filter(([key]) => actions.length > 0 || !ofTriage.includes(key)),
    ...actions.map(({ key, label }) => [key, label.toLowerCase()] as const),
  ];
}
