import type { AddOnId, CustomerId, Ipv4Address, Ipv6Prefix, PortId, ServerId } from '../../../events/index.js';
import type { Binding } from '../../../projections/index.js';
import type { Column } from './columns.js';
import { addOnIdOf, type RecordedAddOn, type ServerRecord } from './server-record.js';

/** What billing told the engine of a server, as the map or the API has it. */
export type KnownServer = Pick<
  Binding,
  'serverId' | 'sold' | 'customerId' | 'port' | 'vlan' | 'mac' | 'linkLocal' | 'addresses' | 'prefixes' | 'unallocated'
>;

/** One thing that file and map say differently; an absent side has it not at all. */
export interface FieldDifference {
  readonly field: Column;
  readonly file?: string;
  readonly map?: string;
}

/** How a server differs: not in the map although the file has it, the other way round, or in some fields. */
export type Difference =
  | { readonly kind: 'missing'; readonly serverId: ServerId; readonly record: ServerRecord }
  | {
      readonly kind: 'extra';
      readonly serverId: ServerId;
      readonly customerId: CustomerId | undefined;
      readonly port: PortId | undefined;
    }
  | {
      readonly kind: 'different';
      readonly serverId: ServerId;
      readonly record: ServerRecord;
      readonly known: KnownServer;
      readonly fields: readonly FieldDifference[];
    };

/** Holds one server of the file against the map; undefined where both say the same, as far as the file says anything. */
export function differenceOf(record: ServerRecord, known: KnownServer | undefined): Difference | undefined {
  const { serverId } = record;
  if (known?.sold !== true) return { kind: 'missing', serverId, record };
  const fields = [
    ...valueOf('customer', record.customerId, known.customerId),
    ...valueOf('port', record.port, known.port),
    ...valueOf('vlan', record.vlan, known.vlan),
    ...(record.mac === undefined ? [] : valueOf('mac', record.mac, known.mac)),
    ...(record.linkLocal === undefined ? [] : valueOf('link-local', record.linkLocal, known.linkLocal)),
    ...prefixDifferences(record, known),
    ...addOnDifferences(record, known),
  ];
  return fields.length === 0 ? undefined : { kind: 'different', serverId, record, known, fields };
}

/** A server that is sold and that the file does not name. */
export function extraOf({ serverId, customerId, port }: KnownServer): Difference {
  return { kind: 'extra', serverId, customerId, port };
}

function valueOf(field: Column, file: string | number, map: string | number | undefined): readonly FieldDifference[] {
  if (file === map) return [];
  return [{ field, file: String(file), ...(map !== undefined && { map: String(map) }) }];
}

function prefixDifferences(record: ServerRecord, known: KnownServer): FieldDifference[] {
  const { assigned, released } = prefixChanges(record, known);
  return [
    ...assigned.map((file): FieldDifference => ({ field: 'prefixes', file })),
    ...released.map((map): FieldDifference => ({ field: 'prefixes', map })),
  ];
}

/** The prefixes that only the file has, and those that only the map has. */
export function prefixChanges(
  { prefixes }: ServerRecord,
  known: KnownServer,
): { readonly assigned: readonly Ipv6Prefix[]; readonly released: readonly Ipv6Prefix[] } {
  if (prefixes === undefined) return { assigned: [], released: [] };
  const [wanted, had] = [new Set(prefixes), new Set(known.prefixes.map(({ prefix }) => prefix))];
  // Billing names no prefix for an order: that a file has none for it says nothing.
  const named = known.prefixes.filter(({ orderId }) => orderId === undefined);
  return {
    assigned: [...wanted].filter((one) => !had.has(one)),
    released: named.map(({ prefix }) => prefix).filter((one) => !wanted.has(one)),
  };
}

function addOnDifferences(record: ServerRecord, known: KnownServer): FieldDifference[] {
  return addOnChanges(record, known).map(({ id, wanted, had }) => ({
    field: 'ipv4',
    ...(wanted && { file: `${id}=${wanted.address ?? ''}` }),
    ...(had && { map: `${id}=${had.address ?? ''}` }),
  }));
}

/** An add-on that the file and the map do not agree on. */
export interface AddOnChange {
  readonly id: AddOnId;
  readonly wanted: { readonly address: Ipv4Address | undefined } | undefined;
  readonly had: { readonly address: Ipv4Address | undefined } | undefined;
}

/** Add-on by add-on. One that the file names without an address may have any; one without an id may have any id. */
export function addOnChanges({ addOns }: ServerRecord, known: KnownServer): AddOnChange[] {
  if (addOns === undefined) return [];
  const had = new Map<AddOnId, Ipv4Address | undefined>([
    ...known.unallocated.map((id) => [id, undefined] as const),
    ...known.addresses.map(({ addOnId, address }) => [addOnId, address] as const),
  ]);
  const wanted = withIds(addOns, had);
  const changes: AddOnChange[] = [];
  for (const [id, address] of wanted) {
    const isSame = had.has(id) && (address === undefined || address === had.get(id));
    if (!isSame) changes.push({ id, wanted: { address }, had: had.has(id) ? { address: had.get(id) } : undefined });
  }
  for (const [id, address] of had) if (!wanted.has(id)) changes.push({ id, wanted: undefined, had: { address } });
  return changes;
}

/** An add-on without an id is the one that has its address already, where the file does not name that one otherwise. */
function withIds(
  addOns: readonly RecordedAddOn[],
  had: ReadonlyMap<AddOnId, Ipv4Address | undefined>,
): Map<AddOnId, Ipv4Address | undefined> {
  const wanted = new Map<AddOnId, Ipv4Address | undefined>();
  for (const { id, address } of addOns) if (id !== undefined) wanted.set(id, address);
  for (const one of addOns) {
    if (one.id !== undefined) continue;
    const holder = [...had].find(([id, address]) => address === one.address && !wanted.has(id))?.[0];
    wanted.set(holder ?? addOnIdOf(one), one.address);
  }
  return wanted;
}
