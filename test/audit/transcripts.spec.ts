import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { signCheckpoint } from '../../src/audit/checkpoints/checkpoint.js';
import { tempDirectory } from '../support/temp-directory.js';
import { provable, testSigner, testSigningKey } from './dossier-of.js';
import type { MemoryLog } from './memory-log.js';
import { nightLog } from './night-at-leaf1.js';
import { run } from './ran.js';

const goldens = join(process.cwd(), 'test/audit/golden');

const transcripts: Record<string, readonly string[]> = {
  'map-now': ['map'],
  'map-at': ['map', '--at', '2026-01-04T18:00:00Z'],
  'map-known-at': ['map', '--known-at', '2026-01-01T23:00:00+01:00'],
  'audit-at': ['audit', 'at', '2026-01-01T08:30:00Z'],
  'who-had-ipv4': ['audit', 'who-had', '198.51.100.16'],
  'who-had-ipv4-at': ['audit', 'who-had', '198.51.100.16', '--at', '2026-01-04T18:00:00Z'],
  'who-had-ipv6': ['audit', 'who-had', '2001:db8:16::1234'],
  'who-had-mac': ['audit', 'who-had', '5254.0000.0016'],
  'who-had-wrong-mac': ['audit', 'who-had', '52-54-00-00-00-99'],
  'who-had-wrong-mac-as-known-then': ['audit', 'who-had', '52:54:00:00:00:99', '--known-at', '#7'],
  'who-had-port': ['audit', 'who-had', 'leaf1:Ethernet66'],
  'who-had-gateway': ['audit', 'who-had', '198.51.100.1'],
  'explain-ipv4': ['audit', 'explain', '198.51.100.16'],
  'explain-ipv4-at-0314': ['audit', 'explain', '198.51.100.16', '--at', '2026-01-03T03:14:59Z'],
  'explain-ipv6': ['audit', 'explain', '2001:db8:16::/48'],
  'explain-server': ['audit', 'explain', 'srv-a'],
  'explain-port': ['audit', 'explain', 'leaf1:Ethernet66'],
  access: ['audit', 'access', '--who', 'anna', '--between', '2026-01-07T00:00:00Z..'],
  'explain-gateway-mac': ['audit', 'explain', '02:00:00:00:00:01'],
  'who-had-embedded': ['audit', 'who-had', '2001:db8:64::c633:6410:1f90', '--at', '2026-01-04T18:00:00Z'],
  'who-had-between': ['audit', 'who-had', '198.51.100.16', '--between', '2026-01-02T00:00:00Z..2026-01-03T00:00:00Z'],
  'who-had-believed': ['audit', 'who-had', '52:54:00:00:00:99', '--at', '2026-01-01T12:00:00Z'],
  'explain-between': ['audit', 'explain', '198.51.100.16', '--between', '2026-01-03T00:00:00Z..2026-01-05T12:00:00Z'],
  'diff-days': ['audit', 'diff', '2026-01-04T00:00:00Z', '2026-01-06T00:00:00Z'],
  'diff-known': ['audit', 'diff', '#7', '#10'],
  'step-stretch': ['audit', 'step', '--from', '#13', '--to', '#16'],
  'step-ipv4': ['audit', 'step', '198.51.100.16'],
  'diff-violations': ['audit', 'diff', '2026-01-03T00:00:00Z', '2026-01-04T00:00:00Z'],
};

/** What `sourceEmbedding` is to an engine. */
const embedding = ['--source-embedding', '2001:db8:64::/80'];

/** `PORTLEDGER_WRITE_GOLDEN=1` writes the transcripts anew; read the difference before keeping it. */
const isWriting = process.env['PORTLEDGER_WRITE_GOLDEN'] === '1';

