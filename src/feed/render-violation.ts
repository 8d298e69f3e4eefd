import { printable, shortInstant, textTable } from '../cli/text-table.js';
import type { ViolationView } from './violation-view.js';

const header = ['LAST SEEN', 'SEVERITY', 'RULE', 'PORT', 'CLAIMED', 'BY MAC', 'OFFENDER', 'VICTIM', 'FRAMES'];
/** Wide enough for nearly every value, so that lines that come one by one stand in columns. */
const widths = [24, 10, 28, 18, 24, 17, 12, 12, 0];

/** Violations as a table; without any, which filters (name and value, as given) none was found with. */
export function renderViolations(violations: readonly ViolationView[], filters: Iterable<[string, string]>): string {
  if (violations.length > 0) return textTable([header, ...violations.map(cells)]);
  const given = [...filters].map(([name, value]) => ` --${name} ${printable(value)}`).join('');
  return given === '' ? 'No violation was found.' : `No violation was found with${given}.`;
}

/** The head of lines that come one by one. */
export const violationHeader = lineOf(header);

/** One violation as one line. */
export function violationLine(violation: ViolationView): string {
  return lineOf(cells(violation));
}

function lineOf(row: readonly string[]): string {
  return row
    .map((cell, column) => printable(cell === '' ? '-' : cell).padEnd(widths[column] ?? 0))
    .join('  ')
    .trimEnd();
}

function stateOf({ state, severity, survey }: ViolationView): string {
  if (state === 'exonerated') return 'cleared';
  return survey === true ? `(${severity})` : severity;
}

function cells(violation: ViolationView): string[] {
  const { lastSeen, rule, attribution, claimedAddress, claimedMac, offender, victim, renumbering, count } = violation;
  // A port or an offender is stated as fact only where the capture source proves it.
  const doubt = attribution === 'interface' || attribution === 'vlan' ? '' : '?';
  const where = violation.port ?? (violation.vlan === undefined ? violation.switch : `vlan ${violation.vlan}`);
  return [
    shortInstant(lastSeen),
    stateOf(violation),
    rule,
    `${where}${doubt}`,
    `${claimedAddress ?? ''}${renumbering === undefined ? '' : ` (${renumbering.prefix} prefix)`}`,
    claimedMac,
    offender === undefined ? '' : `${offender.serverId}${doubt}`,
    victim?.serverId ?? '',
    String(count),
  ];
}
