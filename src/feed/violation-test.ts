import { hashOfText, isMuting, muteScopeOf } from '../../projections/index.js';
import { soughtFields, type ViolationFilter } from './violation-filter.js';
import type { NamedField, ViolationColumns } from './violation-columns.js';
import type { ViolationIndex } from './violation-index.js';

/** True for every slot whose row fits the filter, and for few others: who shows a row asks `fits` as well. */
export type SlotTest = (slot: number) => boolean;

/** The filter as a test of numbers. Its states are not in it: the index keeps them apart. */
export function slotTest(filter: ViolationFilter, index: ViolationIndex, now: number): SlotTest {
  const tests = [...testsOf(filter, index.columns, index), ...mutedTests(filter, index, now)];
  return (slot) => {
    for (const test of tests) if (!test(slot)) return false;
    return true;
  };
}

function* testsOf(filter: ViolationFilter, columns: ViolationColumns, index: ViolationIndex): Generator<SlotTest> {
  const { rule, site, port, assignee, victim, offender, customer, severity, quiet, q, newSince } = filter;
  if (severity !== undefined) yield anyName(columns, ['severity'], severity);
  if (rule !== undefined) yield anyName(columns, ['rule'], [rule]);
  if (site !== undefined) yield anyName(columns, ['site'], [site]);
  if (port !== undefined) yield anyName(columns, ['port'], [port]);
  if (filter.switch !== undefined) yield anyName(columns, ['switch'], [filter.switch]);
  if (assignee !== undefined) yield anyName(columns, ['assignee'], [assignee]);
  if (customer !== undefined) yield anyName(columns, ['offenderCustomerId', 'victimCustomerId'], [customer]);
  if (victim !== undefined) yield anyName(columns, ['victimServerId', 'victimCustomerId'], [victim]);
  if (offender !== undefined) yield anyName(columns, ['offenderServerId', 'offenderCustomerId'], [offender]);
  if (quiet !== undefined) yield (slot) => (columns.quiet[slot] === 1) === quiet;
  const ackedBefore = filter['acked-before'];
  if (ackedBefore !== undefined)
    yield (slot) => {
      const at = columns.acknowledgedAt[slot] ?? 0;
      return at !== 0 && at < ackedBefore;
    };
  if (q !== undefined) yield soughtTest(q, columns, index);
  if (newSince !== undefined && newSince !== 'start') yield (slot) => (columns.opened[slot] ?? 0) >= Number(newSince);
}

/** One of these fields has one of these names. */
function anyName(columns: ViolationColumns, fields: readonly NamedField[], names: readonly string[]): SlotTest {
  const numbers = names.flatMap((name) => columns.names.find(name) ?? []);
  const [first, second] = fields.map((field) => columns.named[field]);
  const [only] = numbers;
  if (first === undefined || only === undefined) return () => false;
  if (second === undefined && numbers.length === 1) return (slot) => first[slot] === only;
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
  const columns = soughtFields.map((field) => named[field]);
  const itself = index.slotOf(sought.text);
  return (slot) => slot === itself || columns.some((column) => holding[column[slot] ?? 0] === 1);
}

function* mutedTests({ muted }: ViolationFilter, index: ViolationIndex, now: number): Generator<SlotTest> {
  if (muted === undefined) return;
  const isMuted = mutedTest(index, now);
  yield muted ? isMuted : (slot) => !isMuted(slot);
}

/** Exact: names are told apart, not hashed. */
export function mutedTest(index: ViolationIndex, now: number): SlotTest {
  const { names, named } = index.columns;
  const [slots, atPorts, ofCustomers] = [new Set<number>(), new Set<number>(), new Set<number>()];
  for (const mute of index.mutes.all()) {
    const scope = isMuting(mute, now) ? muteScopeOf(mute) : undefined;
    if (scope === undefined) continue;
    if ('violationId' in scope) {
      slots.add(index.slotOf(scope.violationId));
      continue;
    }
    const rule = names.find(scope.rule);
    const other = names.find('port' in scope ? scope.port : scope.customerId);
    if (rule === undefined || other === undefined) continue;
    ('port' in scope ? atPorts : ofCustomers).add(pairOf(rule, other));
  }
  if (slots.size + atPorts.size + ofCustomers.size === 0) return () => false;
  const { rule, port, offenderCustomerId } = named;
  return (slot) =>
    slots.has(slot) ||
    (atPorts.size > 0 && atPorts.has(pairOf(rule[slot] ?? 0, port[slot] ?? 0))) ||
    (ofCustomers.size > 0 && ofCustomers.has(pairOf(rule[slot] ?? 0, offenderCustomerId[slot] ?? 0)));
}

const pairOf = (rule: number, other: number): number => rule * 0x100000000 + other;
