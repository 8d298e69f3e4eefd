import { printable } from '../cli/text-table.js';
import type { PartName } from './part-applied.js';
import type { PartStatus } from '../reactors/part-status.js';

const mostLines = 20;

/** What is wrong with a part, and what waits and how it is done. */
export function renderTroubles(part: PartName, { device, error, brake, idle, plan, planHash }: PartStatus): string[] {
  const waits = plan.length > 0 && (brake !== undefined || idle !== undefined);
  return [
    ...(error === undefined ? [] : [`FAILING  ${printable(error)}`]),
    ...(brake === undefined ? [] : [`BRAKED   ${brake.code}: ${printable(brake.detail)}`]),
    ...(idle === undefined ? [] : [`Nothing is written: ${printable(idle)}.`]),
    ...(waits
      ? [`${plan.length} lines wait; to do them: portledger ${part} apply ${printable(device)} ${planHash}`]
      : []),
    ...plan.slice(0, mostLines).map(({ change, line }) => `  ${change === 'add' ? '+' : '-'} ${printable(line)}`),
    ...(plan.length > mostLines ? [`  and ${plan.length - mostLines} more`] : []),
  ];
}
