import {
  parseAnyIpv6,
  parseAnyMac,
  parseInstant,
  parseIpv4,
  parsePort,
  parseServerId,
  parseSwitchName,
} from '../../events/index.js';
import { rules, type TriageState, triageStates, type ViolationRow } from '../../projections/index.js';
import { comparePositions, isPosition } from './position.js';
import type { Viewing } from './violation-view.js';

/** What somebody looks for: a MAC or an address in any spelling, else a part of the name of a port, server or customer. */
export type Sought = { readonly mac: string } | { readonly address: string } | { readonly text: string };

/** Which violations are asked for; all given filters must fit. */
export interface ViolationFilter {
  /** In any of these states. */
  readonly state?: readonly TriageState[];
  /** Of any of these severities. */
  readonly severity?: readonly string[];
  readonly rule?: string;
  readonly site?: string;
  readonly port?: string;
  readonly switch?: string;
  /** A server id or a customer id. */
  readonly victim?: string;
  readonly offender?: string;
  /** Of the offender or of the victim. */
  readonly customer?: string;
  /** Exactly this server or customer, and in this part only. */
  readonly 'offender-server'?: string;
  readonly 'offender-customer'?: string;
  readonly 'victim-server'?: string;
  /** Explained by this renumbering. */
  readonly renumbering?: string;
  /** Nobody knows any of these of it. */
  readonly unknown?: readonly Unknowable[];
  readonly assignee?: string;
  readonly muted?: boolean;
  readonly quiet?: boolean;
  /** Acknowledged before this instant, and still, ms since 1970. */
  readonly 'acked-before'?: number;
  /** Heard at or after this instant, ms since 1970. */
  readonly since?: number;
  readonly q?: Sought;
  /** Became new after this position: detected, or heard again after it was closed. */
  readonly newSince?: string;
}

/** What a violation may not tell, by the filter that asks for it, and the field of the row. */
export const unknowable = {
  port: 'port',
  'offender-server': 'offenderServerId',
  'offender-customer': 'offenderCustomerId',
  'victim-server': 'victimServerId',
} as const;
export type Unknowable = keyof typeof unknowable;

/** A query string as it was parsed: a field given twice is a list. */
export type QueryFields = Readonly<Record<string, unknown>>;

/** A question understood, or what is wrong with it and how to ask. */
export type Read<Value> = { readonly value: Value } | { readonly problem: string };

export const severities = ['low', 'medium', 'high', 'critical'];
const among =
  (names: readonly string[]) =>
  (text: string): string | undefined =>
    names.find((name) => name === text);
/** Several, with commas between them. */
const someOf =
  (names: readonly string[]) =>
  (text: string): readonly string[] | undefined => {
    const given = text.split(',');
    return given.every((one) => names.includes(one)) ? [...new Set(given)] : undefined;
  };
const unknowables = Object.keys(unknowable);
const ruleNames = rules.map((rule) => rule.name);
const party = [parseServerId, 'a server id or a customer id'] as const;
const instant = [parseInstant, 'an RFC 3339 instant with a zone, such as 2026-01-31T03:14:00Z'] as const;
const yesOrNo = [
  (text: string) => (text === 'true' ? true : text === 'false' ? false : undefined),
  'true or false',
] as const;
const shortText = (text: string): string | undefined => (text.length >= 1 && text.length <= 256 ? text : undefined);

