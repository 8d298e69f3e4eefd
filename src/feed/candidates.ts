import { hashOfText } from '../../projections/index.js';
import { noName } from './names.js';
import type { HashedField, LinkedField, ViolationColumns } from './violation-columns.js';
import { soughtFields, unknowable, type ViolationFilter } from './violation-filter.js';
import type { ViolationIndex } from './violation-index.js';
import { exactParties } from './violation-test.js';

/** Names that hold a text: with more of them their violations are not put together. */
const mostNames = 1_000;

/**
 * Slots, each once, among which all are that fit: those of the port, customer, address ... that the filter names, whichever
 * has the fewest. Undefined where it names none, or all that it names have more than `most`.
 */
export function candidatesFor(
  filter: ViolationFilter,
  index: ViolationIndex,
  most: number,
): readonly number[] | undefined {
  let fewest: readonly number[] | undefined;
  for (const chains of waysTo(filter, index)) {
    const slots = slotsOf(chains, fewest?.length ?? most);
    if (slots !== undefined) fewest = slots;
  }
  return fewest;
}

/** As `candidatesFor`, of what is not linked, for it changes or has many: a column is searched for it in one native go. */
export function searchFor(filter: ViolationFilter, index: ViolationIndex, most: number): readonly number[] | undefined {
  for (const found of searchesFor(filter, index)) {
    const slots = slotsOf([found], most);
    if (slots !== undefined) return slots;
  }
  return undefined;
}

/** Slots one after the other. */
type Chain = Iterable<number>;

function* waysTo(filter: ViolationFilter, index: ViolationIndex): Generator<Iterable<Chain>> {
  const { port, victim, offender, customer, q, switch: switchName } = filter;
  const { columns } = index;
  const named = (name: string | undefined, ...fields: LinkedField[]): Chain[][] => {
    const number = name === undefined ? 0 : columns.names.find(name);
    if (number === 0) return [];
    return [number === undefined ? [] : fields.map((field) => linkedSlots(columns, field, number))];
  };
  yield* named(port, 'port');
  yield* named(victim, 'victimServerId', 'victimCustomerId');
  yield* named(offender, 'offenderServerId', 'offenderCustomerId');
  yield* named(customer, 'offenderCustomerId', 'victimCustomerId');
  for (const name of exactParties) yield* named(filter[name], unknowable[name]);
  yield* named(switchName, 'switch');
  for (const name of filter.unknown ?? []) yield [linkedSlots(columns, unknowable[name], noName)];
  if (q === undefined) return;
  if ('mac' in q) yield (['etherSource', 'claimedMac'] as const).map((field) => hashedChain(columns, field, q.mac));
  else if ('address' in q) yield [hashedChain(columns, 'claimedAddress', q.address)];
  else yield* chainsHolding(q.text, index);
}

function* searchesFor(filter: ViolationFilter, { columns }: ViolationIndex): Generator<Chain> {
  for (const field of ['assignee', 'site', 'rule'] as const) {
    const name = filter[field];
    if (name === undefined) continue;
    const number = columns.names.find(name);
    yield number === undefined ? [] : searched(columns.named[field], number);
  }
  if (filter.quiet === true) yield searched(columns.quiet, 1);
}

function* searched(column: Uint32Array | Uint8Array, value: number): Generator<number> {
  for (let slot = column.indexOf(value); slot >= 0; slot = column.indexOf(value, slot + 1)) yield slot;
}

function* chainsHolding(text: string, index: ViolationIndex): Generator<Iterable<Chain>> {
  const { columns } = index;
  const numbers: number[] = [];
  const holding = columns.names.holding(text);
  for (let number = holding.indexOf(1); number >= 0; number = holding.indexOf(1, number + 1))
    if (numbers.push(number) > mostNames) return;
  const itself = index.slotOf(text);
  yield [
    itself < 0 ? [] : [itself],
    ...numbers.flatMap((number) => soughtFields.map((field) => linkedSlots(columns, field, number))),
  ];
}

/** The slots that have a name, by its number, in a field; `noName` for those that have none. */
export function* linkedSlots({ linked }: ViolationColumns, field: LinkedField, number: number): Generator<number> {
  const chains = linked[field];
  for (let slot = chains.first(number); slot >= 0; slot = chains.after(slot)) yield slot;
}

function* hashedChain(columns: ViolationColumns, field: HashedField, text: string): Generator<number> {
  const hash = hashOfText(text);
  const { [field]: chains } = columns.bucketed;
  const hashes = columns.hashed[field];
  for (let slot = chains.first(columns.bucketOf(hash)); slot >= 0; slot = chains.after(slot))
    if (hashes[slot] === hash) yield slot;
}

/** Undefined for more than so many. */
function slotsOf(chains: Iterable<Chain>, most: number): readonly number[] | undefined {
  const slots = new Set<number>();
  for (const chain of chains)
    for (const slot of chain) {
      slots.add(slot);
      if (slots.size > most) return undefined;
    }
  return [...slots];
}
