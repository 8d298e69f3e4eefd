import { type Grants, thresholds } from '../../../projections/index.js';
import { BoundedMemory } from '../../../projections/rules/rule-memory.js';
import { probableNicSwap } from '../../../projections/rules/probable-nic-swap.rule.js';
import {
  besides,
  formerly,
  grantsOf,
  heardOn,
  heardSomewhere,
  linked,
  mac66,
  rack,
  remembering,
  sold,
  strangeMac,
} from './rack.js';

describe('probable-nic-swap', () => {
  const frame = heardOn(16, { etherSource: strangeMac, claimedAddress: '198.51.100.16' });
  const port = 'leaf1:Ethernet16';
  const upFor = (ms: number, grants: Grants = grantsOf(rack)) =>
    linked(grants, port, { link: 'up', since: frame.frameTime - ms });
  const judge = (grants: Grants, oldHeardAgoMs?: number, observation = frame) =>
    probableNicSwap.judge(
      observation,
      grants,
      new BoundedMemory(0, () => (oldHeardAgoMs === undefined ? undefined : frame.frameTime - oldHeardAgoMs)),
    );

  it('fires on a MAC nobody knows right after the carrier came, the old one silent since', () => {
    expect(judge(upFor(30_000), 40_000)).toMatchObject({ offendingMac: strangeMac, offender: { serverId: 'srv-16' } });
    expect(judge(upFor(30_000))).toBeDefined();
    expect(judge(upFor(thresholds.nicSwapWindowMs), 700_000)).toBeDefined();
  });

  it('tolerates that the carrier is told a little late', () => {
    expect(judge(upFor(-thresholds.linkSlackMs))).toBeDefined();
    expect(judge(upFor(-thresholds.linkSlackMs - 1))).toBeUndefined();
  });

  it('stays silent when the old MAC was heard after the carrier came, or the carrier came too long ago', () => {
    expect(judge(upFor(30_000), 20_000)).toBeUndefined();
    expect(judge(upFor(thresholds.nicSwapWindowMs + 1))).toBeUndefined();
  });

  it('stays silent when the link is down or was never reported', () => {
    expect(judge(grantsOf(rack))).toBeUndefined();
    expect(judge(linked(grantsOf(rack), port, { link: 'down', since: frame.frameTime - 1 }))).toBeUndefined();
    expect(judge(linked(grantsOf(rack), port, { link: 'up' }))).toBeUndefined();
  });

  it('waits for billing, and is silent once the new card is known', () => {
    expect(probableNicSwap.mayBeInFlight).toBe(true);
    const replaced = grantsOf([...rack, ['ServerNicReplaced', { serverId: 'srv-16', mac: strangeMac }]]);
    expect(judge(upFor(30_000, replaced))).toBeUndefined();
  });

  it('stays silent on network boot with another card of the same server, once billing named it', () => {
    expect(judge(upFor(30_000, grantsOf([...rack, ...besides(16, strangeMac)])))).toBeUndefined();
  });

  it('stays silent on a MAC of another server, and of one that was removed: those have their own rules', () => {
    expect(judge(upFor(30_000), undefined, heardOn(16, { etherSource: mac66 }))).toBeUndefined();
    const removed = remembering(grantsOf(rack), { mac: strangeMac }, formerly(11, 0, false));
    expect(judge(upFor(30_000, removed))).toBeUndefined();
  });

  it('stays silent while no MAC was known, where the port is not proven, and on a claim for another MAC', () => {
    expect(judge(upFor(30_000, grantsOf(sold(16, { mac: null }))))).toBeUndefined();
    expect(judge(upFor(30_000), undefined, heardSomewhere(16, { etherSource: strangeMac }))).toBeUndefined();
    expect(judge(upFor(30_000), undefined, { ...frame, claimedMac: '02:00:00:00:00:01' })).toBeUndefined();
  });
});
