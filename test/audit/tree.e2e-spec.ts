import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { signCheckpoint } from '../../src/audit/checkpoints/checkpoint.js';
import { writeNewKey } from '../../src/audit/checkpoints/key-file.js';
import { notesIn } from '../../src/audit/checkpoints/checkpoint-file.js';
import { LastSigned } from '../../src/audit/checkpoints/last-signed.js';
import { verifyConsistency, verifyInclusion } from '../../src/audit/merkle-proof.js';
import { verifyProof } from '../../src/audit/standalone-verifier.js';
import { runCli } from '../../src/cli/run-cli.js';
import { verbs } from '../../src/cli/verbs.js';
import { CheckpointsConfig } from '../../src/config/app-config.js';
import { exampleEvent } from '../../src/intake/event-examples.js';
import { eventually } from '../contracts/event-store.check.js';
import { RunningEngine } from '../e2e/running-engine.js';
import { tempDirectory } from '../support/temp-directory.js';
import type { Ran } from './ran.js';

const folder = tempDirectory();
const keyFile = join(folder, 'checkpoint.key');
const publicKeyFile = join(folder, 'checkpoint.pub');
const exported = join(folder, 'checkpoints.txt');
const signer = writeNewKey(keyFile, 'log.example/one');
let engine: RunningEngine;

beforeAll(async () => {
  writeFileSync(publicKeyFile, `${signer.verifier.text}\n`);
  const checkpoints = Object.assign(new CheckpointsConfig(), { keyFile, file: exported, everyEvents: 5 });
  engine = await RunningEngine.start(undefined, { checkpoints });
  for (const as of ['viewer', 'auditor'] as const) writeFileSync(join(folder, `${as}.token`), `${engine.tokens[as]}\n`);
  for (let index = 0; index < 5; index++) await publish(index);
  await eventually(() => exportedSizes().includes(5), 'a checkpoint over five events');
  for (let index = 5; index < 8; index++) await publish(index);
});
afterAll(() => engine.stop());

async function publish(index: number): Promise<void> {
  expect(await engine.publish(exampleEvent('LinkUp', { id: `fact-${index}` }))).toMatchObject({ status: 201 });
}

function exportedSizes(): number[] {
  try {
    return notesIn(readFileSync(exported, 'utf8')).map(({ note }) => Number(note.split('\n')[1]));
  } catch {
    return [];
  }
}

function get(path: string, as: 'viewer' | 'auditor' = 'auditor'): ReturnType<RunningEngine['call']> {
  return engine.call(path, { headers: { authorization: `Bearer ${engine.tokens[as]}` } });
}

async function portledger(...words: string[]): Promise<Ran> {
  let out = '';
  let err = '';
  const env = { PORTLEDGER_URL: engine.url, PORTLEDGER_TOKEN_FILE: join(folder, 'auditor.token') };
  const io = {
    ...{ out: (text: string) => void (out += text), err: (text: string) => void (err += text) },
    ...{ errIsTerminal: false, env, stdin: process.stdin },
  };
  return { code: await runCli(verbs, words, io), out, err };
}

const bytes = (text: unknown): Buffer => Buffer.from(String(text), 'base64');
const trust = ['--checkpoint', exported, '--key', publicKeyFile];

