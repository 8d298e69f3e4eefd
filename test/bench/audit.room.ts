import { execFile } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { HistoryIndex, historyDirectory } from '../../src/audit/address-history/history-index.js';
import { HistoryWriter } from '../../src/audit/address-history/history-writer.js';
import { Audit } from '../../src/audit/audit.js';
import { readDiffQuestion } from '../../src/audit/diff/diff-question.js';
import { KnownLog } from '../../src/audit/known-log.js';
import { ImagesWriter } from '../../src/audit/map-images/images-writer.js';
import { imagesDirectory } from '../../src/audit/map-images/images-place.js';
import { bytesPerEvent } from '../../src/audit/map-images/spacing.js';
import { readSubjectQuestion, type SubjectQuestion } from '../../src/audit/question.js';
import { verifyLog } from '../../src/audit/verify-log.js';
import { openEmbeddedReader, openEmbeddedStore } from '../../src/event-store/embedded/embedded.event-store.js';
import type { EventStore } from '../../src/event-store/event-store.port.js';
import { inBenchFolder } from './bench-folder.js';
import { generateLog, type LogSize } from './generated-log.js';
import { type BenchRow, rowOf } from './row.js';
import { median, percentile } from './statistics.js';

const room = 'audit';
const cli = fileURLToPath(new URL('../../src/cli.js', import.meta.url));
const small = { events: 6_000, servers: 1_000, questions: 20, processes: 1 };

function full(events: number): typeof small {
  return { events, servers: Math.floor(events / 10), questions: 500, processes: 10 };
}

/**
 * Who had it, why, and the map of the past, with the address history beside the log; and what that costs.
 * @param events of the log (`--events`), 10,000,000 as well as fewer; a tenth as many servers live in it
 */
export function auditRoom(smoke: boolean, say: Say, events = 1_000_000): Promise<BenchRow[]> {
  const size = smoke ? small : full(events);
  return inBenchFolder(size.events * bytesAnEvent, async (directory) => {
    say(`writing ${size.events} events of ${size.servers} servers`);
    const written = await timed(() => writeLog(directory, size, say));
    say(`written in ${(written.ms / 1000).toFixed(0)} s: ${((size.events / written.ms) * 1000).toFixed(0)} a second`);
    const log = await openEmbeddedReader(directory);
    try {
      return [
        ...(await building(directory, log, size, say)),
        ...(await imaging(directory, log, size, say)),
        ...(await asking(directory, log, size, say)),
        ...(await starting(size.processes, say)),
        await verifying(log, size, say),
      ];
    } finally {
      await log.close();
    }
  });
}

/** What the log, its index and the images of its map take at most, and what SQLite writes beside them. */
const bytesAnEvent = 1_500;

async function writeLog(directory: string, size: LogSize, say: Say): Promise<void> {
  const store = await openEmbeddedStore({ directory, create: true, scrub: false });
  await generateLog(store, size, inTenths('written', size.events, say)).finally(() => store.close());
}

/** Says each tenth of a long way. */
function inTenths(what: string, all: number, say: Say): (count: number) => void {
  let said = 0;
  return (count) => {
    const tenth = Math.floor((count / all) * 10);
    if (tenth > said && all >= 500_000) say(`${what}: ${tenth * 10} %`);
    said = Math.max(said, tenth);
  };
}

const ratioOf = (one: number, other: number): string => (one / other).toFixed(2);

/** The index beside the replay, page by page from the same log. */
async function building(directory: string, log: EventStore, { events, servers }: LogSize, say: Say) {
  const middle = timeOf(events / 2);
  const map = await timed(async () => (await KnownLog.open(log)).fold(middle));
  say(`map at a moment: ${map.ms.toFixed(0)} ms`);
  const replay = await timed(async () => (await KnownLog.open(log)).fold());
  const index = join(directory, historyDirectory);
  const built = await timed(async () => {
    const writer = await HistoryWriter.open(index, log);
    const tell = inTenths('indexed', events, say);
    for await (const page of (await KnownLog.open(log)).pages()) {
      writer.take(page);
      tell(page.at(-1)?.ordinal ?? 0);
    }
    writer.flush();
    writer.close();
  });
  say(
    `index ${built.ms.toFixed(0)} ms, replay ${replay.ms.toFixed(0)} ms: ${ratioOf(replay.ms, built.ms)} x the rate of a replay`,
  );
  const logBytes = statSync(join(directory, 'log.db')).size;
  const of = `${events} events`;
  const rate = (ms: number): number => (events / ms) * 1000;
  return [
    rowOf({
      ...{ room, name: `events indexed a second (limit: replayed), ${of}`, unit: '1/s' },
      ...{ value: rate(built.ms), limit: rate(replay.ms), goal: 0.5, better: 'more' },
    }),
    rowOf({
      ...{ room, name: `index, bytes an event (limit: the log's own), ${of}`, unit: 'bytes' },
      ...{ value: bytesIn(index) / events, limit: logBytes / events, goal: 1 },
    }),
    rowOf({
      room,
      name: `map at a moment by plain replay, ${servers} servers, ${of}`,
      value: map.ms,
      unit: 'ms',
      limit: 5000,
      goal: 1,
    }),
  ];
}

