import { Writable } from 'node:stream';
import { jest } from '@jest/globals';
import fc from '../support/property.js';
import { formatInstant } from '../../events/index.js';
import type { EventStreamOptions } from '../../src/transports/event-stream.js';
import { fits, type ViolationFilter } from '../../src/feed/violation-filter.js';
import { ViolationIndex } from '../../src/feed/violation-index.js';
import { ViolationStreams } from '../../src/feed/violation-stream.js';
import { happening, now, tell } from './happenings.js';
import { lookingAt, nothingKnown, startMs, ViolationLog } from './violation-log.js';

/** A client that keeps what it got; while `stalled` it takes nothing more than its socket buffer. */
class Client extends Writable {
  text = '';
  stalled = false;
  private held: (() => void) | undefined;

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    if (this.stalled) this.held = done;
    else done();
  }

  resume(): void {
    this.stalled = false;
    const { held } = this;
    this.held = undefined;
    held?.();
  }

  get events(): {
    id: string | undefined;
    event: string | undefined;
    data: { violationId?: string; count?: number };
  }[] {
    const blocks = this.text.split('\n\n').filter((block) => block.includes('event: '));
    return blocks.map((block) => {
      const field = (name: string): string | undefined => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
      return { id: field('id'), event: field('event'), data: JSON.parse(field('data') ?? '{}') as object };
    });
  }

  get told(): string[] {
    return this.events.map(({ id, data }) => `${data.violationId}@${id}`);
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

function follow(
  log: ViolationLog,
  after?: number,
  options: EventStreamOptions & { filter?: ViolationFilter; client?: Client } = {},
): Client {
  const client = options.client ?? new Client();
  streamsOf(log).open(client, { filter: options.filter ?? {}, after }, options);
  return client;
}

const indexes = new WeakMap<ViolationLog, ViolationIndex>();
function indexOf(log: ViolationLog): ViolationIndex {
  const index = indexes.get(log) ?? new ViolationIndex(log.liveMap);
  indexes.set(log, index);
  return index;
}

/** The streams of a log, which are told of each change at once. */
const opened = new WeakMap<ViolationLog, ViolationStreams>();
function streamsOf(log: ViolationLog): ViolationStreams {
  const known = opened.get(log);
  if (known !== undefined) return known;
  const index = indexOf(log);
  const streams = new ViolationStreams(log.liveMap, index, () => lookingAt(index, now), 0);
  closers.push(() => streams.close());
  opened.set(log, streams);
  return streams;
}

describe('the stream of violations', () => {
  it('starts with how long to wait before a retry, and tells only what happens from now on', async () => {
    const log = new ViolationLog();
    log.fold(log.detected('a'));
    const client = follow(log);
    log.fold(log.detected('b'));
    log.fold(log.repeated('a'));
    await settled();
    expect(client.text).toMatch(/^retry: 3000\n\n/);
    expect(client.told).toEqual(['b@1', 'a@2']);
    expect(client.events[1]).toMatchObject({ event: 'violation', data: { violationId: 'a', count: 2 } });
  });

  it('resumes after an id with each violation that changed since, once, and goes on live', async () => {
    const log = new ViolationLog();
    log.fold(log.detected('a'), log.detected('b'), log.detected('c'), log.repeated('b'), log.repeated('b'));
    const client = follow(log, 1);
    log.fold(log.repeated('c'));
    await settled();
    expect(client.told).toEqual(['c@2', 'b@4', 'c@5']);
    const all = follow(log, -1);
    await settled();
    expect(all.told).toEqual(['a@0', 'b@4', 'c@5']);
  });

  it('tells a violation once that changed several times in one page of the log', async () => {
    const log = new ViolationLog();
    const client = follow(log);
    log.fold(log.detected('a'), log.repeated('a'), log.detected('b'));
    await settled();
    expect(client.told).toEqual(['a@1', 'b@2']);
  });

  it('tells only what passes its filter, before and after it went live', async () => {
    const log = new ViolationLog();
    log.fold(log.detected('a'), log.detected('b', { severity: 'critical' }));
    const client = follow(log, -1, { filter: { severity: ['critical'] } });
    log.fold(log.detected('c'), log.detected('d', { severity: 'critical' }));
    await settled();
    expect(client.told).toEqual(['b@1', 'd@3']);
  });

  it('says once that a violation left the filter, and nothing of one that did not fit before', async () => {
    const log = new ViolationLog();
    log.fold(log.detected('a'), log.detected('b'));
    const fresh = follow(log, undefined, { filter: { state: ['new'] } });
    const low = follow(log, undefined, { filter: { state: ['new'], severity: ['low'] } });
    const all = follow(log);
    log.fold(log.told('ViolationMarkedFalsePositive', 'a', { by: 'token:a', comment: 'none' }));
    log.fold(log.repeated('a'), log.told('ViolationResolved', 'b', { by: 'token:a' }), log.repeated('b'));
    await settled();
    expect(fresh.events.map(({ event, id, data }) => [event, id, data.violationId])).toEqual([
      ['left', '2', 'a'],
      ['violation', '5', 'b'],
    ]);
    expect(fresh.events[0]?.data).toEqual({ violationId: 'a' });
    expect(low.events).toEqual([]);
    expect(all.events.map(({ event }) => event)).toEqual(['violation', 'violation', 'violation']);
  });

  it('tells every client that a mute began or ended, in its place among the violations', async () => {
    const log = new ViolationLog();
    const client = follow(log, undefined, { filter: { severity: ['low'] } });
    log.fold(
      log.detected('a', { severity: 'low' }),
      log.muted('m1', { violationId: 'a' }, formatInstant(now + 60_000)),
    );
    log.fold(log.muteEnded('m1'), log.detected('b'));
    await settled();
    expect(client.events.map(({ event, id, data }) => [event, id, data])).toMatchObject([
      ['violation', '0', { violationId: 'a' }],
      ['mutes', '1', { muteId: 'm1' }],
      ['mutes', '2', { muteId: 'm1' }],
    ]);
  });

  it('tells everybody that a renumbering went on, and who resumes that any may have', async () => {
    const log = new ViolationLog();
    log.fold(log.detected('a', { claimedAddress: '2001:db8::1' }));
    const none = follow(log, 0);
    const client = follow(log);
    log.fold(log.renumberingStarted('rn-1'));
    log.fold(log.renumbered('RenumberingProgressed', 'rn-1', { state: 'finished' }), log.repeated('a'));
    const resumed = follow(log, 3);
    const newcomer = follow(log, -1);
    await settled();
    expect(client.events.map(({ event, id, data }) => [event, id, data])).toMatchObject([
      ['renumberings', '1', { renumberingId: 'rn-1' }],
      ['renumberings', '2', { renumberingId: 'rn-1' }],
      ['violation', '3', { renumbering: { renumberingId: 'rn-1', prefix: 'old', state: 'finished' } }],
    ]);
    expect(resumed.events.map(({ event, id, data }) => [event, id, data])).toEqual([['renumberings', undefined, {}]]);
    expect(newcomer.events.map(({ event }) => event)).toEqual(['violation']);
    expect(none.events.map(({ event, id }) => [event, id])[0]).toEqual(['renumberings', '1']);
  });

  it('tells a client that resumes what may have left its filter meanwhile, and which mutes changed', async () => {
    const log = new ViolationLog();
    const until = formatInstant(now + 60_000);
    log.fold(
      log.detected('a'),
      log.detected('b'),
      log.detected('c', { severity: 'low' }),
      log.muted('m0', { violationId: 'b' }, until),
    );
    const resolved = ['a', 'c'].map((id) => log.told('ViolationResolved', id, { by: 'token:a' }));
    log.fold(...resolved, log.muted('m1', { violationId: 'a' }, until), log.detected('d'));
    const filter: ViolationFilter = { state: ['new'], severity: ['high'] };
    const resumed = follow(log, 3, { filter });
    const newcomer = follow(log, -1, { filter });
    await settled();
    expect(resumed.events.map(({ event, id, data }) => [event, id, data.violationId])).toEqual([
      ['mutes', undefined, undefined],
      ['left', '4', 'a'],
      ['violation', '7', 'd'],
    ]);
    expect(resumed.events[0]?.data).toEqual({ muteId: 'm1' });
    expect(newcomer.told).toEqual(['b@1', 'd@7']);
  });

  it('leaves every client with exactly what fits its filter, whatever happens and however often it is cut', async () => {
    const wholeFilter = fc.record(
      {
        state: fc.constantFrom<ViolationFilter['state'][]>(['new'], ['acknowledged', 'resolved']),
        severity: fc.constantFrom<ViolationFilter['severity'][]>(['high', 'critical']),
        assignee: fc.constantFrom('token:v1', 'token:v2'),
        quiet: fc.boolean(),
        muted: fc.boolean(),
        renumbering: fc.constantFrom('rn-1', 'rn-2'),
        since: fc.constantFrom(formatInstant(startMs + 5_000)).map(Date.parse),
        newSince: fc.constantFrom('5', '10'),
      },
      { requiredKeys: [] },
    );
    // More than two at once fit next to nothing.
    const filters = wholeFilter.map(
      (whole) => Object.fromEntries(Object.entries(whole).slice(0, 2)) as Partial<typeof whole>,
    );
    const steps = fc.array(fc.tuple(happening, fc.nat(5)), { maxLength: 40, size: 'max' });
    await fc.assert(
      fc.asyncProperty(steps, filters, fc.boolean(), async (happened, filter, isSlow) => {
        const log = new ViolationLog();
        const index = indexOf(log);
        const fitting = (): string[] =>
          [...log.liveMap.map.violations.values()]
            .filter((row) => fits(row, filter as ViolationFilter, lookingAt(index, now)))
            .map((row) => row.violationId)
            .sort();
        const shown = new Set<string>();
        let after = -1;
        let client = follow(log, after, { filter: filter });
        const take = async (): Promise<void> => {
          client.resume();
          for (let turn = 0; turn < 3; turn++) await settled();
          for (const { event, id, data } of client.events) {
            if (id !== undefined) after = Number(id);
            if (event === 'violation') shown.add(data.violationId ?? '');
            else if (event === 'left') shown.delete(data.violationId ?? '');
            // What mutes and renumberings lie over has to be asked for anew.
            else if (
              (event === 'mutes' && filter.muted !== undefined) ||
              (event === 'renumberings' && filter.renumbering !== undefined)
            ) {
              shown.clear();
              for (const one of fitting()) shown.add(one);
            }
          }
          client.text = '';
        };
        for (const [one, what] of happened) {
          if (what === 0) {
            await take();
            client.destroy();
            await settled();
          }
          tell(log, one);
          if (what === 0) {
            const next = new Client();
            next.stalled = isSlow;
            client = follow(log, after, { filter: filter, client: next });
          }
          if (what !== 1) continue;
          await take();
          expect([...shown].sort()).toEqual(fitting());
        }
        await take();
        expect([...shown].sort()).toEqual(fitting());
        client.destroy();
      }),
      { numRuns: 150 },
    );
  });

  it('loses and doubles nothing however often a client is cut and resumes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.boolean()), { maxLength: 30 }),
        async (steps) => {
          const log = new ViolationLog();
          const known = new Set<string>();
          const got: string[] = [];
          let client = follow(log, -1);
          const hangUp = async (): Promise<void> => {
            await settled();
            got.push(...client.told);
            client.destroy();
            await settled();
          };
          const last = (): number => Number(got.at(-1)?.split('@')[1] ?? -1);
          for (const [number, cut] of steps) {
            if (cut) await hangUp();
            const id = `v${number}`;
            log.fold(known.has(id) ? log.repeated(id) : log.detected(id));
            known.add(id);
            if (cut) client = follow(log, last());
          }
          await hangUp();
          const positions = got.map((one) => Number(one.split('@')[1]));
          expect(positions).toEqual([...new Set(positions)].sort((a, b) => a - b));
          const newest = new Map(got.map((one) => one.split('@') as [string, string]));
          for (const { violationId, position } of log.liveMap.map.violations.values()) {
            expect(newest.get(violationId)).toBe(position);
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it('cuts a client that is a megabyte behind, and frees what waited for it', async () => {
    const log = new ViolationLog();
    const client = new Client();
    client.stalled = true;
    let ended = 0;
    follow(log, undefined, { client, onEnd: () => ended++ });
    let sent = 0;
    for (; sent < 10_000 && !client.destroyed; sent++) log.fold(log.detected(`v${sent}`));
    expect(client.destroyed).toBe(true);
    expect(sent).toBeGreaterThan(1_000);
    expect(sent).toBeLessThan(4_000);
    await settled();
    expect(ended).toBe(1);
    const before = client.text.length;
    log.fold(log.detected('later'));
    expect(client.text).toHaveLength(before);
  });

  it('does not cut a client for a long past, which it reads at its own pace', async () => {
    const log = new ViolationLog();
    indexOf(log);
    for (let n = 0; n < 5_000; n++) log.fold(log.detected(`v${n}`));
    const client = new Client();
    client.stalled = true;
    follow(log, -1, { client });
    expect(client.writableLength).toBeLessThan(64 * 1024);
    log.fold(log.detected('now'));
    expect(client.destroyed).toBe(false);
    client.resume();
    for (let turn = 0; turn < 10_000 && client.told.length < 5_001; turn += 500) {
      for (let n = 0; n < 500; n++) await settled();
    }
    expect(client.told).toHaveLength(5_001);
    expect(client.told.at(-1)).toBe('now@5000');
  });

  it('keeps nothing of clients that are gone, and follows the map only while somebody listens', async () => {
    const log = new ViolationLog();
    const streams = streamsOf(log);
    const watched = (): boolean =>
      [log.liveMap, indexOf(log)].some((one) =>
        Object.entries(one).some(
          ([name, subject]) => /^(stored|changed)$/.test(name) && (subject as { observed: boolean }).observed,
        ),
      );
    const clients = Array.from({ length: 1_000 }, (_, n) =>
      follow(log, -1, { filter: n % 2 === 0 ? {} : { severity: ['low'] } }),
    );
    expect({ size: streams.size, watched: watched() }).toEqual({ size: 1_000, watched: true });
    log.fold(log.detected('a'));
    for (const [n, client] of clients.entries()) {
      if (n % 3 === 0) client.end();
      else client.destroy(n % 3 === 1 ? new Error('reset') : undefined);
    }
    await settled();
    expect({ size: streams.size, watched: watched() }).toEqual({ size: 0, watched: false });
    for (const client of clients)
      expect([client.listenerCount('drain'), client.listenerCount('close')]).toEqual([0, 0]);
  });

  it('tells every client of a change with the same bytes', async () => {
    const log = new ViolationLog();
    const chunks = [new Set<Buffer>(), new Set<Buffer>()];
    for (const got of chunks) {
      const client = new Client();
      client.write = (chunk: Buffer) => got.add(chunk) !== undefined;
      follow(log, undefined, { client });
    }
    log.fold(log.detected('a'), log.detected('b'));
    await settled();
    const [first, second] = chunks.map((got) => [...got].at(-1));
    expect(first?.toString().match(/^id: /gm)).toHaveLength(2);
    expect(second).toBe(first);
  });

  it('tells a change at once after a silence, and gathers what follows it closely', async () => {
    const log = new ViolationLog();
    const streams = new ViolationStreams(log.liveMap, indexOf(log), nothingKnown, 30);
    closers.push(() => streams.close());
    const client = new Client();
    streams.open(client, { filter: {} });
    log.fold(log.detected('a'));
    await settled();
    expect(client.told).toEqual(['a@0']);
    log.fold(log.detected('b'));
    log.fold(log.repeated('a'));
    log.fold(log.repeated('b'));
    const late = new Client();
    streams.open(late, { filter: {}, after: -1 });
    for (let tries = 0; tries < 6000 && client.told.length < 3; tries++) await pause(5);
    expect(client.told).toEqual(['a@0', 'a@2', 'b@3']);
    await pause(40);
    expect(late.told).toEqual(['a@2', 'b@3']);
  });

  it('begins to gather once the sockets have taken what was told, however long that takes', async () => {
    jest.useFakeTimers({ doNotFake: ['Date', 'hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate'] });
    closers.push(() => jest.useRealTimers());
    const log = new ViolationLog();
    const streams = new ViolationStreams(log.liveMap, indexOf(log), nothingKnown, 30);
    closers.push(() => streams.close());
    const client = new Client();
    streams.open(client, { filter: {} });
    log.fold(log.detected('a'));
    log.fold(log.detected('b'));
    process.nextTick(() => jest.advanceTimersByTime(100));
    await settled();
    expect(client.told).toEqual(['a@0']);
    await settled();
    jest.advanceTimersByTime(30);
    await settled();
    expect(client.told).toEqual(['a@0', 'b@1']);
  });

  it('asks before each event whether the client may still read, and hands over nothing once it may not', async () => {
    const log = new ViolationLog();
    let may = true;
    let ended = 0;
    const client = follow(log, undefined, { mayRead: () => may, onEnd: () => ended++ });
    log.fold(log.detected('a'));
    may = false;
    log.fold(log.detected('b'));
    await settled();
    expect({ told: client.told, cut: client.destroyed, ended }).toEqual({ told: ['a@0'], cut: true, ended: 1 });
    const refused = follow(log, -1, { mayRead: () => false });
    await settled();
    expect({ text: refused.text, cut: refused.destroyed, size: streamsOf(log).size }).toEqual({
      text: '',
      cut: true,
      size: 0,
    });
  });

  it('gives a stalled client nothing of its backlog once it may not read any more', async () => {
    const log = new ViolationLog();
    const client = new Client();
    client.stalled = true;
    let may = true;
    follow(log, undefined, { client, mayRead: () => may });
    for (let n = 0; n < 200; n++) log.fold(log.detected(`v${n}`));
    const taken = client.told.length;
    may = false;
    client.resume();
    for (let n = 0; n < 50; n++) await settled();
    expect(client.destroyed).toBe(true);
    // What the socket had taken before is past calling back.
    expect(client.told.length).toBeLessThan(taken + 100);
  });

  it('sends heartbeats without an id', async () => {
    const client = follow(new ViolationLog(), undefined, { heartbeatMs: 5 });
    for (let tries = 0; tries < 6000 && client.events.length < 2; tries++) await pause(5);
    expect(client.events.slice(0, 2)).toEqual(Array(2).fill({ id: undefined, event: 'heartbeat', data: {} }));
  });

  it('sends no heartbeats to a client that is not reading', async () => {
    const log = new ViolationLog();
    for (let n = 0; n < 100; n++) log.fold(log.detected(`v${n}`));
    const client = new Client();
    client.stalled = true;
    follow(log, -1, { client, heartbeatMs: 1 });
    const buffered = client.writableLength;
    await pause(50);
    expect(client.writableLength).toBe(buffered);
  });
});

describe('an exoneration', () => {
  it('is streamed as a change of its violation, with the event that says so', async () => {
    const log = new ViolationLog();
    log.fold(log.detected('v0'));
    const client = follow(log);
    log.fold(log.exonerated('v0', 'fact-7'));
    await settled();
    expect(client.events.map(({ data }) => data)).toMatchObject([
      { violationId: 'v0', state: 'exonerated', exoneratedBy: 'fact-7' },
    ]);
  });
});
