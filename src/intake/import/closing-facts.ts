import type { BillingFact } from './billing-fact.js';
import { addOnChanges, type Difference, type KnownServer, prefixChanges } from './differences.js';
import { factsOf, said } from './record-facts.js';

type Missing = Extract<Difference, { kind: 'missing' }>;
type Different = Extract<Difference, { kind: 'different' }>;

const reason = 'held against the file of billing';

/**
 * The facts after which the map says what the file says.
 * @param time later than whatever the engine was told of these servers, ms since 1970
 * @param found of a missing server: what the map has of it although it is not sold
 */
export function closingFacts(difference: Difference, time: number, found: KnownServer | undefined): BillingFact[] {
  const { serverId } = difference;
  switch (difference.kind) {
    case 'extra':
      return [{ type: 'ServerRemoved', data: { serverId, reason }, time }];
    case 'missing':
      return ofMissing(difference, time, found);
    case 'different':
      return ofDifferent(difference, time);
  }
}

/** What is known of a server that is not sold would come back with it: it is removed first, and then starts anew. */
function ofMissing({ serverId, record }: Missing, time: number, found: KnownServer | undefined): BillingFact[] {
  if (found === undefined) return factsOf(record, Math.min(record.since ?? time, time));
  return [{ type: 'ServerRemoved', data: { serverId, reason }, time: time - 1 }, ...factsOf(record, time)];
}

function ofDifferent({ serverId, record, known, fields }: Different, time: number): BillingFact[] {
  const { customerId, port, vlan, mac, linkLocal } = record;
  const differs = new Set(fields.map(({ field }) => field));
  const facts: BillingFact[] = [];
  if (differs.has('customer')) facts.push({ type: 'ServerTransferred', data: { serverId, customerId }, time });
  if (differs.has('port') || differs.has('vlan'))
    facts.push({ type: 'ServerMoved', data: { serverId, port, vlan }, time });
  if (differs.has('mac') && mac !== undefined) facts.push({ type: 'ServerNicReplaced', data: { serverId, mac }, time });
  if (linkLocal !== undefined && (differs.has('link-local') || differs.has('mac')))
    facts.push({ type: 'ServerRecordCorrected', data: { serverId, linkLocal, reason }, time });
  return [...facts, ...ofPrefixes(record, known, time), ...ofAddOns(record, known, time)];
}

function ofPrefixes(record: Different['record'], known: KnownServer, time: number): BillingFact[] {
  const { serverId } = record;
  const { assigned, released } = prefixChanges(record, known);
  return [
    ...released.map((prefix): BillingFact => ({ type: 'Ipv6PrefixReleased', data: { serverId, prefix }, time })),
    ...assigned.map((prefix): BillingFact => ({ type: 'Ipv6PrefixAssigned', data: { serverId, prefix }, time })),
  ];
}

function ofAddOns(record: Different['record'], known: KnownServer, time: number): BillingFact[] {
  const { serverId } = record;
  return addOnChanges(record, known).map(({ id: addOnId, wanted }): BillingFact => {
    if (wanted === undefined) return { type: 'Ipv4AddOnCancelled', data: { serverId, addOnId }, time };
    return { type: 'Ipv4AddOnBought', data: { serverId, addOnId, ...said({ address: wanted.address }) }, time };
  });
}

const letsGo = new Set(['ServerRemoved', 'Ipv6PrefixReleased', 'Ipv4AddOnCancelled']);

/** What lets go of something first, so that whoever gets it need not wait; the order of one server's facts stays. */
export function inOrder(facts: readonly BillingFact[]): BillingFact[] {
  return [...facts.filter(({ type }) => letsGo.has(type)), ...facts.filter(({ type }) => !letsGo.has(type))];
}
