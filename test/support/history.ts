import {
  contractOf,
  type EventData,
  type EventMetadata,
  type EventType,
  formatInstant,
  type StoredEvent,
} from '../../events/index.js';
import { type FoldOptions, LogFold } from '../../projections/index.js';

/** When a fact became true: minutes after `epoch`, or an RFC 3339 instant. */
export type At = number | string;

/** One fact of a history; its place in the log is its place in the list. */
export interface Fact {
  readonly type: string;
  readonly data: object;
  readonly time: string;
  readonly stream: string;
}

/** Field values as plain text and numbers, the way a publisher writes them. */
type Plain<Value> = Value extends string
  ? string
  : Value extends number
    ? number
    : Value extends readonly (infer Item)[]
      ? readonly Plain<Item>[]
      : Value;
export type PlainData<Type extends EventType> = {
  readonly [Key in keyof EventData<Type>]: Plain<EventData<Type>[Key]>;
};

/** Minute 0 of every history. */
export const epoch = Date.parse('2026-01-01T00:00:00.000Z');

export function instantOf(at: At): string {
  return typeof at === 'string' ? at : formatInstant(epoch + at * 60_000);
}

/** A fact of any type, in the stream its contract names. */
export function fact<Type extends EventType>(type: Type, data: PlainData<Type>, at: At): Fact {
  const stream = contractOf(type)?.stream?.(data);
  if (stream === undefined) throw new Error(`${type} names no stream of its own: use its builder`);
  return { type, data, time: instantOf(at), stream };
}

type OfServer<Type extends EventType> = Omit<PlainData<Type>, 'serverId'>;
const ofServer =
  <Type extends EventType>(type: Type) =>
  (serverId: string, data: OfServer<Type>, at: At): Fact =>
    fact(type, { serverId, ...data } as unknown as PlainData<Type>, at);

export const serverAdded = ofServer('ServerAdded');
export const serverMoved = ofServer('ServerMoved');
export const serverNicReplaced = ofServer('ServerNicReplaced');
export const serverTransferred = ofServer('ServerTransferred');
export const serverSuspended = ofServer('ServerSuspended');
export const containmentRefused = ofServer('ContainmentRefused');
export const serverResumed = ofServer('ServerResumed');
export const serverRemoved = ofServer('ServerRemoved');
export const serverRecordCorrected = ofServer('ServerRecordCorrected');
export const serverMacAdded = ofServer('ServerMacAdded');
export const serverMacRemoved = ofServer('ServerMacRemoved');
/** Of our own enroller; tests say what it would. */
export const serverMacEnrolled = ofServer('ServerMacEnrolled');
export const ipv6PrefixAssigned = ofServer('Ipv6PrefixAssigned');
export const ipv6PrefixReleased = ofServer('Ipv6PrefixReleased');
export const ipv6PrefixOrdered = ofServer('Ipv6PrefixOrdered');
export const ipv6PrefixOrderCancelled = ofServer('Ipv6PrefixOrderCancelled');
/** Of our own allocator; tests say what it would. */
export const ipv6PrefixAllocated = ofServer('Ipv6PrefixAllocated');
export const ipv4AddOnBought = ofServer('Ipv4AddOnBought');
/** Of our own allocator; tests say what it would. */
export const ipv4AddressAllocated = ofServer('Ipv4AddressAllocated');
export const ipv4AddOnCancelled = ofServer('Ipv4AddOnCancelled');

export const addOnRateSet = (data: Omit<PlainData<'AddOnRateSet'>, 'product'>, at: At): Fact =>
  fact('AddOnRateSet', { product: 'ipv4', ...data }, at);

export const gatewayDeclared = (name: string, data: Omit<PlainData<'GatewayDeclared'>, 'switch'>, at: At): Fact =>
  fact('GatewayDeclared', { switch: name, ...data }, at);
