import {
  contractOf,
  type EventData,
  type Ipv4Address,
  type Ipv6Prefix,
  parseIpv4,
  parseInstant,
  type ServerId,
} from '../../../events/index.js';
import { clockToleranceMs } from '../check-event.js';
import { readEventData } from '../event-data.js';
import { found } from '../refusal.js';
import type { ImportedType } from './billing-fact.js';
import type { Column } from './columns.js';
import { isBlank, type Reject, type Row } from './row.js';
import { addOnIdOf, type RecordedAddOn, type ServerRecord } from './server-record.js';

/** A row understood, or each thing that is wrong with it. */
export type ReadRow = { readonly record: ServerRecord } | { readonly rejects: readonly Reject[] };

export interface Clock {
  /** The engine would refuse what lies ahead of it; ms since 1970. */
  readonly now: number;
  /** Since when a row is true that does not say so itself; ms since 1970. */
  readonly since: number | undefined;
}

/**
 * Reads a row by the contracts of the events it would become, so that what is read here is what the engine accepts.
 * Total: whatever a row holds is an answer.
 */
export function readRecord(row: Row, { now, since: otherwise }: Clock): ReadRow {
  if (row.problem !== undefined) return { rejects: [{ row, column: undefined, reason: row.problem }] };
  const rejects: Reject[] = [];
  const refuse = (column: Column | undefined, reason: string): void => void rejects.push({ row, column, reason });
  const server = readServer(row, refuse);
  const prefixes = readPrefixes(row, refuse);
  const addOns = readAddOns(row, refuse);
  const since = readSince(row.fields.get('since'), now, refuse) ?? otherwise;
  if (server === undefined || rejects.length > 0) return { rejects };
  const { serverId, customerId, port, vlan, mac, linkLocal } = server;
  return { record: { serverId, customerId, port, vlan, mac, linkLocal, prefixes, addOns, since } };
}

type Refuse = (column: Column | undefined, reason: string) => void;

const columnOfField: Readonly<Record<string, Column>> = {
  serverId: 'server',
  customerId: 'customer',
  port: 'port',
  vlan: 'vlan',
  mac: 'mac',
  linkLocal: 'link-local',
  prefix: 'prefixes',
  addOnId: 'ipv4',
  address: 'ipv4',
};

/** The data by its contract; each field that is not as expected is refused under the column it came from. */
function understood<Type extends ImportedType>(
  type: Type,
  data: Readonly<Record<string, unknown>>,
  refuse: Refuse,
): EventData<Type> | undefined {
  const contract = contractOf(type);
  if (contract === undefined) throw new Error(`${type} is no event type; an import may publish catalogue types only.`);
  const read = readEventData(contract, contract.version, data);
  if (!read.refused) return read.data as EventData<Type>;
  for (const { pointer, detail } of read.errors) refuse(columnOfField[pointer.split('/')[2] ?? ''], detail);
  return undefined;
}

function readServer({ fields }: Row, refuse: Refuse): EventData<'ServerAdded'> | undefined {
  const data: Record<string, unknown> = { port: placeOf(fields) };
  for (const [name, column] of Object.entries({ serverId: 'server', customerId: 'customer' } as const))
    data[name] = textOf(fields.get(column));
  data['vlan'] = numberOf(fields.get('vlan'));
  for (const [name, column] of Object.entries({ mac: 'mac', linkLocal: 'link-local' } as const)) {
    const value = fields.get(column);
    if (!isBlank(value)) data[name] = value;
  }
  return understood('ServerAdded', data, refuse);
}

/** `switch:interface`, from one column or from two. */
function placeOf(fields: Row['fields']): unknown {
  const [port, switchName, interfaceName] = [fields.get('port'), fields.get('switch'), fields.get('interface')];
  if (isBlank(switchName)) return blankAsAbsent(port);
  const name = isBlank(interfaceName) ? port : interfaceName;
  return isBlank(name) ? undefined : `${String(switchName)}:${String(name)}`;
}

function readPrefixes({ fields }: Row, refuse: Refuse): Ipv6Prefix[] | undefined {
  if (!fields.has('prefixes')) return undefined;
  const read = itemsOf(fields.get('prefixes')).map(
    (prefix) => understood('Ipv6PrefixAssigned', { serverId: anyServer, prefix }, refuse)?.prefix,
  );
  return [...new Set(read.filter((one) => one !== undefined))];
}

function readAddOns({ fields }: Row, refuse: Refuse): RecordedAddOn[] | undefined {
  if (!fields.has('ipv4')) return undefined;
  const read = new Map<string, RecordedAddOn>();
  for (const item of itemsOf(fields.get('ipv4'))) {
    const addOn = readAddOn(item, refuse);
    if (addOn === undefined) continue;
    const id = addOnIdOf(addOn);
    if (read.has(id)) refuse('ipv4', `${id} is there twice`);
    read.set(id, addOn);
  }
  return [...read.values()];
}

/** `address`, `id=address` or `id=`. */
function readAddOn(item: unknown, refuse: Refuse): RecordedAddOn | undefined {
  const text = typeof item === 'string' ? item : '';
  const equals = text.indexOf('=');
  if (equals < 0 && parseIpv4(item) === undefined) {
    refuse('ipv4', `expected an IPv4 address, id=address or id=; ${found(item)}`);
    return undefined;
  }
  const address = text.slice(equals + 1);
  const given = equals < 0 ? undefined : text.slice(0, equals);
  const id = given ?? addOnIdOf({ id: undefined, address: address as Ipv4Address });
  const data = { serverId: anyServer, addOnId: id, ...(address === '' ? {} : { address }) };
  const bought = understood('Ipv4AddOnBought', data, refuse);
  return bought && { id: given === undefined ? undefined : bought.addOnId, address: bought.address };
}

/** An item is held against the contract of its event whatever the server is called. */
const anyServer = 'any' as ServerId;

/** The parts of a cell, or the items of a list as they are. */
function itemsOf(value: unknown): unknown[] {
  if (isBlank(value)) return [];
  if (Array.isArray(value)) return value;
  return typeof value === 'string' ? value.split(/[\s;]+/).filter((one) => one !== '') : [value];
}

function readSince(value: unknown, now: number, refuse: Refuse): number | undefined {
  if (isBlank(value)) return undefined;
  const since = typeof value === 'string' ? parseInstant(value) : undefined;
  if (since === undefined) refuse('since', `expected an RFC 3339 instant with a zone; ${found(value)}`);
  else if (since > now + clockToleranceMs) refuse('since', `is more than 5 minutes ahead; ${found(value)}`);
  return since;
}

const blankAsAbsent = (value: unknown): unknown => (isBlank(value) ? undefined : value);

/** A file may spell an id of digits as a number. */
function textOf(value: unknown): unknown {
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : blankAsAbsent(value);
}

/** Digits as the number they are; everything else as it is, for the contract to refuse. */
function numberOf(value: unknown): unknown {
  return typeof value === 'string' && /^[0-9]{1,9}$/.test(value) ? Number(value) : blankAsAbsent(value);
}
