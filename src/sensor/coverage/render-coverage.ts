import { shortInstant, textTable } from '../../cli/text-table.js';
import type { CoverageAnswer, PortCoverage, SensorView } from './port-coverage.js';

const header = ['PORT', 'STATE', 'SENSOR', 'LAST FRAME', 'KERNEL DROPS', 'LOST', 'LAST SELF-TEST', 'SERVERS'];

/** Coverage as a table: a line for each sensor of a port, its totals, and what is wrong with sensors that are silent. */
export function renderCoverage({ totals, ports, left }: CoverageAnswer): string {
  const rows = ports.flatMap((port) =>
    port.sensors.length === 0 ? [cells(port, undefined)] : port.sensors.map((sensor) => cells(port, sensor)),
  );
  const { soldPorts, watched, notWatched, silent, starting, linkDown } = totals;
  const rest = [
    silent > 0 ? `${silent} with a silent sensor` : '',
    starting > 0 ? `${starting} starting` : '',
    linkDown > 0 ? `${linkDown} with the link down` : '',
  ].filter(Boolean);
  const sum = [`${soldPorts} sold ports: ${watched} watched, ${notWatched} not watched`, ...rest].join(', ');
  const more = left > 0 ? [`${left} more are not shown: ask with --switch, --site or a higher --limit.`] : [];
  const table = rows.length === 0 ? [] : [textTable([header, ...rows]), ''];
  return [...table, ...troublesOf(ports), `${sum}.`, ...more].join('\n');
}

function cells({ port, state, servers }: PortCoverage, sensor: SensorView | undefined): string[] {
  const { lastSelfTest, kernelDrops, lost } = sensor ?? {};
  const tested =
    lastSelfTest === undefined
      ? ''
      : `${lastSelfTest.passed ? `passed (${lastSelfTest.judgedAfterMs} ms)` : 'failed'} ${shortInstant(lastSelfTest.at)}`;
  const [first, ...others] = servers;
  return [
    port,
    sensor === undefined || sensor.state === 'hearing' ? state.replace('-', ' ') : sensor.state.replace('-', ' '),
    sensor?.sensor ?? '',
    sensor?.lastFrame === undefined ? '' : shortInstant(sensor.lastFrame),
    kernelDrops === undefined ? '' : String(kernelDrops),
    lost === undefined ? '' : String(lost),
    tested,
    others.length === 0 ? (first ?? '') : `${first} +${others.length}`,
  ];
}

/** Each silent sensor once, with its cure. */
function troublesOf(ports: readonly PortCoverage[]): string[] {
  const silent = new Map<string, string>();
  for (const { sensor, state, reason, cure } of ports.flatMap((port) => port.sensors))
    if (state === 'silent' && reason !== undefined) silent.set(sensor, `${sensor}: ${reason}. Cure: ${cure}.`);
  return silent.size === 0 ? [] : [...silent.values(), ''];
}