export const gatewayRetired = (name: string, at: At): Fact => fact('GatewayRetired', { switch: name }, at);
export const addressPoolAdded = (poolId: string, data: Omit<PlainData<'AddressPoolAdded'>, 'poolId'>, at: At): Fact =>
  fact('AddressPoolAdded', { poolId, ...data }, at);
export const addressPoolRetired = (poolId: string, at: At): Fact => fact('AddressPoolRetired', { poolId }, at);
export const customerPrefixDelegated = (customerId: string, prefix: string, at: At): Fact =>
  fact('CustomerPrefixDelegated', { customerId, prefix }, at);
export const customerPrefixWithdrawn = (customerId: string, prefix: string, at: At): Fact =>
  fact('CustomerPrefixWithdrawn', { customerId, prefix }, at);
export const customerPrefixOrdered = (
  customerId: string,
  data: Omit<PlainData<'CustomerPrefixOrdered'>, 'customerId'>,
  at: At,
): Fact => fact('CustomerPrefixOrdered', { customerId, ...data }, at);
export const customerPrefixOrderCancelled = (customerId: string, orderId: string, at: At): Fact =>
  fact('CustomerPrefixOrderCancelled', { customerId, orderId }, at);
export const customerPrefixAllocated = (
  customerId: string,
  data: Omit<PlainData<'CustomerPrefixAllocated'>, 'customerId'>,
  at: At,
): Fact => fact('CustomerPrefixAllocated', { customerId, ...data }, at);
export const linkUp = (port: string, at: At): Fact => fact('LinkUp', { port }, at);
export const linkDown = (port: string, at: At): Fact => fact('LinkDown', { port }, at);
export const macSeen = (port: string, data: Omit<PlainData<'MacSeen'>, 'port'>, at: At): Fact =>
  fact('MacSeen', { port, ...data }, at);
export const violationDetected = (
  violationId: string,
  data: Omit<PlainData<'ViolationDetected'>, 'violationId'>,
  at: At,
): Fact => fact('ViolationDetected', { violationId, ...data }, at);
export const violationRepeated = (
  violationId: string,
  data: Omit<PlainData<'ViolationRepeated'>, 'violationId'>,
  at: At,
): Fact => fact('ViolationRepeated', { violationId, ...data }, at);
export const violationExonerated = (
  violationId: string,
  data: Omit<PlainData<'ViolationExonerated'>, 'violationId'>,
  at: At,
): Fact => fact('ViolationExonerated', { violationId, ...data }, at);
export const evidenceKept = (violationId: string, data: Omit<PlainData<'EvidenceKept'>, 'violationId'>, at: At): Fact =>
  fact('EvidenceKept', { violationId, ...data }, at);
type OfViolation<Type extends EventType> = Omit<PlainData<Type>, 'violationId'>;
const ofViolation =
  <Type extends EventType>(type: Type) =>
  (violationId: string, data: OfViolation<Type>, at: At): Fact =>
    fact(type, { violationId, ...data } as unknown as PlainData<Type>, at);
export const violationAcknowledged = ofViolation('ViolationAcknowledged');
export const violationResolved = ofViolation('ViolationResolved');
export const violationMarkedFalsePositive = ofViolation('ViolationMarkedFalsePositive');
export const violationCommented = ofViolation('ViolationCommented');
export const violationTicketLinked = ofViolation('ViolationTicketLinked');
export const violationQuiet = ofViolation('ViolationQuiet');
export const containmentRequested = ofViolation('ContainmentRequested');
export const violationMuted = (muteId: string, data: Omit<PlainData<'ViolationMuted'>, 'muteId'>, at: At): Fact =>
  fact('ViolationMuted', { muteId, ...data }, at);
