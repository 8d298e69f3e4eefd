import { formatInstant } from '../../../events/index.js';
import { isInSurvey, isOpen, type NetworkMap, type ViolationRow } from '../../../projections/index.js';
import type { AppConfig, SiteConfig } from '../../config/app-config.js';
import { type LikelyCause, likelyCause, likelyCauses, macAtFault, surroundingsOf } from './likely-cause.js';
import { type ProposedEvent, proposedEvents } from './proposed-events.js';

/** One finding of a survey. */
export interface SurveyFinding {
  readonly violationId: string;
  readonly rule: string;
  readonly severity: string;
  readonly switch: string;
  readonly port?: string;
  readonly vlan?: number;
  readonly mac: string;
  readonly claimedAddress?: string;
  /** Frames heard, and when the first and the last came, RFC 3339. */
  readonly count: number;
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly detail: string;
  /** What would settle it; one event may settle several findings. */
  readonly proposals: readonly ProposedEvent[];
}

/** The findings of one site, by what probably caused them. */
export interface SiteSurvey {
  readonly site: string;
  /** While true, findings are kept and not alerted. */
  readonly inSurvey: boolean;
  readonly open: number;
  readonly groups: readonly { readonly cause: LikelyCause; readonly findings: readonly SurveyFinding[] }[];
}

/** The open findings of a site, grouped by likely cause, those heard most often first. */
export function siteSurvey(map: NetworkMap, sites: readonly SiteConfig[], site: string): SiteSurvey {
  const byCause = new Map<LikelyCause, SurveyFinding[]>(likelyCauses.map((cause) => [cause, []]));
  let open = 0;
  for (const row of map.violations.values()) {
    if (row.site !== site || !isOpen(row.state)) continue;
    open++;
    const around = surroundingsOf(map, row);
    const cause = likelyCause(row, around);
    byCause.get(cause)?.push(findingOf(row, macAtFault(row, around), proposedEvents(cause, row, around, map)));
  }
  const groups = [...byCause].flatMap(([cause, findings]) =>
    findings.length === 0 ? [] : [{ cause, findings: findings.sort((a, b) => b.count - a.count) }],
  );
  return { site, inSurvey: isInSurvey(map, sites, site), open, groups };
}

function findingOf(row: ViolationRow, mac: string, proposals: readonly ProposedEvent[]): SurveyFinding {
  const { violationId, rule, severity, port, vlan, claimedAddress, count, detail } = row;
  return {
    violationId,
    rule,
    severity,
    switch: row.switch,
    ...(port !== undefined && { port }),
    ...(vlan !== undefined && { vlan }),
    mac,
    ...(claimedAddress !== undefined && { claimedAddress }),
    count,
    firstSeen: formatInstant(row.firstSeen),
    lastSeen: formatInstant(row.lastSeen),
    detail,
    proposals,
  };
}

/** The events of a survey, each once: several findings may be settled by the same one. */
export function distinctProposals({ groups }: SiteSurvey): ProposedEvent[] {
  const all = groups.flatMap(({ findings }) => findings.flatMap(({ proposals }) => proposals));
  return [...new Map(all.toReversed().map((one) => [keyOf(one), one])).values()].reverse();
}

/** What an event says, whatever finding it stands for. */
function keyOf({ type, subject, data }: ProposedEvent): string {
  const said = Object.entries(data).filter(([name]) => name !== 'reason');
  return JSON.stringify([type, subject, said]);
}

/** Every site that the configuration names, a survey was told of, or something was found at; sorted. */
export function sitesOf(
  map: NetworkMap,
  { sites, gateways, sensors }: Pick<AppConfig, 'sites' | 'gateways' | 'sensors'>,
): string[] {
  const found = new Set([
    ...sites.map((one) => one.name),
    ...gateways.map((one) => one.site),
    ...sensors.map((one) => one.site),
  ]);
  for (const site of map.surveys.keys()) found.add(site);
  for (const { site } of map.violations.values()) found.add(site);
  return [...found].sort();
}
