import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openEmbeddedReader, openEmbeddedStore } from '../../../src/event-store/embedded/embedded.event-store.js';
import { generateLog } from '../../bench/generated-log.js';
import { CommandLine, ended, type Ended } from '../../cli/command-line.js';
import { portledger, type Said } from '../../cli/said.js';
import { ServerNode } from '../../support/eventstoredb/node.js';
import { ServerLog } from '../../support/eventstoredb/server-log.js';
import { temporaryDirectories } from '../temporary-directory.js';
import { addSamples, allEvents, sampleLog } from './sample-log.js';

// Every call is a process of its own: on a busy machine that takes its time.

const newDirectory = temporaryDirectories();
let directory: string;
let cli: CommandLine;
beforeEach(() => {
  directory = newDirectory();
  cli = new CommandLine(directory);
});
afterEach(() => cli.stop());

const at = (name: string): string => join(directory, name);
/** In this process: a word after @ is a path in the directory of the test. */
const log = (...words: string[]): Promise<Said> =>
  portledger(['log', ...words.map((word) => (word.startsWith('@') ? at(word.slice(1)) : word))]);

async function makeLog(count = 300): Promise<void> {
  const store = await sampleLog(at('data'), count);
  await store.close();
}

/** Long enough that a call is still at work when the signal reaches it, also on a quick machine. */
async function makeLongLog(): Promise<void> {
  const store = await openEmbeddedStore({ directory: at('data'), create: true });
  await generateLog(store, { events: 60_000, servers: 200 });
  await store.close();
}

/** Everything of a log but its positions, and its head. */
async function told(name: string): Promise<object> {
  const reader = await openEmbeddedReader(at(name));
  try {
    const head = await reader.tree.head();
    const events = (await allEvents(reader)).map((event) => ({ ...event, position: undefined }));
    return { logId: reader.logId, root: head.root.toString('hex'), events };
  } finally {
    await reader.close();
  }
}

/** Ends a call with this signal once `isReached`. */
async function cutOff(signal: NodeJS.Signals, isReached: (err: string) => boolean, ...words: string[]): Promise<Ended> {
  const child = cli.start(...words);
  let err = '';
  child.stderr.on('data', (piece: Buffer) => (err += piece.toString()));
  const end = ended(child);
  for (let round = 0; round < 5000 && !isReached(err) && child.exitCode === null; round++)
    await new Promise((resolve) => setTimeout(resolve, 5));
  child.kill(signal);
  return end;
}

const hasGrown = (name: string, bytes: number) => (): boolean =>
  (statSync(at(`${name}/log.db-wal`), { throwIfNoEntry: false })?.size ?? 0) >= bytes;

/**
 * Kills the command while `target` grows, and stops the next one by Ctrl-C as soon as it says that it goes on. One that
 * came to its end before the signal reached it shows nothing: then all is done again.
 */
async function killedThenStopped(target: string, words: string[], between?: () => Promise<void>): Promise<Ended> {
  for (let round = 0; round < 5; round++) {
    rmSync(at(target), { recursive: true, force: true });
    await cutOff('SIGKILL', hasGrown(target, 300_000), ...words);
    await between?.();
    const stopped = await cutOff('SIGINT', goesOn, ...words);
    if (stopped.code !== 0) return stopped;
  }
  throw new Error(`${words.join(' ')} ended before it could be stopped, five times`);
}

const goesOn = (err: string): boolean => err.includes('Going on');

