import { decodeEvent, parseInstant, type StoredEvent, type ViolationDetected } from '../../../events/index.js';
import {
  LogFold,
  mapGrants,
  noNetboot,
  type Observation,
  type Rule,
  ruleMemories,
  rules,
} from '../../../projections/index.js';
import { observationOf } from '../judge/stored-observation.js';

/** Late facts tried one by one, the latest first. */
const mostTried = 50;

/** What is judged again: the violation, the facts of everybody it concerns, and until when it was heard. */
export interface Case {
  readonly violation: ViolationDetected;
  /** Of servers, gateways and links, in log order. */
  readonly facts: readonly StoredEvent[];
  /** Capture time of the last frame, ms since 1970. */
  readonly lastSeen: number;
}

/**
 * The fact by which the violation was none, judged by what is known today of the time of its frames: the one stored after the
 * judging since which its rule finds nothing more, in the first frame or in the last. Undefined where the rule still finds it,
 * or where what was known then does not explain the finding: then the rule knew more than grants (what the port did
 * before, a memory), and nobody can judge it again from here.
 */
export function exoneratingFact({ violation, facts, lastSeen }: Case, netboot = noNetboot): StoredEvent | undefined {
  const finds = findsWith(netboot);
  const rule = rules.find((one) => one.name === violation.rule);
  if (rule === undefined) return undefined;
  const heard = observationOf(violation);
  const judgedAt = violation.judgedAtOrdinal ?? -1;
  if (!finds(rule, heard, upTo(facts, judgedAt))) return undefined;
  const last = { ...heard, frameTime: Math.max(lastSeen, heard.frameTime) };
  const isFound = (known: readonly StoredEvent[]): boolean =>
    finds(rule, heard, known, heard.frameTime) || finds(rule, last, known, last.frameTime);
  if (isFound(facts)) return undefined;
  const late = facts.filter((event) => event.ordinal > judgedAt && isUpTo(event, last.frameTime));
  const tried = late.slice(-mostTried).reverse();
  return tried.find(({ ordinal }) => isFound(upTo(facts, ordinal - 1))) ?? tried.at(-1);
}

function upTo(facts: readonly StoredEvent[], ordinal: number): StoredEvent[] {
  return facts.filter((event) => event.ordinal <= ordinal);
}

function isUpTo({ metadata }: StoredEvent, time: number): boolean {
  return (parseInstant(metadata.time) ?? Number.POSITIVE_INFINITY) <= time;
}

/** `at`: fold only facts with a time up to this one; absent: all of them, as a live map has them. */
const findsWith =
  (netboot: typeof noNetboot) =>
  (rule: Rule, heard: Observation, facts: readonly StoredEvent[], at?: number): boolean => {
    const fold = new LogFold(at === undefined ? {} : { at });
    for (const event of facts) fold.fold(event);
    return rule.judge(heard, mapGrants(fold.map, fold.ordinal, netboot), ruleMemories().of(rule)) !== undefined;
  };

/** The data of a detection in its newest shape; undefined for anything else. */
export function detectionIn(stored: StoredEvent | undefined): ViolationDetected | undefined {
  const decoded = stored === undefined ? undefined : decodeEvent(stored);
  return decoded?.readable && decoded.event.type === 'ViolationDetected' ? decoded.event.data : undefined;
}
