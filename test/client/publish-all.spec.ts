import { type Fact, type Outcome, type Progress, UnansweredError } from '../../src/client/index.js';
import { eventually } from '../contracts/event-store.check.js';
import { fact, moody } from './moody-client.js';

const { engine, client } = moody();

/** A source that says how much was taken from it, and whether it was told that no more is wanted. */
class Source implements AsyncIterable<Fact> {
  taken = 0;
  isReturned = false;

  constructor(private readonly make: (index: number) => Fact | 'nothing more for now' | undefined) {}

  [Symbol.asyncIterator](): AsyncIterator<Fact> {
    return {
      next: () => {
        const value = this.make(this.taken);
        if (value === 'nothing more for now') return new Promise(() => undefined);
        if (value === undefined) return Promise.resolve({ done: true, value });
        this.taken++;
        return Promise.resolve({ done: false, value });
      },
      return: () => {
        this.isReturned = true;
        return Promise.resolve({ done: true, value: undefined });
      },
    };
  }
}

describe('a whole history that is published', () => {
  it('is stored in the order of each subject, and its counts and outcomes are told as they come', async () => {
    const source = new Source((index) => (index < 3_000 ? fact(`f${index}`, `s${index % 40}`) : undefined));
    const told: Progress[] = [];
    const outcomes = new Map<string, Outcome>();
    const all = await client().publishAll(source, {
      onProgress: (progress) => void told.push(progress),
      onOutcome: ({ id }, outcome) => void outcomes.set(String(id), outcome),
    });
    expect(all).toEqual({ taken: 3_000, stored: 3_000, refused: 0, conflicted: 0 });
    expect(told.at(-1)).toEqual(all);
    expect(told.map(({ stored }) => stored)).toEqual(Array.from({ length: 3_000 }, (_, index) => index + 1));
    expect([...outcomes.values()].every(({ stored }) => stored)).toBe(true);
    for (let server = 0; server < 40; server++) {
      const ids = Array.from({ length: 75 }, (_, index) => `f${index * 40 + server}`);
      expect(engine().storedIds(`s${server}`)).toEqual(ids);
    }
  });

  it('is taken from its source no faster than the engine answers', async () => {
    const held: (() => void)[] = [];
    engine().beforeAnswer = () => new Promise((resolve) => held.push(resolve));
    const source = new Source((index) => (index < 500 ? fact(`f${index}`, `s${index}`) : undefined));
    const all = client().publishAll(source, { mostWaiting: 100 });
    await eventually(() => held.length > 0 && source.taken === 100, 'as much is taken as may wait', 60_000);
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(source.taken).toBe(100);
    engine().beforeAnswer = () => Promise.resolve();
    for (const release of held) release();
    expect((await all).stored).toBe(500);
  });

  it('goes on after a refused fact, but not with the subject of that one, however much later it comes', async () => {
    const facts = [
      fact('f0', 's1'),
      fact('f1', 's1', 'no'),
      ...Array.from({ length: 50 }, (_, index) => fact(`o${index}`, 's2')),
      fact('f2', 's1'),
    ];
    const codes = new Map<string, string>();
    const all = await client({ gatherMs: 0 }).publishAll(facts, {
      mostWaiting: 1,
      onOutcome: (_, outcome) => void (outcome.stored || codes.set(outcome.id, outcome.code)),
    });
    expect(all).toEqual({ taken: 53, stored: 51, refused: 2, conflicted: 0 });
    expect([...codes]).toEqual([
      ['f1', 'invalid-event'],
      ['f2', 'predecessor-refused'],
    ]);
    expect(engine().storedIds('s1')).toEqual(['f0']);
  });

  it('stops where the token is refused, and says why', async () => {
    engine().mood = () => ({ status: 401 });
    const source = new Source((index) => fact(`f${index}`, `s${index}`));
    const all = await client().publishAll(source, { mostWaiting: 10 });
    expect(all).toMatchObject({ stored: 0, stoppedBy: { status: 401, code: 'a-reason', detail: 'Because.' } });
    expect(source.taken).toBeLessThan(100);
    expect(source.isReturned).toBe(true);
  });

  it('ends with the first fact that got no answer, though its source gives nothing more and does not end', async () => {
    engine().mood = () => 'reset before';
    const source = new Source((index) => (index === 0 ? fact('f0', 's1') : 'nothing more for now'));
    await expect(client().publishAll(source, { deadlineMs: 500 })).rejects.toBeInstanceOf(UnansweredError);
  });

  it('ends when its publisher says so', async () => {
    const control = new AbortController();
    const source = new Source((index) => (index < 10 ? fact(`f${index}`, 's1') : 'nothing more for now'));
    const all = client().publishAll(source, { signal: control.signal });
    await eventually(() => engine().log.length === 10, 'what there was is stored', 60_000);
    control.abort(new Error('enough'));
    await expect(all).rejects.toThrow('enough');
  });

  it('passes on what its source throws, after all that was taken is settled', async () => {
    const outcomes: Outcome[] = [];
    const source = new Source((index) => {
      if (index === 3) throw new Error('the database of billing is gone');
      return fact(`f${index}`, 's1');
    });
    const all = client().publishAll(source, { onOutcome: (_, outcome) => void outcomes.push(outcome) });
    await expect(all).rejects.toThrow('the database of billing is gone');
    expect(outcomes.map(({ stored }) => stored)).toEqual([true, true, true]);
  });
});
