// The only door of the published language: billing systems, the server and the audit tools use exactly this.
export {
  catalogue,
  contractOf,
  type EventData,
  type EventType,
  eventTypes,
  mapChangingTypes,
  typesOfScope,
} from './catalogue.js';
export type { EventContract, EventMetadata, Scope, StoredEvent } from './contract.js';
export { decodeData, type DecodedEvent, decodeEvent, type LedgerEvent } from './decode.js';
export { type Currency, formatAmount, formatMoney, minorDigitsOf, parseCurrency } from './vocabulary/currency.js';
export { renumberingStates } from './vocabulary/fields.js';
export type { JournalLine, LineCause, ReconcileOutcome } from './journal/reconcile-finished.event.js';
export type {
  Attribution,
  Enrolment,
  MacPurpose,
  PoolPurpose,
  PrefixFact,
  RenumberingState,
  Severity,
} from './vocabulary/fields.js';
export {
  type AddOnId,
  type CustomerId,
  interfaceOf,
  parseAddOnId,
  type OrderId,
  parseCustomerId,
  parseOrderId,
  parsePoolId,
  parsePort,
  parseServerId,
  parseSwitchName,
  parseVlan,
  type PoolId,
  type PortId,
  type ServerId,
  type SwitchName,
  switchOf,
  type Vlan,
} from './vocabulary/identity.js';
export { formatInstant, parseInstant } from './vocabulary/instant.js';
export {
  formatIpv4,
  formatIpv6,
  type IpAddress,
  type Ipv4Address,
  type Ipv6Address,
  ipv4Number,
  type Ipv6Words,
  isLinkLocal,
  linkLocalOf,
  parseAnyIpv6,
  parseIp,
  parseIpv4,
  parseIpv6,
  wordsOf,
} from './vocabulary/ip-address.js';
export { formatMac, type MacAddress, macBytes, macNumber, parseAnyMac, parseMac } from './vocabulary/mac-address.js';
export {
  type AnyPrefix,
  anyPrefixContains,
  formatPrefix,
  type Ipv4Prefix,
  type Ipv6Prefix,
  ipv4Range,
  isPrivateIpv4,
  overlapsIpv4,
  parseAnyPrefix,
  parseDelegatedPrefix,
  parseIpv4Prefix,
  parseIpv6Prefix,
  prefixBits,
  prefixContains,
  delegatedLength,
  usualDelegatedLength,
} from './vocabulary/prefix.js';
export type { ExceptionGranted } from './security/exception-granted.event.js';
export type { ViolationMuted } from './security/violation-muted.event.js';
export type { ViolationDetected } from './security/violation-detected.event.js';
export type { AddressPoolAdded } from './network/address-pool-added.event.js';
export type { GatewayDeclared } from './network/gateway-declared.event.js';
