import { MemoryLog, type Told } from './memory-log.js';

const a = { serverId: 'srv-a' };
const b = { serverId: 'srv-b' };
const mac16 = '52:54:00:00:00:16';
const wrongMac = '52:54:00:00:00:99';
const mac66 = '52:54:00:00:00:66';

const line = (change: 'add' | 'remove', kind: 'neighbour' | 'route', text: string, more: object): object => ({
  ...{ change, kind, line: text, readBack: change === 'add' ? 'present' : 'absent' },
  ...more,
});

const reconciled = (time: string, planId: string, lines: readonly object[]): Told[] => [
  {
    type: 'ReconcileStarted',
    data: { planId, device: 'leaf1', desiredOrdinal: 1, planHash: 'abc' },
    time,
  },
  {
    type: 'ReconcileFinished',
    data: { planId, device: 'leaf1', part: 1, of: 1, outcome: 'confirmed', lines },
    time,
  },
];

/**
 * A night as it happens: srv-a is sold with a wrong MAC that billing corrects a day later, a rival buys its address, the
 * address changes hands, the rival forges it beforehand, and one event in the end cannot be read.
 */
export const nightAtLeaf1: readonly Told[] = [
  {
    type: 'GatewayDeclared',
    data: { switch: 'leaf1', addresses: ['198.51.100.1', 'fe80::1'], macs: ['02:00:00:00:00:01'] },
    time: '2026-01-01T00:00:00Z',
  },
  {
    type: 'ServerAdded',
    data: { ...a, customerId: 'cust-a', port: 'leaf1:Ethernet16', vlan: 16, mac: wrongMac },
    time: '2026-01-01T08:00:00Z',
  },
  { type: 'Ipv6PrefixAssigned', data: { ...a, prefix: '2001:db8:16::/48' }, time: '2026-01-01T08:00:00Z' },
  {
    type: 'Ipv4AddOnBought',
    data: { ...a, addOnId: 'ip-1', address: '198.51.100.16', monthlyPriceMinor: 200, currency: 'EUR' },
    time: '2026-01-01T08:00:05Z',
  },
  { type: 'LinkUp', data: { port: 'leaf1:Ethernet16' }, time: '2026-01-01T08:01:00Z' },
  ...reconciled('2026-01-01T08:01:01Z', 'plan-1', [
    line('add', 'neighbour', `neighbour fe80::5054:ff:fe00:99 vlan16 ${wrongMac}`, { ...a, cause: 1 }),
    line('add', 'neighbour', `neighbour 198.51.100.16 vlan16 ${wrongMac}`, { ...a, cause: 3 }),
    line('add', 'route', 'route 2001:db8:16::/48 via fe80::5054:ff:fe00:99%vlan16 med 0', { ...a, cause: 4 }),
    line('add', 'route', 'route 198.51.100.16/32 via vlan16 med 0', { ...a, cause: 4 }),
  ]),
  {
    type: 'ServerAdded',
    data: { ...b, customerId: 'cust-b', port: 'leaf1:Ethernet66', vlan: 66, mac: mac66 },
    time: '2026-01-01T09:00:00Z',
  },
  {
    type: 'ServerRecordCorrected',
    data: { ...a, mac: mac16, reason: 'label misread in the rack' },
    time: '2026-01-01T08:00:00Z',
    recordedAt: '2026-01-02T10:30:00Z',
  },
  ...reconciled('2026-01-02T10:30:01Z', 'plan-2', [
    line('add', 'neighbour', `neighbour fe80::5054:ff:fe00:16 vlan16 ${mac16}`, { ...a, cause: 8 }),
    line('add', 'neighbour', `neighbour 198.51.100.16 vlan16 ${mac16}`, { ...a, cause: 8 }),
    line('remove', 'neighbour', 'neighbour fe80::5054:ff:fe00:99 vlan16', { ...a, cause: 8, readBack: 'present' }),
  ]),
  {
    type: 'ViolationDetected',
    data: {
      ...{ violationId: 'v-1', rule: 'address-spoof', ruleVersion: 1, severity: 'high', sensor: 'leaf1-e66' },
      ...{ attribution: 'interface', site: 'default', switch: 'leaf1', port: 'leaf1:Ethernet66', vlan: 66 },
      ...{ observation: 'arp-reply', etherSource: mac66, claimedMac: mac66, claimedAddress: '198.51.100.16' },
      ...{ frameTime: '2026-01-03T03:14:00.250Z', judgedAtOrdinal: 10, offenderServerId: 'srv-b' },
      ...{ offenderCustomerId: 'cust-b', victimServerId: 'srv-a', victimCustomerId: 'cust-a' },
      detail: 'srv-b on leaf1:Ethernet66 claims 198.51.100.16, which was sold to srv-a',
    },
    time: '2026-01-03T03:14:00.250Z',
  },
  {
    type: 'ViolationRepeated',
    data: {
      ...{ violationId: 'v-1', count: 41 },
      ...{ firstFrameTime: '2026-01-03T03:14:00.300Z', lastFrameTime: '2026-01-03T03:14:30Z' },
    },
    time: '2026-01-03T03:14:30Z',
  },
  {
    type: 'Ipv4AddOnBought',
    data: { ...b, addOnId: 'ip-9', address: '198.51.100.16' },
    time: '2026-01-04T12:00:00Z',
  },
  { type: 'Ipv4AddOnCancelled', data: { ...a, addOnId: 'ip-1' }, time: '2026-01-05T00:00:00Z' },
  ...reconciled('2026-01-05T00:00:01Z', 'plan-3', [
    line('add', 'neighbour', `neighbour 198.51.100.16 vlan66 ${mac66}`, { ...b, cause: 14 }),
    line('remove', 'route', 'route 198.51.100.16/32 via vlan16', { ...a, cause: 14 }),
    line('remove', 'neighbour', 'neighbour 198.51.100.16 vlan16', { ...a, cause: 14 }),
  ]),
  ...reconciled('2026-01-05T06:00:00Z', 'plan-4', [
    line('add', 'neighbour', `neighbour 198.51.100.16 vlan66 ${mac66}`, { ...b, cause: 'drift' }),
  ]),
  { type: 'ServerPainted', data: { ...a, colour: 'red' }, time: '2026-01-06T00:00:00Z', stream: 'server-srv-a' },
  { type: 'ServerSuspended', data: { ...a, reason: 'unpaid' }, time: '2026-01-06T01:00:00Z' },
];

export const nightLog = (): MemoryLog => MemoryLog.of(nightAtLeaf1);
