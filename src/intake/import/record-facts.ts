import type { BillingFact } from './billing-fact.js';
import { addOnIdOf, type ServerRecord } from './server-record.js';

/** The facts that sell a server as it is recorded: the server first, then what it was sold. */
export function factsOf(record: ServerRecord, time: number): BillingFact[] {
  const { serverId, customerId, port, vlan, mac, linkLocal, prefixes = [], addOns = [] } = record;
  return [
    { type: 'ServerAdded', data: { serverId, customerId, port, vlan, ...said({ mac, linkLocal }) }, time },
    ...prefixes.map((prefix): BillingFact => ({ type: 'Ipv6PrefixAssigned', data: { serverId, prefix }, time })),
    ...addOns.map((one): BillingFact => {
      const data = { serverId, addOnId: addOnIdOf(one), ...said({ address: one.address }) };
      return { type: 'Ipv4AddOnBought', data, time };
    }),
  ];
}

/** The fields that are said; one that is not is absent. */
export function said<Fields extends object>(fields: Fields): { [Name in keyof Fields]?: NonNullable<Fields[Name]> } {
  const pairs = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(pairs) as { [Name in keyof Fields]?: NonNullable<Fields[Name]> };
}
