import type { AlertChoice, AlertDestinationConfig } from '../config/app-config.js';
import type { ViolationRow } from '../../projections/index.js';
import type { AlertKind } from '../drivers/alert/alert.port.js';
import type { Notice } from './alert-notice.js';

/** Which alerts a destination is told; everything it says must fit. */
export interface AlertFilter extends Pick<AlertDestinationConfig, 'severity' | 'rules' | 'sites' | 'billing'> {
  readonly choices: readonly AlertChoice[];
  /** Told only what nobody acknowledged within this time; ms. */
  readonly unacknowledgedMs?: number;
}

const order = ['low', 'medium', 'high', 'critical'];
const choiceOf: Partial<Record<AlertKind, AlertChoice>> = {
  'violation.new': 'new',
  'violation.reopened': 'reopened',
  'violation.acknowledged': 'acknowledged',
  'violation.resolved': 'resolved',
  'violation.false-positive': 'false-positive',
  'violation.exonerated': 'exonerated',
  'mute.ended': 'mute-ended',
};

/**
 * What a destination is to be told of an event, by what is written of the two alone; undefined for nothing. A destination
 * for what nobody acknowledged is told openings only, and as escalated.
 */
export function wanted(filter: AlertFilter, notice: Notice): Notice | undefined {
  const { kind, row } = notice;
  if (isForBilling(kind)) return filter.billing ? notice : undefined;
  if (row !== undefined && !fitsRow(filter, row)) return undefined;
  if (filter.unacknowledgedMs !== undefined) {
    const opens = kind === 'violation.new' || kind === 'violation.reopened';
    return opens ? { ...notice, kind: 'violation.escalated' } : undefined;
  }
  const choice = choiceOf[kind];
  return choice !== undefined && filter.choices.includes(choice) ? notice : undefined;
}

/** What billing is asked for: it goes at once, alone, and to billing. */
export function isForBilling(kind: AlertKind): boolean {
  return kind === 'containment.requested' || kind === 'renumbering.asked';
}

function fitsRow({ severity, rules, sites }: AlertFilter, row: ViolationRow): boolean {
  if (order.indexOf(row.severity) < order.indexOf(severity)) return false;
  if (rules.length > 0 && !rules.includes(row.rule)) return false;
  return sites.length === 0 || sites.includes(row.site);
}

/** What is asked of the world at the moment somebody would be told. */
export interface AlertWorld {
  isInSurvey(site: string): boolean;
  /** `now` in ms since 1970. */
  isMuted(row: ViolationRow, now: number): boolean;
  /** Whether this destination was told of the violation. */
  wasTold(violationId: string): boolean;
}

/** Why a notice is not told after all, as the world is now; undefined where it is. */
export function heldBack(
  { kind, row }: Notice,
  world: AlertWorld,
  now: number,
): 'muted' | 'survey' | 'over' | undefined {
  if (row === undefined || isForBilling(kind)) return undefined;
  if (world.isInSurvey(row.site)) return 'survey';
  if (world.isMuted(row, now)) return 'muted';
  return isOver(kind, row, world) ? 'over' : undefined;
}

/** What has become untrue since, or never concerned this destination. */
function isOver(kind: AlertKind, { state, violationId }: ViolationRow, world: AlertWorld): boolean {
  if (kind === 'violation.new' || kind === 'violation.reopened') return state === 'exonerated';
  if (kind === 'violation.escalated') return state !== 'new';
  return kind === 'violation.exonerated' && (state !== 'exonerated' || !world.wasTold(violationId));
}
