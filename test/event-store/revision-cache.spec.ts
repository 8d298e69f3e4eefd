import { RevisionCache } from '../../src/event-store/embedded/revision-cache.js';

describe('the cache of revisions', () => {
  it('knows what was written or asked for lately, and forgets the rest', () => {
    const cache = new RevisionCache(3);
    cache.set('kept', 1);
    for (let turn = 0; turn < 50; turn++) {
      cache.set(`other-${turn}`, turn);
      expect(cache.get('kept')).toBe(1);
      expect(cache.get(`other-${turn}`)).toBe(turn);
    }
    expect(cache.get('other-0')).toBeUndefined();
    const known = Array.from({ length: 50 }, (_, turn) => cache.get(`other-${turn}`)).filter(
      (one) => one !== undefined,
    );
    expect(known.length).toBeLessThanOrEqual(6);
  });

  it('answers the newest revision, whatever generation the stream was in', () => {
    const cache = new RevisionCache(2);
    cache.set('a', 1);
    cache.set('b', 1);
    cache.set('c', 1);
    cache.set('a', 2);
    expect(cache.get('a')).toBe(2);
    cache.clear();
    expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual([undefined, undefined, undefined]);
  });
});
