import fc from '../support/property.js';
import { LogFold, mapHash } from '../../projections/index.js';
import { parseAt, parseKnownAt, spellAsOf } from '../../src/audit/as-of.js';
import { foldAsOf } from '../../src/audit/fold-as-of.js';
import { KnownLog } from '../../src/audit/known-log.js';
import { anyHistory, moment } from './any-history.js';
import { MemoryLog } from './memory-log.js';
import { nightLog } from './night-at-leaf1.js';

describe('the times of a question', () => {
  it('reads an instant with any zone', () => {
    expect(parseAt('2026-01-31T04:14:00+01:00')).toEqual({ value: Date.UTC(2026, 0, 31, 3, 14) });
    expect(parseKnownAt('2026-01-31T03:14:00Z')).toEqual({ value: { recordedAt: Date.UTC(2026, 0, 31, 3, 14) } });
    expect(parseKnownAt('#41')).toEqual({ value: { ordinal: 41 } });
  });

  it('refuses a time without a zone and offers the same time in UTC', () => {
    expect(parseAt('2026-01-31T03:14:00')).toEqual({
      problem: 'at: "2026-01-31T03:14:00" is not an instant; it names no zone: write 2026-01-31T03:14:00Z for UTC',
    });
  });

  it.each(['yesterday', '2026-02-30T00:00:00Z', '41', '#', '#-1', ''])(
    'refuses "%s" and says what to write',
    (text) => {
      expect(parseKnownAt(text)).toMatchObject({ problem: expect.stringMatching(/write .* or write #41$/) as string });
    },
  );

  it('spells what it reads so that it reads it again', () => {
    expect(spellAsOf({ at: 0, knownAt: { ordinal: 3 } })).toEqual({ at: '1970-01-01T00:00:00.000Z', knownAt: '#3' });
  });
});

describe('a map as of a moment', () => {
  it('folds exactly the facts of that time or before, of exactly the known prefix', async () => {
    const property = fc.asyncProperty(anyHistory, fc.nat({ max: 13 }), fc.nat({ max: 30 }), async (facts, n, last) => {
      const log = MemoryLog.of(facts);
      const at = moment(n);
      const expected = new LogFold({ at });
      for (const event of log.events.slice(0, last + 1)) expected.fold(event);
      const pages = (await KnownLog.open(log)).pages();
      const fold = await foldAsOf(pages, { at, knownAt: { ordinal: last } });
      expect([mapHash(fold.map), fold.ordinal]).toEqual([mapHash(expected.map), expected.ordinal]);
    });
    await fc.assert(property);
  });

  it('knows by an instant what was recorded up to it, however early it became true', async () => {
    const log = nightLog();
    const before = await foldAsOf([log.events], { knownAt: { recordedAt: Date.parse('2026-01-02T10:29:59Z') } });
    const after = await foldAsOf([log.events], { knownAt: { recordedAt: Date.parse('2026-01-02T10:30:00Z') } });
    expect([before.ordinal, before.map.binding('srv-a')?.mac]).toEqual([7, '52:54:00:00:00:99']);
    expect([after.ordinal, after.map.binding('srv-a')?.mac]).toEqual([8, '52:54:00:00:00:16']);
  });

  it('stops reading at the end of the known prefix', async () => {
    const log = nightLog();
    const read: number[] = [];
    const counting = {
      ...readerOf(log),
      readAll: (o?: { after?: string; limit?: number }) => (read.push(1), log.readAll(o)),
    };
    const known = await KnownLog.open(counting, { ordinal: 3 });
    const fold = await known.fold();
    expect([fold.ordinal, known.ordinal, read.length]).toEqual([3, 3, 2]);
  });

  it('sees the same prefix in every pass, though the log grows', async () => {
    const log = nightLog();
    const known = await KnownLog.open(log);
    log.tell({ type: 'ServerRemoved', data: { serverId: 'srv-b' }, time: '2026-02-01T00:00:00Z' });
    expect((await known.fold()).map.binding('srv-b')?.state).toBe('active');
    expect((await known.stream('server-srv-b')).map((event) => event.type)).not.toContain('ServerRemoved');
  });
});

const readerOf = (log: MemoryLog): Pick<MemoryLog, 'head' | 'logId' | 'ordinalsOf' | 'readAt' | 'readStream'> => ({
  logId: log.logId,
  readAt: (ordinals) => log.readAt(ordinals),
  ordinalsOf: (streams) => log.ordinalsOf(streams),
  head: () => log.head(),
  readStream: (stream, options) => log.readStream(stream, options),
});
