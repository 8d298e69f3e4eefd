import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EventMetadata, StoredEvent } from '../../events/index.js';
import { verifyExport } from '../../src/audit/standalone-verifier.js';
import { isDamage, verifyLog } from '../../src/audit/verify-log.js';
import { openEmbeddedReader } from '../../src/event-store/embedded/embedded.event-store.js';
import { tempDirectory } from '../support/temp-directory.js';
import { choices, differs, mutations, withFreshLeaves } from './insider.js';
import { saidLog } from './said-log.js';
import {
  buildLog,
  copyWithRows,
  exportOf,
  givenFrom,
  readRows,
  type Row,
  type SealedLog,
  sealLog,
} from './sealed-log.js';
import { seedOr } from '../support/seed.js';

// PORTLEDGER_LONG=1: twenty times as many. PORTLEDGER_SEED chooses other mutations.
const count = process.env['PORTLEDGER_LONG'] === '1' ? 20_000 : 1000;
const seed = seedOr(20_260_301);
/** One in so many is a re-chained log: the store's own writer makes it anew, so that nothing in it contradicts itself. */
const rechainedEvery = 15;

const folder = tempDirectory();
const work = join(folder, 'work');
let logs: SealedLog[];

beforeAll(async () => {
  logs = [
    await sealLog(join(folder, 'small'), 6, [5]),
    await sealLog(join(folder, 'middle'), 23, [7, 16]),
    await sealLog(join(folder, 'large'), 64, [10, 33, 64]),
  ];
});

/** What the verification of a data directory finds first; undefined when it finds nothing. */
async function foundBy(log: SealedLog, directory: string): Promise<string | undefined> {
  try {
    const reader = await openEmbeddedReader(directory);
    try {
      const { findings } = await verifyLog(reader, givenFrom(log));
      return findings[0] === undefined ? undefined : JSON.stringify(findings[0]);
    } finally {
      await reader.close();
    }
  } catch (error) {
    if (isDamage(error)) return (error as Error).message;
    throw error;
  }
}

/** The same without a store that looks at anything: events as they are, and a tree that agrees with them. */
async function foundWithoutStore(log: SealedLog, rows: readonly Row[]): Promise<string | undefined> {
  const events = rows.map((row): StoredEvent => {
    const { ordinal, stream, revision, id, type } = row;
    const [data, metadata] = [JSON.parse(row.data) as unknown, JSON.parse(row.metadata) as EventMetadata];
    return { ordinal, position: String(ordinal), stream, revision, id, type, data, metadata };
  });
  const { findings } = await verifyLog(saidLog(log.logId, events), givenFrom(log));
  return findings[0] === undefined ? undefined : JSON.stringify(findings[0]);
}

/** What the standalone verifier says of an export of these events. */
async function foundByStranger(log: SealedLog, rows: readonly Row[]): Promise<string | undefined> {
  const { notes, signer, logId } = log;
  return verifyExport(exportOf(logId, rows), notes.join('\n'), signer.verifier.text).then(
    () => undefined,
    (error: Error) => error.message,
  );
}

interface Tampered {
  readonly name: string;
  readonly log: SealedLog;
  readonly rows: readonly Row[];
  readonly isRechained: boolean;
}

/** Puts the next mutation of a random log into `work`. */
async function tamper(number: number): Promise<Tampered> {
  const pick = choices(seed + number);
  const log = logs[pick(logs.length)];
  const names = Object.keys(mutations);
  const name = names[number % names.length] ?? '';
  if (log === undefined) throw new Error('no log');
  const covered = log.sizes.at(-1) ?? 0;
  const isRechained = number % rechainedEvery === 0;
  for (let attempt = 0; attempt < 100; attempt++) {
    const rows = mutations[name]?.(log.rows, covered, pick) ?? [];
    if (!differs(rows, log.rows, covered)) continue;
    if (!isRechained) {
      const written = pick(2) === 0 ? rows : withFreshLeaves(rows);
      copyWithRows(log, work, written);
      return { name, log, rows: written, isRechained };
    }
    await buildLog(work, rows, log.logId);
    const rechained = readRows(work);
    // The store's writer may have put right what was changed: a revision, or a recordedAt that went back.
    if (differs(rechained, log.rows, covered)) return { name, log, rows: rechained, isRechained };
    copyWithRows(log, work, rows);
    return { name, log, rows, isRechained: false };
  }
  throw new Error(`"${name}" changed nothing in 100 attempts`);
}

