import { parseInstant, parsePort, parseServerId, parseSwitchName } from '../../events/index.js';
import { rules, type ViolationRow } from '../../projections/index.js';

/** Which violations are asked for; all given filters must fit. */
export interface ViolationFilter {
  readonly rule?: string;
  readonly severity?: string;
  readonly port?: string;
  readonly switch?: string;
  /** A server id or a customer id. */
  readonly victim?: string;
  readonly offender?: string;
  /** Heard at or after this instant, ms since 1970. */
  readonly since?: number;
}

/** A query string as it was parsed: a field given twice is a list. */
export type QueryFields = Readonly<Record<string, unknown>>;

/** A question understood, or what is wrong with it and how to ask. */
export type Read<Value> = { readonly value: Value } | { readonly problem: string };

const severities = ['low', 'medium', 'high', 'critical'];
const among =
  (names: readonly string[]) =>
  (text: string): string | undefined =>
    names.find((name) => name === text);
const ruleNames = rules.map((rule) => rule.name);
const party = [parseServerId, 'a server id or a customer id'] as const;

const readers = {
  rule: [among(ruleNames), `one of ${ruleNames.join(', ')}`],
  severity: [among(severities), `one of ${severities.join(', ')}`],
  port: [parsePort, 'a port as switch:interface, such as leaf1:Ethernet16'],
  switch: [parseSwitchName, 'a switch name in lower case'],
  victim: party,
  offender: party,
  since: [parseInstant, 'an RFC 3339 instant with a zone, such as 2026-01-31T03:14:00Z'],
} as const;

export const filterNames = Object.keys(readers) as (keyof typeof readers)[];

/** Reads the filters; `others` names the fields that the caller reads itself. A misspelt field never answers as if unfiltered. */
export function readFilter(fields: QueryFields, others: readonly string[]): Read<ViolationFilter> {
  const filter: Record<string, unknown> = {};
  for (const [name, given] of Object.entries(fields)) {
    if (given === undefined) continue;
    const known = [...filterNames, ...others];
    if (!known.includes(name)) return { problem: `${name}: no such field; expected one of ${known.join(', ')}` };
    if (typeof given !== 'string') return { problem: `${name}: given more than once; ask one question at a time` };
    if (others.includes(name)) continue;
    const [parse, expected] = readers[name as keyof typeof readers];
    const value = parse(given);
    if (value === undefined) return { problem: `${name}: found "${given.slice(0, 80)}", expected ${expected}` };
    filter[name] = value;
  }
  return { value: filter };
}

export function fits(row: ViolationRow, filter: ViolationFilter): boolean {
  const { victim, offender, since } = filter;
  return (
    (filter.rule === undefined || row.rule === filter.rule) &&
    (filter.severity === undefined || row.severity === filter.severity) &&
    (filter.port === undefined || row.port === filter.port) &&
    (filter.switch === undefined || row.switch === filter.switch) &&
    (victim === undefined || row.victimServerId === victim || row.victimCustomerId === victim) &&
    (offender === undefined || row.offenderServerId === offender || row.offenderCustomerId === offender) &&
    (since === undefined || row.lastSeen >= since)
  );
}
