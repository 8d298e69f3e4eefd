import { parseInstant } from '../../../events/index.js';
import { ExceptionBook, ExceptionHits } from '../../../src/sensor/exceptions/exception-hits.js';
import { exceptionViews } from '../../../src/sensor/exceptions/exception-view.js';
import { exceptionEnded, exceptionGranted, fold, instantOf } from '../../support/history.js';

const said = { rule: 'mac-mismatch', owner: 'network team', reason: 'a cluster', expires: instantOf(100) };
const port = 'leaf1:Ethernet16';
const viewsAt = (when: Parameters<typeof fold>[0], at: number, hits = new ExceptionHits()) =>
  exceptionViews(fold(when).map.exceptions.values(), hits, parseInstant(instantOf(at)) ?? 0);

describe('an exception as it is shown', () => {
  it('is active until it expires, and expired from that instant on', () => {
    const when = [exceptionGranted('e1', { ...said, port }, 10)];
    expect([99, 100].map((at) => viewsAt(when, at)[0]?.state)).toEqual(['active', 'expired']);
    expect(viewsAt(when, 99)).toMatchObject([{ scope: { port }, granted: instantOf(10), expires: instantOf(100) }]);
    expect(viewsAt(when, 99)[0]).not.toHaveProperty('ended');
  });

  it('is ended from the instant of its end on, and expired where it expired before', () => {
    const when = [exceptionGranted('e1', { ...said, port }, 10), exceptionEnded('e1', 20)];
    expect(viewsAt(when, 19)[0]?.state).toBe('active');
    expect(viewsAt(when, 20)).toMatchObject([{ state: 'ended', ended: instantOf(20) }]);
    const late = [exceptionGranted('e1', { ...said, port }, 10), exceptionEnded('e1', 200)];
    expect(viewsAt(late, 300)[0]?.state).toBe('expired');
  });

  it('is active again where it was granted again after its end', () => {
    const when = [exceptionGranted('e1', { ...said, port }, 10), exceptionEnded('e1', 20)];
    expect(viewsAt([...when, exceptionGranted('e1', { ...said, port }, 30)], 40)[0]?.state).toBe('active');
  });

  it('is not shown where it was ended and never granted', () => {
    expect(viewsAt([exceptionEnded('e1', 20)], 30)).toEqual([]);
  });

  it('expires 30 days after its grant, whatever the grant says', () => {
    const day = 86_400_000;
    const granted = parseInstant(instantOf(10)) ?? 0;
    const [one] = viewsAt([exceptionGranted('e1', { ...said, expires: '2999-01-01T00:00:00.000Z', port }, 10)], 10);
    expect(Date.parse(one?.expires ?? '') - granted).toBe(30 * day);
  });

  it('stands with those in force first, of them the one that ends first', () => {
    const when = [
      exceptionGranted('ended', { ...said, port }, 1),
      exceptionEnded('ended', 2),
      exceptionGranted('expired', { ...said, expires: instantOf(30), port }, 1),
      exceptionGranted('long', { ...said, port }, 1),
      exceptionGranted('short', { ...said, expires: instantOf(60), port }, 1),
    ];
    expect(viewsAt(when, 50).map((one) => one.exceptionId)).toEqual(['short', 'long', 'expired', 'ended']);
  });

  it('has the hits that were counted for it and nobody else’s', () => {
    const hits = new ExceptionHits();
    hits.add({ exceptionId: 'e1', hits: 2, lastHit: 5_000 });
    hits.add({ exceptionId: 'e1', hits: 1, lastHit: 4_000 });
    const when = [exceptionGranted('e1', { ...said, port }, 1), exceptionGranted('e2', { ...said, port }, 1)];
    const [one, other] = viewsAt(when, 50, hits);
    expect(one).toMatchObject({ exceptionId: 'e1', hits: 3, lastHit: '1970-01-01T00:00:05.000Z' });
    expect(other).toMatchObject({ exceptionId: 'e2', hits: 0 });
    expect(other).not.toHaveProperty('lastHit');
  });
});

describe('the hits since the engine started', () => {
  it('add up over judges that ended by themselves, and a judge’s counts replace those it told before', () => {
    const book = new ExceptionBook(0);
    const told = (hits: number): void => book.take([{ exceptionId: 'e1', hits, lastHit: hits }]);
    told(3);
    told(5);
    expect(book.counts().of('e1')?.hits).toBe(5);
    book.judgeWasReplaced();
    expect(book.counts().of('e1')?.hits).toBe(5);
    told(2);
    expect(book.counts().of('e1')).toEqual({ exceptionId: 'e1', hits: 7, lastHit: 5 });
  });
});
