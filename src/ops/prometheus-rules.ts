/** One alerting rule of Prometheus. */
interface AlertingRule {
  readonly alert: string;
  readonly expr: string;
  /** How long it must be so, as Prometheus writes durations. */
  readonly for: string;
  readonly severity: 'critical' | 'warning';
  readonly summary: string;
  readonly description: string;
}

/** What an operator wants to be woken for: each names metrics of `/metrics` only, and its description the first thing to look at. */
const rules: readonly AlertingRule[] = [
  {
    alert: 'PortledgerDown',
    expr: 'up{job="portledger"} == 0',
    for: '1m',
    severity: 'critical',
    summary: 'portledger does not answer',
    description: 'Devices keep their last good state; nothing new is pushed and nobody is told of violations.',
  },
  {
    alert: 'PortledgerMapStopped',
    expr: 'time() - portledger_projection_last_progress_timestamp_seconds > 60 and portledger_projection_lag_events > 0',
    for: '1m',
    severity: 'critical',
    summary: 'The map does not follow the log',
    description: 'Look at the check projector in /readyz.',
  },
  {
    alert: 'PortledgerStorageReadOnly',
    expr: 'portledger_storage_writable == 0',
    for: '1m',
    severity: 'critical',
    summary: 'The log takes no events',
    description:
      'Billing is answered 507 or 503 and tries again; free the disk, or look at the check store in /readyz.',
  },
  {
    alert: 'PortledgerStreamFrozen',
    expr: 'portledger_parked_events > 0',
    for: '5m',
    severity: 'warning',
    summary: 'An event cannot be read, and its stream is frozen',
    description: 'portledger parked list names it.',
  },
  {
    alert: 'PortledgerDrift',
    expr: 'portledger_device_drift_entries > 0',
    for: '10m',
    severity: 'warning',
    summary: '{{ $labels.device }} differs from the map',
    description: 'portledger plan {{ $labels.device }} shows every line.',
  },
  {
    alert: 'PortledgerPushFailing',
    expr: 'increase(portledger_push_total{result="failed"}[15m]) > 3',
    for: '0m',
    severity: 'warning',
    summary: 'Pushes to {{ $labels.device }} fail',
    description: 'portledger device {{ $labels.device }} says why.',
  },
  {
    alert: 'PortledgerViolationsOpen',
    expr: 'sum by (rule) (portledger_violations_open{rule=~"address-spoof|gateway-impersonation|rogue-router-advertisement"}) > 0',
    for: '15m',
    severity: 'critical',
    summary: '{{ $value }} open violations of {{ $labels.rule }}',
    description: 'portledger violations --rule {{ $labels.rule }} lists them.',
  },
  {
    alert: 'PortledgerFlood',
    expr: 'rate(portledger_flood_suppressed_total[5m]) > 100',
    for: '5m',
    severity: 'warning',
    summary: 'Somebody floods a port with claims',
    description: 'They are counted, not stored one by one; portledger violations shows the port.',
  },
  {
    alert: 'PortledgerAlertsUndelivered',
    expr: 'portledger_alert_destination_failing > 0',
    for: '10m',
    severity: 'critical',
    summary: 'Alerts do not reach {{ $labels.destination }}',
    description: 'portledger alerts destinations says why; what is to be told waits.',
  },
  {
    alert: 'PortledgerComparisonDiffers',
    expr: 'portledger_comparison_standing > 0',
    for: '0m',
    severity: 'warning',
    summary: "{{ $value }} servers stay different from billing's file",
    description: 'portledger comparison names them.',
  },
  {
    alert: 'PortledgerComparisonFails',
    expr: 'portledger_comparison_failures > 1',
    for: '0m',
    severity: 'warning',
    summary: "Billing's file cannot be compared with the map",
    description: 'portledger comparison says why.',
  },
];

/** The rule file, as Prometheus reads it: YAML in which every text is quoted, so that none can be read as anything else. */
export function prometheusRules(): string {
  const lines = ['groups:', '  - name: portledger', '    rules:'];
  for (const { alert, expr, for: during, severity, summary, description } of rules) {
    lines.push(
      `      - alert: ${quoted(alert)}`,
      `        expr: ${quoted(expr)}`,
      `        for: ${quoted(during)}`,
      '        labels:',
      `          severity: ${quoted(severity)}`,
      '        annotations:',
      `          summary: ${quoted(summary)}`,
      `          description: ${quoted(description)}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

/** A JSON text is a double-quoted scalar of YAML 1.2 as well. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
