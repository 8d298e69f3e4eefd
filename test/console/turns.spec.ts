import { oneAtATime } from '../../src/console/one-at-a-time.js';
import { Turns } from '../../src/console/turns.js';
import type { Violation } from '../../src/console/violation.js';

const seen = (violationId: string, etag: string): Violation => ({ violationId, etag }) as Violation;

/** Work that ends when it is told to. */
function held<Value>(): { readonly promise: Promise<Value>; end(value: Value): void; fail(why: Error): void } {
  let end: (value: Value) => void = () => undefined;
  let fail: (why: Error) => void = () => undefined;
  const promise = new Promise<Value>((resolve, reject) => {
    end = resolve;
    fail = reject;
  });
  return { promise, end, fail };
}
const aMoment = (): Promise<unknown> => new Promise((resolve) => setImmediate(resolve));

describe('what a reader does to the same violation', () => {
  it('happens in turn, each at what the one before left', async () => {
    const turns = new Turns();
    const first = held<readonly Violation[]>();
    const done: string[] = [];
    const acknowledged = turns.take('acknowledge', [seen('v1', 'e1')], () => first.promise);
    const resolved = turns.take('resolve', [seen('v1', 'e1')], ([now]) => {
      done.push(`resolve at ${now?.etag}`);
      return Promise.resolve([]);
    });
    await aMoment();
    expect(done).toEqual([]);
    first.end([seen('v1', 'e2')]);
    await Promise.all([acknowledged, resolved]);
    expect(done).toEqual(['resolve at e2']);
  });

  it('is done at what was seen when the one before was refused', async () => {
    const turns = new Turns();
    const first = held<readonly Violation[]>();
    const refused = turns.take('acknowledge', [seen('v1', 'e1')], () => first.promise);
    let etag: string | undefined;
    const second = turns.take('resolve', [seen('v1', 'e1')], ([now]) => {
      etag = now?.etag;
      return Promise.resolve([]);
    });
    first.fail(new Error('somebody was first'));
    await expect(refused).rejects.toThrow('somebody was first');
    await second;
    expect(etag).toBe('e1');
  });

  it('does not wait for what is done to others', async () => {
    const turns = new Turns();
    const endless = held<readonly Violation[]>();
    void turns.take('acknowledge', [seen('v1', 'e1')], () => endless.promise);
    await turns.take('acknowledge', [seen('v2', 'e1')], () => Promise.resolve([]));
    expect(turns.isUnderWay('acknowledge', [seen('v1', 'e1')])).toBe(true);
    expect(turns.isUnderWay('acknowledge', [seen('v1', 'e1'), seen('v2', 'e1')])).toBe(false);
    expect(turns.isUnderWay('resolve', [seen('v1', 'e1')])).toBe(false);
  });
});

it('runs what is asked for during a run once more after it, however often it was asked for', async () => {
  const runs = [held<void>(), held<void>(), held<void>()];
  let begun = 0;
  const ask = oneAtATime(() => runs[begun++]?.promise ?? Promise.resolve());
  for (let times = 0; times < 5; times++) ask();
  await aMoment();
  expect(begun).toBe(1);
  // A run that fails is over as well.
  runs[0]?.fail(new Error('no answer'));
  await aMoment();
  expect(begun).toBe(2);
  runs[1]?.end();
  await aMoment();
  expect(begun).toBe(2);
  ask();
  expect(begun).toBe(3);
});