const readers = {
  state: [someOf(triageStates), `one or more of ${triageStates.join(', ')}, with commas between them`],
  severity: [someOf(severities), `one or more of ${severities.join(', ')}, with commas between them`],
  rule: [among(ruleNames), `one of ${ruleNames.join(', ')}`],
  site: [shortText, 'the name of a site'],
  switch: [parseSwitchName, 'a switch name in lower case'],
  port: [parsePort, 'a port as switch:interface, such as leaf1:Ethernet16'],
  customer: [parseServerId, 'a customer id'],
  victim: party,
  offender: party,
  'offender-server': [parseServerId, 'a server id'],
  'offender-customer': [parseServerId, 'a customer id'],
  'victim-server': [parseServerId, 'a server id'],
  renumbering: [shortText, 'the id of a renumbering'],
  unknown: [someOf(unknowables), `one or more of ${unknowables.join(', ')}, with commas between them`],
  assignee: [shortText, 'who has it, as a violation names its assignee'],
  muted: yesOrNo,
  quiet: yesOrNo,
  'acked-before': instant,
  since: instant,
  q: [soughtIn, 'a MAC, an address, or 2 to 80 characters of the name of a port, server or customer'],
  newSince: [
    (text: string) => (text === 'start' || isPosition(text) ? text : undefined),
    'the `position` of an earlier answer, or start',
  ],
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

/** `525400000066` is read as well: it is how some devices print a MAC. */
function soughtIn(given: string): Sought | undefined {
  const text = given.trim();
  const mac = parseAnyMac(/^[0-9a-f]{12}$/i.test(text) ? text.replace(/(..)(?=.)/g, '$1:') : text);
  if (mac !== undefined) return { mac };
  const address = parseIpv4(text) ?? parseAnyIpv6(text);
  if (address !== undefined) return { address };
  return text.length >= 2 && text.length <= 80 ? { text } : undefined;
}

export function fits(
  row: ViolationRow,
  filter: ViolationFilter,
  { mutes, renumbered, now }: Pick<Viewing, 'mutes' | 'renumbered' | 'now'>,
): boolean {
  const { state, severity, victim, offender, customer, renumbering, unknown, muted, quiet, since, q, newSince } =
    filter;
  const ackedBefore = filter['acked-before'];
  return (
    (state === undefined || state.includes(row.state)) &&
    (severity === undefined || severity.includes(row.severity)) &&
    (filter.rule === undefined || row.rule === filter.rule) &&
    (filter.site === undefined || row.site === filter.site) &&
    (filter.port === undefined || row.port === filter.port) &&
    (filter.switch === undefined || row.switch === filter.switch) &&
    (filter.assignee === undefined || row.assignee === filter.assignee) &&
    (customer === undefined || row.offenderCustomerId === customer || row.victimCustomerId === customer) &&
    (victim === undefined || row.victimServerId === victim || row.victimCustomerId === victim) &&
    (offender === undefined || row.offenderServerId === offender || row.offenderCustomerId === offender) &&
    (filter['offender-server'] === undefined || row.offenderServerId === filter['offender-server']) &&
    (filter['offender-customer'] === undefined || row.offenderCustomerId === filter['offender-customer']) &&
    (filter['victim-server'] === undefined || row.victimServerId === filter['victim-server']) &&
    (renumbering === undefined || renumbered.explains(renumbering, row)) &&
    (unknown === undefined || unknown.every((name) => row[unknowable[name]] === undefined)) &&
    (quiet === undefined || (row.quiet === true) === quiet) &&
    (ackedBefore === undefined || (row.acknowledgedAt !== undefined && row.acknowledgedAt < ackedBefore)) &&
    (since === undefined || row.lastSeen >= since) &&
    (q === undefined || isSought(row, q)) &&
    (newSince === undefined || newSince === 'start' || comparePositions(row.openedPosition, newSince) > 0) &&
    (muted === undefined || (mutes.muting(row, now) !== undefined) === muted)
  );
}

function isSought(row: ViolationRow, sought: Sought): boolean {
  if ('mac' in sought) return row.etherSource === sought.mac || row.claimedMac === sought.mac;
  if ('address' in sought) return row.claimedAddress === sought.address;
  const text = sought.text.toLowerCase();
  if (row.violationId === sought.text) return true;
  return soughtFields.some((name) => row[name]?.toLowerCase().includes(text));
}

/** Where a text is looked for; besides them it may be the whole id of a violation. */
export const soughtFields = [
  'port',
  'switch',
  'offenderServerId',
  'offenderCustomerId',
  'victimServerId',
  'victimCustomerId',
] as const;