describe('the tree over HTTP', () => {
  it('has a head, and shows the checkpoint that was signed last', async () => {
    const { status, body } = await get('/v1/audit/tree');
    const head = await engine.parts.store.tree.head();
    expect([status, body]).toEqual([
      200,
      {
        logId: engine.parts.store.logId,
        size: 8,
        root: head.root.toString('base64'),
        checkpoint: expect.stringContaining('\n5\n') as string,
      },
    ]);
  });

  it('proves an event by its ordinal, its id, or its position', async () => {
    const stored = await engine.parts.store.readAll({ limit: 1, after: '1' });
    const [event] = stored.events;
    for (const name of ['ordinal=2', `id=${event?.id}`, `position=${event?.position}`]) {
      const head = await engine.parts.store.tree.head();
      const { body } = await get(`/v1/audit/tree/proof?${name}`);
      expect(body).toMatchObject({ ordinal: 2, size: head.size, event: { id: event?.id, type: 'LinkUp' } });
      expect(verifyInclusion(bytes(body['leafHash']), 2, head, (body['path'] as string[]).map(bytes))).toBe(true);
    }
    const smaller = await get('/v1/audit/tree/proof?ordinal=2&size=5');
    expect(smaller.body).toMatchObject({ size: 5, root: (await engine.parts.store.tree.rootAt(5)).toString('base64') });
  });

  it('proves that it continues what it was', async () => {
    const { size } = await engine.parts.store.tree.head();
    const { body } = await get('/v1/audit/tree/consistency?from=5');
    const earlier = { size: 5, root: await engine.parts.store.tree.rootAt(5) };
    const path = (body['path'] as string[]).map(bytes);
    expect(body).toMatchObject({ from: 5, to: size });
    expect(verifyConsistency(earlier, { size, root: bytes(body['root']) }, path)).toBe(true);
    for (const same of ['from=0&to=8', 'from=8&to=8'])
      expect((await get(`/v1/audit/tree/consistency?${same}`)).body).toMatchObject({ path: [] });
  });

  it.each([
    ['proof', 400, 'question-malformed'],
    ['proof?ordinal=1&id=x', 400, 'question-malformed'],
    ['proof?ordinal=1&ordinal=2', 400, 'question-malformed'],
    ['proof?ordinal=x', 400, 'question-malformed'],
    ['proof?ordinal=1&siez=4', 400, 'question-malformed'],
    ['proof?ordinal=1&size=1.5', 400, 'question-malformed'],
    ['proof?ordinal=800000', 404, 'event-unknown'],
    ['proof?id=nobody', 404, 'event-unknown'],
    ['proof?position=99000000', 404, 'event-unknown'],
    ['proof?ordinal=5&size=5', 404, 'outside-the-log'],
    ['proof?ordinal=5&size=900000', 404, 'outside-the-log'],
    ['consistency', 400, 'question-malformed'],
    ['consistency?from=-1', 400, 'question-malformed'],
    ['consistency?from=900000', 404, 'outside-the-log'],
    ['consistency?from=5&to=4', 404, 'outside-the-log'],
  ])('answers tree/%s with a %d problem', async (path, status, code) => {
    const answer = await get(`/v1/audit/tree/${path}`);
    expect(answer).toMatchObject({ status, body: { type: `https://portledger.dev/problems/${code}`, status } });
  });

  it.each(['', '/proof?ordinal=1', '/consistency?from=1'])('keeps tree%s for auditors', async (path) => {
    expect((await get(`/v1/audit/tree${path}`, 'viewer')).status).toBe(403);
    expect((await get(`/v1/audit/tree${path}`)).status).toBe(200);
  });

  it('is described in the API document', async () => {
    const { body } = await engine.call('/docs/openapi.json');
    const paths = body['paths'] as Record<string, unknown>;
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining(['/v1/audit/tree', '/v1/audit/tree/proof', '/v1/audit/tree/consistency']),
    );
  });
});

