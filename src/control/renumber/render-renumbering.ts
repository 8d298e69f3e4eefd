import { printable, shortInstant, textTable } from '../../cli/text-table.js';
import type { RenumberingView } from './renumber-view.js';

/** One line for each, and what each waits for. */
export function renderRenumberings(views: readonly RenumberingView[]): string {
  if (views.length === 0) return 'There are no renumberings.';
  const rows = views.map((view) => [
    view.renumberingId,
    view.serverId,
    view.from,
    view.to,
    view.state,
    view.waitsFor,
    `${view.heard.frames}`,
    view.heard.last === undefined ? 'never' : shortInstant(view.heard.last),
  ]);
  return textTable([['ID', 'SERVER', 'FROM', 'TO', 'STATE', 'WAITS FOR', 'HEARD', 'LAST HEARD'], ...rows]);
}

/** Everything of one. */
export function renderRenumbering(view: RenumberingView): string {
  const { renumberingId, serverId, customerId, from, to, state, since, detail, granted, announced, heard } = view;
  const customer = customerId === undefined ? '' : ` of ${customerId}`;
  const order = `${printable(view.by)}${view.reason === undefined ? '' : `: ${printable(view.reason)}`}`;
  const rows = [
    ['server', `${serverId}${customer}`],
    ['state', `${state}${since === undefined ? '' : ` since ${shortInstant(since)}`}`],
    ['from', `${from}  ${standing(granted.from, announced.from)}`],
    ['to', `${to}  ${standing(granted.to, announced.to)}`],
    ['heard', heardOf(heard)],
    ['quiet', quietOf(view)],
    ['last order', order],
    ['etag', view.etag],
  ];
  return [renumberingId, textTable(rows, '  '), detail].join('\n');
}

function standing(isGranted: boolean, isAnnounced: boolean): string {
  return `${isGranted ? 'granted' : 'not granted'}, ${isAnnounced ? 'announced' : 'not announced'}`;
}

function heardOf({ frames, last }: RenumberingView['heard']): string {
  const newest = last === undefined ? '' : `, the last at ${shortInstant(last)}`;
  return `${frames} frames of neighbour discovery named the old prefix${newest} (other traffic is not counted)`;
}

function quietOf({ heard, quietSeconds, waitsFor }: RenumberingView): string {
  if (waitsFor === 'nobody') return 'not watched any more';
  if (heard.watchedSince === undefined) return 'no sensor of this engine hears its port';
  const until = heard.quietAt === undefined ? '' : `, long enough at ${shortInstant(heard.quietAt)}`;
  return `heard without a gap since ${shortInstant(heard.watchedSince)}; ${quietSeconds} s are asked for${until}`;
}
