import { printable, shortInstant } from '../../cli/text-table.js';
import { renderFact } from '../render-fact.js';
import type { DiffAnswer } from './diff.js';
import type { CausedDifference, FieldDifference, LineDifference } from './difference.js';

/** What differs, a block for each server and violation, with the facts that made it; times in UTC. */
export function renderDiff(answer: DiffAnswer): string {
  const { axis, from, to, at, knownAt, ordinal, differences } = answer;
  const along = axis === 'time' ? 'as of' : 'as known at';
  const still = [
    ...(at === undefined ? [] : [`about ${shortInstant(at)}`]),
    `known up to #${ordinal}`,
    ...(knownAt === undefined ? [] : [`asked as known at ${shortInstant(knownAt)}`]),
  ];
  const head = `Diff of the map ${along} ${shortInstant(from)} and ${along} ${shortInstant(to)}, ${still.join(', ')}`;
  const body = differences.length === 0 ? ['Nothing differs.'] : differences.map(block);
  return [head, ...body].join('\n\n');
}

function block(one: CausedDifference): string {
  const title =
    one.kind === 'server'
      ? one.serverId
      : `violation ${one.violationId}: ${one.rule}${one.port === undefined ? '' : ` on ${one.port}`}`;
  const lines =
    one.kind === 'server'
      ? [
          ...one.neighbours.map((line) => lineText('neighbour', line)),
          ...one.routes.map((line) => lineText('route', line)),
        ]
      : [];
  const width = Math.max(9, ...one.fields.map(({ field }) => field.length));
  const causes = one.causes.map(
    (fact) => `    ${'because'.padEnd(width)}  ${renderFact(fact)} (${printable(fact.stream)}) ${fact.id}`,
  );
  return [
    printable(title),
    ...one.fields.map((field) => fieldText(field, width)),
    ...lines.map(({ kind, text }) => `    ${kind.padEnd(width)}  ${text}`),
    ...causes,
  ].join('\n');
}

function fieldText({ field, before, after }: FieldDifference, width: number): string {
  return printable(`    ${field.padEnd(width)}  ${before ?? '-'} -> ${after ?? '-'}`);
}

function lineText(kind: string, { change, line }: LineDifference): { readonly kind: string; readonly text: string } {
  return { kind, text: printable(`${change === 'add' ? '+' : '-'} ${line}`) };
}
