import { severities, type Violation } from './violation.js';

/** What violations can be put together by. */
export const groupings = ['port', 'rule', 'offender', 'victim'] as const;
export type Grouping = (typeof groupings)[number];

/** One line of the list: a violation, or the head of a group above its violations. */
export type Line =
  | { readonly kind: 'violation'; readonly key: string; readonly violation: Violation }
  | { readonly kind: 'group'; readonly key: string; readonly group: Group };

export interface Group {
  /** The port, rule or server; undefined for violations of which it is not known. */
  readonly name: string | undefined;
  readonly violations: readonly Violation[];
  readonly frames: number;
  /** The worst of it. */
  readonly severity: string;
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly isOpen: boolean;
}

const nameOf: Readonly<Record<Grouping, (violation: Violation) => string | undefined>> = {
  port: (violation) => violation.port,
  rule: (violation) => violation.rule,
  offender: (violation) => violation.offender?.serverId,
  victim: (violation) => violation.victim?.serverId,
};

/** The lines of a list, in the order of its rows; a group stands where its first row would. @param closed keys of groups that show their head only */
export function linesOf(
  violations: readonly Violation[],
  by: Grouping | undefined,
  closed: ReadonlySet<string> = new Set(),
): Line[] {
  if (by === undefined) return violations.map(lineOf);
  const groups = new Map<string | undefined, Violation[]>();
  for (const violation of violations) {
    const name = nameOf[by](violation);
    const found = groups.get(name);
    if (found === undefined) groups.set(name, [violation]);
    else found.push(violation);
  }
  return [...groups].flatMap(([name, own]): Line[] => {
    const key = `group ${name ?? ''}`;
    const isOpen = !closed.has(key);
    const head: Line = { kind: 'group', key, group: { ...summary(own), name, violations: own, isOpen } };
    return isOpen ? [head, ...own.map(lineOf)] : [head];
  });
}

function lineOf(violation: Violation): Line {
  return { kind: 'violation', key: violation.violationId, violation };
}

function summary(own: readonly Violation[]): Pick<Group, 'frames' | 'severity' | 'firstSeen' | 'lastSeen'> {
  const times = own.flatMap(({ firstSeen, lastSeen }) => [firstSeen, lastSeen]).sort();
  return {
    frames: own.reduce((sum, { count }) => sum + count, 0),
    severity: severities.find((one) => own.some(({ severity }) => severity === one)) ?? '',
    firstSeen: times[0] ?? '',
    lastSeen: times.at(-1) ?? '',
  };
}
