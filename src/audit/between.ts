import { formatInstant, parseInstant } from '../../events/index.js';
import { parseAt, type Read } from './as-of.js';
import type { DeviceLine } from './device-line.js';
import type { Explanation } from './explain.js';
import type { ExplainedFact } from './explained-fact.js';
import { gapsWithin } from './gaps.js';
import type { Interval, WhoHad } from './who-had.js';

/** A stretch of the valid-time axis, both ends of it included; ms since 1970. */
export interface Between {
  readonly from: number;
  readonly to: number;
}

/** Reads `A..B`, two instants with their zones. */
export function parseBetween(text: string): Read<Between> {
  const [first = '', second, ...rest] = text.split('..');
  if (second === undefined || rest.length > 0) {
    return { problem: `between: "${text}" is no range; write 2026-01-31T00:00:00Z..2026-02-01T00:00:00Z` };
  }
  const [from, to] = [parseAt(first), parseAt(second)];
  if ('problem' in from) return { problem: from.problem.replace('at:', 'between:') };
  if ('problem' in to) return { problem: to.problem.replace('at:', 'between:') };
  if (from.value > to.value) return { problem: `between: "${text}" ends before it begins` };
  return { value: { from: from.value, to: to.value } };
}

/** The text that `parseBetween` reads back as this. */
export function spellBetween({ from, to }: Between): string {
  return `${formatInstant(from)}..${formatInstant(to)}`;
}

/** Only intervals that have a moment in common with the range. */
export function overlapping(answer: WhoHad, { from, to }: Between): WhoHad {
  const overlaps = (one: Interval): boolean =>
    (parseInstant(one.from) ?? 0) <= to && (one.to === undefined || from < (parseInstant(one.to) ?? 0));
  return { ...answer, intervals: answer.intervals.filter(overlaps) };
}

/**
 * What happened in the range, of an explanation as of its end: the facts that became true or wrote a line in it, the lines
 * written and the violations heard in it, and the gaps that have a moment in common with it. Who has it is told as of the end.
 */
export function happened(answer: Explanation, range: Between): Explanation {
  const isIn = (time: string): boolean => contains(range, parseInstant(time));
  const lines = (all: readonly DeviceLine[]): DeviceLine[] => all.filter(({ time }) => isIn(time));
  const facts = (all: readonly ExplainedFact[]): ExplainedFact[] =>
    all
      .map((one) => ({ ...one, lines: lines(one.lines) }))
      .filter((one) => one.lines.length > 0 || isIn(one.fact.time));
  return {
    ...answer,
    servers: answer.servers.map((one) => ({ ...one, chain: facts(one.chain), drift: lines(one.drift) })),
    delegations: answer.delegations.map((one) => ({ ...one, chain: facts(one.chain) })),
    gateways: facts(answer.gateways),
    gaps: gapsWithin(answer.gaps, range.from, range.to),
    violations: answer.violations.filter(({ firstSeen, lastSeen }) => firstSeen <= range.to && lastSeen >= range.from),
  };
}

function contains({ from, to }: Between, instant: number | undefined): boolean {
  return instant !== undefined && from <= instant && instant <= to;
}