export const violationMuteEnded = (
  muteId: string,
  data: Omit<PlainData<'ViolationMuteEnded'>, 'muteId'>,
  at: At,
): Fact => fact('ViolationMuteEnded', { muteId, ...data }, at);
export const exceptionGranted = (
  exceptionId: string,
  data: Omit<PlainData<'ExceptionGranted'>, 'exceptionId'>,
  at: At,
): Fact => fact('ExceptionGranted', { exceptionId, ...data }, at);
export const exceptionEnded = (exceptionId: string, at: At): Fact =>
  fact('ExceptionEnded', { exceptionId, reason: 'not needed any more' }, at);
export const siteSurveyStarted = (site: string, at: At): Fact =>
  fact('SiteSurveyStarted', { site, reason: 'first days' }, at);
export const siteSurveyEnded = (site: string, at: At): Fact =>
  fact('SiteSurveyEnded', { site, reason: 'all is settled' }, at);
export const sensorStarted = (sensor: string, at: At): Fact => fact('SensorStarted', { sensor }, at);
export const reconcileStarted = (device: string, data: Omit<PlainData<'ReconcileStarted'>, 'device'>, at: At): Fact =>
  fact('ReconcileStarted', { device, ...data }, at);
export const reconcileFinished = (device: string, data: Omit<PlainData<'ReconcileFinished'>, 'device'>, at: At): Fact =>
  fact('ReconcileFinished', { device, ...data }, at);
export const moveFinished = (device: string, data: Omit<PlainData<'MoveFinished'>, 'device'>, at: At): Fact =>
  fact('MoveFinished', { device, ...data }, at);
export const deviceFrozen = (device: string, reason: string, at: At): Fact =>
  fact('DeviceFrozen', { device, reason, by: 'tok1' }, at);
export const deviceResumed = (device: string, at: At): Fact => fact('DeviceResumed', { device, by: 'tok1' }, at);
export const entryAdopted = (device: string, line: string, at: At): Fact =>
  fact('EntryAdopted', { device, line, by: 'tok1' }, at);
export const alertDelivered = (
  destination: string,
  data: Omit<PlainData<'AlertDelivered'>, 'destination'>,
  at: At,
): Fact => fact('AlertDelivered', { destination, ...data }, at);
/** Skips the fact stored under this id in its frozen stream. */
export const eventSkipped = (stream: string, eventId: string, at: At): Fact => ({
  type: 'EventSkipped',
  data: { eventId, reason: 'the publisher sent it again, well-formed' },
  time: instantOf(at),
  stream,
});
/** A fact of a server that nobody can read: its data lacks everything. */
export const unreadable = (serverId: string, at: At): Fact => ({
  type: 'ServerMoved',
  data: { serverId },
  time: instantOf(at),
  stream: `server-${serverId}`,
});

/** The id of the event at this ordinal of a history made by `stored`. */
export function idAt(ordinal: number): string {
  return `00000000-0000-5000-8000-${ordinal.toString(16).padStart(12, '0')}`;
}

/** Facts as a store returns them, in the order given. Positions are not ordinals, so that nobody takes one for the other. */
export function stored(facts: readonly Fact[], firstOrdinal = 0): StoredEvent[] {
  const revisions = new Map<string, number>();
  return facts.map(({ type, data, time, stream }, index) => {
    const ordinal = firstOrdinal + index;
    const revision = (revisions.get(stream) ?? -1) + 1;
    revisions.set(stream, revision);
    const metadata: EventMetadata = {
      source: 'https://billing.example',
      sourceId: `fact-${ordinal}`,
      schemaVersion: contractOf(type)?.version ?? 1,
      time,
      recordedAt: formatInstant(epoch + 525_600 * 60_000 + ordinal),
    };
    return { id: idAt(ordinal), stream, type, data, metadata, revision, position: String(1000 + 7 * ordinal), ordinal };
  });
}

/** The fold of a history. */
export function fold(facts: readonly Fact[], options?: FoldOptions): LogFold {
  return foldStored(stored(facts), options);
}

export function foldStored(events: readonly StoredEvent[], options?: FoldOptions): LogFold {
  const folded = new LogFold(options);
  for (const event of events) folded.fold(event);
  return folded;
}
