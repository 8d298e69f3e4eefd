import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from '../support/property.js';
import { bytesOfImage, LogFold } from '../../projections/index.js';
import { Audit } from '../../src/audit/audit.js';
import { KnownLog } from '../../src/audit/known-log.js';
import { ImagesWriter } from '../../src/audit/map-images/images-writer.js';
import { MapImages } from '../../src/audit/map-images/map-images.js';
import type { ImagesPlace } from '../../src/audit/map-images/images-place.js';
import { pastMap } from '../../src/audit/map-images/past-maps.js';
import { thinned } from '../../src/audit/map-images/spacing.js';
import { tempDirectory } from '../support/temp-directory.js';
import { everythingOf, expectSame } from '../support/told.js';
import { moment, momentText } from './any-history.js';
import { anyNight } from './any-night.js';
import { MemoryLog, type Told } from './memory-log.js';

const root = tempDirectory();
let made = 0;
const freshDirectory = (): string => join(root, String(made++));
const sizes = { step: 4, blockEvents: 2 };

/** Nights that are told as they happen, but for what is told late, corrected, or ahead of its time. */
const toldNight: fc.Arbitrary<Told[]> = fc
  .tuple(anyNight, fc.array(fc.nat({ max: 3 }), { minLength: 80, maxLength: 80 }))
  .map(([night, kept]) =>
    night.map((told, index) => (kept[index] === 0 ? told : { ...told, time: momentText(Math.floor(index / 4)) })),
  );

async function write(directory: string, log: MemoryLog, size = log.events.length): Promise<void> {
  const part = new MemoryLog();
  part.events.push(...log.events.slice(0, size));
  const writer = await ImagesWriter.open(directory, part, sizes);
  await writer.catchUp().finally(() => writer.close());
}

/** What a replay of every event gives. */
function replayed(log: MemoryLog, at: number | undefined, last: number): unknown {
  const fold = new LogFold(at === undefined ? {} : { at });
  for (const event of log.events.slice(0, last + 1)) fold.fold(event);
  return everythingOf(fold);
}

async function fromImages(log: MemoryLog, place: ImagesPlace, at: number | undefined, last: number): Promise<unknown> {
  const known = await KnownLog.open(log, { ordinal: last });
  const { map, ...fold } = await pastMap(log, known, { at, place }).then((one) => ({
    map: one.map,
    frozenStreams: () => one.frozenStreams(),
  }));
  return everythingOf({ map, ordinal: known.ordinal, ...fold });
}

const never = (error: unknown): never => {
  throw error;
};

/** Servers sold one a second, each told when it was. */
function orderly(servers: number): MemoryLog {
  const log = new MemoryLog();
  for (let n = 0; n < servers; n++)
    log.tell({
      type: 'ServerAdded',
      data: { serverId: `s${String(n).padStart(4, '0')}`, customerId: 'c', port: `leaf1:E${n}`, vlan: 11 },
      time: momentText(n),
    });
  return log;
}

