import type { ViolationDetected } from '../../../events/index.js';
import type { HeardViolation, HeardViolations } from './known-violations.js';

/** One field in which a violation of the log is not what the replay finds. */
export interface FieldChange {
  readonly field: string;
  readonly recorded: string | number | boolean | undefined;
  readonly replayed: string | number | boolean | undefined;
}

/** What became of one violation identity. */
export interface Difference {
  readonly outcome: 'new' | 'gone' | 'changed';
  readonly violation: HeardViolation;
  /** For `changed` only. */
  readonly changes: readonly FieldChange[];
}

export interface Comparison {
  /** By outcome, then in the order in which they were heard. */
  readonly differences: readonly Difference[];
  /** How many are the same in both. */
  readonly same: number;
}

/** What a verdict says beside its identity; who told it, and when the first frame came, is no part of it. */
const told = [
  'severity',
  'ruleVersion',
  'attribution',
  'offenderServerId',
  'offenderCustomerId',
  'victimServerId',
  'victimCustomerId',
] as const satisfies readonly (keyof ViolationDetected)[];

/** What a replay found, held against what the log has. */
export function compare(recorded: HeardViolations, replayed: HeardViolations): Comparison {
  const fresh = [...replayed].filter(([id]) => !recorded.has(id)).map(([, one]) => differs('new', one));
  const gone = [...recorded].filter(([id]) => !replayed.has(id)).map(([, one]) => differs('gone', one));
  const changed = [...replayed].flatMap(([id, now]) => {
    const before = recorded.get(id);
    const changes = before === undefined ? [] : changesBetween(before, now);
    return changes.length === 0 ? [] : [differs('changed', now, changes)];
  });
  const differences = [...inOrder(fresh), ...inOrder(gone), ...inOrder(changed)];
  return { differences, same: replayed.size - fresh.length - changed.length };
}

const differs = (
  outcome: Difference['outcome'],
  violation: HeardViolation,
  changes: readonly FieldChange[] = [],
): Difference => ({ outcome, violation, changes });

function changesBetween(recorded: HeardViolation, replayed: HeardViolation): FieldChange[] {
  const fields = told.map((field) => ({
    field,
    recorded: recorded.detected[field],
    replayed: replayed.detected[field],
  }));
  const counted = recorded.frames === undefined || replayed.frames === undefined;
  const frames = { field: 'frames', recorded: recorded.frames, replayed: replayed.frames };
  return [...fields, ...(counted ? [] : [frames])].filter((one) => one.recorded !== one.replayed);
}

function inOrder(differences: readonly Difference[]): Difference[] {
  const key = ({ violation: { detected } }: Difference): string => `${detected.frameTime} ${detected.violationId}`;
  return [...differences].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}
