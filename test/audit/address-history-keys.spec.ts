import { createHash } from 'node:crypto';
import fc from '../support/property.js';
import { decodeEvent, formatPrefix, type Ipv6Words } from '../../events/index.js';
import {
  addressHistoryVersion,
  hashOfText,
  historyKeys,
  hourOf,
  keysContaining,
  keysOfAddressesIn,
  keysOfTimes,
  keysOverlapping,
  postingsOf,
  prefixLengths,
  timeBlock,
  timeKeysOf,
} from '../../projections/index.js';
import { claiming, Contested } from '../../src/audit/diff/contested.js';
import type { KeysOf } from '../../src/audit/known-log.js';
import { covers, mayMention, mentions, overlap, violationConcerns } from '../../src/audit/mentions.js';
import { namingKeys, ownStream, violationKeys } from '../../src/audit/subject-keys.js';
import { subjectsOf } from '../../src/audit/subject.js';
import { corpus } from '../support/corpus.js';
import { anyNight, questions } from './any-night.js';
import { HistoryInMemory } from './history-in-memory.js';
import { MemoryLog } from './memory-log.js';

/** Keys that are in use only where a posting of that length exists. */
const found = (history: HistoryInMemory, keysOf: KeysOf): Set<number> =>
  new Set(keysOf(history.valuesOf(prefixLengths)).flatMap((key) => history.valuesOf(key)));

/** Prefixes that share many of their bits. */
const prefix = fc
  .record({
    bits: fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 3 }), fc.nat({ max: 3 }), fc.nat({ max: 3 })),
    at: fc.nat({ max: 31 }),
    length: fc.integer({ min: 3, max: 128 }),
  })
  .map(({ bits, at, length }) => {
    const words = bits.map((one, index) => ((index === 0 ? 0x20000000 : 0) | (one << (at % 28))) >>> 0);
    return formatPrefix(cut(words as unknown as Ipv6Words, length), length);
  });

function cut(words: Ipv6Words, length: number): Ipv6Words {
  return words.map((word, index) => {
    const kept = Math.min(32, Math.max(0, length - index * 32));
    return kept === 0 ? 0 : (word & (0xffffffff << (32 - kept))) >>> 0;
  }) as unknown as Ipv6Words;
}

describe('the keys of the address history', () => {
  it('find every event that names a subject, and every violation that concerns it', () => {
    const property = fc.property(anyNight, fc.constantFrom(...questions), (night, text) => {
      const log = MemoryLog.of(night);
      const history = new HistoryInMemory(log.events);
      const read = subjectsOf(text);
      if ('problem' in read) throw new Error(read.problem);
      for (const subject of read.value) {
        const [naming, violating] = [found(history, namingKeys(subject)), found(history, violationKeys(subject))];
        for (const stored of log.events) {
          const decoded = decodeEvent(stored);
          if (!decoded.readable) continue;
          const { event } = decoded;
          if (mayMention(stored.type, subject) && mentions(event, subject))
            expect(naming.has(stored.ordinal) || stored.stream === ownStream(subject)).toBe(true);
          if (event.type === 'ViolationDetected' && violationConcerns(event.data, subject))
            expect(violating.has(stored.ordinal)).toBe(true);
        }
      }
    });
    fc.assert(property, { numRuns: 300 });
  });

  it('find a prefix from every prefix that shares an address with it, and from every address in it', () => {
    const property = fc.property(prefix, prefix, (sold, asked) => {
      const log = MemoryLog.of([
        { type: 'Ipv6PrefixAssigned', data: { serverId: 'a', prefix: sold }, time: '2026-01-01T00:00:00Z' },
      ]);
      const history = new HistoryInMemory(log.events);
      const lengths = history.valuesOf(prefixLengths);
      expect(lengths).toEqual([Number(sold.slice(sold.indexOf('/') + 1))]);
      const finds = (keys: readonly string[]): boolean => keys.some((key) => history.valuesOf(key).length > 0);
      if (overlap(sold, asked)) expect(finds(keysOverlapping(historyKeys.prefixes, asked, lengths))).toBe(true);
      const address = asked.slice(0, asked.indexOf('/'));
      expect(finds(keysContaining(historyKeys.prefixes, address, lengths))).toBe(covers(sold, address));
    });
    fc.assert(property, { numRuns: 500 });
  });

  it('find a claimed address from every prefix around it', () => {
    const property = fc.property(prefix, prefix, (asked, near) => {
      const address = near.slice(0, near.indexOf('/'));
      const detected = corpus.find(({ stored }) => stored.type === 'ViolationDetected')?.stored;
      if (detected === undefined) throw new Error('the corpus has no violation');
      const stored = { ...detected, data: { ...(detected.data as object), claimedAddress: address } };
      const history = new HistoryInMemory([stored]);
      const keys = keysOfAddressesIn(historyKeys.violation.addresses, asked);
      if (covers(asked, address)) expect(keys.some((key) => history.valuesOf(key).length > 0)).toBe(true);
    });
    fc.assert(property, { numRuns: 500 });
  });

  it('find every event by which a server claims what others do', () => {
    const property = fc.property(anyNight, fc.nat({ max: 2 }), (night, which) => {
      const log = MemoryLog.of(night);
      const history = new HistoryInMemory(log.events);
      const contested = new Contested();
      const own = `server-${['a', 'b', 'c'][which]}`;
      contested.addServer(log.events.filter(({ stream }) => stream === own));
      const led = found(history, (lengths) => contested.keys(lengths));
      for (const stored of log.events)
        if (claiming(stored).some((event) => contested.isClaimedBy(event))) expect(led).toContain(stored.ordinal);
    });
    fc.assert(property, { numRuns: 300 });
  });

  it('find every time of a stretch, and few others', () => {
    const day = 86_400_000;
    const time = fc.integer({ min: -30 * day, max: 30 * day });
    const property = fc.property(time, time, time, (one, two, asked) => {
      const [from, to] = [Math.min(one, two), Math.max(one, two)];
      const keys = keysOfTimes(from, to);
      const isFound = timeKeysOf(hourOf(asked)).some((key) => keys?.includes(key));
      if (asked > from && asked <= to) expect(isFound).toBe(true);
      if (hourOf(asked) < hourOf(from) || hourOf(asked) > hourOf(to)) expect(isFound).toBe(false);
    });
    fc.assert(property, { numRuns: 1000 });
    expect(keysOfTimes(0, 100 * 365 * day)).toBeUndefined();
  });

  it('are those of their version: an event that is posted otherwise than before needs a new one', () => {
    const hash = createHash('sha256').update(`${timeBlock} ${timeKeysOf(hourOf(0)).join(' ')}\n`);
    for (const { stored } of corpus) {
      const decoded = decodeEvent(stored);
      if (!decoded.readable) continue;
      for (const [key, value] of postingsOf(decoded.event))
        hash.update(`${stored.type} ${key} ${hashOfText(key)} ${value === stored.ordinal ? 'here' : value}\n`);
    }
    // When this changes, count addressHistoryVersion up, and write both here: an index made before is then made anew.
    expect([addressHistoryVersion, hash.digest('hex').slice(0, 16)]).toEqual([7, '7a68a569d5fcbf94']);
  });
});
