import {
  allFindings,
  type Grants,
  primaryFinding,
  type Rule,
  ruleMemories,
  rules,
} from '../../../projections/index.js';
import { BoundedMemory } from '../../../projections/rules/rule-memory.js';
import { Found } from '../../../projections/rules/rule.js';
import { grantsOf, heardOn, mac16, rack, strangeMac } from './rack.js';

describe('the findings of a frame', () => {
  const grants = grantsOf(rack);
  const stranger = heardOn(16, { etherSource: strangeMac, claimedAddress: '198.51.100.200' });
  const namesOf = (found: readonly { readonly rule: Rule }[]) => found.map(({ rule }) => rule.name);

  it('are given in the order of the rules, the primary one first', () => {
    expect(namesOf(allFindings(stranger, grants, ruleMemories()).found)).toEqual([
      'unknown-mac',
      'mac-mismatch',
      'unassigned-address',
    ]);
    expect(primaryFinding(stranger, grants, ruleMemories())?.rule.name).toBe('unknown-mac');
    expect(allFindings(heardOn(16, {}), grants, ruleMemories())).toEqual({ found: [], excepted: [] });
  });

  it('pass over a rule that an exception excuses there, and tell of the hit', () => {
    const excused: Grants = { ...grants, exceptionFor: (rule) => (rule === 'unknown-mac' ? 'ex-7' : undefined) };
    const { found, excepted } = allFindings(stranger, excused, ruleMemories());
    expect(namesOf(found)).toEqual(['mac-mismatch', 'unassigned-address']);
    expect(excepted).toMatchObject([{ rule: { name: 'unknown-mac' }, exceptionId: 'ex-7' }]);
  });

  it('ask for an exception only where a rule matched', () => {
    const asked: string[] = [];
    const counting: Grants = { ...grants, exceptionFor: (rule) => void asked.push(rule) };
    allFindings(stranger, counting, ruleMemories());
    allFindings(heardOn(16, {}), counting, ruleMemories());
    expect(asked).toEqual(['unknown-mac', 'mac-mismatch', 'unassigned-address']);
  });

  it('come from every rule that remembers, also when one before it matched', () => {
    const memories = ruleMemories();
    const claim = (etherSource: string, afterMs: number) =>
      heardOn(21, { etherSource, claimedAddress: '198.51.100.77', frameTime: stranger.frameTime + afterMs });
    const heard = [claim(strangeMac, 0), claim(mac16, 1_000), claim(strangeMac, 2_000)];
    const found = heard.map((observation) => namesOf(allFindings(observation, grants, memories).found));
    expect(found[2]).toContain('duplicate-address');
    expect(found[1]?.[0]).toBe('mac-moved');
  });

  it('of a frame judged again are the same, and leave no trace', () => {
    const memories = ruleMemories();
    const frames = [0, 1, 2, 3, 4, 5].map((turn) =>
      heardOn(turn % 2 === 0 ? 11 : 66, { etherSource: strangeMac, frameTime: stranger.frameTime + turn }),
    );
    for (const frame of frames) {
      const before = namesOf(allFindings(frame, grants, memories).found);
      for (let again = 0; again < 9; again++) {
        expect(namesOf(allFindings(frame, grants, memories.readOnly()).found)).toEqual(before);
      }
    }
  });

  it('have a sentence that is made when it is read', () => {
    let made = 0;
    const finding = new Found('02:00:00:00:00:01', () => `made ${++made} times`);
    expect(made).toBe(0);
    expect(finding.detail).toBe('made 1 times');
  });
});

describe('the memory of a rule', () => {
  it('holds no more than it declares, and forgets what was noted longest ago', () => {
    const memory = new BoundedMemory(2);
    memory.set('a', { at: 1 });
    memory.set('b', { at: 2 });
    memory.set('a', { at: 3 });
    memory.set('c', { at: 4 });
    expect([memory.size, memory.get('a'), memory.get('b'), memory.get('c')]).toEqual([
      2,
      { at: 3 },
      undefined,
      { at: 4 },
    ]);
  });

  it('is declared by every rule that has one, and small', () => {
    for (const rule of rules) expect(rule.memory?.entries ?? 0).toBeLessThanOrEqual(4_096);
    const memories = ruleMemories();
    const empty = grantsOf([]);
    for (const rule of rules) {
      for (let n = 0; n < 5_000; n++) {
        rule.judge(
          heardOn(21, { etherSource: strangeMac, claimedAddress: `fe80::${n.toString(16)}`, tentative: n % 2 === 0 }),
          empty,
          memories.of(rule),
        );
      }
      expect((memories.of(rule) as BoundedMemory).size).toBeLessThanOrEqual(rule.memory?.entries ?? 0);
    }
  });
});
