import { otherBelief } from '../../src/audit/belief.js';
import { happened, overlapping } from '../../src/audit/between.js';
import type { DeviceLine } from '../../src/audit/device-line.js';
import type { Explanation } from '../../src/audit/explain.js';
import type { ExplainedFact } from '../../src/audit/explained-fact.js';
import type { Interval } from '../../src/audit/who-had.js';

const day = (number: number): string => `2026-01-0${number}T00:00:00.000Z`;
const ms = (number: number): number => Date.parse(day(number));
const range = { from: ms(3), to: ms(5) };

const holding = {
  role: 'holder',
  what: '198.51.100.7',
  serverId: 's1',
  customerId: 'c1',
  state: 'active',
  switch: 'leaf1',
  port: 'leaf1:Ethernet1',
  vlan: 11,
  mac: '52:54:00:00:00:01',
};
const interval = (from: number, to?: number, more: object = {}): Interval =>
  ({
    ...holding,
    ...more,
    from: day(from),
    ...(to === undefined ? {} : { to: day(to) }),
    opened: [],
    closed: [],
  }) as unknown as Interval;

describe('an interval of who had something', () => {
  it.each([
    ['ends before the stretch', interval(1, 2), false],
    ['ends at its first moment, which is no longer of it', interval(1, 3), false],
    ['reaches into it', interval(1, 4), true],
    ['begins at its last moment', interval(5, 6), true],
    ['begins after it', interval(6), false],
    ['goes on over all of it', interval(1), true],
  ])('belongs to the stretch only where both have a moment in common: one that %s', (_, one, isIn) => {
    expect(overlapping({ intervals: [one], idle: [] }, range).intervals).toEqual(isIn ? [one] : []);
  });
});

describe('what happened in a stretch', () => {
  const line = (at: number): DeviceLine => ({ time: day(at), line: String(at) }) as unknown as DeviceLine;
  const fact = (at: number, ...lines: DeviceLine[]): ExplainedFact =>
    ({ fact: { time: day(at) }, lines }) as unknown as ExplainedFact;
  const gap = (from: number, to?: number) => ({ from: day(from), ...(to === undefined ? {} : { to: day(to) }) });
  const violation = (first: number, last: number) => ({ firstSeen: ms(first), lastSeen: ms(last) });

  it('are the facts true in it or with lines written in it, its drift and gaps, and the violations heard in it', () => {
    const told = {
      holdings: [],
      servers: [
        {
          serverId: 's1',
          chain: [fact(1), fact(2, line(2), line(4)), fact(3), fact(5, line(6)), fact(6)],
          drift: [line(2), line(3), line(5), line(6)],
        },
      ],
      delegations: [{ customerId: 'c1', prefixes: [], chain: [fact(1), fact(4)] }],
      gateways: [fact(2), fact(4)],
      gaps: [gap(1, 3), gap(3, 4), gap(5), gap(6)],
      violations: [violation(1, 2), violation(1, 3), violation(4, 4), violation(5, 7), violation(6, 7)],
    } as unknown as Explanation;
    expect(happened(told, range)).toEqual({
      holdings: [],
      servers: [{ serverId: 's1', chain: [fact(2, line(4)), fact(3), fact(5)], drift: [line(3), line(5)] }],
      delegations: [{ customerId: 'c1', prefixes: [], chain: [fact(4)] }],
      gateways: [fact(4)],
      gaps: [gap(3, 4), gap(5)],
      violations: [violation(1, 3), violation(4, 4), violation(5, 7)],
    });
  });
});

describe('what was believed', () => {
  const [one, two] = [interval(1), interval(1, 4, { serverId: 's2', heldBy: 's1' })];

  it('is the same where only the ends, the facts or the order are told anew', () => {
    expect(otherBelief([one, two], [interval(2, 3, { serverId: 's2', heldBy: 's1' }), interval(2)])).toBeUndefined();
  });

  it.each(Object.keys({ ...holding, heldBy: '' }))('is another where %s was', (field) => {
    const then = [interval(1, undefined, { [field]: 'another' }), two];
    expect(otherBelief([one, two], then)).toBe(then);
  });

  it('is another where somebody more, or nobody, had it', () => {
    expect(otherBelief([one], [one, two])).toEqual([one, two]);
    expect(otherBelief([one], [])).toEqual([]);
  });
});
