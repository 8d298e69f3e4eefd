import { renumberingStates } from '../../events/index.js';
import {
  allStates,
  countsOf,
  fitting,
  keptSame,
  named,
  type Renumbering,
  saysNow,
  saysOrder,
  secondsIn,
  spoken,
  stepsOf,
} from '../../src/console/renumberings/renumbering.js';
import fc from '../support/property.js';

const one = (more: Partial<Renumbering> = {}): Renumbering => ({
  ...{ renumberingId: 'rn-1', etag: '4-planned', serverId: 'srv-16', customerId: 'cust-7' },
  ...{ from: '2001:db8:16::/64', to: '2001:db8:1016::/48', state: 'planned', waitsFor: 'operator', orders: {} },
  ...{ granted: { from: true, to: false }, announced: { from: true, to: false } },
  ...{ startedAt: '2026-11-27T00:00:00Z', by: 'token:a', quietSeconds: 60, heard: { frames: 0 } },
  ...more,
});

describe('a renumbering in the console', () => {
  it('knows every state of the engine, and has words for each', () => {
    expect([...allStates].sort()).toEqual([...renumberingStates].sort());
    for (const state of renumberingStates) {
      const awaited = { type: 'Ipv6PrefixReleased', prefix: '2001:db8:16::/64' };
      expect(saysNow(one({ state, awaited })).length).toBeGreaterThan(20);
    }
  });

  it.each(allStates)('stands at exactly one step of its way: %s', (state) => {
    const steps = stepsOf({ state });
    const at = steps.findIndex(({ stands }) => stands === 'here');
    expect(steps[at]?.state).toBe(state);
    expect(steps.map(({ stands }) => stands)).toEqual(
      steps.map((_step, n) => (n < at ? 'before' : n === at ? 'here' : 'after')),
    );
  });

  it('says of an order what billing is asked, and whom it may cut off', () => {
    const { from, to } = one();
    const asked = (name: string, prefix: string) => ({ asked: `Ipv6Prefix${name}`, prefix });
    expect(saysOrder(one(), 'back', {})).toContain('Billing was asked for nothing');
    expect(saysOrder(one(), 'next', asked('Assigned', to))).toBe(
      `Billing is asked for ${to}. Nothing is taken away by that.`,
    );
    expect(saysOrder(one(), 'next', asked('Released', from))).toContain('is cut off');
    expect(saysOrder(one(), 'back', asked('Released', to))).toBe(
      `Billing is asked to release ${to}. ${from} stays as it is.`,
    );
  });

  it('says what is missing: the route of either prefix, the claim before it, the sensor at its port', () => {
    const route = { state: 'waiting-for-route', whyNot: 'the link is down' };
    expect(saysNow(one(route))).toBe('2001:db8:1016::/48 is granted and not announced: the link is down.');
    expect(saysNow(one({ ...route, announced: { from: false, to: true } }))).toMatch(/^2001:db8:16::\/64 is granted/);
    expect(saysNow(one({ state: 'waiting-for-grant', newHeldBy: 'srv-9' }))).toContain('srv-9 holds it before');
    expect(saysNow(one({ state: 'both-live' }))).toContain('no sensor of this engine hears');
    const heard = { frames: 0, watchedSince: '2026-11-27T00:00:00Z' };
    expect(saysNow(one({ state: 'both-live', heard }))).toContain('did not name it for 1 min');
  });

  it('is listed while it is under way, or where its state or who waits is asked for', () => {
    const over = one({ renumberingId: 'rn-2', state: 'finished', waitsFor: 'nobody' });
    const all = [one(), over, one({ renumberingId: 'rn-3', state: 'waiting-for-grant', waitsFor: 'billing' })];
    const ids = (wanted: Parameters<typeof fitting>[1]) =>
      fitting(all, wanted).map(({ renumberingId }) => renumberingId);
    expect(ids({})).toEqual(['rn-1', 'rn-3']);
    expect(ids({ state: 'finished' })).toEqual(['rn-2']);
    expect(ids({ waits: 'billing' })).toEqual(['rn-3']);
    expect(ids({ waits: 'nobody' })).toEqual(['rn-2']);
    expect(ids({ text: 'CUST-7' })).toEqual(['rn-1', 'rn-3']);
    expect(ids({ text: 'rn-3' })).toEqual(['rn-3']);
    expect(named(all, 'RN-2')).toEqual([over]);
    expect(countsOf(all)).toEqual([
      { state: 'planned', count: 1 },
      { state: 'waiting-for-grant', count: 1 },
      { state: 'finished', count: 1 },
    ]);
  });

  it('stays the same object while it says the same', () => {
    const before = [one(), one({ renumberingId: 'rn-2' })];
    const now = keptSame(before, [one({ renumberingId: 'rn-2' }), one({ state: 'both-live' })]);
    expect([now[0] === before[1], now[1] === before[0], now[1]?.state]).toEqual([true, false, 'both-live']);
  });

  it('reads a time as it says it', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 7_776_000 }), (seconds) => secondsIn(spoken(seconds)) === seconds));
    expect(['3 d', '90min', '5', '0 s', 'soon', '-1 h', '1.5 h'].map(secondsIn)).toEqual([
      259_200,
      5_400,
      5,
      ...Array<undefined>(4).fill(undefined),
    ]);
  });
});
