import { noName } from './names.js';
import type { ViolationColumns } from './violation-columns.js';

/** What violations are put together by: the customer is the offender's; where a port is not known its switch stands for it. */
export const groupings = ['rule-port', 'port', 'rule', 'offender', 'victim', 'customer'] as const;
export type Grouping = (typeof groupings)[number];

/** Of each of some slots, in their order, the number of its group: 0, 1, ... as they are met. */
export interface GroupNumbers {
  readonly numbers: Uint32Array;
  /** How many groups there are. */
  readonly size: number;
}

/** Numbers the groups of violations by their columns alone: loops over numbers, for a million of them count. */
export function groupNumbers(by: Grouping, columns: ViolationColumns, slots: Uint32Array): GroupNumbers {
  const { rule, offenderServerId, offenderCustomerId, victimServerId } = columns.named;
  const names = columns.names.size;
  switch (by) {
    case 'rule-port':
      return paired(numbered(valuesOf(rule, slots), names), numbered(placesOf(columns, slots), names));
    case 'port':
      return numbered(placesOf(columns, slots), names);
    case 'rule':
      return numbered(valuesOf(rule, slots), names);
    case 'offender':
      return numbered(valuesOf(offenderServerId, slots), names);
    case 'victim':
      return numbered(valuesOf(victimServerId, slots), names);
    case 'customer':
      return numbered(valuesOf(offenderCustomerId, slots), names);
  }
}

function valuesOf(column: Uint32Array, slots: Uint32Array): Uint32Array {
  const values = new Uint32Array(slots.length);
  for (let at = 0; at < slots.length; at++) values[at] = column[slots[at] ?? 0] ?? noName;
  return values;
}

function placesOf({ named }: ViolationColumns, slots: Uint32Array): Uint32Array {
  const places = valuesOf(named.port, slots);
  for (let at = 0; at < slots.length; at++)
    if (places[at] === noName) places[at] = named.switch[slots[at] ?? 0] ?? noName;
  return places;
}

/** Puts in the place of each key, all below `limit`, the number of its group. */
function numbered(keys: Uint32Array, limit: number): GroupNumbers {
  /** By key; 0 where it was not met yet. */
  const numbers = new Uint32Array(limit);
  let size = 0;
  for (let at = 0; at < keys.length; at++) {
    const key = keys[at] ?? 0;
    const known = numbers[key] ?? 0;
    if (known > 0) keys[at] = known - 1;
    else {
      keys[at] = size;
      numbers[key] = ++size;
    }
  }
  return { numbers: keys, size };
}

/** So many pairs may have a place in memory each, at 4 bytes. */
const mostPlaces = 1 << 24;

function paired(first: GroupNumbers, second: GroupNumbers): GroupNumbers {
  const places = first.size * second.size;
  const keys = first.numbers;
  if (places <= mostPlaces) {
    for (let at = 0; at < keys.length; at++) keys[at] = (keys[at] ?? 0) * second.size + (second.numbers[at] ?? 0);
    return numbered(keys, places);
  }
  const numbers = new Map<number, number>();
  for (let at = 0; at < keys.length; at++) {
    const key = (keys[at] ?? 0) * second.size + (second.numbers[at] ?? 0);
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    keys[at] = number;
  }
  return { numbers: keys, size: numbers.size };
}

/** What a group is called by; what nobody knows is absent. */
export interface GroupName {
  readonly rule?: string;
  readonly switch?: string;
  readonly port?: string;
  readonly serverId?: string;
  readonly customerId?: string;
}

/** What all of a group have, and the filters that find them in the list. */
export interface GroupIdentity extends GroupName {
  readonly filter: Readonly<Record<string, string>>;
}

/** Names a group by the slot of any one of its violations. */
export function identityOf(by: Grouping, columns: ViolationColumns, slot: number): GroupIdentity {
  const [rule = '', switchName = '', port] = (['rule', 'switch', 'port'] as const).map((one) =>
    columns.nameOf(one, slot),
  );
  const place = { switch: switchName, ...(port !== undefined && { port }) };
  const where: Readonly<Record<string, string>> =
    port === undefined ? { switch: switchName, unknown: 'port' } : { port };
  switch (by) {
    case 'rule-port':
      return { rule, ...place, filter: { rule, ...where } };
    case 'port':
      return { ...place, filter: where };
    case 'rule':
      return { rule, filter: { rule } };
    case 'offender':
      return party('serverId', 'offender-server', columns.nameOf('offenderServerId', slot));
    case 'victim':
      return party('serverId', 'victim-server', columns.nameOf('victimServerId', slot));
    case 'customer':
      return party('customerId', 'offender-customer', columns.nameOf('offenderCustomerId', slot));
  }
}

function party(name: 'serverId' | 'customerId', filter: string, id: string | undefined): GroupIdentity {
  return id === undefined ? { filter: { unknown: filter } } : { [name]: id, filter: { [filter]: id } };
}