describe('a log of which checkpoints were exported', () => {
  it(
    `cannot be changed below the last of them: ${count} of ${count} random mutations are found, by two verifiers`,
    async () => {
      const missed: string[] = [];
      const seen = new Map<string, number>();
      for (let number = 0; number < count; number++) {
        const { name, log, rows, isRechained } = await tamper(number);
        const what = `${isRechained ? 're-chained: ' : ''}${name}`;
        seen.set(what, (seen.get(what) ?? 0) + 1);
        const told = `mutation ${number} of seed ${seed} (${what})`;
        if ((await foundBy(log, work)) === undefined) missed.push(`${told} by audit verify`);
        if ((await foundWithoutStore(log, rows)) === undefined) missed.push(`${told} without the store's own checks`);
        if ((await foundByStranger(log, rows)) === undefined) missed.push(`${told} by the standalone verifier`);
      }
      expect(missed).toEqual([]);
      const names = Object.keys(mutations);
      expect(names.filter((name) => !seen.has(name))).toEqual([]);
      expect([...seen.keys()].filter((name) => name.startsWith('re-chained')).length).toBeGreaterThan(5);
    },
    count * 300,
  );

  it('verifies when nobody touched it, and when it grew', async () => {
    for (const log of logs) {
      expect(await foundBy(log, log.directory)).toBeUndefined();
      expect(await foundByStranger(log, log.rows)).toBeUndefined();
      const [first] = log.rows;
      if (first === undefined) throw new Error('an empty log');
      const grown = [
        ...log.rows,
        { ...first, id: '00000000-0000-5000-8000-ffffffffffff', metadata: log.rows.at(-1)?.metadata ?? '' },
      ];
      await buildLog(work, grown, log.logId);
      expect(await foundBy(log, work)).toBeUndefined();
      expect(await foundByStranger(log, readRows(work))).toBeUndefined();
    }
  });

  it('can be changed above the last of them by an insider who re-chains, and nobody sees it: the documented limit', async () => {
    const log = logs[1];
    if (log === undefined) throw new Error('no log');
    const covered = log.sizes.at(-1) ?? 0;
    const data = JSON.stringify({ serverId: 'srv-1', port: 'leaf9:Ethernet9' });
    const edited = log.rows.map((row, index) => (index === covered ? { ...row, data } : row));
    for (const rows of [edited, log.rows.toSpliced(covered + 1, 2), log.rows.slice(0, covered)]) {
      expect(differs(rows, log.rows, log.rows.length)).toBe(true);
      await buildLog(work, rows, log.logId);
      expect(await foundBy(log, work)).toBeUndefined();
      expect(await foundByStranger(log, readRows(work))).toBeUndefined();
    }
    // One event further down, it is seen.
    await buildLog(work, log.rows.slice(0, covered - 1), log.logId);
    expect(await foundBy(log, work)).toContain('checkpoint-ahead');
  });

  it('is judged the same by the command line and the standalone program', async () => {
    const keyFile = join(folder, 'key.pub');
    const notesFile = join(folder, 'checkpoints.txt');
    const exportFile = join(folder, 'export.ndjson');
    const run = (...words: string[]) => spawnSync(process.execPath, words, { encoding: 'utf8', timeout: 60_000 });
    const judge = (log: SealedLog, directory: string, rows: readonly Row[]) => {
      writeFileSync(keyFile, `${log.signer.verifier.text}\n`);
      writeFileSync(notesFile, log.notes.join('\n'));
      writeFileSync(exportFile, `${exportOf(log.logId, rows).join('\n')}\n`);
      const trust = ['--checkpoint', notesFile, '--key', keyFile];
      const cli = run('dist/src/cli.js', 'audit', 'verify', '--data', directory, ...trust, '--json');
      const standalone = run('dist/src/audit/standalone-verifier.js', '--log', exportFile, ...trust);
      return { cli, standalone };
    };
    for (const number of [0, 1, 8, 13]) {
      const { name, log, rows } = await tamper(number);
      const { cli, standalone } = judge(log, work, rows);
      expect([name, cli.status, standalone.status]).toEqual([name, 6, 6]);
      expect(standalone.stderr).toContain('NOT VERIFIED: ');
    }
    const [log] = logs;
    if (log === undefined) throw new Error('no log');
    const { cli, standalone } = judge(log, log.directory, log.rows);
    expect([cli.status, standalone.status]).toEqual([0, 0]);
    expect(JSON.parse(cli.stdout)).toMatchObject({ size: 6, covered: 5, uncovered: 1, findings: [] });
    expect(standalone.stdout).toBe(
      'verified: 5 events are as signed by 1 checkpoints; 1 came later and are not covered\n',
    );
  });
});
