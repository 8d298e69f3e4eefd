import {
  isLinkLocal,
  type LedgerEvent,
  linkLocalOf,
  type Ipv6Prefix,
  prefixBits,
  prefixContains,
  type ViolationDetected,
} from '../../events/index.js';
import type { Subject } from './subject.js';

/**
 * True for an event that names the subject: only servers, gateways and ports with such an event can ever have had it.
 * Says nothing about whether the event counts.
 */
export function mentions(event: LedgerEvent, subject: Subject): boolean {
  switch (subject.kind) {
    case 'ip':
      return mentionsAddress(event, subject.address);
    case 'prefix':
      return event.type === 'Ipv6PrefixAssigned' && overlap(event.data.prefix, subject.prefix);
    case 'mac':
      return macsIn(event).includes(subject.mac);
    case 'port':
      return 'port' in event.data && event.data.port === subject.port && event.type !== 'ViolationDetected';
    case 'server':
      return 'serverId' in event.data && event.data.serverId === subject.serverId;
  }
}

/** True for a violation whose frame claimed the subject, came from it, or wronged it. */
export function violationConcerns(violation: ViolationDetected, subject: Subject): boolean {
  const { claimedAddress } = violation;
  switch (subject.kind) {
    case 'ip':
      return claimedAddress === subject.address;
    case 'prefix':
      return claimedAddress !== undefined && prefixContains(subject.prefix, claimedAddress);
    case 'mac':
      return violation.claimedMac === subject.mac || violation.etherSource === subject.mac;
    case 'port':
      return violation.port === subject.port;
    case 'server':
      return violation.victimServerId === subject.serverId || violation.offenderServerId === subject.serverId;
  }
}

/** True when two prefixes share an address, which is when one contains the other. */
export function overlap(a: Ipv6Prefix, b: Ipv6Prefix): boolean {
  const [wider, narrower] = prefixBits(a).length <= prefixBits(b).length ? [a, b] : [b, a];
  return prefixContains(wider, narrower.slice(0, narrower.indexOf('/')));
}

function mentionsAddress(event: LedgerEvent, address: string): boolean {
  if (event.type === 'Ipv4AddOnBought') return event.data.address === address;
  if (event.type === 'Ipv6PrefixAssigned') return prefixContains(event.data.prefix, address);
  if (event.type === 'GatewayDeclared') return event.data.addresses.some((one) => one === address);
  return isLinkLocal(address) && mentionsLinkLocal(event, address);
}

/** A server says its link-local itself, or by its MAC. */
function mentionsLinkLocal(event: LedgerEvent, address: string): boolean {
  if (event.type === 'ServerNicReplaced') return linkLocalOf(event.data.mac) === address;
  if (event.type !== 'ServerAdded' && event.type !== 'ServerRecordCorrected') return false;
  const { mac, linkLocal } = event.data;
  return linkLocal === address || (mac !== undefined && linkLocalOf(mac) === address);
}

function macsIn(event: LedgerEvent): readonly string[] {
  if (event.type === 'GatewayDeclared') return event.data.macs;
  return 'mac' in event.data && event.data.mac !== undefined ? [event.data.mac] : [];
}
