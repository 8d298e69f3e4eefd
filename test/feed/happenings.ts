// What can happen to violations and mutes, for laws that hold whatever happens.
import fc from '../support/property.js';
import { formatInstant } from '../../events/index.js';
import { startMs, type ViolationLog } from './violation-log.js';

/** When it is looked at. */
export const now = startMs + 1_800_000;
export const ids = ['v0', 'v1', 'v2', 'v3', 'v4', 'v5'];
const macs = ['52:54:00:00:00:66', '52:54:00:00:00:67'];
const said = fc.record({
  rule: fc.constantFrom('address-spoof', 'mac-mismatch'),
  severity: fc.constantFrom('low', 'high', 'critical'),
  site: fc.constantFrom('default', 'fra'),
  port: fc.constantFrom(undefined, 'leaf1:Ethernet1', 'leaf1:Ethernet2'),
  offenderCustomerId: fc.constantFrom(undefined, 'cust-1', 'cust-2'),
  offenderServerId: fc.constantFrom(undefined, 'srv-66', 'srv-2'),
  victimServerId: fc.constantFrom(undefined, 'srv-1', 'srv-22'),
  etherSource: fc.constantFrom(...macs),
  claimedAddress: fc.constantFrom('198.51.100.1', '2001:db8::1', '2001:db8:1::9', '2001:db8:1:7::9', '2001:db8:2::1'),
});
const by = 'token:a';
const scopes = fc.constantFrom(
  { violationId: 'v0' },
  { violationId: 'v3' },
  { rule: 'address-spoof', port: 'leaf1:Ethernet1' },
  { rule: 'mac-mismatch', customerId: 'cust-1' },
);
/** One thing that happens to one violation, or to a mute. */
export const happening = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(fc.constant('found' as const), fc.constantFrom(...ids), said) },
  { weight: 3, arbitrary: fc.tuple(fc.constant('heard' as const), fc.constantFrom(...ids), fc.nat(4)) },
  fc.tuple(fc.constantFrom('ack' as const, 'resolve' as const, 'false' as const), fc.constantFrom(...ids)),
  fc.tuple(fc.constantFrom('quiet' as const, 'exonerate' as const), fc.constantFrom(...ids)),
  fc.tuple(fc.constant('mute' as const), fc.constantFrom('m0', 'm1', 'm2'), scopes, fc.integer({ min: -60, max: 60 })),
  fc.tuple(fc.constant('unmute' as const), fc.constantFrom('m0', 'm1', 'm2')),
  fc.tuple(fc.constant('renumber' as const), fc.constantFrom('rn-1', 'rn-2'), fc.constantFrom('srv-66', 'srv-1')),
  fc.tuple(fc.constantFrom('go on' as const, 'finish' as const), fc.constantFrom('rn-1', 'rn-2')),
);
export type Happening = typeof happening extends fc.Arbitrary<infer One> ? One : never;

export function tell(log: ViolationLog, one: Happening): void {
  const [what, id] = one;
  switch (what) {
    case 'found':
      return log.fold(log.detected(id, one[2]));
    case 'heard':
      return log.fold(log.repeated(id, one[2]));
    case 'ack':
      return log.fold(log.told('ViolationAcknowledged', id, { by, assignee: `token:${id}` }));
    case 'resolve':
      return log.fold(log.told('ViolationResolved', id, { by }));
    case 'false':
      return log.fold(log.told('ViolationMarkedFalsePositive', id, { by, comment: 'none' }));
    case 'quiet':
      return log.fold(log.told('ViolationQuiet', id, { lastFrameTime: formatInstant(startMs + 3_600_000), hours: 24 }));
    case 'exonerate':
      return log.fold(log.exonerated(id, 'fact-1'));
    case 'mute':
      return log.fold(log.muted(id, one[2], formatInstant(now + one[3] * 60_000)));
    case 'renumber':
      return log.fold(log.renumberingStarted(id, { serverId: one[2] }));
    case 'go on':
      return log.fold(
        log.renumbered('RenumberingAdvanced', id, { asked: 'Ipv6PrefixAssigned', prefix: '2001:db8:1::/48', by }),
      );
    case 'finish':
      return log.fold(log.renumbered('RenumberingProgressed', id, { state: 'finished' }));
    case 'unmute':
      return log.fold(log.muteEnded(id));
  }
}
