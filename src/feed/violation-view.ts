import { formatInstant, type RenumberingState } from '../../events/index.js';
import {
  endOf,
  type Mutes,
  type MuteRow,
  type RenumberedPrefix,
  type RenumberedPrefixes,
  type TriageState,
  type ViolationRow,
} from '../../projections/index.js';

interface Party {
  readonly serverId: string;
  readonly customerId?: string;
}

/** A mute as it is told of a violation. */
export interface MutedBy {
  readonly muteId: string;
  readonly reason: string;
  readonly by: string;
  readonly until: string;
}

/** A renumbering as it is told of a violation: why an address may be heard that is not sold, or not yet. */
export interface Renumbered {
  readonly renumberingId: string;
  /** The server that moves from one prefix to the other. */
  readonly serverId: string;
  readonly from: string;
  readonly to: string;
  /** In which of them the claimed address lies. */
  readonly prefix: 'old' | 'new';
  /** How the renumbering was found last. */
  readonly state: RenumberingState;
}

/** A violation as the feed shows it; times in RFC 3339. Fields nobody knows are absent. */
export interface ViolationView {
  readonly violationId: string;
  /** Of the last event about it: the id of the stream. */
  readonly position: string;
  /** What an action names in If-Match. Changes when its state does or somebody acts, not when it is merely heard again. */
  readonly etag: string;
  /** Where the work on it stands; being muted lies over any of them. */
  readonly state: TriageState;
  readonly assignee?: string;
  /** While it is acknowledged: since when. */
  readonly acknowledgedAt?: string;
  /** While it is closed: since when. */
  readonly closedAt?: string;
  /** The state it was closed in before it was heard again. */
  readonly reopenedFrom?: TriageState;
  /** Nothing was heard of it for long: it may be over, and nobody closed it. */
  readonly quiet?: true;
  /** While it is muted: by which mute. */
  readonly muted?: MutedBy;
  /** The mute that was the last to end over it. */
  readonly wasMuted?: MutedBy & { readonly endedAt: string };
  /** A false positive that was heard again: what is expected is to be excused by an exception. */
  readonly asksForException?: true;
  readonly ticket?: string;
  /** When billing was asked last to suspend the offender. */
  readonly containmentAt?: string;
  /** The event that exonerated it last. */
  readonly exoneratedBy?: string;
  readonly rule: string;
  readonly ruleVersion: number;
  readonly severity: string;
  readonly detail: string;
  readonly site: string;
  /** True while the site is in survey: its findings are kept and not alerted. Absent otherwise. */
  readonly survey?: true;
  readonly switch: string;
  readonly port?: string;
  readonly vlan?: number;
  readonly sensor: string;
  /** How the port is known: it is a fact for `interface` and `vlan` only. */
  readonly attribution: string;
  readonly observation: string;
  readonly etherSource: string;
  readonly claimedMac: string;
  readonly claimedAddress?: string;
  /** Where the claimed address is being moved to or from, or was. */
  readonly renumbering?: Renumbered;
  readonly offender?: Party;
  readonly victim?: Party;
  /** Frames heard so far. */
  readonly count: number;
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly judgedAtOrdinal?: number;
}

/** What a view needs to know besides the row. */
export interface Viewing {
  /** Whether a site is in survey just now. */
  readonly inSurvey: (site: string) => boolean;
  readonly mutes: Mutes;
  readonly renumbered: Pick<RenumberedPrefixes, 'explaining' | 'explains'>;
  /** ms since 1970. */
  readonly now: number;
}

export function violationView(row: ViolationRow, viewing: Viewing): ViolationView {
  const offender = partyOf(row.offenderServerId, row.offenderCustomerId);
  const victim = partyOf(row.victimServerId, row.victimCustomerId);
  const explaining = viewing.renumbered.explaining(row);
  return {
    violationId: row.violationId,
    position: row.position,
    etag: etagOf(row),
    ...triageOf(row, viewing),
    rule: row.rule,
    ruleVersion: row.ruleVersion,
    severity: row.severity,
    detail: row.detail,
    site: row.site,
    ...(viewing.inSurvey(row.site) && { survey: true }),
    switch: row.switch,
    ...(row.port !== undefined && { port: row.port }),
    ...(row.vlan !== undefined && { vlan: row.vlan }),
    sensor: row.sensor,
    attribution: row.attribution,
    observation: row.observation,
    etherSource: row.etherSource,
    claimedMac: row.claimedMac,
    ...(row.claimedAddress !== undefined && { claimedAddress: row.claimedAddress }),
    ...(explaining && { renumbering: renumberedBy(explaining) }),
    ...(offender && { offender }),
    ...(victim && { victim }),
    count: row.count,
    firstSeen: formatInstant(row.firstSeen),
    lastSeen: formatInstant(row.lastSeen),
    ...(row.judgedAtOrdinal !== undefined && { judgedAtOrdinal: row.judgedAtOrdinal }),
  };
}

/** Opaque to clients; the same for as long as nobody acts and its state stays. */
export const etagOf = (row: Pick<ViolationRow, 'actedAt'>): string => String(row.actedAt);

type Triage = Pick<
  ViolationView,
  | 'state'
  | 'assignee'
  | 'acknowledgedAt'
  | 'closedAt'
  | 'reopenedFrom'
  | 'quiet'
  | 'muted'
  | 'wasMuted'
  | 'asksForException'
  | 'ticket'
  | 'containmentAt'
  | 'exoneratedBy'
>;

function triageOf(row: ViolationRow, { mutes, now }: Viewing): Triage {
  const { state, assignee, acknowledgedAt, closedAt, reopenedFrom, quiet, ticket, containmentAt, exoneratedBy } = row;
  const muted = mutes.muting(row, now);
  const former = muted === undefined ? mutes.formerlyMuting(row, now) : undefined;
  return {
    state,
    ...(assignee !== undefined && { assignee }),
    ...(acknowledgedAt !== undefined && { acknowledgedAt: formatInstant(acknowledgedAt) }),
    ...(closedAt !== undefined && { closedAt: formatInstant(closedAt) }),
    ...(reopenedFrom !== undefined && { reopenedFrom }),
    ...(quiet && { quiet }),
    ...(muted && { muted: mutedBy(muted) }),
    ...(former && { wasMuted: { ...mutedBy(former), endedAt: formatInstant(endOf(former)) } }),
    ...(state === 'false-positive' && row.lastSeen > (closedAt ?? row.lastSeen) && { asksForException: true }),
    ...(ticket !== undefined && { ticket }),
    ...(containmentAt !== undefined && { containmentAt: formatInstant(containmentAt) }),
    ...(exoneratedBy !== undefined && { exoneratedBy }),
  };
}

function mutedBy({ muteId, reason, by, until }: MuteRow): MutedBy {
  return { muteId, reason, by, until: formatInstant(until) };
}

function renumberedBy({ row, which }: RenumberedPrefix): Renumbered {
  const { renumberingId, serverId, from, to, noted } = row;
  return { renumberingId, serverId, from, to, prefix: which, state: noted };
}

function partyOf(serverId: string | undefined, customerId: string | undefined): Party | undefined {
  if (serverId === undefined) return undefined;
  return { serverId, ...(customerId !== undefined && { customerId }) };
}
