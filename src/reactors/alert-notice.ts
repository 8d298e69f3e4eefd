import { decodeEvent, formatInstant, type LedgerEvent, type StoredEvent } from '../../events/index.js';
import type { ViolationRow } from '../../projections/index.js';
import type { AlertedViolation, AlertItem, AlertKind } from '../drivers/alert/alert.port.js';

/** An event that somebody may be told of, beside the violation as it is now. */
export interface Notice {
  readonly kind: AlertKind;
  readonly event: StoredEvent;
  /** When the engine stored it, ms since 1970. */
  readonly at: number;
  /** Absent for the end of a mute. */
  readonly row?: ViolationRow;
  /** Texts of the event itself: who did it, and why. */
  readonly facts: Readonly<Record<string, string>>;
}

const kinds: Readonly<Record<string, AlertKind>> = {
  ViolationDetected: 'violation.new',
  ViolationRepeated: 'violation.reopened',
  ViolationAcknowledged: 'violation.acknowledged',
  ViolationResolved: 'violation.resolved',
  ViolationMarkedFalsePositive: 'violation.false-positive',
  ViolationExonerated: 'violation.exonerated',
  ViolationMuteEnded: 'mute.ended',
  ContainmentRequested: 'containment.requested',
  RenumberingAdvanced: 'renumbering.asked',
  RenumberingTakenBack: 'renumbering.asked',
};
/** What of an event's data is told, where it has it. */
const shown = [
  'by',
  'assignee',
  'comment',
  'reason',
  'eventId',
  'serverId',
  'evidence',
  'muteId',
  'renumberingId',
  'asked',
  'prefix',
] as const;
const longestFact = 500;

/** The notice that an event makes; undefined for one that tells nobody anything: a repetition that opened nothing again. */
export function noticeOf(
  event: StoredEvent,
  rowOf: (violationId: string) => ViolationRow | undefined,
): Notice | undefined {
  const kind = kinds[event.type];
  const decoded = decodeEvent(event);
  if (kind === undefined || !decoded.readable) return undefined;
  const { violationId } = decoded.event.data as { readonly violationId?: string };
  const at = Date.parse(event.metadata.recordedAt);
  const facts = factsOf(decoded.event);
  // What was taken back before anything was asked concerns nobody.
  const isWhole = kind === 'mute.ended' || (kind === 'renumbering.asked' && facts['asked'] !== undefined);
  if (violationId === undefined) return isWhole ? { kind, event, at, facts } : undefined;
  const row = rowOf(violationId);
  if (row === undefined) return undefined;
  if (kind === 'violation.reopened' && !reopened(row, event)) return undefined;
  return { kind, event, at, row, facts };
}

/** The row says which events opened it again. */
function reopened({ history = [] }: ViolationRow, { ordinal }: StoredEvent): boolean {
  return history.some((entry) => entry.what === 'reopened' && entry.ordinal === ordinal);
}

function factsOf({ data }: LedgerEvent): Record<string, string> {
  const fields = data as unknown as Readonly<Record<string, unknown>>;
  const facts: Record<string, string> = {};
  for (const name of shown) {
    const value = fields[name];
    if (typeof value === 'string') facts[name] = value.slice(0, longestFact);
  }
  return facts;
}

const words: Readonly<Record<string, string>> = {
  'violation.reopened': 'Heard again after it was closed: ',
  'violation.acknowledged': 'Somebody works on it: ',
  'violation.resolved': 'Resolved: ',
  'violation.false-positive': 'Said to be no violation: ',
  'violation.exonerated': 'A fact that was stored late says it was none: ',
  'violation.escalated': 'Nobody acknowledged it: ',
};

/** A notice as it is told; `page` is where the console of the engine is reached. */
export function itemOf({ kind, at, row, facts }: Notice, page?: string): AlertItem {
  const link = page?.replace(/\/+$/, '');
  const violation = row === undefined ? undefined : violationOf(row, link);
  const evidence = facts['evidence'];
  const absolute: Record<string, string> =
    link !== undefined && evidence?.startsWith('/') === true ? { evidence: link + evidence } : {};
  return {
    kind,
    at: formatInstant(at),
    text: textOf(kind, row, facts),
    ...(violation === undefined ? {} : { violation }),
    ...(Object.keys(facts).length === 0 ? {} : { facts: { ...facts, ...absolute } }),
  };
}

function textOf(kind: AlertKind, row: ViolationRow | undefined, facts: Readonly<Record<string, string>>): string {
  if (kind === 'renumbering.asked')
    return `Billing is asked to publish ${facts['asked']} ${facts['prefix']} for ${facts['serverId']}.`;
  if (kind === 'mute.ended') return `The mute ${facts['muteId'] ?? ''} is over; what it hid is alerted again.`;
  if (kind === 'containment.requested')
    return `${facts['by'] ?? 'Somebody'} asks to suspend server ${facts['serverId'] ?? 'unknown'}: ${facts['reason'] ?? ''}`;
  return `${words[kind] ?? ''}${row?.detail ?? ''}`;
}

function violationOf(row: ViolationRow, page: string | undefined): AlertedViolation {
  const { violationId, state, rule, ruleVersion, severity, detail, site, sensor, attribution, observation } = row;
  const { etherSource, claimedMac, claimedAddress, port, vlan, count } = row;
  const offender = partyOf(row.offenderServerId, row.offenderCustomerId);
  const victim = partyOf(row.victimServerId, row.victimCustomerId);
  return {
    ...{ violationId, state, rule, ruleVersion, severity, detail, site, switch: row.switch, sensor },
    ...{ attribution, observation, etherSource, claimedMac, count },
    firstSeen: formatInstant(row.firstSeen),
    lastSeen: formatInstant(row.lastSeen),
    ...(port === undefined ? {} : { port }),
    ...(vlan === undefined ? {} : { vlan }),
    ...(claimedAddress === undefined ? {} : { claimedAddress }),
    ...(offender === undefined ? {} : { offender }),
    ...(victim === undefined ? {} : { victim }),
    ...(page === undefined ? {} : { url: `${page}/console/violations/${encodeURIComponent(violationId)}` }),
  };
}

function partyOf(serverId?: string, customerId?: string): { serverId: string; customerId?: string } | undefined {
  return serverId === undefined ? undefined : { serverId, ...(customerId === undefined ? {} : { customerId }) };
}
