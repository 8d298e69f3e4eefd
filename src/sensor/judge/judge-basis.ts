import type {
  Expected,
  Former,
  Grants,
  LinkState,
  Observation,
  Rule,
  RuleMemory,
  Trace,
} from '../../../projections/index.js';
import type { Remembered } from './judge-memories.js';

/** One look-up a rule made: the question with what it asked for, and the answer; null for none. */
export type LookUp = readonly [question: string, asked: readonly unknown[], answer: unknown] | Remembered;

/** What an event has room for. */
const longestBasis = 4_000;
/** Of a long list of servers so many are written down: rules ask whether there is none, one, or more. */
const longLists = [1_000, 16, 4, 2];

/**
 * Everything that the rule's finding rests on, as JSON: its look-ups in the grants, made once more, and what it read from
 * its memory. `[]` where that is more than an event can hold.
 */
export function basisOf(
  rule: Rule,
  observation: Observation,
  grants: Grants,
  remembered: readonly Remembered[],
): string {
  const lookUps: LookUp[] = [];
  rule.judge(observation, noting(grants, lookUps), recalling(remembered));
  for (const most of longLists) {
    const text = JSON.stringify([...unique(lookUps), ...remembered].map((one) => shortened(one, most)));
    if (text.length <= longestBasis) return text;
  }
  return '[]';
}

/** The grants that give the answers of a basis; what was not asked then has no answer now. */
export function grantsOfBasis(basis: readonly LookUp[], ordinal: number): Grants {
  const answers = new Map(basis.map(([question, asked, answer]) => [keyOf(question, asked), answer]));
  const find = (question: string, ...asked: unknown[]): unknown => answers.get(keyOf(question, asked)) ?? undefined;
  const list = <Item>(question: string, ...asked: unknown[]): Item[] => (find(question, ...asked) ?? []) as Item[];
  return {
    ordinal,
    ownerOfAddress: (address) => find('ownerOfAddress', address) as Expected | undefined,
    ownersOfMac: (mac) => list<Expected>('ownersOfMac', mac),
    formerOwnersOfMac: (mac) => list<Former>('formerOwnersOfMac', mac),
    formerOwnersOfAddress: (address) => list<Former>('formerOwnersOfAddress', address),
    linkOf: (port) => (find('linkOf', port) ?? { link: 'unknown' }) as LinkState,
    expectedOn: (switchName, vlan) => find('expectedOn', switchName, vlan) as Expected | undefined,
    expectedOnPort: (port) => list<Expected>('expectedOnPort', port),
    isGatewayAddress: (...asked) => find('isGatewayAddress', ...asked) === true,
    isGatewayMac: (...asked) => find('isGatewayMac', ...asked) === true,
    exceptionFor: () => undefined,
  };
}

/** A memory that remembers what a basis says, and notes nothing. */
export function recalling(basis: readonly LookUp[]): RuleMemory {
  const answers = new Map(basis.map(([question, asked, answer]) => [keyOf(question, asked), answer]));
  return {
    get: (key) => (answers.get(keyOf('remembered', key)) ?? undefined) as Trace | undefined,
    set: () => {},
    heardAtHome: (serverId) => (answers.get(keyOf('heardAtHome', serverId)) ?? undefined) as number | undefined,
  };
}

/** These grants, with every look-up and its answer written down in `lookUps`. */
export function noting(grants: Grants, lookUps: LookUp[]): Grants {
  const note = <Answer>(question: string, asked: readonly unknown[], answer: Answer): Answer => {
    lookUps.push([question, asked, answer ?? null]);
    return answer;
  };
  return {
    ordinal: grants.ordinal,
    ownerOfAddress: (...asked) => note('ownerOfAddress', asked, grants.ownerOfAddress(...asked)),
    ownersOfMac: (...asked) => note('ownersOfMac', asked, grants.ownersOfMac(...asked)),
    formerOwnersOfMac: (...asked) => note('formerOwnersOfMac', asked, grants.formerOwnersOfMac(...asked)),
    formerOwnersOfAddress: (...asked) => note('formerOwnersOfAddress', asked, grants.formerOwnersOfAddress(...asked)),
    linkOf: (...asked) => note('linkOf', asked, grants.linkOf(...asked)),
    expectedOn: (...asked) => note('expectedOn', asked, grants.expectedOn(...asked)),
    expectedOnPort: (...asked) => note('expectedOnPort', asked, grants.expectedOnPort(...asked)),
    isGatewayAddress: (...asked) => note('isGatewayAddress', asked, grants.isGatewayAddress(...asked)),
    isGatewayMac: (...asked) => note('isGatewayMac', asked, grants.isGatewayMac(...asked)),
    exceptionFor: () => undefined,
  };
}

function unique(lookUps: readonly LookUp[]): LookUp[] {
  return [...new Map(lookUps.map((one) => [keyOf(one[0], one[1]), one])).values()];
}

function shortened(lookUp: LookUp, most: number): LookUp {
  const [question, asked, answer] = lookUp;
  if (!Array.isArray(answer) || answer.length <= most) return lookUp;
  return [question, asked, answer.slice(0, most)] as LookUp;
}

/** JSON has no undefined: a VLAN that was not known is null there and here. */
const keyOf = (question: string, asked: unknown): string => JSON.stringify([question, asked]);
