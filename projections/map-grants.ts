import { parseIpv4, type ServerId } from '../events/index.js';
import { type AssignmentRow, isAlive } from './assignments.projection.js';
import type { Binding } from './binding.js';
import { exceptionGrants, Exceptions } from './exception-grants.js';
import { type Ended, formerAddressesOf, formerMacsOf } from './formers.js';
import { netbootOf, type NetbootPrefixes, netbootVlanOf, noNetboot } from './netboot.js';
import type { NetworkMap } from './network-map.js';
import type { Expected, Former, Grants } from './rules/rule.js';

/** Answers kept for each kind of question: rules ask the same of every frame of a port. */
const keptAnswers = 4_096;

/**
 * The map as rules may see it, for as long as the map stays as it is: make another one when it has moved on.
 * A claim that holds is its server's, also while the server is suspended, or waits for its MAC or VLAN; a server
 * removed or not added yet owns nothing.
 * @param ordinal of the last event folded into the map; -1 for an empty one
 * @param netboot what machines without a sold IPv4 address are started from
 */
export function mapGrants(map: NetworkMap, ordinal: number, netboot = noNetboot): Grants {
  const isSold = (binding: Binding): boolean => {
    const row = map.assignments.get(binding.serverId);
    return row !== undefined && isAlive(row);
  };
  const soldOnes = (bindings: readonly Binding[]): Expected[] => bindings.filter(isSold).map(expectedOf);
  const sold = (binding: Binding | undefined): Expected | undefined =>
    binding === undefined || !isSold(binding) ? undefined : expectedOf(binding);
  const onVlans = remembered((switchName: string) =>
    remembered((vlan: number) => sold(map.holderOfVlan(switchName, vlan))),
  );
  const exceptions = once(() => exceptionsOf(map));
  const grants: Grants = {
    ordinal,
    ownerOfAddress: remembered((address) => sold(map.holderOfAddress(address) ?? startedWith(map, netboot, address))),
    ownersOfMac: remembered((mac) => soldOnes(map.bindingsOfMac(mac))),
    expectedOn: (switchName, vlan) => onVlans(switchName)(vlan),
    expectedOnPort: remembered((port) => soldOnes(map.bindingsOnPort(port))),
    isGatewayAddress: (switchName, vlan, address) =>
      map.gatewayOf(switchName, vlan)?.addresses.some((one) => one === address) ?? false,
    isGatewayMac: (switchName, vlan, mac) => map.gatewayOf(switchName, vlan)?.macs.some((one) => one === mac) ?? false,
    formerOwnersOfMac: remembered((mac) => formersOf(map, mac, formerMacsOf)),
    formerOwnersOfAddress: remembered((address) => formersOf(map, address, formerAddressesOf)),
    linkOf: (port) => {
      const row = map.links.get(port);
      return row === undefined ? { link: 'unknown' } : { link: row.up ? 'up' : 'down', since: row.time };
    },
    exceptionFor: (rule, observation) => exceptions().fitting(rule, observation, grants),
  };
  return grants;
}

/** Who is started with this address; a sold one is its buyer's. */
function startedWith(map: NetworkMap, netboot: NetbootPrefixes, text: string): Binding | undefined {
  const address = parseIpv4(text);
  if (address === undefined) return undefined;
  for (const [switchName, prefix] of netboot) {
    const vlan = netbootVlanOf(prefix, address);
    const holder = vlan === undefined ? undefined : map.holderOfVlan(switchName, vlan);
    if (holder !== undefined && netbootOf(prefix, holder) !== undefined) return holder;
  }
  return undefined;
}

function exceptionsOf(map: NetworkMap): Exceptions {
  const exceptions = new Exceptions();
  for (const row of map.exceptions.values()) {
    const granted = exceptionGrants(row);
    if (granted !== undefined) exceptions.put(granted);
  }
  return exceptions;
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}

function remembered<Question, Answer>(ask: (question: Question) => Answer): (question: Question) => Answer {
  const answers = new Map<Question, { readonly answer: Answer }>();
  return (question) => {
    const known = answers.get(question);
    if (known !== undefined) return known.answer;
    if (answers.size >= keptAnswers) answers.clear();
    const answer = ask(question);
    answers.set(question, { answer });
    return answer;
  };
}

function expectedOf({
  serverId,
  customerId,
  switch: switchName,
  port,
  vlan,
  mac,
  otherMacs,
  state,
}: Binding): Expected {
  return { serverId, customerId, switch: switchName, port, vlan, mac, otherMacs, suspended: state === 'suspended' };
}

/** Who had it and has it no more, the latest ended first. */
function formersOf(
  map: NetworkMap,
  key: string,
  endedOf: (row: AssignmentRow) => readonly Ended<string>[],
): readonly Former[] {
  const formers = map.rowsOnceNamed(key).flatMap((row): Former[] => {
    const ended = endedOf(row).find(({ value }) => value === key);
    const binding = isAlive(row) ? map.binding(row.serverId) : undefined;
    const server = binding === undefined ? nobodyNow(row.serverId) : expectedOf(binding);
    return ended === undefined ? [] : [{ server, alive: binding !== undefined, endedAt: ended.endedAt }];
  });
  // Those that ended at once keep the order of their ids.
  return formers.sort((a, b) => b.endedAt - a.endedAt);
}

/** A server that is not sold: what it had stands in its former grants. */
function nobodyNow(serverId: ServerId): Expected {
  const nothing = { customerId: undefined, switch: undefined, port: undefined, vlan: undefined, mac: undefined };
  return { serverId, ...nothing, otherMacs: [], suspended: false };
}