describe('portledger audit verify', () => {
  it('verifies an engine by proofs, and says what it did not look at', async () => {
    const { code, out, err } = await portledger('audit', 'verify', ...trust);
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain(`verified: log ${engine.parts.store.logId}, `);
    expect(out).toContain('not checked: every other event');
    expect(out).toMatch(/covers \d+ events, (\d+ came after it and are not covered yet|nothing came after it)/);
  });

  it('verifies the data directory beside the engine by reading all of it', async () => {
    const { code, out } = await portledger('audit', 'verify', ...trust, '--data', engine.dataDir, '--json');
    expect(code).toBe(0);
    const told = JSON.parse(out) as { size: number; covered: number; uncovered: number };
    expect(told).toMatchObject({ findings: [], notChecked: [] });
    expect(told.covered).toBeGreaterThanOrEqual(5);
    expect(told.covered + told.uncovered).toBe(told.size);
  });

  it.each([
    ['that says another root', (size: number) => ({ size, root: Buffer.alloc(32, 1) }), 'checkpoint-root'],
    ['over more events than there are', () => ({ size: 900, root: Buffer.alloc(32, 1) }), 'checkpoint-ahead'],
  ])('ends with 6 for a good signature on a checkpoint %s', async (_, headOf, kind) => {
    const file = join(folder, 'wrong.txt');
    writeFileSync(file, signCheckpoint(signer, headOf(4), engine.parts.store.logId));
    for (const source of [[], ['--data', engine.dataDir]]) {
      const words = ['audit', 'verify', '--checkpoint', file, '--key', publicKeyFile, '--json', ...source];
      const { code, out } = await portledger(...words);
      expect([code, JSON.parse(out)]).toMatchObject([6, { findings: [{ kind, checkpoint: `${file}:1` }] }]);
    }
  });

  it('ends with 6 for a checkpoint with a signature that does not fit, or of another key', async () => {
    const file = join(folder, 'forged.txt');
    const stranger = writeNewKey(join(folder, `stranger-${Date.now()}.key`), 'log.example/one');
    const [note = ''] = notesIn(readFileSync(exported, 'utf8')).map((one) => one.note);
    for (const forged of [
      note.replace('\n5\n', '\n4\n'),
      signCheckpoint(stranger, { size: 5, root: Buffer.alloc(32) }, 'x'),
    ]) {
      writeFileSync(file, forged);
      const { code, out } = await portledger('audit', 'verify', '--checkpoint', file, '--key', publicKeyFile);
      expect([code, out]).toEqual([6, expect.stringContaining('checkpoint-untrusted at')]);
    }
  });

  it('ends with 6 for a log that is not readable, and with 1 where there is none', async () => {
    const broken = tempDirectoryWith('log.db', 'scribble');
    expect(await portledger('audit', 'verify', '--data', broken)).toMatchObject({ code: 6 });
    expect(await portledger('audit', 'verify', '--data', folder)).toMatchObject({ code: 1 });
  });

  it.each([
    [['--checkpoint', exported], '--checkpoint needs --key'],
    [['--checkpoint', exported, '--key', 'scribble+00000000+AA=='], 'is no verifier key'],
    [['--checkpoint', join(folder, 'none'), '--key', publicKeyFile], 'cannot be read (ENOENT)'],
    [['--checkpoint', '/dev/null', '--key', publicKeyFile], 'holds no checkpoint'],
    [['--key', join(folder, 'none')], 'cannot be read (ENOENT)'],
    [['--data', 'x', '--url', 'http://127.0.0.1:1'], 'give only one of them'],
    [['checkpoints.txt'], 'name files with --checkpoint'],
  ])('called with %j ends with 2 and a cure', async (words, cure) => {
    expect(await portledger('audit', 'verify', ...words)).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining(cure) as string,
    });
  });

  it('ends with 7 where no engine answers', async () => {
    expect(await portledger('audit', 'verify', '--url', 'http://127.0.0.1:9')).toMatchObject({ code: 7 });
  });
});

describe('portledger audit prove', () => {
  it('prints the same proof from the engine and from its data directory, and a stranger verifies it', async () => {
    const { events } = await engine.parts.store.readAll();
    for (const word of ['#3', String(events[3]?.id), String(events[3]?.position)]) {
      const asked = await portledger('audit', 'prove', word, '--json', ...trust);
      const read = await portledger('audit', 'prove', word, '--json', ...trust, '--data', engine.dataDir);
      expect(asked).toMatchObject({ code: 0, err: '' });
      expect(read).toEqual(asked);
      expect(verifyProof(asked.out, signer.verifier.text)).toBe(
        'event #3 stands in the log as shown: signed over 5 events',
      );
    }
  });

  it('leads to the smallest of the given checkpoints that covers the event', async () => {
    const file = join(folder, 'two.txt');
    const { store } = engine.parts;
    const noteOf = async (size: number): Promise<string> =>
      signCheckpoint(signer, { size, root: await store.tree.rootAt(size) }, store.logId);
    writeFileSync(file, (await noteOf(7)) + (await noteOf(4)) + (await noteOf(2)));
    const { out } = await portledger('audit', 'prove', '#3', '--checkpoint', file, '--key', publicKeyFile);
    expect(verifyProof(out, signer.verifier.text)).toContain('signed over 4 events');
    expect(await portledger('audit', 'prove', '#7', '--checkpoint', file, '--key', publicKeyFile)).toMatchObject({
      code: 3,
      err: expect.stringContaining('No checkpoint given covers #7 yet') as string,
    });
  });

  it('says so when nobody signed for the event yet', async () => {
    // Where the newest event was signed at once, the one after it is not.
    let told = { code: 1, out: '{}', err: '' };
    for (let index = 20; index < 30 && !told.err.includes('No checkpoint covers'); index++) {
      await publish(index);
      const { size } = await engine.parts.store.tree.head();
      told = await portledger('audit', 'prove', `#${size - 1}`, '--data', engine.dataDir);
    }
    expect([told.code, told.err]).toEqual([0, expect.stringMatching(/No checkpoint covers #\d+ yet/)]);
    expect(JSON.parse(told.out)).not.toHaveProperty('checkpoint');
  });

  it('hands out no proof that does not hold', async () => {
    const file = join(folder, 'wrong-root.txt');
    writeFileSync(file, signCheckpoint(signer, { size: 6, root: Buffer.alloc(32, 9) }, engine.parts.store.logId));
    const { code, out } = await portledger('audit', 'prove', '#3', '--checkpoint', file, '--key', publicKeyFile);
    expect([code, out]).toEqual([6, '']);
  });

  it.each([
    [['#900'], 3],
    [['nobody'], 3],
    [['900'], 3],
    [[], 2],
    [['#x'], 2],
    [['#1', '#2'], 2],
  ])('%j ends with %d', async (words, code) => {
    expect((await portledger('audit', 'prove', ...words)).code).toBe(code);
    expect((await portledger('audit', 'prove', ...words, '--data', engine.dataDir)).code).toBe(code);
  });
});

describe('portledger audit key', () => {
  it('makes a key, prints its verifier key, and shows it again', async () => {
    const file = join(folder, 'new.key');
    const made = await portledger('audit', 'key', 'new', '--name', 'log.example/two', '--out', file);
    expect(made).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^log\.example\/two\+[0-9a-f]{8}\+\S{44}\n$/) as string,
    });
    expect(made.out + made.err).not.toContain(readFileSync(file, 'utf8').trim().slice(-44));
    expect(await portledger('audit', 'key', 'show', file)).toEqual({ code: 0, out: made.out, err: '' });
    expect(await portledger('audit', 'key', 'new', '--name', 'x', '--out', file)).toMatchObject({
      code: 1,
      err: `portledger: ${file} exists already and is never overwritten: name another file with --out.\n`,
    });
  });

  it.each([[[]], [['new']], [['new', '--name', 'a b']], [['new', 'x', '--name', 'a']], [['shwo']]])(
    '%j ends with 2',
    async (words) => expect(await portledger('audit', 'key', ...words)).toMatchObject({ code: 2, out: '' }),
  );
});

