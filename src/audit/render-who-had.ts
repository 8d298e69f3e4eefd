import type { SureInterval, WhoHadAnswer } from './audit.js';
import type { FactRef } from './fact.js';
import type { IdleFact } from './idle-fact.js';
import { renderFact, renderHead, renderSource } from './render-fact.js';
import { printable, shortInstant, textTable } from '../cli/text-table.js';
import { renderGaps } from './render-gaps.js';
import { renderSure } from './render-sure.js';
import type { Interval } from './who-had.js';

/** The intervals as a table, each with the events that opened and closed it; times in UTC. */
export function renderWhoHad(answer: WhoHadAnswer): string {
  const had = answer.intervals.filter((one) => one.role !== 'waiting');
  const waiting = answer.intervals.filter((one) => one.role === 'waiting');
  const sections = [
    renderHead('Who had', answer),
    had.length === 0 ? 'Nobody had it.' : intervals(had),
    ...(answer.believed === undefined ? [] : [belief(answer, answer.believed)]),
    ...(answer.gaps.length === 0 ? [] : [renderGaps(answer.gaps)]),
    ...(waiting.length === 0
      ? []
      : [`Waiting: claimed, but another server stood before it in line\n${intervals(waiting)}`]),
    ...(answer.idle.length === 0 ? [] : [`Told, but gave it to nobody\n${answer.idle.map(idle).join('\n')}`]),
  ];
  return sections.join('\n\n');
}

function belief({ at = '' }: WhoHadAnswer, believed: readonly Interval[]): string {
  const then = believed.length === 0 ? 'that nobody had it.' : `this:\n${intervals(believed)}`;
  return `The above is what is known today. At ${shortInstant(at)} itself we believed ${then}`;
}

const header = ['FROM', 'TO', 'WHO', 'CUSTOMER', 'PORT', 'VLAN', 'MAC', 'STATE', 'WHAT'];

function intervals(list: readonly SureInterval[]): string {
  const [head = '', ...rows] = textTable([header, ...list.map(row)]).split('\n');
  const told = list.map((one, index) => [rows[index] ?? '', ...events(one), ...renderSure(one.sure)].join('\n'));
  return [head, ...told].join('\n');
}

function row({ from, to, role, what, ...one }: Interval): string[] {
  const state = [one.state ?? '', ...(one.heldBy === undefined ? [] : [`held by ${one.heldBy.join(', ')}`])].join(', ');
  return [
    shortInstant(from),
    to === undefined ? 'still' : shortInstant(to),
    role === 'gateway' ? `gateway of ${one.switch}` : (one.serverId ?? ''),
    one.customerId ?? '',
    one.port ?? '',
    String(one.vlan ?? ''),
    one.mac ?? '',
    state,
    what,
  ];
}

function events({ namedBy, opened, closed }: Interval): string[] {
  const isOpener = (fact: FactRef): boolean => opened.some((one) => one.id === fact.id);
  const told = (fact: FactRef): string => `${renderFact(fact)}${renderSource(fact)} ${fact.id}`;
  return [
    ...opened.map((fact) => `    from  ${told(fact)}`),
    ...(namedBy === undefined || isOpener(namedBy) ? [] : [`    sold  ${told(namedBy)}`]),
    ...closed.map((fact) => `    to    ${told(fact)}`),
  ];
}

const reasons: Record<IdleFact['why'], string> = {
  corrected: 'put right by a fact of the same time',
  restated: 'the server had it already',
  pending: 'the server was not sold then',
  held: 'its stream is frozen',
};

function idle({ fact, why, by }: IdleFact): string {
  const cause = why === 'corrected' && by !== undefined ? `put right by ${renderFact(by)}` : reasons[why];
  return `    ${renderFact(fact)} of ${printable(fact.stream)}${renderSource(fact)}: ${cause}`;
}
