import { parseInstant, type StoredEvent, type ViolationDetected } from '../../../events/index.js';
import {
  allFindings,
  type Findings,
  LogFold,
  mapGrants,
  noNetboot,
  type Observation,
  type PrimaryFinding,
  ruleMemories,
  rules,
} from '../../../projections/index.js';
import { observationOf } from '../judge/stored-observation.js';
import { basisOf } from '../judge/judge-basis.js';
import { detectionOf, identityOf, violationIdOf } from '../judge/judge-verdict.js';

/** What is left of a finding: all of it, another finding in its place, or nothing, by this fact. */
export type JudgedAgain =
  | { readonly outcome: 'stands' }
  | { readonly outcome: 'other'; readonly violation: ViolationDetected }
  | { readonly outcome: 'none'; readonly fact: StoredEvent };

const stands: JudgedAgain = { outcome: 'stands' };

/**
 * Judges a finding again that was made by the grants of some time ago: by what was recorded until its frame was captured
 * (where findings of its kind may wait for billing, until the in-flight window had passed), and by what is known now to have
 * been true then. Stands where it rests on more than grants: on what a port did before, or on a memory.
 * @param facts of everybody it concerns, in log order
 * @param inFlightWindowMs how long a finding waits for billing, ms
 * @param netboot what machines without a sold IPv4 address are started from
 */
export function judgedAgain(
  violation: ViolationDetected,
  facts: readonly StoredEvent[],
  inFlightWindowMs: number,
  netboot = noNetboot,
): JudgedAgain {
  const judgedBy = judgingWith(netboot);
  const heard = observationOf(violation);
  const judgedAt = violation.judgedAtOrdinal ?? -1;
  const before = judgedBy(heard, upTo(facts, judgedAt));
  if (before.found[0]?.rule.name !== violation.rule) return stands;
  const { frameTime } = heard;
  // What it was judged by counts in any case: a capture file may be judged by a map of long after its frames.
  const recorded = (until: number): readonly StoredEvent[] =>
    facts.filter(({ ordinal, metadata }) => {
      return ordinal <= judgedAt || (parseInstant(metadata.recordedAt) ?? Number.POSITIVE_INFINITY) <= until;
    });
  const atOnce = recorded(frameTime);
  const mayWait = judgedBy(heard, atOnce).found[0]?.rule.mayBeInFlight ?? false;
  const known = mayWait ? recorded(frameTime + inFlightWindowMs) : atOnce;
  for (const { of, at } of [{ of: known }, { of: facts, at: frameTime }]) {
    if (judgedBy(heard, of, at).found.length > 0) continue;
    const fact = decisive(judgedBy, heard, of, at, judgedAt);
    return fact === undefined ? stands : { outcome: 'none', fact };
  }
  for (const then of [judgedBy(heard, facts, frameTime), judgedBy(heard, known)]) {
    const [found] = then.found;
    if (found !== undefined && found.rule.name !== violation.rule)
      return { outcome: 'other', violation: detectionBy(found, then, heard) };
  }
  return stands;
}

interface Judged extends Findings {
  readonly grants: ReturnType<typeof mapGrants>;
}

/** @param at fold only facts with a time up to this one; absent: all of them, as a live map has them */
const judgingWith =
  (netboot: typeof noNetboot) =>
  (heard: Observation, facts: readonly StoredEvent[], at?: number): Judged => {
    const fold = new LogFold(at === undefined ? {} : { at });
    for (const event of facts) fold.fold(event);
    const grants = mapGrants(fold.map, fold.ordinal, netboot);
    return { ...allFindings(heard, grants, ruleMemories(), rules), grants };
  };

const upTo = (facts: readonly StoredEvent[], ordinal: number): StoredEvent[] =>
  facts.filter((event) => event.ordinal <= ordinal);

/** Late facts tried one by one, the latest first. */
const mostTried = 50;

/** The fact, of those stored after the judging, since which nothing is found. */
function decisive(
  judgedBy: ReturnType<typeof judgingWith>,
  heard: Observation,
  facts: readonly StoredEvent[],
  at: number | undefined,
  judgedAt: number,
): StoredEvent | undefined {
  const tried = facts
    .filter((event) => event.ordinal > judgedAt)
    .slice(-mostTried)
    .reverse();
  const isFoundBefore = ({ ordinal }: StoredEvent): boolean =>
    judgedBy(heard, upTo(facts, ordinal - 1), at).found.length > 0;
  return tried.find(isFoundBefore) ?? tried.at(-1);
}

/** What the judge would have told, had it known this. */
function detectionBy(found: PrimaryFinding, { found: all, grants }: Judged, heard: Observation): ViolationDetected {
  return detectionOf({
    violationId: violationIdOf(identityOf(found.rule, found.finding, heard)),
    found,
    alsoMatched: all.slice(1).map(({ rule }) => rule.name),
    heard,
    ordinal: grants.ordinal,
    basis: basisOf(found.rule, heard, grants, []),
    isGroup: false,
  });
}
