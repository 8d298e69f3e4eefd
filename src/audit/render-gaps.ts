import { printable, shortInstant } from '../cli/text-table.js';
import type { Gap } from './gaps.js';
import { renderFact } from './render-fact.js';

const reasons: Readonly<Record<Gap['why'], (gap: Gap) => string>> = {
  unsold: () => 'nobody was sold it',
  suspended: ({ serverId }) => `${serverId} was suspended`,
  conflicted: ({ serverId }) => `${serverId} was in conflict with another server`,
  pending: ({ serverId }) => `of ${serverId} something was not known yet`,
  'link-down': ({ serverId, port }) => `the link of ${port} was down, where ${serverId} is`,
  'link-unknown': ({ serverId, port }) => `the link of ${port}, where ${serverId} is, had not been reported`,
  moved: ({ serverId, port, movedFrom, link }) =>
    `${serverId} had been moved${movedFrom === undefined ? '' : ` from ${movedFrom}`} to ${port}, whose link ${link === 'down' ? 'was down' : 'had not been reported'}`,
  drift: ({ device, serverId }) => `${device} had lost what it had for ${serverId} (drift), since when is not known`,
};

/** A line each: from when to when, why, and the facts that began and ended it; times in UTC. */
export function renderGaps(gaps: readonly Gap[]): string {
  return ['Dark, and why', ...gaps.map(renderGap)].join('\n');
}

function renderGap(gap: Gap): string {
  const { from, to, why, began, ended } = gap;
  const start = from === undefined ? 'until' : `${shortInstant(from)} to`;
  const facts = [
    ...began.map((fact) => `began with ${renderFact(fact)}`),
    ...ended.map((fact) => `ended by ${renderFact(fact)}`),
  ];
  const because = facts.length === 0 ? '' : `; ${facts.join('; ')}`;
  return `    ${start} ${to === undefined ? 'now' : shortInstant(to)}  ${printable(reasons[why](gap))}${because}`;
}
