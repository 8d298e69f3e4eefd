// The only door of the projections: pure folds and the questions asked of them.
export { type AddressPair, addressPairOf, type PairingPolicy } from './address-pair.js';
export {
  keysContaining,
  keysOfAddressesIn,
  keysOverlapping,
  type PrefixKeys,
  prefixLengths,
} from './address-history-prefixes.js';
export { hourOf, keysOfTimes, timeBlock, timeKeysOf } from './address-history-times.js';
export { addressHistoryVersion, historyKeys, type Posting, postingsOf } from './address-history.projection.js';
export { addOnAddresses, addressOf, unallocatedAddOns } from './add-on-addresses.js';
export {
  type AllocatedPrefix,
  type GrantedPrefix,
  grantedPrefixes,
  type PrefixOrder,
  prefixOfOrder,
  unallocatedOrders,
} from './granted-prefixes.js';
export { AddressKind } from './allocation/address-kind.js';
export { addressOrdersOf } from './allocation/address-orders.js';
export { AllocationBook } from './allocation/allocation-book.js';
export { type Asking, type Chosen, holderOfCustomer, type Kind, type OpenRange } from './allocation/kind.js';
export {
  type AddressOrder,
  type AllocationOrder,
  type CustomerPrefixOrder,
  holderOf,
  nameOf,
  type ServerPrefixOrder,
  streamOf,
} from './allocation/allocation-order.js';
export {
  countedLength,
  CustomerPrefixKind,
  type OpenCustomerPool,
  type ServedCustomer,
} from './allocation/customer-prefix-kind.js';
export { customerPrefixOrdersOf } from './allocation/customer-prefix-orders.js';
export { customerPrefixes, isWaitingAt, prefixesAt, prefixesInLine } from './customer-prefixes.js';
export { type OpenPrefixes, PrefixKind } from './allocation/prefix-kind.js';
export { prefixOrdersOf } from './allocation/prefix-orders.js';
export type { RangeUse } from './allocation/range-use.js';
export type { DelegationRow } from './delegations.projection.js';
export type { AssignmentRow } from './assignments.projection.js';
export type { Binding, Conflict, ServerState, SoldAddress, SoldPrefix } from './binding.js';
export { type DesiredDhcp, desiredDhcp } from './desired-dhcp.js';
export { netbootNetwork, type NetbootNetwork, type NetbootPrefixes, noNetboot } from './netboot.js';
export { type DesiredRa, desiredRa } from './desired-ra.js';
export { type DesiredPortGuard, desiredGuard } from './desired-guard.js';
export {
  type DesiredNeighbour,
  type DesiredRoute,
  type DesiredState,
  desiredState,
  type GatewayView,
  whyNothing,
  type Withheld,
} from './desired-state.js';
export { type Effect, effectOf, type FactEffect } from './effect.js';
export { type ExceptionGrants, exceptionGrants, Exceptions } from './exception-grants.js';
export { type ExceptionRow, longestExceptionMs } from './exceptions.projection.js';
export { bytesOfImage, type FoldImage } from './fold-image.js';
export { type ChangedRow, GrantChanges } from './grant-changes.js';
export { endedPrefixesOf, formerAddressesOf, formerMacsOf } from './formers.js';
export type { FrozenStream } from './frozen-streams.js';
export { type FoldOptions, LogFold } from './log-fold.js';
export { macOf, otherMacsOf } from './macs.js';
export { mapGrants } from './map-grants.js';
export { grantLines, mapHash } from './map-hash.js';
export { type Correction, corrections } from './money/corrections.js';
export { type Invoice, type InvoiceLine, Invoices, type Unbilled } from './money/invoice.js';
export { type Month, monthsUpTo, parseMonth } from './money/month.js';
export { RateCard } from './money/rate-card.js';
export { knownBy, SaleFacts } from './money/sale-facts.js';
export type { SalePeriod, Turn } from './money/sale-periods.js';
export { familiesOf, type Families, soldFamilies } from './money/sold-families.js';
export { type Gateway, type MapChanged, NetworkMap } from './network-map.js';
export type { FrameKind, Observation, ObservationKind, PortTraffic } from './observation.js';
export { grown } from './packing/grown.js';
export { hashOfText } from './packing/hashes.js';
export { SlotSets } from './packing/slot-sets.js';
export { portIsFact } from './rules/attribution.js';
export {
  allFindings,
  type ExceptionHit,
  type Findings,
  type PrimaryFinding,
  primaryFinding,
  ruleMemories,
  rules,
} from './rules/index.js';
export { type HeardAtHome, RuleMemories, type RuleMemory, type Trace } from './rules/rule-memory.js';
export type { Expected, Finding, Former, Grants, LinkState, Rule } from './rules/rule.js';
export {
  type FormerGrant,
  type GatewayGrants,
  gatewayGrants,
  type GrantRecords,
  type LinkGrants,
  linkGrants,
  nothingGranted,
  type ServerGrants,
  serverGrants,
} from './server-grants.js';
export { type ConfiguredSurvey, isInSurvey } from './site-survey.js';
export {
  awaitedOf,
  backStep,
  type BillingAsk,
  nextStep,
  type PrefixWatch,
  quietAt,
  renumberingState,
  type RenumberingStep,
  type RenumberingWorld,
} from './renumbering.js';
export {
  isEnded,
  type RenumberingCell,
  type RenumberingOrder,
  renumberingOrders,
  renumberingTable,
  type RenumberingWord,
  renumberingWords,
} from './renumbering-table.js';
export type { RenumberingRow } from './renumberings.projection.js';
export { type Claim, prefixWith, type RenumberedPrefix, RenumberedPrefixes } from './renumbered-prefixes.js';
export type { SurveyRow } from './surveys.projection.js';
export { type SoldPort, soldPorts } from './sold-ports.js';
export { endOf, isInScope, isMuting, type Mutable, Mutes, type MuteScope, muteScopeOf } from './mutes.js';
export { longestMuteMs, type MuteRow } from './mutes.projection.js';
export {
  isOpen,
  type TriageAct,
  triageActs,
  type TriageCell,
  type TriageState,
  triageStates,
  triageTable,
} from './triage.js';
export { longestHistory, type TriageEntry } from './triage-history.js';
export { type ViolationRow, violations } from './violations.projection.js';
export { type Day, dayOf, hourMs, sumOfDays } from './violation-hours.js';
export { type Containment, containmentOf } from './containment.js';
export { type Reasoned, reasonedRules, reasonOf } from './violation-reason.js';
export {
  askForSilence,
  type PortActivity,
  type SilentServer,
  silentPaidServer,
  silentPaidServers,
} from './rules/silent-paid-server.query.js';
export * as thresholds from './rules/thresholds.js';
export { Trial } from './trial.js';
