import { spawnSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { signCheckpoint } from '../../src/audit/checkpoints/checkpoint.js';
import { writeNewKey } from '../../src/audit/checkpoints/key-file.js';
import { LastSigned } from '../../src/audit/checkpoints/last-signed.js';
import { readCanonicalZip } from '../../src/audit/dossier/canonical-zip.js';
import { runCli } from '../../src/cli/run-cli.js';
import { verbs } from '../../src/cli/verbs.js';
import { CheckpointsConfig } from '../../src/config/app-config.js';
import { exampleEvent } from '../../src/intake/event-examples.js';
import { eventually } from '../contracts/event-store.check.js';
import { RunningEngine } from '../e2e/running-engine.js';
import { tempDirectory } from '../support/temp-directory.js';
import { nightAtLeaf1 } from './night-at-leaf1.js';
import type { Ran } from './ran.js';

const folder = tempDirectory();
const keyFile = join(folder, 'checkpoint.key');
const publicKeyFile = join(folder, 'portledger.pub');
const tokenFile = join(folder, 'auditor.token');
const signer = writeNewKey(keyFile, 'log.example/one');
const keyName = `${signer.verifier.name}+${signer.verifier.id}`;
const frames = Buffer.from('frames of v-1');
let engine: RunningEngine;

beforeAll(async () => {
  writeFileSync(publicKeyFile, `${signer.verifier.text}\n`);
  const checkpoints = Object.assign(new CheckpointsConfig(), { keyFile });
  engine = await RunningEngine.start(undefined, { checkpoints });
  writeFileSync(tokenFile, `${engine.tokens.auditor}\n`);
  await publish('ServerAdded', { customerId: 'cust-a', port: 'leaf1:Ethernet16', vlan: 16, mac: '52:54:00:00:00:16' });
  await publish('Ipv4AddOnBought', { addOnId: 'ip-1', address: '198.51.100.16' });
  await keepFrames();
});
afterAll(() => engine.stop());

async function publish(type: 'ServerAdded' | 'Ipv4AddOnBought', data: object): Promise<void> {
  const event = { id: type, subject: 'srv-a', time: '2026-01-01T08:00:00Z', data: { serverId: 'srv-a', ...data } };
  expect(await engine.publish({ ...exampleEvent(type, { id: type }), ...event })).toMatchObject({ status: 201 });
}

/** As the sensor leaves them: a file, and the events that tell of the violation and of the file. */
async function keepFrames(): Promise<void> {
  const detected = nightAtLeaf1.find(({ type }) => type === 'ViolationDetected');
  const sha256 = createHash('sha256').update(frames).digest('hex');
  const told = [
    ['ViolationDetected', detected?.data ?? {}],
    ['EvidenceKept', { violationId: 'v-1', sha256, frames: 1 }],
  ] as const;
  mkdirSync(join(engine.dataDir, 'evidence'), { recursive: true });
  writeFileSync(join(engine.dataDir, 'evidence', 'v-1.pcap'), frames);
  const metadata = { source: 'urn:portledger:sensor:x', schemaVersion: 1, time: '2026-01-03T03:14:00.250Z' };
  const events = told.map(([type, data]) => ({
    ...{ id: randomUUID(), type, data },
    metadata: { ...metadata, sourceId: type },
  }));
  await engine.parts.store.append({ stream: 'violation-v-1', expected: 'any', events });
  const { liveMap } = engine.parts.projector;
  await eventually(() => liveMap.map.violations.get('v-1')?.evidenceSha256 === sha256, 'the frames in the map');
}

async function portledger(...words: string[]): Promise<Ran> {
  let out = '';
  let err = '';
  const env = { PORTLEDGER_URL: engine.url, PORTLEDGER_TOKEN_FILE: tokenFile };
  const io = {
    ...{ out: (text: string) => void (out += text), err: (text: string) => void (err += text) },
    ...{ errIsTerminal: false, env, stdin: process.stdin },
  };
  return { code: await runCli(verbs, words, io), out, err };
}

const get = (path: string, as: 'viewer' | 'auditor' = 'auditor'): Promise<Response> =>
  fetch(`${engine.url}/v1/audit/dossier/${path}`, { headers: { authorization: `Bearer ${engine.tokens[as]}` } });

function filesIn(file: string): Map<string, Buffer> {
  const read = readCanonicalZip(readFileSync(file));
  if ('problem' in read) throw new Error(read.problem);
  return new Map(read.entries.map(({ name, content }) => [name, content]));
}

/** The verifier out of a dossier, in a folder with nothing else, with nothing but Node.js. */
function stranger(file: string, key?: string): { status: number | null; stdout: string; stderr: string } {
  const bare = join(folder, `bare-${randomUUID()}`);
  mkdirSync(bare);
  writeFileSync(join(bare, 'verify.mjs'), filesIn(join(folder, 'case-1.zip')).get('verify.mjs') ?? '');
  cpSync(file, join(bare, 'case.zip'));
  const words = ['verify.mjs', ...(key === undefined ? [] : ['--key', key]), '--dossier', 'case.zip'];
  const options = { cwd: bare, env: {}, encoding: 'utf8', timeout: 30_000 } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, words, options);
  return { status, stdout, stderr };
}

