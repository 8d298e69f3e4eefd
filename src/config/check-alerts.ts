import { unknownChoice } from './alerts-config.js';
import type { AppConfig } from './app-config.js';
import { mailServerProblems } from './check-mail-server.js';
import { didYouMean } from './nearest.js';
import { repeated } from './repeated.js';
import { type ShapeProblem, showValue } from './shape.js';

/** Each destination is of one variety, has a name of its own, and names what there is. */
export function alertProblems(config: AppConfig): ShapeProblem[] {
  const { destinations } = config.alerts;
  return [
    ...repeated(destinations.map(({ name }, d) => [`/alerts/destinations/${d}/name`, name])),
    ...destinations.flatMap((_, index) => problemsOf(config, index)),
  ];
}

function problemsOf(config: AppConfig, index: number): ShapeProblem[] {
  const destination = config.alerts.destinations[index];
  if (destination === undefined) return [];
  const at = `/alerts/destinations/${index}`;
  const { name, webhook, syslog, mail, kinds = [], sites, unacknowledgedMinutes } = destination;
  const problems: ShapeProblem[] = [];
  const varieties = Object.entries({ webhook, syslog, mail }).flatMap(([key, value]) => (value ? [key] : []));
  if (varieties.length !== 1)
    problems.push({ pointer: at, found: varieties.join(' and ') || 'none', expected: 'one of webhook, syslog, mail' });
  // What was sent to a destination stands in the log beside what was done to a device.
  const devices = config.gateways.flatMap((gateway) => gateway.devices.map((device) => device.name));
  if (devices.some((device) => name === device || name === `${device}-guard` || name === `${device}-dhcp`))
    problems.push({ pointer: `${at}/name`, found: showValue(name), expected: 'a name that no device has' });
  kinds.forEach((kind, k) => {
    const expected = unknownChoice(kind);
    if (expected !== undefined) problems.push({ pointer: `${at}/kinds/${k}`, found: showValue(kind), expected });
  });
  if (unacknowledgedMinutes !== undefined && destination.kinds !== undefined)
    problems.push({
      pointer: `${at}/kinds`,
      found: 'kinds beside unacknowledgedMinutes',
      expected: 'one of them: such a destination is told only what nobody acknowledged',
    });
  const known = [...config.sites, ...[...config.gateways, ...config.sensors].map(({ site }) => ({ name: site }))].map(
    (site) => site.name,
  );
  sites.forEach((site, s) => {
    if (known.includes(site)) return;
    const expected = `the site of a gateway or sensor.${didYouMean(site, known)}`;
    problems.push({ pointer: `${at}/sites/${s}`, found: showValue(site), expected });
  });
  const pins = [syslog?.caFile, syslog?.certificateFingerprint].filter((pin) => pin !== undefined).length;
  if (syslog?.protocol === 'tls' && pins !== 1) {
    const found = pins === 0 ? 'neither caFile nor certificateFingerprint' : 'both caFile and certificateFingerprint';
    problems.push({ pointer: `${at}/syslog`, found, expected: 'one of them, to know the collector by' });
  }
  if (mail !== undefined) problems.push(...mailServerProblems(mail, `${at}/mail`));
  return problems;
}
