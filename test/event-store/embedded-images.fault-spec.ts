import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { StoredEvent } from '../../events/index.js';
import { openEmbeddedReader } from '../../src/event-store/embedded/embedded.event-store.js';
import type { EventStore } from '../../src/event-store/event-store.port.js';
import { readHead } from '../../src/event-store/embedded/head-file.js';
import { LogScrub } from '../../src/event-store/embedded/log-scrub.js';
import { openWritableLog } from '../../src/event-store/embedded/writable-log.js';
import { wholeLog } from '../contracts/event-store.check.js';
import { independentLeaf, treeHash } from '../contracts/rfc-6962.js';
import { damages, parts, recordMoments, seeded } from './damaged-images.js';
import { temporaryDirectories } from './temporary-directory.js';
import { seedOr } from '../support/seed.js';

const newDirectory = temporaryDirectories();
const images = process.env['PORTLEDGER_LONG'] === '1' ? 20_000 : 1000;
const seed = seedOr(20_260_301);

/** How an image ended: where it was refused, or that it was whole after all. */
type End = 'refused at open' | 'refused at read' | 'refused by the scrub' | 'whole';

/** What the files hold; SQLite makes an empty write-ahead log where there is none. */
const filesOf = (image: string): string[] =>
  parts.map((name) => {
    const path = join(image, name);
    const bytes = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
    return `${name}: ${bytes.length} bytes, ${createHash('sha256').update(bytes).digest('hex')}`;
  });

/** What a call refused with; anything but a StoreError is a failure of the test. */
async function refusalOf(call: () => unknown): Promise<Error | undefined> {
  try {
    await call();
    return undefined;
  } catch (error) {
    if (error instanceof Error && error.name === 'StoreError') return error;
    throw error;
  }
}

/** Serves everything there is, and compares all that is served with what was written. */
async function readEverything(
  store: EventStore,
  log: readonly StoredEvent[],
): Promise<{ readonly refused: boolean; readonly complete: boolean }> {
  let [refused, complete] = [false, true];
  const serve = async (
    expected: readonly StoredEvent[],
    read: () => Promise<readonly StoredEvent[]>,
  ): Promise<void> => {
    let served: readonly StoredEvent[] = [];
    const refusal = await refusalOf(async () => {
      served = await read();
    });
    if (refusal !== undefined) refused = true;
    else if (served.length < expected.length) complete = false;
    const other = served.find((event) => !isDeepStrictEqual(event, log[event.ordinal]));
    if (other !== undefined) throw new Error(`it serves ${JSON.stringify(other)}, which nobody wrote`);
  };
  await serve(log, () => wholeLog(store, 50));
  await serve(log, async () => (await store.readAll({ backwards: true })).events);
  for (const stream of new Set(log.map((event) => event.stream)))
    await serve(
      log.filter((event) => event.stream === stream),
      async () => (await store.readStream(stream)).events,
    );
  for (const event of log)
    await serve([event], async () => [await store.findById(event.id)].filter((found) => found !== undefined));
  if (!refused && complete) {
    const refusal = await refusalOf(async () =>
      expect(await store.tree.head()).toEqual({ size: log.length, root: treeHash(log.map(independentLeaf)) }),
    );
    refused = refusal !== undefined;
  }
  return { refused, complete };
}

/** @param log what was acknowledged when the image was taken */
async function endOf(image: string, log: readonly StoredEvent[], asWriter: boolean): Promise<End> {
  if (asWriter) {
    const before = filesOf(image);
    const refusal = await refusalOf(() => openWritableLog(image, { create: false }).close());
    if (refusal !== undefined) {
      expect(filesOf(image)).toEqual(before);
      return 'refused at open';
    }
  }
  const before = filesOf(image);
  let reader: EventStore | undefined;
  await refusalOf(async () => (reader = await openEmbeddedReader(image)));
  if (reader === undefined) {
    expect(filesOf(image)).toEqual(before);
    return 'refused at open';
  }
  const served = await readEverything(reader, log).finally(() => reader?.close());
  const found = await refusalOf(() => {
    const scrub = LogScrub.open(image);
    try {
      for (const step of scrub.pass(readHead(image))) expect(step.checked).toBeLessThanOrEqual(log.length);
    } finally {
      scrub.close();
    }
  });
  expect(filesOf(image)).toEqual(before);
  if (served.refused) return 'refused at read';
  if (found !== undefined) return 'refused by the scrub';
  // Whatever is left out without a word would be a lie.
  expect(served.complete).toBe(true);
  return 'whole';
}

describe(`a log of which ${images} images were damaged (seed ${seed})`, () => {
  it('serves every event as it was written, or refuses by name and changes nothing', async () => {
    const root = newDirectory();
    const chance = seeded(seed);
    const { log, moments } = await recordMoments(root, chance);
    const ends = new Map<string, number>();
    const image = join(root, 'image');
    for (let round = 0; round < images; round++) {
      const [what = '', damage] = Object.entries(damages)[round % 4] ?? [];
      const at = 1 + chance(moments.length - 1);
      const [moment, older] = [moments[at], moments[chance(at)]];
      if (damage === undefined || moment === undefined || older === undefined) throw new Error('no such moment');
      rmSync(image, { recursive: true, force: true });
      mkdirSync(image);
      for (const name of parts)
        if (existsSync(join(moment.directory, name))) copyFileSync(join(moment.directory, name), join(image, name));
      const done = damage(image, chance, older);
      try {
        const end = await endOf(image, log.slice(0, moment.events), chance(2) === 0);
        ends.set(`${what}: ${end}`, (ends.get(`${what}: ${end}`) ?? 0) + 1);
      } catch (error) {
        throw new Error(`image ${round} of ${moment.events} events, ${what}, ${done}`, { cause: error });
      }
    }
    process.stderr.write(
      `${[...ends]
        .map(([end, count]) => `${count} ${end}`)
        .sort()
        .join('\n')}\n`,
    );
    for (const end of ['refused at open', 'refused at read', 'refused by the scrub', 'whole'])
      expect([...ends.keys()].some((key) => key.endsWith(end))).toBe(true);
  }, 3_600_000);
});