describe('a map of the past made from images', () => {
  it('is the map that plain replay gives, however far the images are, on both axes', async () => {
    const seen = { fromAnImage: 0, frozen: 0, beforeTheEnd: 0 };
    const property = fc.asyncProperty(
      toldNight,
      fc.option(fc.nat({ max: 20 }), { nil: undefined }),
      fc.tuple(fc.nat(), fc.nat(), fc.nat()),
      async (night, n, [first, second, any]) => {
        const log = MemoryLog.of(night);
        const directory = freshDirectory();
        for (const size of [first, second].map((one) => one % (log.events.length + 1)).sort((a, b) => a - b))
          await write(directory, log, size);
        const last = log.events.length - 1 - (any % 3 === 0 ? any % log.events.length : 0);
        const at = n === undefined ? undefined : moment(n);
        const expected = replayed(log, at, last);
        expectSame(await fromImages(log, { directory, onUnusable: never }, at, last), expected);

        const images = await MapImages.open(directory, log);
        if (((await images?.startOf(last, at))?.ordinal ?? -1) >= 0) seen.fromAnImage++;
        await images?.close();
        if ((expected as { frozen: unknown[] }).frozen.length > 0) seen.frozen++;
        if (at !== undefined && log.events.some(({ metadata }) => Date.parse(metadata.time) > at)) seen.beforeTheEnd++;
      },
    );
    await fc.assert(property, { numRuns: 120 });
    // About a dozen of the rarest: the law was held against each kind.
    expect(Math.min(seen.fromAnImage, seen.frozen, seen.beforeTheEnd)).toBeGreaterThan(0);
  }, 300_000);

  it('is never another one where a byte was changed or cut off', async () => {
    const log = orderly(60);
    const whole = freshDirectory();
    await write(whole, log);
    const names = readdirSync(whole);
    const property = fc.asyncProperty(fc.nat(), fc.nat(), fc.boolean(), async (which, place, cuts) => {
      const directory = freshDirectory();
      await write(directory, log, 0);
      for (const name of names) copyFileSync(join(whole, name), join(directory, name));
      const victim = join(directory, names[which % names.length] ?? '');
      const bytes = readFileSync(victim);
      const at = place % bytes.length;
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (place % 8));
      writeFileSync(victim, cuts ? bytes.subarray(0, at) : bytes);
      for (const n of [20, 41, 59])
        expectSame(await fromImages(log, { directory }, moment(n), 59), replayed(log, moment(n), 59));
    });
    await fc.assert(property, { numRuns: 40 });
  });

  it('tells who asked that an image is damaged', async () => {
    const log = orderly(12);
    const directory = freshDirectory();
    await write(directory, log);
    for (const name of readdirSync(directory)) if (name.startsWith('image-')) writeFileSync(join(directory, name), 'x');
    const told: unknown[] = [];
    const place = { directory, onUnusable: (error: unknown) => void told.push(error) };
    expectSame(await fromImages(log, place, undefined, 11), replayed(log, undefined, 11));
    expect(String(told)).toContain('is not as it was written');
  });

  it('reads no more of the log than counts by then', async () => {
    const log = orderly(400);
    const late = { serverId: 's0003', port: 'leaf1:E900', vlan: 11 };
    log.tell({ type: 'ServerMoved', data: late, time: momentText(100), recordedAt: momentText(500) });
    log.tell({ type: 'ServerRemoved', data: { serverId: 's0001' }, time: momentText(600) });
    const directory = freshDirectory();
    await write(directory, log);
    let read = 0;
    const counting = Object.assign(Object.create(log) as MemoryLog, {
      readAll: async (options: Parameters<MemoryLog['readAll']>[0]) => {
        const page = await log.readAll(options);
        read += page.events.length;
        return page;
      },
      readAt: async (ordinals: readonly number[]) => {
        const events = await log.readAt(ordinals);
        read += events.length;
        return events;
      },
    });
    const audit = new Audit(counting, undefined, { directory, onUnusable: never });
    const question = { filters: {}, page: { limit: 500 }, at: moment(201) };
    const answer = await audit.map(question);
    expect(read).toBeLessThan(40);
    expect(answer).toEqual(await new Audit(log).map(question));
    expect([answer.ordinal, answer.bindings.length, answer.bindings[3]?.port]).toEqual([401, 202, 'leaf1:E900']);
  });

  it('counts the events that a frozen stream holds, whatever their time', async () => {
    const log = orderly(40);
    const stream = 'server-s0005';
    log.tell({ type: 'ServerPainted', data: {}, time: momentText(7), recordedAt: momentText(60), stream });
    for (let n = 0; n < 9; n++)
      log.tell({ type: 'ServerSuspended', data: { serverId: 's0005' }, time: momentText(50 + n) });
    const directory = freshDirectory();
    await write(directory, log);
    const last = log.events.length - 1;
    const told = await fromImages(log, { directory, onUnusable: never }, moment(30), last);
    expectSame(told, replayed(log, moment(30), last));
    expect((told as { frozen: { held: unknown[] }[] }).frozen.map(({ held }) => held.length)).toEqual([9]);
  });
});

