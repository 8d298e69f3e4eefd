import { type Grants, type Observation, thresholds } from '../../../projections/index.js';
import { BoundedMemory } from '../../../projections/rules/rule-memory.js';
import { duplicateAddress } from '../../../projections/rules/duplicate-address.rule.js';
import {
  besides,
  gatewayMac,
  grantsOf,
  heardOn,
  heardSomewhere,
  mac16,
  mac66,
  rack,
  shownBySwitch,
  strangeMac,
} from './rack.js';

describe('duplicate-address', () => {
  const start = heardOn(16, {}).frameTime;
  const says = (etherSource: string, afterMs: number, more: Partial<Observation> = {}): Observation =>
    heardSomewhere(16, { etherSource, claimedAddress: '198.51.100.77', frameTime: start + afterMs, ...more });
  const judgeAll = (heard: readonly Observation[], grants: Grants = grantsOf(rack), home?: (at: number) => number) => {
    let now = start;
    const memory = new BoundedMemory(duplicateAddress.memory?.entries ?? 0, () => home?.(now));
    return heard.map((observation) => {
      now = observation.frameTime;
      return duplicateAddress.judge(observation, grants, memory) !== undefined;
    });
  };

  it('fires when an address went to another MAC and came back', () => {
    expect(judgeAll([says(mac16, 0), says(strangeMac, 1_000), says(mac16, 2_000)])).toEqual([false, false, true]);
  });

  it('counts the owner’s own frames, which no rule sees', () => {
    const claimed = { claimedAddress: '198.51.100.16' };
    const twice = [says(strangeMac, 0, claimed), says(strangeMac, 1_000, claimed)];
    expect(judgeAll(twice, grantsOf(rack), (now) => now - 500)).toEqual([false, true]);
    expect(judgeAll(twice, grantsOf(rack), () => start - 500)).toEqual([false, false]);
    expect(judgeAll(twice)).toEqual([false, false]);
  });

  it('waits for billing: a card may have been swapped', () => expect(duplicateAddress.mayBeInFlight).toBe(true));

  it.each([
    ['a swapped card, the old one silent', [says(mac16, 0), says(strangeMac, 1_000), says(strangeMac, 2_000)]],
    [
      'turns that are further apart than a minute',
      [0, 1, 2, 3].map((turn) => says(turn % 2 === 0 ? mac16 : mac66, turn * 60_001)),
    ],
    [
      'docker0 of every host',
      [0, 1, 2, 3].map((turn) => says(turn % 2 === 0 ? mac16 : mac66, turn, { claimedAddress: '172.17.0.1' })),
    ],
    ['detection', [0, 1, 2, 3].map((turn) => says(turn % 2 === 0 ? mac16 : mac66, turn, { tentative: true }))],
    [
      'the same link-local on two VLANs',
      [0, 1, 2, 3].map((turn) => says(mac16, turn, { vlan: heardOn(turn % 2 ? 66 : 16, {}).vlan })),
    ],
    ['the gateway and its proxy ARP', [0, 1, 2].map((turn) => says(gatewayMac, turn))],
  ])('stays silent on %s', (_name, heard) => expect(judgeAll(heard)).toEqual(heard.map(() => false)));

  it('stays silent on an address that goes to and fro between members of a bond', () => {
    const named = grantsOf([...rack, ...besides(16, strangeMac)]);
    const turns = [0, 1, 2, 3].map((turn) => says(turn % 2 === 0 ? mac16 : strangeMac, turn * 1_000));
    expect(judgeAll(turns, named)).toEqual([false, false, false, false]);
  });

  it('fires when a switch says so, unless it takes the owner for the thief', () => {
    const message = (etherSource: string, claimedAddress: string, said = 'address-theft') =>
      shownBySwitch('switch-message', { etherSource, claimedAddress, said, port: heardOn(16, {}).port });
    expect(judgeAll([message(strangeMac, '198.51.100.16')])).toEqual([true]);
    expect(judgeAll([message(mac16, '198.51.100.16')])).toEqual([false]);
    expect(judgeAll([message(strangeMac, '198.51.100.16', 'arp-not-bound')])).toEqual([false]);
    expect(judgeAll([message(strangeMac, '198.51.100.1', 'duplicate-address')])).toEqual([true]);
  });

  it('has a window that covers how often hosts confirm a neighbour', () => {
    expect(thresholds.duplicateWindowMs).toBeGreaterThanOrEqual(45_000);
  });
});
