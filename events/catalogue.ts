import { addOnRateSet } from './billing/add-on-rate-set.event.js';
import { containmentRefused } from './billing/containment-refused.event.js';
import { customerPrefixAllocated } from './billing/customer-prefix-allocated.event.js';
import { customerPrefixDelegated } from './billing/customer-prefix-delegated.event.js';
import { customerPrefixOrderCancelled } from './billing/customer-prefix-order-cancelled.event.js';
import { customerPrefixOrdered } from './billing/customer-prefix-ordered.event.js';
import { customerPrefixWithdrawn } from './billing/customer-prefix-withdrawn.event.js';
import { ipv4AddOnBought } from './billing/ipv4-add-on-bought.event.js';
import { ipv4AddOnCancelled } from './billing/ipv4-add-on-cancelled.event.js';
import { ipv4AddressAllocated } from './billing/ipv4-address-allocated.event.js';
import { ipv6PrefixAssigned } from './billing/ipv6-prefix-assigned.event.js';
import { ipv6PrefixAllocated } from './billing/ipv6-prefix-allocated.event.js';
import { ipv6PrefixOrderCancelled } from './billing/ipv6-prefix-order-cancelled.event.js';
import { ipv6PrefixOrdered } from './billing/ipv6-prefix-ordered.event.js';
import { ipv6PrefixReleased } from './billing/ipv6-prefix-released.event.js';
import { serverAdded } from './billing/server-added.event.js';
import { serverMacAdded } from './billing/server-mac-added.event.js';
import { serverMacEnrolled } from './billing/server-mac-enrolled.event.js';
import { serverMacRemoved } from './billing/server-mac-removed.event.js';
import { serverMoved } from './billing/server-moved.event.js';
import { serverNicReplaced } from './billing/server-nic-replaced.event.js';
import { serverRecordCorrected } from './billing/server-record-corrected.event.js';
import { serverRemoved } from './billing/server-removed.event.js';
import { serverResumed } from './billing/server-resumed.event.js';
import { serverSuspended } from './billing/server-suspended.event.js';
import { serverTransferred } from './billing/server-transferred.event.js';
import type { EventContract, Scope } from './contract.js';
import { alertDelivered } from './journal/alert-delivered.event.js';
import { alertGivenUp } from './journal/alert-given-up.event.js';
import { alertsBundled } from './journal/alerts-bundled.event.js';
import { alertsPassed } from './journal/alerts-passed.event.js';
import { dayReportMailed } from './journal/day-report-mailed.event.js';
import { destinationAdded } from './journal/destination-added.event.js';
import { destinationDisabled } from './journal/destination-disabled.event.js';
import { destinationEnabled } from './journal/destination-enabled.event.js';
import { deviceFrozen } from './journal/device-frozen.event.js';
import { deviceResumed } from './journal/device-resumed.event.js';
import { entryAdopted } from './journal/entry-adopted.event.js';
import { eventSkipped } from './journal/event-skipped.event.js';
import { moveFinished } from './journal/move-finished.event.js';
import { reconcileFinished } from './journal/reconcile-finished.event.js';
import { reconcileStarted } from './journal/reconcile-started.event.js';
import { addressPoolAdded } from './network/address-pool-added.event.js';
import { addressPoolRetired } from './network/address-pool-retired.event.js';
import { gatewayDeclared } from './network/gateway-declared.event.js';
import { gatewayRetired } from './network/gateway-retired.event.js';
import { linkDown } from './network/link-down.event.js';
import { linkUp } from './network/link-up.event.js';
import { macSeen } from './network/mac-seen.event.js';
import { renumberingAdvanced } from './network/renumbering-advanced.event.js';
import { renumberingProgressed } from './network/renumbering-progressed.event.js';
import { renumberingStarted } from './network/renumbering-started.event.js';
import { renumberingTakenBack } from './network/renumbering-taken-back.event.js';
import { auditRead } from './security/audit-read.event.js';
import { containmentRequested } from './security/containment-requested.event.js';
import { evidenceKept } from './security/evidence-kept.event.js';
import { exceptionEnded } from './security/exception-ended.event.js';
import { exceptionGranted } from './security/exception-granted.event.js';
import { sensorLagging } from './security/sensor-lagging.event.js';
import { sensorSilent } from './security/sensor-silent.event.js';
import { sensorStarted } from './security/sensor-started.event.js';
import { sessionEnded } from './security/session-ended.event.js';
import { signInRefused } from './security/sign-in-refused.event.js';
import { signedIn } from './security/signed-in.event.js';
import { siteSurveyEnded } from './security/site-survey-ended.event.js';
import { siteSurveyStarted } from './security/site-survey-started.event.js';
import { tokenChanged } from './security/token-changed.event.js';
import { tokenRefused } from './security/token-refused.event.js';
import { userChanged } from './security/user-changed.event.js';
import { violationAcknowledged } from './security/violation-acknowledged.event.js';
import { violationCommented } from './security/violation-commented.event.js';
import { violationDetected } from './security/violation-detected.event.js';
import { violationExonerated } from './security/violation-exonerated.event.js';
import { violationMarkedFalsePositive } from './security/violation-marked-false-positive.event.js';
import { violationMuteEnded } from './security/violation-mute-ended.event.js';
import { violationMuted } from './security/violation-muted.event.js';
import { violationQuiet } from './security/violation-quiet.event.js';
import { violationRepeated } from './security/violation-repeated.event.js';
import { violationResolved } from './security/violation-resolved.event.js';
import { violationTicketLinked } from './security/violation-ticket-linked.event.js';

