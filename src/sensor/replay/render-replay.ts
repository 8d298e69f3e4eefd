import { formatInstant } from '../../../events/index.js';
import { textTable } from '../../cli/text-table.js';
import type { Comparison, Difference, FieldChange } from './compare.js';
import type { Replayed } from './replay.js';

/** What a replay is told as: of what it judged, and where the log says otherwise. */
export interface ReplayReport {
  readonly frames: number;
  readonly unbelievable: number;
  /** RFC 3339; absent for a capture without ARP and ND. */
  readonly from?: string;
  readonly to?: string;
  readonly same: number;
  readonly new: readonly ReportedViolation[];
  readonly gone: readonly ReportedViolation[];
  readonly changed: readonly ReportedViolation[];
}

export interface ReportedViolation {
  readonly violationId: string;
  readonly rule: string;
  readonly severity: string;
  readonly switch: string;
  readonly port?: string;
  readonly vlan?: number;
  readonly claimedAddress?: string;
  readonly claimedMac: string;
  readonly etherSource: string;
  readonly frameTime: string;
  readonly frames?: number;
  readonly detail: string;
  /** What differs, for changed ones. */
  readonly changes?: Readonly<Record<string, Pick<FieldChange, 'recorded' | 'replayed'>>>;
}

export function reportOf({ frames, unbelievable, span }: Replayed, { differences, same }: Comparison): ReplayReport {
  const those = (outcome: Difference['outcome']): ReportedViolation[] =>
    differences.filter((one) => one.outcome === outcome).map(reported);
  const times = span === undefined ? {} : { from: formatInstant(span.from), to: formatInstant(span.to) };
  return { frames, unbelievable, ...times, same, new: those('new'), gone: those('gone'), changed: those('changed') };
}

function reported({ violation: { detected, frames }, changes }: Difference): ReportedViolation {
  const { violationId, rule, severity, port, vlan, claimedAddress, claimedMac, etherSource, frameTime } = detected;
  return {
    violationId,
    rule,
    severity,
    switch: detected.switch,
    ...(port !== undefined && { port }),
    ...(vlan !== undefined && { vlan }),
    ...(claimedAddress !== undefined && { claimedAddress }),
    claimedMac,
    etherSource,
    frameTime,
    ...(frames !== undefined && { frames }),
    detail: detected.detail,
    ...(changes.length > 0 && {
      changes: Object.fromEntries(changes.map(({ field, recorded, replayed }) => [field, { recorded, replayed }])),
    }),
  };
}

const outcomes = ['new', 'gone', 'changed'] as const;
const header = ['KIND', 'SEVERITY', 'RULE', 'PORT', 'CLAIMED', 'BY MAC', 'FRAMES', 'WHAT'];

/** The report for a person: one table, and one sentence that sums it up. */
export function renderReplay(report: ReplayReport): string {
  const rows = outcomes.flatMap((outcome) => report[outcome].map((one) => rowOf(outcome, one)));
  const table = rows.length === 0 ? [] : [textTable([header, ...rows]), ''];
  return [...table, sentenceOf(report)].join('\n');
}

function rowOf(outcome: (typeof outcomes)[number], one: ReportedViolation): string[] {
  const frames = one.frames === undefined ? '?' : String(one.frames);
  const what = outcome === 'changed' ? changesOf(one) : one.detail;
  const { severity, rule, claimedAddress = '', claimedMac } = one;
  return [outcome, severity, rule, one.port ?? one.switch, claimedAddress, claimedMac, frames, what];
}

function changesOf({ changes = {} }: ReportedViolation): string {
  const say = (value: FieldChange['recorded']): string => (value === undefined ? 'none' : String(value));
  return Object.entries(changes)
    .map(([field, { recorded, replayed }]) => `${field}: ${say(recorded)} recorded, ${say(replayed)} now`)
    .join('; ');
}

function sentenceOf(report: ReplayReport): string {
  const { frames, unbelievable, from, to, same } = report;
  if (from === undefined) return `${frames} ARP and ND frames: nothing to compare.`;
  const lies = unbelievable === 0 ? '' : ` (${unbelievable} that no host would believe)`;
  const found = `${report.new.length} new, ${report.gone.length} gone, ${report.changed.length} changed, ${same} as recorded`;
  return `${frames} ARP and ND frames${lies} from ${from} to ${to}: ${found}.`;
}
