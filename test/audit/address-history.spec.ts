import { copyFileSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from '../support/property.js';
import { historyKeys } from '../../projections/index.js';
import { HistoryIndex } from '../../src/audit/address-history/history-index.js';
import { HistoryWriter } from '../../src/audit/address-history/history-writer.js';
import { Audit } from '../../src/audit/audit.js';
import { tempDirectory } from '../support/temp-directory.js';
import { HistoryInMemory } from './history-in-memory.js';
import { anyAt, anyKnownAt, anyNight, questions } from './any-night.js';
import { MemoryLog, type Told } from './memory-log.js';
import { subjectsOf } from '../../src/audit/subject.js';
import type { SubjectQuestion } from '../../src/audit/question.js';
import type { AsOf } from '../../src/audit/as-of.js';

const root = tempDirectory();
let made = 0;
const freshDirectory = (): string => join(root, String(made++));

function questionOf(text: string, asOf: AsOf = {}): SubjectQuestion {
  const read = subjectsOf(text);
  if ('problem' in read) throw new Error(read.problem);
  return { subjects: read.value, text, ...asOf };
}

const answers = async (audit: Audit, question: SubjectQuestion): Promise<object> => ({
  whoHad: question.subjects.some(({ kind }) => kind === 'server') ? 'not asked' : await audit.whoHad(question),
  explain: await audit.explain(question),
});

/** Writes the index of the first events of a log, a few at a time. */
async function write(directory: string, log: MemoryLog, size = log.events.length, step = size): Promise<void> {
  const writer = await HistoryWriter.open(directory, log);
  for (let at = 0; at < size; at += step) {
    writer.take(log.events.slice(at, Math.min(size, at + step)));
    writer.flush();
  }
  writer.close();
}

const runsIn = (directory: string): string[] => readdirSync(directory).filter((name) => name.startsWith('run-'));

/** A log of many events of few kinds. */
function longLog(servers: number): MemoryLog {
  const log = new MemoryLog();
  for (let n = 0; n < servers; n++) {
    const data = { serverId: `s${n}`, addOnId: 'ip', address: `198.51.${n >>> 8}.${n & 255}` };
    log.tell({ type: 'Ipv4AddOnBought', data, time: '2026-01-01T00:00:00Z' });
  }
  return log;
}

describe('the index of the address history', () => {
  const laws: readonly [where: string, numRuns: number][] = [
    ['in memory', 150],
    ['on disk', 25],
  ];
  it.each(laws)(
    'leads to the same answers as reading the whole log, however far it is, on both axes (%s)',
    async (where, numRuns) => {
      const property = fc.asyncProperty(
        anyNight,
        fc.constantFrom(...questions, '52:54:00:00:00:01', 'leaf1:E1'),
        fc.record({ at: anyAt, knownAt: anyKnownAt }),
        fc.tuple(fc.nat(), fc.integer({ min: 5, max: 20 })),
        async (night, text, { at, knownAt }, [any, step]) => {
          const log = MemoryLog.of(night);
          const size = any % (log.events.length + 1);
          const directory = freshDirectory();
          if (where === 'on disk') await write(directory, log, size, step);
          const onDisk = await HistoryIndex.open(directory, log);
          expect(onDisk?.reaches ?? -1).toBe(where === 'on disk' ? size - 1 : -1);
          const history = onDisk ?? new HistoryInMemory(log.events.slice(0, size));
          const question = questionOf(text, { ...(at !== undefined && { at }), ...(knownAt && { knownAt }) });
          expect(await answers(new Audit(log, () => ({ history })), question)).toEqual(
            await answers(new Audit(log), question),
          );
          onDisk?.close();
        },
      );
      await fc.assert(property, { numRuns });
    },
    300_000,
  );

  const added = (serverId: string, vlan: number): Told => ({
    type: 'ServerAdded',
    data: { serverId, customerId: 'c1', port: `leaf1:${serverId}`, vlan },
    time: '2026-01-01T00:00:00Z',
  });
  const later = '2026-01-02T00:00:00Z';
  const line = {
    kind: 'neighbour',
    change: 'add',
    readBack: 'present',
    line: '198.51.100.2 vlan11 52:54:00:00:00:02',
    serverId: 's2',
  };
  const journal = { planId: 'p', device: 'leaf1', part: 1, of: 1, outcome: 'confirmed' };
  it.each([
    [
      'a line that an event of the server caused for another one',
      [
        added('s1', 11),
        { type: 'ServerRemoved', data: { serverId: 's1' }, time: later },
        { type: 'ReconcileFinished', data: { ...journal, lines: [{ ...line, cause: 1 }] }, time: later },
      ],
      line.line,
    ],
    [
      'a rival for the VLAN whose record was corrected in that alone',
      [
        added('s2', 12),
        { type: 'ServerRecordCorrected', data: { serverId: 's2', vlan: 11, reason: 'wrong' }, time: later },
        added('s1', 11),
      ],
      '"holder":"s2"',
    ],
  ])('leads to %s', async (_, night: readonly Told[], told) => {
    const log = MemoryLog.of(night);
    const history = new HistoryInMemory(log.events);
    const found = await new Audit(log, () => ({ history })).explain(questionOf('server:s1'));
    expect(JSON.stringify(found)).toContain(told);
    expect(found).toEqual(await new Audit(log).explain(questionOf('server:s1')));
  });

  it('goes on where it was left, and keeps few runs', async () => {
    const log = longLog(400);
    const directory = freshDirectory();
    for (const size of [7, 8, 100, 399, 400]) await write(directory, log, size, 9);
    const history = await HistoryIndex.open(directory, log);
    expect(history?.reaches).toBe(399);
    for (const n of [0, 7, 99, 255, 256, 399])
      expect(history?.valuesOf(`ip 198.51.${n >>> 8}.${n & 255}`)).toContain(n);
    expect(runsIn(directory)).toHaveLength(1);
    history?.close();
  });

  it('finds the last posting up to a bound, over many blocks and runs', async () => {
    const log = new MemoryLog();
    const mac = (n: number): string => `52:54:00:00:00:0${n % 3}`;
    for (let n = 0; n < 4000; n++) {
      const data = { serverId: `s${n}`, mac: mac(n % 7 === 0 ? 0 : 1) };
      log.tell({ type: 'ServerNicReplaced', data, time: '2026-01-01T00:00:00Z' });
    }
    const directory = freshDirectory();
    await write(directory, log, 3000);
    await write(directory, log, 3990);
    await write(directory, log, 4000);
    const history = await HistoryIndex.open(directory, log);
    const plain = new HistoryInMemory(log.events);
    const property = fc.property(fc.nat({ max: 2 }), fc.integer({ min: -1, max: 4100 }), (which, bound) => {
      const key = historyKeys.mac(mac(which));
      expect(history?.lastOf(key, bound)).toBe(plain.lastOf(key, bound));
    });
    fc.assert(property, { numRuns: 500 });
    history?.close();
  });

  it('is no index of another log, nor of one whose last event is not there or another', async () => {
    const log = longLog(20);
    const directory = freshDirectory();
    await write(directory, log);
    const opens = async (other: Pick<MemoryLog, 'logId' | 'readAt'>): Promise<boolean> => {
      const history = await HistoryIndex.open(directory, other);
      history?.close();
      return history !== undefined;
    };
    const shorter = MemoryLog.of(
      log.events.slice(0, 19).map(({ type, data, metadata }) => ({ type, data: data as object, time: metadata.time })),
    );
    const readAt: MemoryLog['readAt'] = async (asked) =>
      (await log.readAt(asked)).map((one) => ({ ...one, id: 'another' }));
    expect(await opens(log)).toBe(true);
    expect(await opens({ logId: 'another', readAt: (asked) => log.readAt(asked) })).toBe(false);
    expect(await opens(shorter)).toBe(false);
    expect(await opens({ logId: log.logId, readAt })).toBe(false);
  });

  it('is never believed where a byte was changed or cut off, and is then made anew', async () => {
    const log = longLog(700);
    const whole = freshDirectory();
    await write(whole, log);
    const property = fc.asyncProperty(fc.nat(), fc.nat(), fc.boolean(), async (which, at, cuts) => {
      const directory = freshDirectory();
      await write(directory, log, 1);
      for (const name of runsIn(directory)) truncateSync(join(directory, name), 0);
      const names = readdirSync(whole);
      for (const name of names) copyFileSync(join(whole, name), join(directory, name));
      const victim = join(directory, names[which % names.length] ?? '');
      const bytes = readFileSync(victim);
      const place = at % bytes.length;
      bytes[place] = (bytes[place] ?? 0) ^ (1 << (at % 8));
      writeFileSync(victim, cuts ? bytes.subarray(0, place) : bytes);
      const history = await HistoryIndex.open(directory, log);
      const told: unknown[] = [];
      const audit = new Audit(log, () => ({ history, onDamaged: (error) => void told.push(error) }));
      for (const n of [0, 350, 699]) {
        const question = questionOf(`198.51.${n >>> 8}.${n & 255}`);
        expect(await answers(audit, question)).toEqual(await answers(new Audit(log), question));
      }
      history?.close();
      await write(directory, log);
      const again = await HistoryIndex.open(directory, log);
      expect(again?.reaches).toBe(699);
      for (const n of [0, 350, 699]) expect(again?.valuesOf(`ip 198.51.${n >>> 8}.${n & 255}`)).toContain(n);
      again?.close();
    });
    await fc.assert(property, { numRuns: 15 });
  }, 300_000);

  it('tells who asked that it is damaged, and the answer is read from the log', async () => {
    const log = longLog(700);
    const directory = freshDirectory();
    await write(directory, log);
    const history = await HistoryIndex.open(directory, log);
    const [run = ''] = runsIn(directory);
    const path = join(directory, run);
    writeFileSync(path, Buffer.alloc(readFileSync(path).length));
    const told: unknown[] = [];
    const audit = new Audit(log, () => ({ history, onDamaged: (error) => void told.push(error) }));
    expect(await audit.whoHad(questionOf('198.51.0.7'))).toMatchObject({ outcome: 'answered' });
    expect(String(told[0])).toContain('is not as it was written');
    history?.close();
  });
});
