import type { StoredEvent, ViolationDetected } from '../../../events/index.js';
import { LogFold, mapGrants, primaryFinding, ruleMemories } from '../../../projections/index.js';
import { basisOf } from '../../../src/sensor/judge/judge-basis.js';
import { detectionOf, identityOf, violationIdOf } from '../../../src/sensor/judge/judge-verdict.js';
import { judgedAgain } from '../../../src/sensor/remote/judged-again.js';
import { heardOn, rack, stored, type Told } from '../../projections/rules/rack.js';

const windowMs = 5_000;
const frameTime = Date.UTC(2026, 10, 2);
const address = '203.0.113.7';

/** What a sensor tells that knows only the rack. */
function found(frame: Parameters<typeof heardOn>[1]): ViolationDetected {
  const heard = heardOn(66, { frameTime, ...frame });
  const fold = new LogFold();
  for (const event of stored(rack)) fold.fold(event);
  const grants = mapGrants(fold.map, fold.ordinal);
  const one = primaryFinding(heard, grants, ruleMemories());
  if (one === undefined) throw new Error('nothing is found by the rack');
  return detectionOf({
    violationId: violationIdOf(identityOf(one.rule, one.finding, heard)),
    found: one,
    alsoMatched: [],
    heard,
    ordinal: grants.ordinal,
    basis: basisOf(one.rule, heard, grants, []),
    isGroup: false,
  });
}

/** The rack, and one fact more: true since, and stored at, so many ms after the frame. */
function later(told: Told, trueSince: number, storedAt: number): StoredEvent[] {
  const all = stored([...rack, told]);
  const last = all.at(-1);
  if (last === undefined) throw new Error('no facts');
  const at = (ms: number): string => new Date(frameTime + ms).toISOString();
  const metadata = { ...last.metadata, time: at(trueSince), recordedAt: at(storedAt) };
  return [...all.slice(0, -1), { ...last, metadata }];
}
const sale = (serverId: string): Told => ['Ipv4AddOnBought', { serverId, addOnId: 'late', address }] as unknown as Told;
const swap = ['ServerNicReplaced', { serverId: 'srv-66', mac: '52:54:00:00:00:77' }] as unknown as Told;

describe('a finding of a remote sensor that is judged again', () => {
  const unassigned = (): ViolationDetected => found({ claimedAddress: address });
  const unknown = (): ViolationDetected => found({ etherSource: '52:54:00:00:00:77', claimedMac: '52:54:00:00:00:77' });

  it('is none by a fact that was recorded before the frame, or is true of its time', () => {
    for (const [since, recorded] of [
      [-100, -50],
      [-100, 3_600_000],
    ] as const) {
      const facts = later(sale('srv-66'), since, recorded);
      expect(judgedAgain(unassigned(), facts, windowMs)).toMatchObject({
        outcome: 'none',
        fact: { id: facts.at(-1)?.id },
      });
    }
  });

  it('stands where the fact is of a later time', () => {
    expect(judgedAgain(unassigned(), later(sale('srv-66'), 1_000, 2_000), windowMs)).toEqual({ outcome: 'stands' });
  });

  it('stands where nothing was recorded since', () => {
    expect(judgedAgain(unassigned(), stored(rack), windowMs)).toEqual({ outcome: 'stands' });
  });

  it('waits for billing as long as the window, where its rule may, and no longer', () => {
    expect(judgedAgain(unknown(), later(swap, 1_000, windowMs), windowMs)).toMatchObject({ outcome: 'none' });
    expect(judgedAgain(unknown(), later(swap, 1_000, windowMs + 1), windowMs)).toEqual({ outcome: 'stands' });
  });

  it('becomes the violation that it was, where the address had been sold to somebody else', () => {
    expect(judgedAgain(unassigned(), later(sale('srv-16'), -100, 3_600_000), windowMs)).toMatchObject({
      outcome: 'other',
      violation: { rule: 'address-spoof', victimServerId: 'srv-16' },
    });
  });

  it('stands where it does not follow from the grants it was judged by', () => {
    const remembered = { ...unassigned(), rule: 'neighbour-scan' };
    expect(judgedAgain(remembered, later(sale('srv-66'), -100, -50), windowMs)).toEqual({ outcome: 'stands' });
  });
});
