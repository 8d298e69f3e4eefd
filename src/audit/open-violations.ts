import { formatInstant } from '../../events/index.js';
import { isOpen, type NetworkMap } from '../../projections/index.js';

/** A violation that was open in a map. Times are RFC 3339. */
export interface OpenViolation {
  readonly violationId: string;
  readonly rule: string;
  readonly severity: string;
  readonly state: string;
  readonly port?: string;
  readonly claimedAddress?: string;
  readonly offenderServerId?: string;
  readonly victimServerId?: string;
  readonly count: number;
  readonly firstSeen: string;
  readonly lastSeen: string;
}

/** Those that were open, as a map tells it. */
export interface OpenViolations {
  readonly total: number;
  /** Heard last first; at most 500. */
  readonly violations: readonly OpenViolation[];
}

const mostTold = 500;

/** What was open in a map. */
export function openViolations(map: NetworkMap): OpenViolations {
  const open = [...map.violations.values()].filter(({ state }) => isOpen(state));
  open.sort((one, other) => other.lastSeen - one.lastSeen || (one.violationId < other.violationId ? -1 : 1));
  return {
    total: open.length,
    violations: open.slice(0, mostTold).map((row) => ({
      violationId: row.violationId,
      rule: row.rule,
      severity: row.severity,
      state: row.state,
      ...(row.port === undefined ? {} : { port: row.port }),
      ...(row.claimedAddress === undefined ? {} : { claimedAddress: row.claimedAddress }),
      ...(row.offenderServerId === undefined ? {} : { offenderServerId: row.offenderServerId }),
      ...(row.victimServerId === undefined ? {} : { victimServerId: row.victimServerId }),
      count: row.count,
      firstSeen: formatInstant(row.firstSeen),
      lastSeen: formatInstant(row.lastSeen),
    })),
  };
}
