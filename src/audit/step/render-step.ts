import { paint } from '../../cli/look.js';
import { printable, shortInstant } from '../../cli/text-table.js';
import type { Difference } from '../diff/difference.js';
import { marksOf } from '../render-fact.js';
import type { Step } from './stepper.js';

/** One event, who said it, and below it what it changed; times in UTC. */
export function renderStep(step: Step): string {
  const { ordinal, time, recordedAt, type, stream, source, waits, changes, backDated } = step;
  const told = recordedAt === time || backDated ? '' : `, recorded ${shortInstant(recordedAt)}`;
  const marks = [...(waits === undefined ? [] : [waits]), ...marksOf(step)];
  const head = `#${ordinal} ${shortInstant(printable(time))} ${printable(type)} (${printable(stream)})`;
  const mark = marks.length === 0 ? '' : ` [${marks.join('; ')}]`;
  const title = `${paint(head, 'title')} by ${printable(source)}${told}${mark}`;
  const lines = changes.flatMap(changeLines);
  return [title, ...(lines.length === 0 ? [`    ${paint('the map says the same', 'quiet')}`] : lines)].join('\n');
}

function changeLines(one: Difference): string[] {
  const what = one.kind === 'server' ? one.serverId : `violation ${one.violationId}`;
  const fields = one.fields.map(({ field, before, after }) => [field, `${before ?? '-'} -> ${after ?? '-'}`] as const);
  const entries =
    one.kind === 'violation'
      ? []
      : [
          ...one.neighbours.map((line) => ['neighbour', line] as const),
          ...one.routes.map((line) => ['route', line] as const),
        ];
  const width = Math.max(9, ...one.fields.map(({ field }) => field.length));
  return [
    ...fields.map(([field, text]) => printable(`    ${what}  ${field.padEnd(width)}  ${text}`)),
    ...entries.map(([kind, { change, line }]) => {
      const text = printable(`    ${what}  ${kind.padEnd(width)}  ${change === 'add' ? '+' : '-'} ${line}`);
      return paint(text, change === 'add' ? 'added' : 'removed');
    }),
  ];
}