/** Where in the log the moments lie of which the map is asked for: all about as far from an image as they can be. */
const moments = [0.12, 0.31, 0.5, 0.69, 0.88, 0.99];

/** The images of the map, and the whole map of several moments from them, beside a plain replay of one in the same run. */
async function imaging(directory: string, log: EventStore, { events, servers }: LogSize, say: Say) {
  const images = join(directory, imagesDirectory);
  const built = await timed(async () => {
    const writer = await ImagesWriter.open(images, log);
    await writer.catchUp().finally(() => writer.close());
  });
  const bytes = bytesIn(images);
  say(`images ${built.ms.toFixed(0)} ms, ${(bytes / 1e6).toFixed(0)} MB`);
  const place = { directory: images, onUnusable: fail };
  const question = (moment: number) => ({ filters: {}, page: { limit: 500 }, at: timeOf(Math.floor(events * moment)) });
  const plain = await timed(() => new Audit(log).map(question(0.99)));
  const first: number[] = [];
  for (const moment of moments) {
    const { ms } = await timed(() => new Audit(log, undefined, place).map(question(moment)));
    say(`the map at ${moment} of the log: ${ms.toFixed(0)} ms`);
    first.push(ms);
  }
  const audit = new Audit(log, undefined, place);
  const whole = await timed(async () => {
    let cursor: string | undefined;
    let told = 0;
    do {
      const page = { limit: 500, ...(cursor === undefined ? {} : { cursor }) };
      const answer = await audit.map({ ...question(0.99), page });
      told += answer.bindings.length;
      cursor = answer.next;
    } while (cursor !== undefined);
    return told;
  });
  if (whole.value !== servers) throw new Error(`the map told ${whole.value} servers of ${servers}`);
  const of = `${servers} servers, ${events} events`;
  const goals = { room, unit: 'ms', limit: 5000, goal: 1 };
  return [
    rowOf({
      ...{ room, name: `images of the map, bytes an event (limit: what they may take), ${of}`, unit: 'bytes' },
      ...{ value: bytes / events, limit: bytesPerEvent, goal: 1 },
    }),
    rowOf({ ...goals, name: `map at a moment from images, median, ${of}`, value: percentile(first, 0.5) }),
    rowOf({ ...goals, name: `map at a moment from images, worst, ${of}`, value: Math.max(...first) }),
    rowOf({ ...goals, name: `all pages of it, ${of}`, value: whole.ms }),
    rowOf({
      ...{ room, name: `map at a moment from images, beside plain replay, ${of}`, unit: 'ms' },
      ...{ value: Math.max(...first), limit: plain.ms, goal: 0.25 },
    }),
  ];
}

async function asking(directory: string, log: EventStore, size: ReturnType<typeof full>, say: Say) {
  const history = await HistoryIndex.open(join(directory, historyDirectory), log);
  if (history?.reaches !== size.events - 1) throw new Error('the index does not reach the end of the log');
  const audit = new Audit(log, () => ({ history, onDamaged: fail }));
  const warm: Record<string, number[]> = { 'who-had': [], explain: [] };
  for (let n = 0; n < size.questions; n++) {
    const question = questionAbout(addressOf(Math.floor((n * size.servers) / size.questions)));
    for (const [what, ask] of [
      ['who-had', () => audit.whoHad(question)],
      ['explain', () => audit.explain(question)],
    ] as const) {
      const { ms, value } = await timed<{ readonly outcome: string }>(ask);
      if (value.outcome !== 'answered') throw new Error(`${what} ${question.text} was not answered`);
      warm[what]?.push(ms);
    }
  }
  const differing = await comparing(audit, size, say);
  history.close();
  const cold: number[] = [];
  for (let n = 0; n < size.processes; n++) {
    const words = ['audit', 'who-had', addressOf(n * 7), '--offline', directory];
    cold.push((await timed(() => promisify(execFile)(process.execPath, [cli, ...words]))).ms);
  }
  say(`a process of its own: ${cold.map((ms) => ms.toFixed(0)).join(', ')} ms`);
  const p99 = (samples: readonly number[] = []): number => percentile(samples, 0.99);
  const of = `${size.events} events`;
  return [
    rowOf({ room, name: `who-had p99, ${of}`, value: p99(warm['who-had']), unit: 'ms', limit: 10, goal: 1 }),
    rowOf({ room, name: `explain p99, ${of}`, value: p99(warm['explain']), unit: 'ms', limit: 10, goal: 1 }),
    rowOf({
      room,
      name: `who-had in a process of its own, p99, ${of}`,
      value: p99(cold),
      unit: 'ms',
      limit: 500,
      goal: 1,
    }),
    differing,
  ];
}

