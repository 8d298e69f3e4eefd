import { thresholds } from '../../../projections/index.js';
import { unassignedAddress } from '../../../projections/rules/unassigned-address.rule.js';
import { datedGrantsOf } from '../../sensor/judge/frame-bench.js';
import { unpaidIpv4InUse } from '../../../projections/rules/unpaid-ipv4-in-use.rule.js';
import {
  formerly,
  gatewayMac,
  grantsOf,
  heardOn,
  heardSomewhere,
  mac66,
  noMemory,
  rack,
  remembering,
  shownBySwitch,
  type Told,
} from './rack.js';

describe('unpaid-ipv4-in-use', () => {
  const frame = heardOn(16, { claimedAddress: '198.51.100.16' });
  const cancelled = grantsOf([...rack, ['Ipv4AddOnCancelled', { serverId: 'srv-16', addOnId: 'v4-16' }]]);
  const endedAgo = (ms: number, grants = cancelled) =>
    remembering(grants, { address: '198.51.100.16' }, formerly(16, frame.frameTime - ms));
  const day = endedAgo(86_400_000);
  const judge = (observation: typeof frame, grants = day) => unpaidIpv4InUse.judge(observation, grants, noMemory);

  it('fires on an address that was sold once and is sold to nobody now, and says who had it', () => {
    const finding = judge(frame);
    expect(finding).toMatchObject({ offender: { serverId: 'srv-16' } });
    expect(finding?.detail).toContain('given back by srv-16 2026-11-01T00:00:00.000Z');
  });

  it('fires on the address of an add-on that waits for another, or has another now', () => {
    for (const instead of [{}, { address: '203.0.113.9' }]) {
      const log: Told[] = [...rack, ['Ipv4AddOnBought', { serverId: 'srv-16', addOnId: 'v4-16', ...instead }]];
      const finding = judge(heardOn(66, { claimedAddress: '198.51.100.16' }), grantsOf(log));
      expect(finding?.detail).toContain('given back by srv-16');
      expect(datedGrantsOf(log).index.formerOwnersOfAddress('198.51.100.16')).toHaveLength(1);
    }
  });

  it('fires on another server at once: no lease of its own runs on', () => {
    expect(judge(heardOn(66, { claimedAddress: '198.51.100.16' }), endedAgo(1_000))).toMatchObject({
      offendingMac: mac66,
      offender: { serverId: 'srv-66' },
    });
  });

  it('tolerates the server that had it as long as its lease may run on, as unassigned-address does', () => {
    for (const observation of [
      frame,
      heardSomewhere(16, { etherSource: frame.etherSource, claimedAddress: '198.51.100.16' }),
    ]) {
      const within = endedAgo(thresholds.leaseGraceMs);
      expect(judge(observation, within)).toBeUndefined();
      expect(unassignedAddress.judge(observation, within, noMemory)).toBeUndefined();
      expect(judge(observation, endedAgo(thresholds.leaseGraceMs + 1))).toBeDefined();
    }
  });

  it('tolerates rows of an ARP table as long as they may be that old', () => {
    const row = shownBySwitch('arp-table', { etherSource: mac66, claimedAddress: '198.51.100.16', port: frame.port });
    expect(judge(row, endedAgo(thresholds.arpTableAgeMs))).toBeUndefined();
    expect(judge(row, endedAgo(thresholds.arpTableAgeMs + 1))).toBeDefined();
  });

  it('stays silent once the address is sold again, to whomever', () => {
    const again = (serverId: string) =>
      grantsOf([
        ...rack,
        ['Ipv4AddOnCancelled', { serverId: 'srv-16', addOnId: 'v4-16' }],
        ['Ipv4AddOnBought', { serverId, addOnId: 'again', address: '198.51.100.16' }],
      ]);
    expect(judge(frame, endedAgo(86_400_000, again('srv-16')))).toBeUndefined();
    expect(
      judge(heardOn(66, { claimedAddress: '198.51.100.16' }), endedAgo(86_400_000, again('srv-66'))),
    ).toBeUndefined();
  });

  it('stays silent on addresses never sold, on questions, on suspended servers and on the gateway', () => {
    expect(judge(heardOn(16, { claimedAddress: '198.51.100.200' }))).toBeUndefined();
    expect(judge(heardOn(16, { kind: 'arp-request', askedAddress: '198.51.100.16' }))).toBeUndefined();
    expect(judge(frame, grantsOf([...rack, ['ServerSuspended', { serverId: 'srv-16' }]]))).toBeUndefined();
    expect(judge(heardSomewhere(16, { etherSource: gatewayMac, claimedAddress: '198.51.100.16' }))).toBeUndefined();
  });
});