describe('portledger log restore', () => {
  it('brings back the very log that was exported: an engine goes on with it', async () => {
    await makeLog();
    await log('export', '@e.ndjson', '--data', '@data');
    const restored = await log('restore', '@e.ndjson', '--data', '@restored');
    expect(restored).toMatchObject({ code: 0, err: '' });
    expect(restored.out).toMatch(/^300 events of log \S+ restored to \S+: root [0-9a-f]{64}\n$/);
    expect(await told('restored')).toEqual(await told('data'));
    const again = await openEmbeddedStore({ directory: at('restored') });
    await addSamples(again, 1);
    expect((await again.head())?.ordinal).toBe(300);
    await again.close();
  });

  it('takes standard input, and tells as JSON', async () => {
    await makeLog(10);
    const text = (await log('export', '--data', '@data')).out;
    const restored = await cli.runWith(text, 'log', 'restore', '-', '--data', 'restored', '--json');
    const { logId, root } = (await told('data')) as { logId: string; root: string };
    expect(JSON.parse(restored.out)).toEqual({ logId, size: 10, root });
  });

  it('goes on after a kill and after Ctrl-C, and no engine opens it before it is whole', async () => {
    await makeLongLog();
    await log('export', '@e.ndjson', '--data', '@data');
    const words = ['log', 'restore', 'e.ndjson', '--data', 'restored'];
    writeFileSync(at('other.json'), JSON.stringify({ dataDir: './restored', listen: { port: 0 } }));
    const stopped = await killedThenStopped('restored', words, async () => {
      const refused = await cli.run('serve', '--config', 'other.json');
      expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('restored') as string });
    });
    expect(stopped.code).toBe(130);
    expect(stopped.err).toContain('the same command again goes on from there');
    expect((await cli.run(...words)).code).toBe(0);
    expect(await told('restored')).toEqual(await told('data'));
  });

  it('refuses a place where anything is stored, and leaves it as it is', async () => {
    await makeLog(20);
    await log('export', '@e.ndjson', '--data', '@data');
    await (await sampleLog(at('full'), 3)).close();
    const before = await told('full');
    const refused = await log('restore', '@e.ndjson', '--data', '@full');
    expect(refused).toMatchObject({ code: 4, out: '', err: expect.stringContaining('full takes no copy') as string });
    expect(await log('restore', '@e.ndjson', '--data', '@data')).toMatchObject({ code: 4 });
    expect(await told('full')).toEqual(before);
    // The unfinished restore of another log stands in the way as well.
    mkdirSync(at('other'));
    await (await sampleLog(at('other/data'), 20)).close();
    await log('export', '@other.ndjson', '--data', '@other/data');
    const lines = readFileSync(at('other.ndjson'), 'utf8').split('\n');
    await cli.runWith(lines.slice(0, 10).join('\n'), 'log', 'restore', '-', '--data', 'half');
    expect(await log('restore', '@e.ndjson', '--data', '@half')).toMatchObject({ code: 4 });
  });

  it.each<[string, (lines: string[]) => void, RegExp]>([
    ['changed data', (lines) => edit(lines, 5, '"b":{"a":0}', '"b":{"a":1}'), /root/],
    ['a changed type', (lines) => edit(lines, 4, '"type":"Third"', '"type":"Sample"'), /root/],
    ['a changed id', (lines) => edit(lines, 5, /"id":"[0-9a-f]{8}/, '"id":"00000000'), /root/],
    ['a changed time', (lines) => edit(lines, 5, '"time":"2026', '"time":"2025'), /root/],
    ['a changed revision', (lines) => edit(lines, 5, '"revision":0', '"revision":1'), /revision/],
    ['a changed ordinal', (lines) => edit(lines, 5, '"ordinal":4', '"ordinal":5'), /:6: found event #5, expected #4/],
    ['a line that is missing', (lines) => lines.splice(5, 1), /:6: found event #5, expected #4/],
    ['a line twice', (lines) => lines.splice(5, 0, lines[5] ?? ''), /:7: found event #4, expected #5/],
    ['two lines that changed places', (lines) => lines.splice(5, 2, lines[6] ?? '', lines[5] ?? ''), /:6: found/],
    ['a line that is no event', (lines) => lines.splice(5, 1, 'x'), /:6: expected event #4 in one whole line/],
    ['its end cut off', (lines) => lines.splice(10, 11), /ends before event #9 of 20: it was cut off/],
    ['its last line cut off', (lines) => lines.splice(10), /:10: expected event #8 in one whole line/],
    ['lines after its end', (lines) => lines.splice(-1, 1, lines[5] ?? '', ''), /the header says that #19 is the last/],
    ['another root', (lines) => edit(lines, 0, /"root":"..../, '"root":"0000'), /root/],
    ['a smaller size', (lines) => edit(lines, 0, '"size":20', '"size":19'), /the header says that #18 is the last/],
    ['a version nobody knows', (lines) => edit(lines, 0, '"version":1', '"version":2'), /:1: it is no export/],
    ['no header', (lines) => lines.shift(), /:1: it is no export/],
    ['a text that has no UTF-8', (lines) => edit(lines, 5, '"text":"', '"text":"\\ud800'), /surrogate/],
  ])('refuses an export with %s with 6, and no engine opens what came of it', async (_what, change, why) => {
    await makeLog(20);
    await log('export', '@e.ndjson', '--data', '@data');
    const before = readFileSync(at('e.ndjson'), 'utf8');
    const lines = before.split('\n');
    change(lines);
    expect(lines.join('\n')).not.toBe(before);
    writeFileSync(at('bad.ndjson'), lines.join('\n'));
    const refused = await log('restore', '@bad.ndjson', '--data', '@restored');
    expect(refused).toMatchObject({ code: 6, out: '' });
    expect(refused.err).toMatch(why);
    expect((await log('stats', '--offline', '@restored')).code).toBe(1);
  });

  it.each([
    [['restore'], 2, 'Name the export'],
    [['restore', '@e.ndjson'], 2, '--data DIR'],
    [['restore', '@none.ndjson', '--data', '@x'], 3, 'none.ndjson.'],
    [['restore', '@e.ndjson', '--data', '@x', '--config', '@y'], 2, '--data and --config'],
    [['copy', '--from', '@data'], 2, '--to'],
    [['copy', '--from', '@none', '--to', '@x'], 1, 'There is no log'],
  ])('ends %j with %i and says why', async (words, code, why) => {
    expect(await log(...words)).toMatchObject({ code, out: '', err: expect.stringContaining(why) as string });
    expect(existsSync(at('x'))).toBe(false);
  });
});

describe('portledger log copy', () => {
  it('makes the same log, takes along what was stored before it was finished, and refuses to write over one', async () => {
    await makeLog();
    const copied = await log('copy', '--from', '@data', '--to', '@copy');
    expect(copied).toMatchObject({
      code: 0,
      err: '',
      out: expect.stringContaining('the same on both sides') as string,
    });
    expect(await told('copy')).toEqual(await told('data'));
    expect(await log('copy', '--from', '@data', '--to', '@copy')).toMatchObject({ code: 4 });
  });

  it('goes on after a kill and after Ctrl-C, while the log it copies grows', async () => {
    await makeLongLog();
    const words = ['log', 'copy', '--from', 'data', '--to', 'copy'];
    const stopped = await killedThenStopped('copy', words, async () => {
      const store = await openEmbeddedStore({ directory: at('data') });
      await addSamples(store, 100);
      await store.close();
    });
    expect(stopped.code).toBe(130);
    expect((await cli.run(...words)).err).toContain('Going on with an unfinished copy');
    expect(await told('copy')).toEqual(await told('data'));
  });

  it('goes to an EventStoreDB server and back: the same log id, order, ids and root', async () => {
    const node = await new ServerNode(new ServerLog()).start();
    try {
      await makeLog();
      const config = { eventStore: node.url, dataDir: './index', listen: { port: 0 } };
      writeFileSync(at('server.json'), JSON.stringify(config));
      const there = await log('copy', '--from', '@data', '--to', '@server.json');
      expect(there).toMatchObject({ code: 0, err: '' });
      const tail = ['tail', '-n', '5', '--json'];
      const onServer = (await log(...tail, '--config', '@server.json')).out.trim().split('\n');
      const beside = (await log(...tail, '--offline', '@data')).out.trim().split('\n');
      const known = (line: string): object => ({ ...(JSON.parse(line) as object), position: undefined });
      expect(onServer.map(known)).toEqual(beside.map(known));
      expect((await log('export', '--config', '@server.json')).out).toBe((await log('export', '--data', '@data')).out);
      const back = await log('copy', '--from', '@server.json', '--to', '@back');
      expect(back).toMatchObject({ code: 0, err: '' });
      expect(await told('back')).toEqual(await told('data'));
      expect(await log('copy', '--from', '@data', '--to', '@server.json')).toMatchObject({ code: 4 });
      const backup = await cli.run('backup', 'target', '--config', 'server.json');
      expect(backup).toMatchObject({ code: 2, err: expect.stringContaining('kept by a server') as string });
    } finally {
      node.stop();
    }
  });
});

describe('portledger backup', () => {
  it('copies the log of an engine that writes, and tells size and root', async () => {
    await makeLog();
    await cli.serve();
    const backup = await cli.run('backup', 'target');
    expect(backup).toMatchObject({ code: 0, err: '' });
    expect(backup.out).toMatch(/^300 events of \S+ \S+ \S+ \S+ backed up to target and verified: root [0-9a-f]{64}\n$/);
    expect(await told('target')).toEqual(await told('data'));
    const json = await cli.run('backup', 'second', '--data', 'data', '--json');
    expect(JSON.parse(json.out)).toMatchObject({ target: 'second', size: 300 });
    expect(await cli.run('backup', 'target')).toMatchObject({
      code: 1,
      err: expect.stringContaining('target is in use') as string,
    });
    expect(await cli.run('backup')).toMatchObject({ code: 2 });
  });
});

function edit(lines: string[], index: number, from: string | RegExp, to: string): void {
  lines[index] = lines[index]?.replace(from, to) ?? '';
}