/** How long one waits for the help, beside a process that does nothing; taken in turn, so that both have the same neighbours. */
async function starting(rounds: number, say: Say) {
  const calls = {
    bare: ['-e', '0'],
    '--help': [cli, '--help'],
    'audit who-had --help': [cli, 'audit', 'who-had', '--help'],
  };
  const took: Record<string, number[]> = {};
  for (let n = 0; n < rounds; n++) {
    for (const [name, words] of Object.entries(calls))
      (took[name] ??= []).push((await timed(() => promisify(execFile)(process.execPath, words))).ms);
  }
  const median = (name: string): number => percentile(took[name] ?? [], 0.5);
  say(`node -e 0: ${median('bare').toFixed(0)} ms`);
  return Object.keys(calls)
    .filter((name) => name !== 'bare')
    .flatMap((name) => [
      rowOf({ room, name: `first output of ${name}`, value: median(name), unit: 'ms', limit: 100, goal: 1 }),
      rowOf({
        room,
        name: `first output of ${name}, beside node -e 0`,
        value: median(name),
        unit: 'ms',
        limit: median('bare'),
      }),
    ]);
}

/** Two moments with so many events between them: more than a provider with ten million events in three years has in a day. */
async function comparing(audit: Audit, { events }: LogSize, say: Say): Promise<BenchRow> {
  const apart = Math.min(10_000, Math.floor(events / 10));
  const taken: number[] = [];
  for (const part of [0.5, 0.6, 0.7, 0.8, 0.9]) {
    const instantText = (ordinal: number): string => new Date(timeOf(ordinal)).toISOString();
    const first = Math.floor(events * part);
    const read = readDiffQuestion({ from: instantText(first), to: instantText(first + apart) });
    if ('problem' in read) throw new Error(read.problem);
    const { ms, value } = await timed(() => audit.diff(read.value));
    if (value.count === 0) throw new Error('nothing differs');
    taken.push(ms);
  }
  say(`diff: ${taken.map((ms) => ms.toFixed(0)).join(', ')} ms`);
  const name = `diff of moments ${apart} events apart, median, ${events} events`;
  return rowOf({ room, name, value: median(taken), unit: 'ms', limit: 1000, goal: 1 });
}

/** The whole log held against its own tree, as `audit verify` does. */
async function verifying(log: EventStore, { events }: LogSize, say: Say): Promise<BenchRow> {
  const { ms, value } = await timed(() => verifyLog(log, [], inTenths('verified', events, say)));
  if (value.findings.length > 0) throw new Error(`the log does not verify: ${JSON.stringify(value.findings[0])}`);
  const rate = (value.size / ms) * 1000;
  const name = `events verified a second, ${events} events`;
  return rowOf({ room, name, value: rate, unit: '1/s', limit: 100_000, goal: 1, better: 'more' });
}

type Say = (text: string) => void;

function bytesIn(directory: string): number {
  return readdirSync(directory).reduce((sum, name) => sum + statSync(join(directory, name)).size, 0);
}

function fail(error: unknown): never {
  throw error;
}

function questionAbout(text: string): SubjectQuestion {
  const read = readSubjectQuestion({ subject: text });
  if ('problem' in read) throw new Error(read.problem);
  return read.value;
}

/** When the event of an ordinal of the generated log became true. */
const timeOf = (ordinal: number): number => Date.parse('2024-01-01T00:00:00.000Z') + ordinal * 200;

/** As the generated log sells them. */
function addressOf(server: number): string {
  return `10.${server >>> 16}.${(server >>> 8) & 255}.${server & 255}`;
}

async function timed<Value>(work: () => Promise<Value>): Promise<{ readonly ms: number; readonly value: Value }> {
  const start = performance.now();
  const value = await work();
  return { ms: performance.now() - start, value };
}