describe('the transcript', () => {
  it.each(Object.entries(transcripts))('%s is as it was', async (name, words) => {
    const { code, out, err } = await run(
      [...words, '--offline', 'DIR', ...(name === 'who-had-embedded' ? embedding : [])],
      words.includes('access') ? readNightLog() : nightLog(),
    );
    const transcript = `$ portledger ${words.join(' ')}\n${out}`;
    const file = join(goldens, `${name}.txt`);
    if (isWriting) writeFileSync(file, transcript);
    expect(transcript).toBe(readFileSync(file, 'utf8'));
    expect(err).toBe('Reading the log in DIR: no engine is asked, and nothing records this look.\n');
    expect(code).toBe(0);
  });
});

describe('the transcript of a dossier', () => {
  const folder = tempDirectory();
  const [zip, keyFile, notes, publicKey] = ['case-4711.zip', 'checkpoint.key', 'checkpoints.txt', 'portledger.pub'].map(
    (name) => join(folder, name),
  ) as [string, string, string, string];

  beforeAll(async () => {
    const log = nightLog();
    const { tree } = provable(log);
    writeFileSync(keyFile, `${testSigningKey}\n`, { mode: 0o600 });
    writeFileSync(publicKey, `${testSigner.verifier.text}\n`);
    writeFileSync(notes, signCheckpoint(testSigner, await tree.head(), log.logId));
  });

  it('is as it was, made and verified', async () => {
    const ask = ['audit', 'dossier', 'who-had', '198.51.100.16', '--at', '2026-01-04T18:00:00Z'];
    const made = await run(
      [...ask, '-o', zip, '--offline', 'DIR', '--signing-key', keyFile, '--checkpoint', notes],
      nightLog(),
    );
    const verified = await run(['audit', 'verify-dossier', zip, '--key', publicKey]);
    expect([made.code, verified.code]).toEqual([0, 0]);
    const told = `${made.out}\n$ portledger audit verify-dossier case-4711.zip --key portledger.pub\n${verified.out}`;
    // Sizes and the digest change with every line of the verifier that is enclosed.
    const shown = told
      .replaceAll(`${folder}/`, '')
      .replace(/\d+ bytes, sha256 [0-9a-f]{64}/, '... bytes, sha256 ...')
      .replace(/^( {2}\S+) +\d+(?= {2})/gm, (row, name: string) => name.padEnd(row.length - 5).concat('.....'));
    const transcript = `$ portledger ${ask.join(' ')} -o case-4711.zip\n${shown}`;
    const golden = join(goldens, 'dossier.txt');
    if (isWriting) writeFileSync(golden, transcript);
    expect(transcript).toBe(readFileSync(golden, 'utf8'));
  });
});

/** The same night, looked into by two people the morning after. */
function readNightLog(): MemoryLog {
  const log = nightLog();
  const asked = { roles: ['auditor'], outcome: 'answered', follows: false };
  const byAnna = { by: 'user:anna', callerId: 'user:anna', address: '192.0.2.7' };
  const byScript = { by: 'token:nightly-export', callerId: 'k7m2p9qa', address: '192.0.2.8' };
  const whoHad = { route: 'GET /v1/audit/who-had', question: 'subject=198.51.100.16', at: '2026-01-03T03:14:00Z' };
  const explain = { route: 'GET /v1/audit/explain', question: 'subject=203.0.113.9' };
  const exported = { route: 'GET /v1/log', question: 'limit=500 backwards=false wait=0', results: 21, millis: 9 };
  const evidence = { route: 'GET /v1/violations/:violationId/evidence', question: 'violationId=v-1' };
  const tell = (data: object, time: string): unknown =>
    log.tell({ type: 'AuditRead', data: { ...asked, ...data }, time });
  tell({ ...byAnna, ...whoHad, results: 1, millis: 12 }, '2026-01-06T23:59:00Z');
  tell({ ...byAnna, ...whoHad, results: 1, millis: 12 }, '2026-01-07T08:00:00Z');
  tell({ ...byScript, ...exported }, '2026-01-07T08:00:01Z');
  tell({ ...byAnna, ...explain, outcome: 'not-found', millis: 31 }, '2026-01-07T08:02:00Z');
  tell({ ...byAnna, ...evidence, results: 1, millis: 3 }, '2026-01-07T08:05:00.250Z');
  return log;
}