const file = join(folder, 'case-1.zip');
const ask = ['audit', 'dossier', 'who-had', '198.51.100.16', '--at', '2026-01-27T03:14:00Z'];

describe('portledger audit dossier', () => {
  it('makes a file with the answer, its events and proofs, and says how a stranger checks it', async () => {
    const { code, out, err } = await portledger(...ask, '-o', file);
    expect([code, err]).toEqual([0, '']);
    const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex');
    expect(out).toContain(`sha256 ${sha256}\n`);
    expect(out).toContain('The enclosed events alone, folded anew, give the same answer.');
    expect(out).toContain(`each proved under the checkpoint of ${keyName}`);
    expect(out).toContain(`verify.mjs > verify.mjs && node verify.mjs --key portledger.pub --dossier ${file}\n`);
    expect(filesIn(file).get('answer.txt')?.toString()).toMatch(/srv-a +cust-a +leaf1:Ethernet16/);
  });

  it('is accepted by portledger and by its own verifier in a bare folder, with the key from outside', async () => {
    const { code, out } = await portledger('audit', 'verify-dossier', file, '--key', publicKeyFile);
    expect([code, out]).toEqual([0, expect.stringContaining(`verified: ${file}, signed by ${keyName}\n`)]);
    expect(out).toContain('folded anew: the enclosed events give this answer\n');
    expect(out).toContain('not proved: That the log holds no other event');
    expect(stranger(file, signer.verifier.text)).toEqual({
      status: 0,
      stdout: expect.stringMatching(
        /^verified: 10 files as signed by log\.example\/one; 2 events in the log/,
      ) as string,
      stderr: '',
    });
  });

  it('without a key is told to agree with itself only, and both end with 1', async () => {
    const { code, out } = await portledger('audit', 'verify-dossier', file);
    expect([code, out]).toEqual([1, expect.stringMatching(/^NOT VERIFIED, for want of a key/)]);
    expect(stranger(file)).toMatchObject({
      status: 1,
      stdout: expect.stringMatching(/^NOT VERIFIED, for want/) as string,
    });
  });

  it('changed in one byte, or held against another key, is refused with 6 and the part that is wrong', async () => {
    const changed = join(folder, 'changed.zip');
    const bytes = readFileSync(file);
    bytes[bytes.indexOf('cust-a')] = 'x'.charCodeAt(0);
    writeFileSync(changed, bytes);
    const refused = await portledger('audit', 'verify-dossier', changed, '--key', publicKeyFile);
    expect([refused.code, refused.out]).toEqual([
      6,
      expect.stringMatching(/^NOT VERIFIED: .* in the entry answer\.txt/),
    ]);
    expect(stranger(changed, signer.verifier.text)).toMatchObject({ status: 6, stdout: '' });
    const other = writeNewKey(join(folder, 'other.key'), 'log.example/one').verifier.text;
    expect(await portledger('audit', 'verify-dossier', file, '--key', other)).toMatchObject({ code: 6 });
    expect(stranger(file, other)).toMatchObject({
      status: 6,
      stderr: 'NOT VERIFIED: MANIFEST.txt without a signature of log.example/one\n',
    });
  });

  it('of an explanation encloses the kept frames of the violations it names', async () => {
    const explained = join(folder, 'case-2.zip');
    const { code } = await portledger('audit', 'dossier', 'explain', '198.51.100.16', '--output', explained);
    expect(code).toBe(0);
    expect(filesIn(explained).get('frames/v-1.pcap')).toEqual(frames);
    expect(await portledger('audit', 'verify-dossier', explained, '--key', publicKeyFile)).toMatchObject({ code: 0 });
    expect(stranger(explained, signer.verifier.text)).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('1 file of frames as the log says') as string,
    });
  });

  it('is a read of the audit, recorded before the file leaves', async () => {
    const reads = async (): Promise<unknown[]> => {
      const { events } = await engine.parts.store.readStream('audit-reads');
      return events.map(({ data }) => data);
    };
    const before = (await reads()).length;
    expect((await get('who-had?subject=198.51.100.16')).status).toBe(200);
    expect((await get('explain?subject=203.0.113.9')).status).toBe(404);
    expect((await reads()).slice(before)).toMatchObject([
      {
        by: 'token:auditor',
        route: 'GET /v1/audit/dossier/who-had',
        question: 'subject=198.51.100.16',
        outcome: 'answered',
      },
      { by: 'token:auditor', route: 'GET /v1/audit/dossier/explain', outcome: 'not-found' },
    ]);
  });

  it('is asked for in the words of its question', async () => {
    expect((await get('who-had?subject=198.51.100.16', 'viewer')).status).toBe(403);
    expect((await get('who-had?subject=198.51.100.16&att=x')).status).toBe(400);
    expect((await get('who-had?subject=srv-a')).status).toBe(400);
    const none = join(folder, 'none.zip');
    for (const [words, code] of [
      [['who-had', '203.0.113.9', '-o', none], 3],
      [['who-had', '198.51.100.16'], 2],
      [['diff', '198.51.100.16', '-o', none], 2],
      [['who-had', '198.51.100.16', 'too', 'much', '-o', none], 2],
      [['who-had', '198.51.100.16', '-o', none, '--signing-key', keyFile], 2],
      [['who-had', '198.51.100.16', '-o', join(folder, 'no', 'such', 'folder')], 1],
    ] as const)
      expect([words, await portledger('audit', 'dossier', ...words)]).toEqual([
        words,
        expect.objectContaining({ code }),
      ]);
    expect(existsSync(none)).toBe(false);
  });

  it('of a copy leads to the checkpoint that the engine signed, and the copy is signed anew by nobody', async () => {
    const offline = join(folder, 'case-3.zip');
    const words = [...ask, '--known-at', '#1', '--offline', engine.dataDir, '-o', offline];
    expect(await portledger(...words)).toMatchObject({
      code: 2,
      err: expect.stringContaining('--signing-key FILE') as string,
    });
    const made = await portledger(...words, '--signing-key', keyFile);
    expect(made).toMatchObject({ code: 0, err: expect.stringContaining('nothing records this look') as string });
    expect(await portledger('audit', 'verify-dossier', offline, '--key', publicKeyFile)).toMatchObject({ code: 0 });
    const strange = join(folder, 'strange.key');
    writeNewKey(strange, 'log.example/three');
    expect(await portledger(...words, '--signing-key', strange)).toMatchObject({
      code: 1,
      err: expect.stringContaining('No checkpoint at hand that log.example/three+') as string,
    });
  });
});