describe('the images of a map', () => {
  it('are none of another log, nor of one whose last event is not there or another', async () => {
    const log = orderly(20);
    const directory = freshDirectory();
    await write(directory, log);
    const opens = async (other: Pick<MemoryLog, 'logId' | 'readAt'>): Promise<boolean> => {
      const images = await MapImages.open(directory, other);
      await images?.close();
      return images !== undefined;
    };
    const readAt: MemoryLog['readAt'] = async (asked) =>
      (await log.readAt(asked)).map((one) => ({ ...one, id: 'another' }));
    expect(await opens(log)).toBe(true);
    expect(await opens({ logId: 'another', readAt: (asked) => log.readAt(asked) })).toBe(false);
    expect(await opens(orderly(19))).toBe(false);
    expect(await opens({ logId: log.logId, readAt })).toBe(false);
  });

  it('hold nothing that is later than they say, so that a fact told ahead of its time passes them by', async () => {
    const log = orderly(8);
    const data = { serverId: 's0002', customerId: 'other' };
    log.tell({ type: 'ServerTransferred', data, time: momentText(300), recordedAt: momentText(8) });
    for (let n = 0; n < 11; n++) log.tell({ type: 'LinkUp', data: { port: 'leaf1:E1' }, time: momentText(9 + n) });
    const directory = freshDirectory();
    await write(directory, log);
    const images = await MapImages.open(directory, log);
    expect((await images?.startOf(19, moment(20)))?.ordinal).toBe(7);
    expect((await images?.startOf(19, moment(300)))?.ordinal).toBe(19);
    expect((await images?.startOf(18, undefined))?.ordinal).toBe(15);
    await images?.close();
  });

  it('are the same bytes whether they were made in one go or bit by bit', async () => {
    const log = orderly(50);
    const [whole, bitByBit] = [freshDirectory(), freshDirectory()];
    await write(whole, log);
    for (let size = 0; size <= 50; size += 5) await write(bitByBit, log, size);
    const contents = (directory: string): string[] =>
      readdirSync(directory).map((name) => `${name} ${readFileSync(join(directory, name)).toString('base64')}`);
    expect(contents(bitByBit)).toEqual(contents(whole));
    const fold = new LogFold();
    for (const event of log.events.slice(0, 48)) fold.fold(event);
    const state = Buffer.concat([...bytesOfImage(fold.image())]);
    expect(readFileSync(join(whole, 'image-0000000000000047.bin')).equals(state)).toBe(true);
  });

  it('take no more disk than the log, stay evenly spread, and one always stays', () => {
    const property = fc.property(fc.array(fc.nat({ max: 9_000 }), { minLength: 1, maxLength: 400 }), (bytes) => {
      let kept = { step: 4, images: [] as readonly Parameters<typeof thinned>[0]['images'][number][] };
      for (const [index, size] of bytes.entries()) {
        const ordinal = (index + 1) * 4 - 1;
        if ((ordinal + 1) % kept.step !== 0) continue;
        const image = { name: String(ordinal), ordinal, latest: ordinal, bytes: size, checks: [] };
        kept = thinned({ step: kept.step, images: [...kept.images, image] }, ordinal + 1);
        const sum = kept.images.reduce((total, one) => total + one.bytes, 0);
        expect(kept.images.length === 1 || sum <= (ordinal + 1) * 512).toBe(true);
        expect(kept.images.length).toBeGreaterThan(0);
        expect(kept.images.length).toBeLessThanOrEqual(256);
        if (kept.images.length > 1) expect(kept.images.every((one) => (one.ordinal + 1) % kept.step === 0)).toBe(true);
      }
    });
    fc.assert(property, { numRuns: 100 });
  });
});
