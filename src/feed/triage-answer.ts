import { ProblemError } from '../ops/problem.js';
import type { ViolationRow } from '../../projections/index.js';
import type { TriageOrder, TriageOutcome } from './triage-desk.js';
import { type HistoryEntryView, entryView } from './violation-history.js';
import { type Viewing, type ViolationView, violationView } from './violation-view.js';

/** The violation as it is after the act. Throws a ProblemError that says why it was not done. */
export function answered(outcome: TriageOutcome, order: TriageOrder, viewing: Viewing): ViolationView {
  if (outcome.outcome === 'done') return violationView(outcome.row, viewing);
  throw problemWith(outcome, order, viewing);
}

function problemWith(
  outcome: Exclude<TriageOutcome, { outcome: 'done' }>,
  { violationId, etag, action }: TriageOrder,
  viewing: Viewing,
): ProblemError {
  const name = violationId.slice(0, 80);
  switch (outcome.outcome) {
    case 'unknown':
      return unknownViolation(violationId);
    case 'stale': {
      const { row } = outcome;
      const acts = actsSince(row, etag);
      const detail = `${told(acts)}. It is ${row.state} now; look at it, and act on what you see then.`;
      return new ProblemError(412, 'violation-changed', detail, { acts, violation: violationView(row, viewing) });
    }
    case 'refused': {
      const detail = `${name} is ${outcome.row.state}: ${outcome.why}.`;
      const violation = violationView(outcome.row, viewing);
      return new ProblemError(409, 'not-in-this-state', detail, { act: action.act, violation });
    }
    case 'malformed':
      return new ProblemError(400, 'action-malformed', outcome.why);
    case 'frozen': {
      const detail = `An event of ${name} cannot be read: GET /v1/parked/violation-${name}. Once an operator skips it, act again.`;
      return new ProblemError(409, 'stream-frozen', detail);
    }
    case 'busy': {
      const detail = `Others keep writing about ${name}, or the map does not follow the log. Nothing was stored; try again.`;
      return new ProblemError(503, 'violation-busy', detail, {}, { 'retry-after': '1' });
    }
    case 'unsettled': {
      const detail = `It is stored; the map does not show it yet. Look at ${name} again in a moment.`;
      return new ProblemError(504, 'act-unsettled', detail);
    }
  }
}

export function unknownViolation(violationId: string): ProblemError {
  const detail = `There is no violation ${violationId.slice(0, 80)}; GET /v1/violations lists them.`;
  return new ProblemError(404, 'unknown-violation', detail);
}

/** What was done since somebody looked, oldest first; at least the last thing. */
function actsSince({ history = [] }: ViolationRow, etag: string): readonly HistoryEntryView[] {
  const since = history.filter(({ what, ordinal }) => what !== 'quiet' && ordinal > Number(etag));
  const acts = since.length > 0 ? since : history.slice(-1);
  return acts.map(entryView);
}

function told(acts: readonly HistoryEntryView[]): string {
  const last = acts.at(-1);
  if (last === undefined) return 'This etag is of another violation';
  const who = last.by ?? (last.what === 'reopened' ? 'The network' : 'A fact of billing');
  return `${who} did this at ${last.at}: ${last.what}`;
}