describe('an engine with checkpoints', () => {
  it('says in /readyz how far the last one reaches', async () => {
    const { body } = await engine.call('/readyz');
    expect(body['checks']).toContainEqual(
      expect.objectContaining({
        name: 'checkpoints',
        ok: true,
        detail: expect.stringMatching(/^The last checkpoint covers \d+ events\.$/) as string,
      }),
    );
  });

  it('covers everything when it has stopped, and goes on when it starts again', async () => {
    await engine.restart();
    const sizes = exportedSizes();
    expect(sizes[0]).toBe(5);
    expect(sizes).toEqual([...sizes].sort((one, other) => one - other));
    expect(await portledger('audit', 'verify', ...trust, '--data', engine.dataDir)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/covers \d+ events, nothing came after it/) as string,
    });
  });

  it('writes its key into no log line and no answer', () => {
    const secret = readFileSync(keyFile, 'utf8').trim().slice(-44);
    expect(engine.logLines.join('')).not.toContain(secret);
    expect(readFileSync(exported, 'utf8')).not.toContain(secret);
  });
});

describe('an engine whose log is not the one it signed for', () => {
  it('is not ready, alerts, and signs nothing', async () => {
    const { store } = engine.parts;
    const { file } = new LastSigned(engine.dataDir);
    const before = readFileSync(file, 'utf8');
    const sizes = exportedSizes();
    writeFileSync(file, signCheckpoint(signer, { size: 4, root: Buffer.alloc(32, 3) }, store.logId));
    await engine.restart();
    await publish(100);
    const { status, body } = await engine.call('/readyz');
    expect(status).toBe(503);
    expect(body['checks']).toContainEqual(
      expect.objectContaining({
        name: 'checkpoints',
        ok: false,
        detail: expect.stringContaining('does not begin with the 4') as string,
      }),
    );
    expect(body['alerts']).toContainEqual(expect.objectContaining({ code: 'log-rewritten', key: 'log' }));
    // Neither while it runs, nor when it stops, nor when it starts again.
    await engine.restart();
    // The one over 4 events is what stood in the file; it is delivered, nothing is signed.
    expect(exportedSizes().filter((size) => size !== 4)).toEqual(sizes);
    writeFileSync(file, before);
    await engine.restart();
    expect((await engine.call('/readyz')).status).toBe(200);
  });

  it('does not start with a key that others may read', async () => {
    chmodSync(keyFile, 0o644);
    await expect(engine.restart()).rejects.toThrow(`chmod 600 ${keyFile}`);
    chmodSync(keyFile, 0o600);
    await engine.restart();
  });
});

function tempDirectoryWith(name: string, text: string): string {
  const directory = join(folder, 'broken');
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, name), text);
  return directory;
}
