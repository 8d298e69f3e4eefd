import { cancelledServerAlive } from '../../../projections/rules/cancelled-server-alive.rule.js';
import { thresholds } from '../../../projections/index.js';
import { formerly, gatewayMac, grantsOf, heardOn, mac16, noMemory, rack, remembering, shownBySwitch } from './rack.js';

describe('cancelled-server-alive', () => {
  const frame = heardOn(16, { claimedAddress: '198.51.100.16' });
  const removedAt = frame.frameTime - 2 * 86_400_000;
  const withoutIt = grantsOf([...rack, ['ServerRemoved', { serverId: 'srv-16' }]]);
  const grants = remembering(withoutIt, { mac: mac16 }, formerly(16, removedAt, false));
  const judge = (observation: typeof frame, by = grants) => cancelledServerAlive.judge(observation, by, noMemory);

  it('fires on the MAC of a server that was removed, and says which and since when', () => {
    const finding = judge(frame);
    expect(finding).toMatchObject({ offendingMac: mac16, offender: undefined });
    expect(finding?.detail).toBe(
      `${mac16} of srv-16, removed 2026-10-31T00:00:00.000Z, still sends on leaf1:Ethernet16 VLAN 16`,
    );
  });

  it('fires at once, also right after the removal, and waits for billing', () => {
    expect(
      judge(frame, remembering(withoutIt, { mac: mac16 }, formerly(16, frame.frameTime - 1, false))),
    ).toBeDefined();
    expect(cancelledServerAlive.mayBeInFlight).toBe(true);
  });

  it('fires on a MAC that only the claim names', () => {
    expect(judge(heardOn(66, { claimedMac: mac16 }))).toMatchObject({ offender: { serverId: 'srv-66' } });
  });

  it('stays silent once the MAC is sold again', () => {
    expect(judge(frame, remembering(grantsOf(rack), { mac: mac16 }, formerly(16, removedAt, false)))).toBeUndefined();
  });

  it('stays silent on the old card of a server that lives, and on a MAC nobody ever had', () => {
    expect(judge(frame, remembering(withoutIt, { mac: mac16 }, formerly(16, removedAt, true)))).toBeUndefined();
    expect(judge(heardOn(16, { etherSource: '02:00:00:00:00:01' }))).toBeUndefined();
    expect(judge(heardOn(16, { etherSource: gatewayMac }))).toBeUndefined();
  });

  it('stays silent on rows that a device may have learned before the end', () => {
    const row = { etherSource: mac16, port: frame.port };
    const ended = (agoMs: number) =>
      remembering(withoutIt, { mac: mac16 }, formerly(16, frame.frameTime - agoMs, false));
    expect(judge(shownBySwitch('arp-table', row), grants)).toBeUndefined();
    expect(judge(shownBySwitch('mac-table', row), ended(thresholds.macTableAgeMs))).toBeUndefined();
    expect(judge(shownBySwitch('mac-table', row), ended(thresholds.macTableAgeMs + 1))).toBeDefined();
  });
});
