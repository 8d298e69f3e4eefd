import type { AlertItem } from './alert.port.js';

const numbers = { low: 3, medium: 5, high: 8, critical: 10 } as const;
/** Severities of syslog (RFC 5424 section 6.2.1): critical 2, error 3, warning 4, notice 5. */
const syslogNumbers = { low: 5, medium: 4, high: 3, critical: 2 } as const;

/** From 0 to 10, as CEF counts; an alert without a severity is a warning, one that ended is hardly anything. */
export function severityNumber({ violation, kind }: AlertItem): number {
  if (violation !== undefined) return numbers[violation.severity];
  return kind === 'engine.alert-cleared' || kind === 'test' ? 1 : 6;
}

/** As syslog counts, 0 the worst. */
export function syslogSeverity({ violation, kind }: AlertItem): number {
  if (violation !== undefined) return syslogNumbers[violation.severity];
  return kind === 'engine.alert-cleared' || kind === 'test' ? 6 : 4;
}
