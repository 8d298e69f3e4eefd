import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StoreError } from '../../src/event-store/event-store.port.js';
import type { ServerRecord } from '../../src/event-store/eventstoredb/client.js';
import { FeedGap, LogIndex } from '../../src/event-store/eventstoredb/log-index.js';
import { StreamNames } from '../../src/event-store/eventstoredb/names.js';

const directory = mkdtempSync(join(tmpdir(), 'portledger-index-'));
afterAll(() => rmSync(directory, { recursive: true }));

let index: LogIndex;
let files = 0;
beforeEach(() => (index = LogIndex.open(join(directory, `${files++}.db`), 'a-log', new StreamNames('portledger'))));
afterEach(() => index.close());

const id = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

function record(stream: string, revision: number, commit: number, more: Partial<ServerRecord> = {}): ServerRecord {
  const metadata = { source: '', sourceId: '', schemaVersion: 1, time: '', recordedAt: '2026-01-01T00:00:00.000Z' };
  const position = { commit: BigInt(commit), prepare: BigInt(commit) };
  return {
    id: id(commit),
    stream: `portledger.${stream}`,
    type: 'LinkUp',
    revision,
    position,
    data: {},
    metadata,
    ...more,
  };
}

const ordinals = (records: readonly ServerRecord[]): number[] => index.apply(records).map(({ ordinal }) => ordinal);

describe('the index, fed by a subscription,', () => {
  it('numbers the events of the log and nothing else', () => {
    const heartbeat = record('', 0, 15, { stream: 'portledger-heartbeat' });
    const foreign = record('', 0, 16, { stream: 'portledger-heartbeat-of-others' });
    expect(ordinals([record('a', 0, 10), heartbeat, foreign, record('b', 0, 20)])).toEqual([0, 1]);
    expect(ordinals([record('a', 1, 30)])).toEqual([2]);
    expect([index.ordinalAfter(10), index.ordinalAfter(29), index.ordinalAfter(30)]).toEqual([1, 2, 3]);
    expect([index.ordinalFrom(10), index.ordinalFrom(11)]).toEqual([0, 1]);
  });

  it('takes an event that comes again for what it is', () => {
    const all = [record('a', 0, 10), record('a', 1, 20)];
    expect(ordinals([...all, ...all])).toEqual([0, 1]);
    expect(ordinals(all)).toEqual([]);
    expect(index.size).toBe(2);
  });

  it('refuses a gap and a wrong order, and takes nothing of it', () => {
    index.apply([record('a', 0, 10), record('a', 1, 20)]);
    const { root } = index;
    for (const wrong of [record('a', 3, 40), record('b', 1, 40), record('b', 0, 15)])
      expect(() => index.apply([record('c', 0, 30), wrong])).toThrow(FeedGap);
    expect([index.size, index.root, index.head?.commit, index.revisionOf('c')]).toEqual([2, root, 20, -1]);
    expect(ordinals([record('c', 0, 30)])).toEqual([2]);
  });

  it.each([
    ['two events at one commit position', record('b', 0, 20, { id: id(99) }), 'commit position 20'],
    ['another event where one was', record('a', 0, 10, { id: id(99) }), 'history on the server was changed'],
    ['data that is not JSON', record('a', 2, 30, { data: undefined }), 'not written by an engine'],
    ['an event of the server itself', record('a', 2, 30, { type: '$streamDeleted' }), 'not written by an engine'],
    ['an event without our metadata', record('a', 2, 30, { metadata: {} }), 'not written by an engine'],
  ])('names %s', (_what, wrong, told) => {
    index.apply([record('a', 0, 10), record('a', 1, 20)]);
    expect(() => index.apply([wrong])).toThrow(StoreError);
    expect(() => index.apply([wrong])).toThrow(told);
    expect(index.size).toBe(2);
  });

  it('is made anew when it was condemned, or is of another log', () => {
    const path = join(directory, `${files++}.db`);
    const names = new StreamNames('portledger');
    const sizeOf = (logId: string, spoil?: (opened: LogIndex) => void): number => {
      const opened = LogIndex.open(path, logId, names);
      const { size } = opened;
      if (size === 0) opened.apply([record('a', 0, 10)]);
      spoil?.(opened);
      opened.close();
      return size;
    };
    expect([sizeOf('x'), sizeOf('x'), sizeOf('y'), sizeOf('y', (opened) => opened.condemn()), sizeOf('y')]).toEqual([
      0, 1, 0, 1, 0,
    ]);
  });
});
