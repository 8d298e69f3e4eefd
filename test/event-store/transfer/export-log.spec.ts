import fc from '../../support/property.js';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson } from '../../../src/event-store/canonical-json.js';
import type { EventStore } from '../../../src/event-store/event-store.port.js';
import { ExportFile, ExportFileTaken } from '../../../src/event-store/transfer/export-file.js';
import {
  ExportDiffers,
  exportLog,
  type Exported,
  NoSuchOrdinal,
  OtherExport,
} from '../../../src/event-store/transfer/export-log.js';
import { type LogSource, NotOfThisLog, sourceOf } from '../../../src/event-store/transfer/log-source.js';
import { temporaryDirectories } from '../temporary-directory.js';
import { addSamples, allEvents, sampleLog } from './sample-log.js';

const newDirectory = temporaryDirectories();
let store: EventStore;
let file: string;
beforeEach(async () => {
  const directory = newDirectory();
  store = await sampleLog(directory, 100);
  file = join(directory, 'export.ndjson');
});
afterEach(() => store.close());

interface Asked {
  readonly from?: number;
  readonly source?: LogSource;
  readonly isStopped?: () => boolean;
}

async function toFile({ from = 0, source = sourceOf(store), isStopped = () => false }: Asked = {}): Promise<Exported> {
  const target = await ExportFile.open(file);
  try {
    const options = { from, isStopped, onResumed: () => {}, onProgress: () => {} };
    const exported = await exportLog(source, target, options);
    if (exported.isComplete) target.complete();
    return exported;
  } finally {
    target.close();
  }
}

/** The source with pages of ten, and what happens to each on the way. */
function passing(change: (line: string) => string = (line) => line): LogSource {
  const source = sourceOf(store);
  return {
    ...source,
    pages: async function* (afterId) {
      for await (const page of source.pages(afterId))
        for (let at = 0; at < page.length; at += 10)
          yield page.slice(at, at + 10).map((event) => JSON.parse(change(JSON.stringify(event))) as typeof event);
    },
  };
}

describe('an export', () => {
  it('is a header and one line an event in RFC 8785 form, the same each time', async () => {
    await toFile();
    const text = readFileSync(file, 'utf8');
    const [header = '', ...lines] = text.trimEnd().split('\n');
    const { root } = await store.tree.head();
    expect(header).toBe(
      `{"portledger":"log","version":1,"logId":"${store.logId}","size":100,"root":"${root.toString('hex')}"}`,
    );
    const events = (await allEvents(store)).map((event) => canonicalJson({ ...event, position: undefined }));
    expect(lines).toEqual(events);
    rmSync(file);
    await toFile();
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  it('ends where the log ended when it began', async () => {
    const source = sourceOf(store);
    let hasGrown = false;
    const growing: LogSource = {
      ...source,
      pages: async function* (afterId) {
        if (!hasGrown) await addSamples(store, 50);
        hasGrown = true;
        yield* source.pages(afterId);
      },
    };
    await toFile({ source: growing });
    expect((await allEvents(store)).length).toBe(150);
    expect(readFileSync(file, 'utf8').trimEnd().split('\n')).toHaveLength(101);
  });

  it('gets its name only when it is complete, and goes on where it was stopped', async () => {
    let pages = 0;
    const stopped = await toFile({ source: passing(), isStopped: () => ++pages === 4 });
    expect(stopped).toMatchObject({ isComplete: false, next: 40 });
    expect([existsSync(file), existsSync(`${file}.partial`)]).toEqual([false, true]);
    await addSamples(store, 10);
    expect(await toFile()).toMatchObject({ isComplete: true, next: 100 });
    expect([existsSync(file), existsSync(`${file}.partial`)]).toEqual([true, false]);
    expect(readFileSync(file, 'utf8').trimEnd().split('\n')).toHaveLength(101);
  });

  it('is the same wherever it was cut off, and whatever the disk made of its last bytes', async () => {
    await toFile();
    const whole = readFileSync(file);
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.uint8Array({ maxLength: 40 }), async (length, noise) => {
        rmSync(file, { force: true });
        const end = whole.indexOf(0x0a) + 1;
        // Noise in the header line is no unfinished export, but a file of somebody else.
        const tail = length < end ? new Uint8Array() : noise;
        writeFileSync(`${file}.partial`, Buffer.concat([whole.subarray(0, length), tail]));
        await toFile();
        expect(readFileSync(file).equals(whole)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('begins with the event asked for, checked all the same', async () => {
    await toFile({ from: 98 });
    const [header, ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n');
    expect(JSON.parse(header ?? '')).toMatchObject({ size: 100, from: 98 });
    expect(lines.map((line) => (JSON.parse(line) as { ordinal: number }).ordinal)).toEqual([98, 99]);
    rmSync(file);
    await expect(toFile({ from: 100 })).rejects.toBeInstanceOf(NoSuchOrdinal);
    const broken = passing((line) => line.replace('\\"7\\"', '\\"8\\"'));
    rmSync(`${file}.partial`, { force: true });
    await expect(toFile({ from: 98, source: broken })).rejects.toBeInstanceOf(ExportDiffers);
  });

  it.each<[string, (line: string) => string]>([
    ['data', (line) => line.replace('\\"57\\"', '\\"58\\"')],
    ['a type', (line) => (line.includes('\\"57\\"') ? line.replace('"Third"', '"Sample"') : line)],
    ['a time', (line) => (line.includes('\\"57\\"') ? line.replace('2026-01-01', '2025-01-01') : line)],
    ['an ordinal', (line) => line.replace('"ordinal":57', '"ordinal":58')],
  ])('is refused when %s was changed on the way, and never gets its name', async (_what, change) => {
    await expect(toFile({ source: passing(change) })).rejects.toBeInstanceOf(ExportDiffers);
    expect(existsSync(file)).toBe(false);
  });

  it('is not mixed with one of another log, from another event, or with a file of somebody else', async () => {
    let pages = 0;
    await toFile({ source: passing(), isStopped: () => ++pages === 4 });
    await expect(toFile({ from: 5 })).rejects.toBeInstanceOf(OtherExport);
    await expect(toFile({ source: { ...passing(), logId: 'other' } })).rejects.toBeInstanceOf(OtherExport);
    const rewritten = readFileSync(`${file}.partial`, 'utf8').replace(/("id":")[0-9a-f]{8}(?!.*"id")/s, '$100000000');
    writeFileSync(`${file}.partial`, rewritten);
    await expect(toFile()).rejects.toBeInstanceOf(NotOfThisLog);
    writeFileSync(`${file}.partial`, 'my notes\n');
    await expect(toFile()).rejects.toBeInstanceOf(ExportFileTaken);
    writeFileSync(file, '');
    await expect(toFile()).rejects.toBeInstanceOf(ExportFileTaken);
    expect(readFileSync(`${file}.partial`, 'utf8')).toBe('my notes\n');
  });
});