describe('an engine without a signing key', () => {
  it('makes no dossier, and says how to get one', async () => {
    const keyless = await RunningEngine.start();
    try {
      const event = exampleEvent('ServerAdded', { id: 'srv-1' });
      expect(await keyless.publish(event)).toMatchObject({ status: 201 });
      const headers = { authorization: `Bearer ${keyless.tokens.auditor}` };
      const path = `/v1/audit/dossier/explain?subject=server:${String(event.subject)}`;
      expect(await keyless.call(path, { headers })).toMatchObject({
        status: 422,
        body: {
          type: 'https://portledger.dev/problems/no-signing-key',
          detail: expect.stringContaining('portledger audit key new') as string,
        },
      });
    } finally {
      await keyless.stop();
    }
  });
});

describe('an engine whose log is not what was signed', () => {
  it('makes no dossier, and says how to look into it', async () => {
    const checkpoints = Object.assign(new CheckpointsConfig(), { keyFile });
    const rewritten = await RunningEngine.start(undefined, { checkpoints });
    try {
      const event = exampleEvent('ServerAdded', { id: 'srv-1' });
      expect(await rewritten.publish(event)).toMatchObject({ status: 201 });
      const headers = { authorization: `Bearer ${rewritten.tokens.auditor}` };
      const path = `/v1/audit/dossier/explain?subject=server:${String(event.subject)}`;
      const made = await fetch(rewritten.url + path, { headers });
      expect(made.headers.get('content-type')).toBe('application/zip');
      await made.arrayBuffer();
      const { logId, tree } = rewritten.parts.store;
      const { size } = await tree.head();
      const other = signCheckpoint(signer, { size, root: Buffer.alloc(32, 1) }, logId);
      await rewritten.stopForNow();
      await new LastSigned(rewritten.dataDir).write(other);
      await rewritten.startAgain();
      expect(await rewritten.call(path, { headers })).toMatchObject({
        status: 503,
        body: {
          type: 'https://portledger.dev/problems/checkpoint-unsigned',
          detail: expect.stringContaining('portledger audit verify --checkpoint') as string,
        },
      });
    } finally {
      await rewritten.stop();
    }
  });
});
