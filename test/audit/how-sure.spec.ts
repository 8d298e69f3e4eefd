import fc from '../support/property.js';
import { Audit, type WhoHadAnswer } from '../../src/audit/audit.js';
import { foldAsOf } from '../../src/audit/fold-as-of.js';
import { holdingsOf } from '../../src/audit/holding.js';
import { howSure, type ReadBack } from '../../src/audit/how-sure.js';
import { heldKinds, readSubjectQuestion } from '../../src/audit/question.js';
import { during, type Interval } from '../../src/audit/who-had.js';
import { addresses, anyHistory, moment, momentText, ports } from './any-history.js';
import { MemoryLog, type Told } from './memory-log.js';
import { nightLog } from './night-at-leaf1.js';

async function ask(log: MemoryLog, fields: Record<string, string>): Promise<WhoHadAnswer | undefined> {
  const read = readSubjectQuestion(fields, heldKinds);
  if ('problem' in read) throw new Error(read.problem);
  const outcome = await new Audit(log).whoHad(read.value);
  return outcome.outcome === 'answered' ? outcome.answer : undefined;
}

const interval: Interval = {
  ...{ from: momentText(10), to: momentText(20), role: 'holder', what: '198.51.100.1' },
  ...{ serverId: 'a' as NonNullable<Interval['serverId']>, port: 'leaf1:E1', mac: '52:54:00:00:00:01' },
  ...{ opened: [], closed: [] },
};
const entry = (n: number, isThere: boolean, more: Partial<ReadBack> = {}): ReadBack => ({
  ...{ time: moment(n), device: 'leaf1', serverId: 'a', kind: 'neighbour', key: '198.51.100.1 vlan11', isThere },
  ...more,
});
const traces = (lines: readonly ReadBack[], last = 30): Parameters<typeof howSure>[1] => ({
  ...{ heard: [], lines, lastReconcile: new Map(last < 0 ? [] : [['leaf1', moment(last)]]) },
});

describe('how sure a sale is', () => {
  it('tells since when to when the entry was there, also where it outlived the sale', () => {
    const { pushed } = howSure(interval, traces([entry(12, true), entry(21, false)]));
    const stretch = { since: momentText(12), until: momentText(21) };
    expect(pushed).toEqual([{ device: 'leaf1', neighbour: [stretch], route: [], lastReconcile: momentText(30) }]);
  });

  it('does not take an entry with another MAC for the one that was sold', () => {
    const other = entry(5, true, { mac: '52:54:00:00:00:99' });
    const own = entry(15, true, { mac: '52:54:00:00:00:01' });
    expect(howSure(interval, traces([other])).notPushed).toBe('never');
    expect(howSure(interval, traces([other, own])).pushed[0]?.neighbour).toEqual([{ since: momentText(15) }]);
    expect(
      howSure(interval, traces([own, entry(18, true, { mac: '52:54:00:00:00:99' })])).pushed[0]?.neighbour,
    ).toEqual([{ since: momentText(15), until: momentText(18) }]);
  });

  it('says that the device had lost it, where it was written again because of drift', () => {
    const { pushed } = howSure(interval, traces([entry(12, true), entry(15, true, { wasLost: true })]));
    const first = { since: momentText(12), until: momentText(15), lost: true };
    expect(pushed[0]?.neighbour).toEqual([first, { since: momentText(15) }]);
  });

  it('tells what was there only before or after, of another server, or not as read back, as never pushed', () => {
    for (const lines of [
      [entry(1, true), entry(9, false)],
      [entry(20, true)],
      [entry(12, true, { serverId: 'b' })],
      [entry(12, false)],
    ])
      expect(howSure(interval, traces(lines))).toEqual({ sold: true, pushed: [], notPushed: 'never' });
  });

  it('says unknown, and since when, where no device was read back since it was sold', () => {
    expect(howSure(interval, traces([], 9))).toMatchObject({ notPushed: 'unknown', silentSince: momentText(9) });
    expect(howSure(interval, traces([], -1))).toEqual({ sold: true, pushed: [], notPushed: 'unknown' });
  });

  it('counts a MAC as seen only at its port and VLAN and inside the interval', async () => {
    const log = nightLog();
    const seen = (time: string, port: string, mac = '52:54:00:00:00:16', vlan = 16): void =>
      void log.tell({ type: 'MacSeen', data: { port, vlan, mac }, time });
    seen('2025-01-01T00:00:00Z', 'leaf1:Ethernet16');
    seen('2026-01-04T00:00:00Z', 'leaf1:Ethernet16', '52:54:00:00:00:16', 17);
    seen('2026-01-02T00:00:00Z', 'leaf1:Ethernet16');
    seen('2026-01-03T00:00:00Z', 'leaf1:Ethernet16');
    seen('2026-01-04T00:00:00Z', 'leaf1:Ethernet66');
    seen('2026-01-04T00:00:00Z', 'leaf1:Ethernet16', '52:54:00:00:00:77');
    seen('2026-01-05T00:00:00Z', 'leaf1:Ethernet16');
    const sure = (await ask(log, { subject: '198.51.100.16' }))?.intervals[0]?.sure;
    expect(sure?.seen).toEqual({ first: '2026-01-02T00:00:00.000Z', last: '2026-01-03T00:00:00.000Z' });
  });

  it('is told of holders, and not of who waits', async () => {
    const answer = await ask(nightLog(), { subject: '198.51.100.16' });
    expect(answer?.intervals.map(({ role, sure }) => [role, sure?.sold])).toEqual([
      ['holder', true],
      ['waiting', undefined],
      ['holder', true],
    ]);
  });
});

