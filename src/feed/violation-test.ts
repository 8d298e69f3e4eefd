import { type Ipv6Prefix, prefixBits } from '../../events/index.js';
import { hashOfText, isMuting, muteScopeOf } from '../../projections/index.js';
import { soughtFields, unknowable, type ViolationFilter } from './violation-filter.js';
import type { NamedField, ViolationColumns } from './violation-columns.js';
import type { ViolationIndex } from './violation-index.js';

/** Filters that name a server or customer in one part only. */
export const exactParties = ['offender-server', 'offender-customer', 'victim-server'] as const;

/** True for every slot whose row fits the filter, and for few others: who shows a row asks `fits` as well. */
export type SlotTest = (slot: number) => boolean;

/** The filter as a test of numbers. Its states are not in it: the index keeps them apart. */
export function slotTest(filter: ViolationFilter, index: ViolationIndex, now: number): SlotTest {
  const tests = [...testsOf(filter, index.columns, index), ...mutedTests(filter, index, now)];
  const [first = () => true, second] = tests;
  if (second === undefined) return first;
  return (slot) => {
    for (const test of tests) if (!test(slot)) return false;
    return true;
  };
}

function* testsOf(filter: ViolationFilter, columns: ViolationColumns, index: ViolationIndex): Generator<SlotTest> {
  const { rule, site, port, assignee, victim, offender, customer, severity, quiet, q, newSince } = filter;
  // What few violations have is asked first: the rest is asked of those few.
  if (q !== undefined) yield soughtTest(q, columns, index);
  if (offender !== undefined) yield anyName(columns, ['offenderServerId', 'offenderCustomerId'], [offender]);
  if (victim !== undefined) yield anyName(columns, ['victimServerId', 'victimCustomerId'], [victim]);
  if (customer !== undefined) yield anyName(columns, ['offenderCustomerId', 'victimCustomerId'], [customer]);
  if (filter.renumbering !== undefined) {
    const renumbering = index.renumbered.get(filter.renumbering);
    yield renumbering === undefined ? () => false : claimedIn(columns, [renumbering.from, renumbering.to]);
  }
  for (const name of exactParties) {
    const id = filter[name];
    if (id !== undefined) yield anyName(columns, [unknowable[name]], [id]);
  }
  for (const name of filter.unknown ?? []) {
    const column = columns.named[unknowable[name]];
    yield (slot) => column[slot] === 0;
  }
  if (port !== undefined) yield anyName(columns, ['port'], [port]);
  if (assignee !== undefined) yield anyName(columns, ['assignee'], [assignee]);
  if (filter.switch !== undefined) yield anyName(columns, ['switch'], [filter.switch]);
  if (rule !== undefined) yield anyName(columns, ['rule'], [rule]);
  if (site !== undefined) yield anyName(columns, ['site'], [site]);
  if (severity !== undefined) yield anyName(columns, ['severity'], severity);
  if (quiet !== undefined) yield (slot) => (columns.quiet[slot] === 1) === quiet;
  const ackedBefore = filter['acked-before'];
  if (ackedBefore !== undefined)
    yield (slot) => {
      const at = columns.acknowledgedAt[slot] ?? 0;
      return at !== 0 && at < ackedBefore;
    };
  if (newSince !== undefined && newSince !== 'start') yield (slot) => (columns.opened[slot] ?? 0) >= Number(newSince);
}

/** The claimed address lies in one of the prefixes, as far as its first 64 bits tell. */
function claimedIn(columns: ViolationColumns, prefixes: readonly Ipv6Prefix[]): SlotTest {
  const { claimedHigh, claimedLow } = columns;
  const tests = prefixes.map((prefix): SlotTest => {
    const { words, length } = prefixBits(prefix);
    const [high, low] = [maskOf(length), maskOf(length - 32)];
    return (slot) =>
      (((claimedHigh[slot] ?? 0) ^ words[0]) & high) === 0 && (((claimedLow[slot] ?? 0) ^ words[1]) & low) === 0;
  });
  return (slot) => tests.some((test) => test(slot));
}

/** Of 32 bits the first ones. */
const maskOf = (bits: number): number => (bits <= 0 ? 0 : bits >= 32 ? -1 : -1 << (32 - bits));

/** One of these fields has one of these names. */
function anyName(columns: ViolationColumns, fields: readonly NamedField[], names: readonly string[]): SlotTest {
  const numbers = names.flatMap((name) => columns.names.find(name) ?? []);
  const [first, second] = fields.map((field) => columns.named[field]);
  const [only] = numbers;
  if (first === undefined || only === undefined) return () => false;
  if (numbers.length === 1 && second === undefined) return (slot) => first[slot] === only;
  if (numbers.length === 1) return (slot) => first[slot] === only || second?.[slot] === only;
  return (slot) => numbers.includes(first[slot] ?? 0) || (second !== undefined && numbers.includes(second[slot] ?? 0));
}

function soughtTest(
  sought: NonNullable<ViolationFilter['q']>,
  { names, named, hashed }: ViolationColumns,
  index: ViolationIndex,
): SlotTest {
  if ('mac' in sought) {
    const hash = hashOfText(sought.mac);
    return (slot) => hashed.etherSource[slot] === hash || hashed.claimedMac[slot] === hash;
  }
  if ('address' in sought) {
    const hash = hashOfText(sought.address);
    return (slot) => hashed.claimedAddress[slot] === hash;
  }
  const holding = names.holding(sought.text);
  const itself = index.slotOf(sought.text);
  if (!holding.includes(1)) return (slot) => slot === itself;
  const columns = soughtFields.map((field) => named[field]);
  return (slot) => {
    if (slot === itself) return true;
    for (const column of columns) if (holding[column[slot] ?? 0] === 1) return true;
    return false;
  };
}

function* mutedTests({ muted }: ViolationFilter, index: ViolationIndex, now: number): Generator<SlotTest> {
  if (muted === undefined) return;
  const isMuted = mutedTest(index, now);
  yield muted ? isMuted : (slot) => !isMuted(slot);
}

/** Exact: names are told apart, not hashed. */
export function mutedTest(index: ViolationIndex, now: number): SlotTest {
  const { names, named } = index.columns;
  const slots = new Set<number>();
  const [atPorts, ofCustomers] = [new NamePairs(names.size), new NamePairs(names.size)];
  for (const mute of index.mutes.all()) {
    const scope = isMuting(mute, now) ? muteScopeOf(mute) : undefined;
    if (scope === undefined) continue;
    if ('violationId' in scope) {
      slots.add(index.slotOf(scope.violationId));
      continue;
    }
    const rule = names.find(scope.rule);
    const other = names.find('port' in scope ? scope.port : scope.customerId);
    if (rule !== undefined && other !== undefined) ('port' in scope ? atPorts : ofCustomers).add(rule, other);
  }
  const { rule, port, offenderCustomerId } = named;
  return (slot) =>
    atPorts.has(rule[slot] ?? 0, port[slot] ?? 0) ||
    ofCustomers.has(rule[slot] ?? 0, offenderCustomerId[slot] ?? 0) ||
    (slots.size > 0 && slots.has(slot));
}

/** Pairs of a rule and another name. Most names are in none, which one look tells. */
class NamePairs {
  private readonly others: Uint8Array;
  private readonly pairs = new Set<number>();

  constructor(names: number) {
    this.others = new Uint8Array(names);
  }

  add(rule: number, other: number): void {
    this.others[other] = 1;
    this.pairs.add(rule * 0x100000000 + other);
  }

  has(rule: number, other: number): boolean {
    return this.others[other] === 1 && this.pairs.has(rule * 0x100000000 + other);
  }
}
