import type { EventType } from '../../events/index.js';

/** One good event of a type: shown in /docs, and sent through the intake by a test. */
export interface EventExample {
  /** What publishing it says, in one sentence. */
  readonly says: string;
  readonly subject: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The types that are accepted from outside. */
export type PublishedType = Exclude<
  EventType,
  | 'MacSeen'
  | 'RenumberingStarted'
  | 'RenumberingAdvanced'
  | 'RenumberingTakenBack'
  | 'RenumberingProgressed'
  | 'ViolationDetected'
  | 'ViolationRepeated'
  | 'ViolationExonerated'
  | 'EvidenceKept'
  | 'ViolationAcknowledged'
  | 'ViolationResolved'
  | 'ViolationMarkedFalsePositive'
  | 'ViolationCommented'
  | 'ViolationTicketLinked'
  | 'ViolationQuiet'
  | 'ContainmentRequested'
  | 'ViolationMuted'
  | 'ViolationMuteEnded'
  | 'SensorStarted'
  | 'SensorSilent'
  | 'SensorLagging'
  | 'ServerMacEnrolled'
  | 'Ipv4AddressAllocated'
  | 'Ipv6PrefixAllocated'
  | 'CustomerPrefixAllocated'
  | 'ReconcileStarted'
  | 'ReconcileFinished'
  | 'MoveFinished'
  | 'DeviceFrozen'
  | 'DeviceResumed'
  | 'EntryAdopted'
  | 'DestinationAdded'
  | 'DestinationDisabled'
  | 'DestinationEnabled'
  | 'AlertsBundled'
  | 'AlertDelivered'
  | 'AlertGivenUp'
  | 'AlertsPassed'
  | 'DayReportMailed'
  | 'AuditRead'
  | 'SignedIn'
  | 'SignInRefused'
  | 'TokenRefused'
  | 'SessionEnded'
  | 'UserChanged'
  | 'TokenChanged'
  | 'EventSkipped'
>;

const server = (says: string, data: Record<string, unknown>): EventExample => ({
  says,
  subject: 'srv-16',
  data: { serverId: 'srv-16', ...data },
});

export const eventExamples: Readonly<Record<PublishedType, EventExample>> = {
  ServerAdded: server('Billing sold a server.', {
    customerId: 'cust-7',
    port: 'leaf1:Ethernet16',
    vlan: 16,
    mac: '52:54:00:00:00:16',
    linkLocal: 'fe80::5054:ff:fe00:16',
  }),
  ServerMoved: server('The server hangs on another port or VLAN.', { port: 'leaf1:Ethernet21', vlan: 21 }),
  ServerNicReplaced: server('The server has another network card.', { mac: '52:54:00:00:01:16' }),
  ServerTransferred: server('The server belongs to another customer, with all it was sold.', { customerId: 'cust-8' }),
  ServerSuspended: server('Billing stopped the server; its claims stay.', { reason: 'invoice overdue' }),
  ContainmentRefused: server('Billing was asked to suspend the server for a violation, and will not.', {
    violationId: '7d0c2f1e-93a4-5b0e-8a1f-2f6a4a1f0c11',
    reason: 'the customer is in contact and has until noon',
  }),
  ServerResumed: server('Billing lets a suspended server run again.', { reason: 'invoice paid' }),
  ServerRemoved: server('The server is no longer sold.', { reason: 'contract ended' }),
  ServerRecordCorrected: server("Billing's record was wrong; these are the right values, true since `time`.", {
    port: 'leaf1:Ethernet16',
    vlan: 16,
    mac: '52:54:00:00:00:61',
    linkLocal: 'fe80::5054:ff:fe00:61',
    reason: 'typing error in the MAC',
  }),
  ServerMacAdded: server('The server may also speak with this MAC at its place; nothing is routed to it.', {
    mac: '52:54:00:00:02:16',
    purpose: 'management',
  }),
  ServerMacRemoved: server('The server no longer speaks with this MAC beside its own.', { mac: '52:54:00:00:02:16' }),
  Ipv6PrefixAssigned: server('The server was sold this prefix.', { prefix: '2001:db8:16::/48' }),
  Ipv6PrefixReleased: server('The server gave this prefix back.', { prefix: '2001:db8:16::/48' }),
  Ipv6PrefixOrdered: server('The server was sold a /64, whichever is free.', { orderId: 'v6-1' }),
  Ipv6PrefixOrderCancelled: server('The server gave this order back, and with it its /64.', { orderId: 'v6-1' }),
  Ipv4AddOnBought: server('The server was sold an IPv4 address.', {
    addOnId: 'ip-1',
    address: '198.51.100.16',
    monthlyPriceMinor: 200,
    currency: 'EUR',
  }),
  Ipv4AddOnCancelled: server('The server gave this add-on back, and with it its address.', { addOnId: 'ip-1' }),
  AddOnRateSet: {
    says: 'From `time` on an IPv4 add-on costs this a month, where the purchase names no price.',
    subject: 'ipv4',
    data: { product: 'ipv4', currency: 'EUR', monthlyPriceMinor: 200 },
  },
  CustomerPrefixDelegated: {
    says: 'This prefix is the customer’s: its servers get their /64s out of it.',
    subject: 'cust-7',
    data: { customerId: 'cust-7', prefix: '2001:db8:7::/48' },
  },
  CustomerPrefixWithdrawn: {
    says: 'Nothing more is taken out of this prefix; servers keep what they have of it.',
    subject: 'cust-7',
    data: { customerId: 'cust-7', prefix: '2001:db8:7::/48' },
  },
  CustomerPrefixOrdered: {
    says: 'The customer is to have a prefix at this site, whichever is free; a /48 where no length is said.',
    subject: 'cust-7',
    data: { customerId: 'cust-7', orderId: 'net-1', site: 'ams', length: 48 },
  },
  CustomerPrefixOrderCancelled: {
    says: 'The customer gave this order back, and with it its prefix; servers keep what they have of it.',
    subject: 'cust-7',
    data: { customerId: 'cust-7', orderId: 'net-1' },
  },
  GatewayDeclared: {
    says: 'This is the gateway of these VLANs, with every address and MAC it may speak with.',
    subject: 'leaf1',
    data: { switch: 'leaf1', vlans: [11, 16], addresses: ['198.51.100.1', 'fe80::1'], macs: ['52:54:00:00:00:01'] },
  },
  GatewayRetired: { says: 'The switch is no longer a gateway.', subject: 'leaf1', data: { switch: 'leaf1' } },
  AddressPoolAdded: {
    says: 'Addresses of this prefix may be handed out to servers at this site.',
    subject: 'v4-a',
    data: {
      poolId: 'v4-a',
      prefix: '198.51.100.0/24',
      site: 'default',
      purpose: 'ipv4-add-on',
      reserved: ['198.51.100.2'],
    },
  },
  AddressPoolRetired: {
    says: 'Nothing is handed out from this pool any more; servers keep what they have.',
    subject: 'v4-a',
    data: { poolId: 'v4-a' },
  },
  ExceptionGranted: {
    says: 'Findings of this rule at this place are expected until `expires`, at most 30 days.',
    subject: 'lab-cluster',
    data: {
      exceptionId: 'lab-cluster',
      rule: 'unassigned-address',
      port: 'leaf1:Ethernet16',
      mac: '52:54:00:00:00:16',
      prefix: '203.0.113.0/24',
      serverId: 'srv-16',
      owner: 'network team',
      reason: 'a cluster address that is moved by hand',
      expires: '2026-03-15T00:00:00Z',
    },
  },
  ExceptionEnded: {
    says: 'The exception excuses nothing any more.',
    subject: 'lab-cluster',
    data: { exceptionId: 'lab-cluster', reason: 'the cluster is gone' },
  },
  SiteSurveyStarted: {
    says: 'Findings at this site are kept and not alerted.',
    subject: 'default',
    data: { site: 'default', reason: 'first days with sensors' },
  },
  SiteSurveyEnded: {
    says: 'Findings at this site are alerted from now on.',
    subject: 'default',
    data: { site: 'default', reason: 'what was found is settled' },
  },
  LinkUp: { says: 'The link of this port is up.', subject: 'leaf1:Ethernet16', data: { port: 'leaf1:Ethernet16' } },
  LinkDown: { says: 'The link of this port is down.', subject: 'leaf1:Ethernet16', data: { port: 'leaf1:Ethernet16' } },
};

/** The example as a CloudEvent. */
export function exampleEvent(type: PublishedType, more: Record<string, unknown> = {}): Record<string, unknown> {
  const { subject, data } = eventExamples[type];
  return {
    specversion: '1.0',
    type,
    source: 'urn:billing:eu',
    id: `example-${type}`,
    subject,
    time: '2026-03-01T12:00:00Z',
    data,
    ...more,
  };
}
