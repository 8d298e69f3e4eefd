import { formatInstant } from '../../events/index.js';
import type { ViolationRow } from '../../projections/index.js';

interface Party {
  readonly serverId: string;
  readonly customerId?: string;
}

/** A violation as the feed shows it; times in RFC 3339. Fields nobody knows are absent. */
export interface ViolationView {
  readonly violationId: string;
  /** Of the last event about it: the cursor of the list and the id of the stream. */
  readonly position: string;
  /** `exonerated`: a fact that was stored late says it was none; heard again after that, it is open again. */
  readonly state: 'open' | 'exonerated';
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
  readonly offender?: Party;
  readonly victim?: Party;
  /** Frames heard so far. */
  readonly count: number;
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly judgedAtOrdinal?: number;
}

/** Whether a site is in survey just now. */
export type InSurvey = (site: string) => boolean;

export function violationView(row: ViolationRow, inSurvey: InSurvey): ViolationView {
  const offender = partyOf(row.offenderServerId, row.offenderCustomerId);
  const victim = partyOf(row.victimServerId, row.victimCustomerId);
  return {
    violationId: row.violationId,
    position: row.position,
    state: row.state,
    ...(row.exoneratedBy !== undefined && { exoneratedBy: row.exoneratedBy }),
    rule: row.rule,
    ruleVersion: row.ruleVersion,
    severity: row.severity,
    detail: row.detail,
    site: row.site,
    ...(inSurvey(row.site) && { survey: true }),
    switch: row.switch,
    ...(row.port !== undefined && { port: row.port }),
    ...(row.vlan !== undefined && { vlan: row.vlan }),
    sensor: row.sensor,
    attribution: row.attribution,
    observation: row.observation,
    etherSource: row.etherSource,
    claimedMac: row.claimedMac,
    ...(row.claimedAddress !== undefined && { claimedAddress: row.claimedAddress }),
    ...(offender && { offender }),
    ...(victim && { victim }),
    count: row.count,
    firstSeen: formatInstant(row.firstSeen),
    lastSeen: formatInstant(row.lastSeen),
    ...(row.judgedAtOrdinal !== undefined && { judgedAtOrdinal: row.judgedAtOrdinal }),
  };
}

function partyOf(serverId: string | undefined, customerId: string | undefined): Party | undefined {
  if (serverId === undefined) return undefined;
  return { serverId, ...(customerId !== undefined && { customerId }) };
}
