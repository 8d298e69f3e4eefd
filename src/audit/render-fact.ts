import { parseInstant } from '../../events/index.js';
import type { AnswerHead } from './audit.js';
import type { FactRef } from './fact.js';
import { spell } from './subject.js';
import { printable, shortDuration, shortInstant } from '../cli/text-table.js';

/** The first line of an answer: its subject and the two times it stands on. */
export function renderHead(verb: string, { subject, ordinal, at, between, knownAt }: AnswerHead): string {
  const [from, to] = (between ?? '').split('..').map(shortInstant);
  const moment = at === undefined ? 'as of now' : `as of ${shortInstant(at)}`;
  const asOf = between === undefined ? moment : `between ${from} and ${to}`;
  const known = `known up to #${ordinal}${knownAt === undefined ? '' : ` (asked as known at ${shortInstant(knownAt)})`}`;
  return `${verb} ${spell(subject)}, ${asOf}, ${known}`;
}

/** An event in one line: `#7 Ipv4AddOnBought 2026-01-01T00:00:00Z`. */
export function renderFact(fact: FactRef): string {
  const marks = marksOf(fact);
  const marked = marks.length === 0 ? '' : ` [${marks.join('; ')}]`;
  return `#${fact.ordinal} ${printable(fact.type)} ${shortInstant(printable(fact.time))}${marked}`;
}

/** Who told it, after a space; nothing where an answer does not say. */
export function renderSource({ source }: FactRef): string {
  return source === undefined ? '' : ` by ${printable(source)}`;
}

/** What makes a fact worth a second look. */
export function marksOf({ backDated, correction, time, recordedAt }: FactRef): string[] {
  const late = (parseInstant(recordedAt) ?? 0) - (parseInstant(time) ?? 0);
  return [
    ...(correction ? ['correction'] : []),
    ...(backDated ? [`back-dated: recorded ${shortInstant(recordedAt)}, ${shortDuration(late)} later`] : []),
  ];
}