/** The generated histories, each fact told some moments after it had become true. */
const anyToldLate = fc
  .tuple(anyHistory, fc.array(fc.nat({ max: 14 }), { minLength: 60, maxLength: 60 }))
  .map(([facts, told]) => {
    const times = told.slice(0, facts.length).sort((a, b) => a - b);
    return facts.map((fact, n): Told => ({ ...fact, recordedAt: momentText(times[n] ?? 14) }));
  });

describe('what was believed', () => {
  it('is told exactly where the map as of then, as known then, says otherwise of who had it', async () => {
    let differed = 0;
    const anySubject = fc.constantFrom(...addresses, ...ports.map((port) => `port:${port}`));
    const property = fc.asyncProperty(anyToldLate, anySubject, async (facts, subject) => {
      const log = MemoryLog.of(facts);
      for (let n = 0; n <= 14; n += 2) {
        const at = moment(n);
        const answer = await ask(log, { subject, at: momentText(n) });
        if (answer === undefined) return;
        const today = await foldAsOf([log.events], { at });
        const then = await foldAsOf([log.events], { at, knownAt: { recordedAt: at } });
        const said = (fold: typeof today): string[] =>
          holdingsOf(fold.map, answer.subject).map((one) => JSON.stringify({ ...one, namedBy: 0 }));
        const differs = JSON.stringify(said(today)) !== JSON.stringify(said(then));
        if (differs) differed++;
        expect(answer.believed !== undefined).toBe(differs);
      }
    });
    await fc.assert(property, { numRuns: 150 });
    expect(differed).toBeGreaterThan(0);
  });

  it('is not asked where it is said what was known', async () => {
    const fields = { subject: '52:54:00:00:00:99', at: '2026-01-01T12:00:00Z' };
    expect((await ask(nightLog(), fields))?.believed).toMatchObject([{ serverId: 'srv-a' }]);
    expect((await ask(nightLog(), { ...fields, knownAt: '#20' }))?.believed).toBeUndefined();
  });
});

describe('a stretch of time', () => {
  it('is answered with what was had at any moment of it, both ends included', async () => {
    const property = fc.asyncProperty(anyHistory, fc.nat(13), fc.nat(13), async (facts, a, b) => {
      const log = MemoryLog.of(facts);
      const [from, to] = [Math.min(a, b), Math.max(a, b)];
      const subject = addresses[0] ?? '';
      const whole = await ask(log, { subject });
      if (whole === undefined) return;
      const moments = Array.from({ length: to - from + 1 }, (_, n) => moment(from + n));
      const had = whole.intervals.filter((one) =>
        moments.some((at) => during({ intervals: [one], idle: [] }, at).intervals.length > 0),
      );
      const between = `${momentText(from)}..${momentText(to)}`;
      expect((await ask(log, { subject, between }))?.intervals).toEqual(had);
    });
    await fc.assert(property, { numRuns: 200 });
  });

  it.each([
    ['2026-01-01T00:00:00Z', 'is no range'],
    ['2026-01-01T00:00:00Z..', 'is not an instant'],
    ['2026-01-02T00:00:00Z..2026-01-01T00:00:00Z', 'ends before it begins'],
  ])('%s is refused with the cure', (between, cure) => {
    const problem = { problem: expect.stringContaining(cure) as string };
    expect(readSubjectQuestion({ subject: '198.51.100.16', between })).toEqual(problem);
  });

  it('is refused beside a moment', () => {
    const fields = { subject: '198.51.100.16', at: momentText(1), between: `${momentText(1)}..${momentText(2)}` };
    expect(readSubjectQuestion(fields)).toMatchObject({ problem: expect.stringContaining('only one') as string });
  });
});
