import {
  catalogue,
  type EventType,
  eventTypes,
  type Ipv6Prefix,
  type Ipv6Words,
  isLinkLocal,
  type LedgerEvent,
  linkLocalOf,
  prefixBits,
  type ViolationDetected,
  wordsOf,
} from '../../events/index.js';
import type { Subject } from './subject.js';

const namingTypes: Readonly<Record<Subject['kind'], ReadonlySet<string>>> = {
  ip: new Set<EventType>([
    'Ipv4AddOnBought',
    'Ipv4AddressAllocated',
    'Ipv6PrefixAssigned',
    'Ipv6PrefixAllocated',
    'CustomerPrefixDelegated',
    'CustomerPrefixAllocated',
    'GatewayDeclared',
    'ServerAdded',
    'ServerNicReplaced',
    'ServerRecordCorrected',
    'ServerMacEnrolled',
  ]),
  prefix: new Set<EventType>([
    'Ipv6PrefixAssigned',
    'Ipv6PrefixAllocated',
    'CustomerPrefixDelegated',
    'CustomerPrefixAllocated',
  ]),
  mac: new Set<EventType>([
    'ServerAdded',
    'ServerNicReplaced',
    'ServerRecordCorrected',
    'ServerMacAdded',
    'ServerMacRemoved',
    'ServerMacEnrolled',
    'MacSeen',
    'GatewayDeclared',
  ]),
  port: new Set<EventType>(['ServerAdded', 'ServerMoved', 'ServerRecordCorrected', 'LinkUp', 'LinkDown', 'MacSeen']),
  server: new Set<EventType>([
    ...eventTypes.filter((type) => catalogue[type].scope === 'publisher'),
    'ServerMacEnrolled',
    'Ipv4AddressAllocated',
    'Ipv6PrefixAllocated',
  ]),
};

const prefixTypes: ReadonlySet<string> = new Set<EventType>(['Ipv6PrefixAssigned', 'Ipv6PrefixAllocated']);

/** True for an event that gives a server a prefix: by name, or for an order. */
export function givesPrefix(
  event: LedgerEvent,
): event is Extract<LedgerEvent, { type: 'Ipv6PrefixAssigned' | 'Ipv6PrefixAllocated' }> {
  return prefixTypes.has(event.type);
}

const delegatingTypes: ReadonlySet<string> = new Set<EventType>(['CustomerPrefixDelegated', 'CustomerPrefixAllocated']);

/** True for an event that gives a customer a prefix: by name, or for an order. */
export function delegatesPrefix(
  event: LedgerEvent,
): event is Extract<LedgerEvent, { type: 'CustomerPrefixDelegated' | 'CustomerPrefixAllocated' }> {
  return delegatingTypes.has(event.type);
}

/** False for most events that cannot name the subject, by their type alone; a type's name never changes. */
export function mayMention(type: string, subject: Subject): boolean {
  if (subject.kind !== 'ip' || isLinkLocal(subject.address)) return namingTypes[subject.kind].has(type);
  if (type === 'GatewayDeclared') return true;
  if (subject.address.includes(':')) return prefixTypes.has(type) || delegatingTypes.has(type);
  return type === 'Ipv4AddOnBought' || type === 'Ipv4AddressAllocated';
}

/**
 * True for an event that names the subject: only servers, customers, gateways and ports with such an event can ever have had it.
 * Says nothing about whether the event counts.
 */
export function mentions(event: LedgerEvent, subject: Subject): boolean {
  switch (subject.kind) {
    case 'ip':
      return mentionsAddress(event, subject.address);
    case 'prefix':
      return (givesPrefix(event) || delegatesPrefix(event)) && overlap(event.data.prefix, subject.prefix);
    case 'mac':
      return macsIn(event).includes(subject.mac);
    case 'port':
      return 'port' in event.data && event.data.port === subject.port && event.type !== 'ViolationDetected';
    case 'server':
      return 'serverId' in event.data && event.data.serverId === subject.serverId;
  }
}

/** True for a violation whose frame claimed the subject, came from it, or wronged it. */
export function violationConcerns(violation: Omit<ViolationDetected, 'basis'>, subject: Subject): boolean {
  const { claimedAddress } = violation;
  switch (subject.kind) {
    case 'ip':
      return claimedAddress === subject.address;
    case 'prefix':
      return claimedAddress !== undefined && covers(subject.prefix, claimedAddress);
    case 'mac':
      return violation.claimedMac === subject.mac || violation.etherSource === subject.mac;
    case 'port':
      return violation.port === subject.port;
    case 'server':
      return violation.victimServerId === subject.serverId || violation.offenderServerId === subject.serverId;
  }
}

/** Of an address or a prefix: whether this one has to do with it. Of a server, a port, a MAC: always. */
export function isAbout(prefix: Ipv6Prefix, subject: Subject): boolean {
  if (subject.kind === 'ip') return covers(prefix, subject.address);
  return subject.kind === 'prefix' ? overlap(prefix, subject.prefix) : true;
}

/** True when two prefixes share an address, which is when one contains the other. */
export function overlap(a: Ipv6Prefix, b: Ipv6Prefix): boolean {
  const [first, second] = [prefixBits(a), prefixBits(b)];
  return startsAlike(first.words, second.words, Math.min(first.length, second.length));
}

/** True when the address, IPv4 or IPv6, lies inside the prefix; asked of every prefix of a log, so it parses no more than it must. */
export function covers(prefix: Ipv6Prefix, address: string): boolean {
  if (!address.includes(':')) return false;
  const { words, length } = prefixBits(prefix);
  return startsAlike(words, wordsOf(address), length);
}

function startsAlike(a: Ipv6Words, b: Ipv6Words, bits: number): boolean {
  for (let index = 0; index * 32 < bits; index++) {
    const spare = Math.max(0, 32 - (bits - index * 32));
    if (((a[index] ?? 0) ^ (b[index] ?? 0)) >>> spare !== 0) return false;
  }
  return true;
}

function mentionsAddress(event: LedgerEvent, address: string): boolean {
  if (event.type === 'Ipv4AddOnBought' || event.type === 'Ipv4AddressAllocated') return event.data.address === address;
  if (givesPrefix(event) || delegatesPrefix(event)) return covers(event.data.prefix, address);
  if (event.type === 'GatewayDeclared') return event.data.addresses.some((one) => one === address);
  return isLinkLocal(address) && mentionsLinkLocal(event, address);
}

/** A server says its link-local itself, or by its MAC. */
function mentionsLinkLocal(event: LedgerEvent, address: string): boolean {
  if (event.type === 'ServerNicReplaced' || event.type === 'ServerMacEnrolled')
    return linkLocalOf(event.data.mac) === address;
  if (event.type !== 'ServerAdded' && event.type !== 'ServerRecordCorrected') return false;
  const { mac, linkLocal } = event.data;
  return linkLocal === address || (mac !== undefined && linkLocalOf(mac) === address);
}

function macsIn(event: LedgerEvent): readonly string[] {
  if (event.type === 'GatewayDeclared') return event.data.macs;
  return 'mac' in event.data && event.data.mac !== undefined ? [event.data.mac] : [];
}
