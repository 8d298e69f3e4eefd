import { printable, shortInstant, textTable } from '../../cli/text-table.js';
import type { FindAnswer } from './find.js';
import type { Hit, Standing } from './hit.js';

/** What was found as a table for people. */
export function renderFound({ groups, understood, indexed }: FindAnswer): string {
  const rows = groups.flatMap(({ kind, hits, more }) => [
    ...hits.map((hit) => [kind, hit.name, hit.why, whereOf(hit)].map(printable)),
    ...(more ? [[kind, '...', 'more fit', '']] : []),
  ]);
  const making = indexed < 1 ? ['The index is being made: beginnings of names are found once it is.'] : [];
  if (rows.length > 0) return [textTable([['KIND', 'NAME', 'WHY', 'WHERE'], ...rows]), ...making].join('\n');
  const meanings = understood.map((one) => `  ${printable(one)}`);
  return ['Nothing is known of it. It was understood as:', ...meanings, ...making].join('\n');
}

function whereOf({ now, past, servers, link, violation, event }: Hit): string {
  return [
    ...(servers === undefined
      ? []
      : [`${servers > 200 ? 'more than 200' : servers} server${servers === 1 ? '' : 's'}`]),
    ...now.map(standing),
    ...(link === undefined ? [] : [`link ${link}`]),
    ...past.map(standing),
    ...(violation === undefined ? [] : [`${violation.rule}, ${violation.state}, ${violation.port ?? 'port unknown'}`]),
    ...(event === undefined ? [] : [`${event.type} in ${event.stream}, ${shortInstant(event.recordedAt)}`]),
  ].join('; ');
}

function standing({ role, server, customer, port, switch: name, state, until }: Standing): string {
  const place = port ?? name;
  const who = [server, customer, place === undefined ? undefined : `at ${place}`, state].filter(Boolean).join(' ');
  const how = role === 'holder' ? who : `${role} ${who}`;
  return until === undefined ? how : `${how} until ${shortInstant(until)}`;
}
