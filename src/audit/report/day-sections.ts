import type { DayReport, Listed } from './day-report.js';

/** One part of the report, the same in a page and in a mail: a sentence, and a table where there is something to list. */
export interface Part {
  readonly title: string;
  readonly says: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Frames of each row, where a bar shows how loud it is. */
  readonly loud?: readonly number[];
}

const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
const at = (instant: string): string => instant.slice(0, 19).replace('T', ' ');
const ms = (value: number | undefined): string =>
  value === undefined ? 'not known' : value < 10_000 ? `${value} ms` : `${Math.round(value / 1000)} s`;
const shown = ({ total, newest }: Listed<unknown>): string =>
  total > newest.length ? ` The newest ${newest.length} are listed.` : '';
const words = (name: string): string => name.replaceAll('-', ' ');

/** What the report says, in the order in which it is talked about. */
export function partsOf(report: DayReport): Part[] {
  return [violationsPart(report), ...loudParts(report), movesPart(report), devicesPart(report), ...peopleParts(report)];
}

function violationsPart({ violations, standing }: DayReport): Part {
  const { detected, frames, resolved, falsePositive, exonerated, bySeverity, byRule } = violations;
  const severities = (['critical', 'high', 'medium', 'low'] as const)
    .filter((one) => bySeverity[one] > 0)
    .map((one) => `${bySeverity[one]} ${one}`);
  return {
    title: 'Violations',
    says: [
      `${counted(detected, 'new violation')}${severities.length === 0 ? '' : ` (${severities.join(', ')})`}, ${counted(frames, 'frame')} heard.`,
      `${resolved} resolved, ${falsePositive} marked false positive, ${exonerated} exonerated.`,
      `Open at the end: ${standing.open}, of them ${standing.bySeverity.critical} critical, ${standing.acknowledged} acknowledged, ${standing.muted} muted.`,
    ].join(' '),
    columns: ['Rule', 'New'],
    rows: byRule.map(({ name, count }) => [name, String(count)]),
  };
}

function loudParts({ ports, customers, switches }: DayReport): Part[] {
  return (
    [
      ['Noisy ports', 'Port', ports],
      ['Customers', 'Customer', customers],
      ['Switches', 'Switch', switches],
    ] as const
  ).map(([title, name, tallies]) => ({
    title,
    says:
      tallies.length === 0
        ? 'Nothing was heard that billing did not sell.'
        : 'By frames of violations heard, the loudest first.',
    columns: [name, 'New', 'Frames'],
    rows: tallies.map((tally) => [tally.name, String(tally.violations), String(tally.frames)]),
    loud: tallies.map(({ frames }) => frames),
  }));
}

function movesPart({ moves }: DayReport): Part {
  const longest = moves.longestBlackoutMs === undefined ? '' : `, the longest dark for ${ms(moves.longestBlackoutMs)}`;
  return {
    title: 'Moves',
    says: `${counted(moves.total, 'move')} between gateways${longest}.${shown(moves)}`,
    columns: ['When', 'Destination', 'Server', 'From', 'To', 'Dark'],
    rows: moves.newest.map((move) => [
      at(move.at),
      move.destination,
      move.serverId,
      move.from.join(', '),
      move.device,
      ms(move.blackoutMs),
    ]),
  };
}

function devicesPart({ devices }: DayReport): Part {
  const drift = devices.reduce((sum, { driftRepaired }) => sum + driftRepaired, 0);
  const stopped = devices.filter((day) => day.stopped > 0).map(({ device }) => device);
  const frozen = stopped.length === 0 ? '' : ` Frozen by the engine itself: ${stopped.join(', ')}.`;
  return {
    title: 'Devices',
    says:
      devices.length === 0
        ? 'Nothing was pushed.'
        : `${counted(drift, 'line')} of drift put right. Repair is told from the word before the first write to reading back; since when a line had drifted is not in the log.${frozen}`,
    columns: ['Device', 'Reconciles', 'Confirmed', 'Failed', 'Lines read back', 'Drift put right', 'Longest repair'],
    rows: devices.map((day) => [
      day.device,
      ...[day.reconciles, day.confirmed, day.failed, day.lines, day.driftRepaired].map(String),
      day.longestRepairMs === undefined ? '' : ms(day.longestRepairMs),
    ]),
  };
}

function peopleParts({ billing, sensors, approvals }: DayReport): Part[] {
  return [
    {
      title: 'Billing withdrew or refused',
      says: `${counted(billing.total, 'time')}.${shown(billing)}`,
      columns: ['When', 'What', 'Server', 'Of what, or why'],
      rows: billing.newest.map((one) => [at(one.at), words(one.what), one.serverId, one.text ?? '']),
    },
    {
      title: 'Sensors',
      says:
        sensors.total === 0
          ? 'None fell silent or behind.'
          : `${counted(sensors.total, 'time')} silent or behind.${shown(sensors)}`,
      columns: ['When', 'Sensor', 'What'],
      rows: sensors.newest.map((one) => [at(one.at), one.sensor, one.what]),
    },
    {
      title: 'Approvals',
      says: `${counted(approvals.total, 'word')} of operators.${shown(approvals)}`,
      columns: ['When', 'Device', 'What', 'By', 'Of what, or why'],
      rows: approvals.newest.map((one) => [at(one.at), one.device, words(one.what), one.by, one.text ?? '']),
    },
  ];
}