/** Every event type of the published language, in the order of the documentation. */
export const catalogue = {
  ServerAdded: serverAdded,
  ServerMoved: serverMoved,
  ServerNicReplaced: serverNicReplaced,
  ServerTransferred: serverTransferred,
  ServerSuspended: serverSuspended,
  ServerResumed: serverResumed,
  ServerRemoved: serverRemoved,
  ServerRecordCorrected: serverRecordCorrected,
  ServerMacAdded: serverMacAdded,
  ServerMacRemoved: serverMacRemoved,
  ServerMacEnrolled: serverMacEnrolled,
  Ipv6PrefixAssigned: ipv6PrefixAssigned,
  Ipv6PrefixReleased: ipv6PrefixReleased,
  Ipv4AddOnBought: ipv4AddOnBought,
  Ipv4AddOnCancelled: ipv4AddOnCancelled,
  Ipv4AddressAllocated: ipv4AddressAllocated,
  Ipv6PrefixOrdered: ipv6PrefixOrdered,
  Ipv6PrefixOrderCancelled: ipv6PrefixOrderCancelled,
  Ipv6PrefixAllocated: ipv6PrefixAllocated,
  AddOnRateSet: addOnRateSet,
  CustomerPrefixDelegated: customerPrefixDelegated,
  CustomerPrefixWithdrawn: customerPrefixWithdrawn,
  CustomerPrefixOrdered: customerPrefixOrdered,
  CustomerPrefixOrderCancelled: customerPrefixOrderCancelled,
  CustomerPrefixAllocated: customerPrefixAllocated,
  ContainmentRefused: containmentRefused,
  GatewayDeclared: gatewayDeclared,
  GatewayRetired: gatewayRetired,
  AddressPoolAdded: addressPoolAdded,
  AddressPoolRetired: addressPoolRetired,
  LinkUp: linkUp,
  LinkDown: linkDown,
  MacSeen: macSeen,
  RenumberingStarted: renumberingStarted,
  RenumberingAdvanced: renumberingAdvanced,
  RenumberingTakenBack: renumberingTakenBack,
  RenumberingProgressed: renumberingProgressed,
  ViolationDetected: violationDetected,
  ViolationRepeated: violationRepeated,
  ViolationExonerated: violationExonerated,
  EvidenceKept: evidenceKept,
  ViolationAcknowledged: violationAcknowledged,
  ViolationResolved: violationResolved,
  ViolationMarkedFalsePositive: violationMarkedFalsePositive,
  ViolationCommented: violationCommented,
  ViolationTicketLinked: violationTicketLinked,
  ViolationQuiet: violationQuiet,
  ContainmentRequested: containmentRequested,
  ViolationMuted: violationMuted,
  ViolationMuteEnded: violationMuteEnded,
  ExceptionGranted: exceptionGranted,
  ExceptionEnded: exceptionEnded,
  SensorStarted: sensorStarted,
  SensorSilent: sensorSilent,
  SensorLagging: sensorLagging,
  SiteSurveyStarted: siteSurveyStarted,
  SiteSurveyEnded: siteSurveyEnded,
  AuditRead: auditRead,
  SignedIn: signedIn,
  SignInRefused: signInRefused,
  TokenRefused: tokenRefused,
  SessionEnded: sessionEnded,
  UserChanged: userChanged,
  TokenChanged: tokenChanged,
  ReconcileStarted: reconcileStarted,
  ReconcileFinished: reconcileFinished,
  MoveFinished: moveFinished,
  DeviceFrozen: deviceFrozen,
  DeviceResumed: deviceResumed,
  EntryAdopted: entryAdopted,
  DestinationAdded: destinationAdded,
  DestinationDisabled: destinationDisabled,
  DestinationEnabled: destinationEnabled,
  AlertsBundled: alertsBundled,
  AlertDelivered: alertDelivered,
  AlertGivenUp: alertGivenUp,
  AlertsPassed: alertsPassed,
  DayReportMailed: dayReportMailed,
  EventSkipped: eventSkipped,
} as const;

export type EventType = keyof typeof catalogue;
/** The data of an event type, newest shape. */
export type EventData<Type extends EventType> = InstanceType<(typeof catalogue)[Type]['dataClass']>;

export const eventTypes = Object.keys(catalogue) as EventType[];

const contracts: ReadonlyMap<string, EventContract> = new Map(
  Object.entries(catalogue).map(([type, contract]) => [type, contract as EventContract]),
);

/** The contract of a type name, or undefined for a name the language does not know. */
export function contractOf(type: string): EventContract | undefined {
  return contracts.get(type);
}

/** The type names a scope may publish at intake. */
export function typesOfScope(scope: Scope): EventType[] {
  return eventTypes.filter((type) => catalogue[type].scope === scope);
}

/**
 * What operators tell the sensors, billing the security team, and billing itself of its prices: it changes what is reported,
 * never what is granted.
 */
const watchingTypes: readonly EventType[] = [
  'AddOnRateSet',
  'ExceptionGranted',
  'ExceptionEnded',
  'SiteSurveyStarted',
  'SiteSurveyEnded',
  'ContainmentRefused',
];

/** Where our own allocator takes addresses and prefixes from; what it took it says itself. */
const poolTypes: readonly EventType[] = [
  'AddressPoolAdded',
  'AddressPoolRetired',
  'CustomerPrefixDelegated',
  'CustomerPrefixWithdrawn',
  'CustomerPrefixOrdered',
  'CustomerPrefixOrderCancelled',
];

/** What others say that can change what a server is granted; a ServerMacEnrolled, an Ipv4AddressAllocated or an Ipv6PrefixAllocated of our own only completes it. */
export const mapChangingTypes = eventTypes.filter(
  (type) =>
    (catalogue[type].scope === 'publisher' || catalogue[type].scope === 'operator') &&
    !watchingTypes.includes(type) &&
    !poolTypes.includes(type),
);
