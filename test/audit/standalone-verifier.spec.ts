import fc from '../support/property.js';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventInTree, type EventProof, findEvent } from '../../src/audit/event-proof.js';
import { canonical, leafOf, Tree, verifyExport, verifyProof } from '../../src/audit/standalone-verifier.js';
import { canonicalJson } from '../../src/event-store/canonical-json.js';
import { openEmbeddedReader } from '../../src/event-store/embedded/embedded.event-store.js';
import { parseSource } from '../architecture/source-file.js';
import { tempDirectory } from '../support/temp-directory.js';
import { naiveLeaf, naiveRoot } from '../support/naive-tree.js';
import { exportOf, type SealedLog, sealLog } from './sealed-log.js';

const source = 'src/audit/standalone-verifier.ts';
const folder = tempDirectory();
let log: SealedLog;
let key: string;
let proofs: EventProof[];

beforeAll(async () => {
  log = await sealLog(join(folder, 'log'), 23, [7, 16]);
  key = log.signer.verifier.text;
  const reader = await openEmbeddedReader(log.directory);
  proofs = [];
  for (let ordinal = 0; ordinal < 16; ordinal++) {
    const event = await findEvent(reader, { ordinal });
    if (event === undefined) throw new Error(`no event ${ordinal}`);
    const proven = await eventInTree(reader, event, 16);
    proofs.push({
      portledger: 'proof',
      version: 1,
      ...proven,
      ...(log.notes[1] === undefined ? {} : { checkpoint: log.notes[1] }),
    });
  }
  await reader.close();
});

const checkExport = (lines: readonly string[], notes = log.notes.join('\n')): Promise<string> =>
  verifyExport(lines, notes, key);

describe('the standalone verifier', () => {
  it('has fewer than 350 lines, and imports nothing of ours', () => {
    const text = readFileSync(source, 'utf8');
    expect(text.split('\n').length).toBeLessThan(350);
    const imports = parseSource(source, text).imports.map(({ name }) => name);
    expect(imports.length).toBeGreaterThan(2);
    expect(imports.filter((name) => !name.startsWith('node:'))).toEqual([]);
  });

  it('writes the canonical form of every value that the store takes as the store does', () => {
    const doubles = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      // Every pattern of bits, which finds the numbers that are written with an exponent.
      fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((bits) => {
        const value = new Float64Array(new BigUint64Array([bits]).buffer)[0] ?? 0;
        return Number.isFinite(value) ? value : 0;
      }),
      fc.maxSafeInteger(),
      fc.constantFrom(0, -0, 1e21, 1e-7, 5e-324, 2 ** 53, 333333333.3333333, 4.5, 1e30),
    );
    const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }));
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.oneof(doubles, text, fc.boolean(), fc.constant(null)),
        fc.array(tie('value'), { maxLength: 4 }),
        // Names that look like numbers come first in an object, whatever order they were written in.
        fc.dictionary(fc.oneof(text, fc.nat(300).map(String)), tie('value'), { maxKeys: 6 }),
      ),
    }));
    fc.assert(
      fc.property(value, (one) => {
        const stored = canonicalJson(one);
        expect(canonical(one)).toBe(stored);
        // And of what a reader of the stored text gets.
        expect(canonical(JSON.parse(stored))).toBe(stored);
      }),
      { numRuns: 5000 },
    );
  });

  it('makes the tree of RFC 6962', () => {
    const tree = new Tree();
    const leaves: Buffer[] = [];
    for (let size = 0; size < 70; size++) {
      expect(tree.root()).toEqual(naiveRoot(leaves));
      const leaf = naiveLeaf(Buffer.from(String(size)));
      leaves.push(leaf);
      tree.push(leaf);
    }
  });

  it('makes the leaf hashes that stand in the log', () => {
    for (const row of log.rows) {
      const event = JSON.parse(exportOf(log.logId, [row])[1] ?? '') as Record<string, unknown>;
      expect(leafOf(event).equals(row.leafHash)).toBe(true);
    }
  });

  it('verifies an export, with or without its first line, and says what is covered', async () => {
    const said = '16 events are as signed by 2 checkpoints; 7 came later and are not covered';
    expect(await checkExport(exportOf(log.logId, log.rows))).toBe(said);
    expect(await checkExport(exportOf(log.logId, log.rows).slice(1))).toBe(said);
    expect(await checkExport([...exportOf(log.logId, log.rows), ''])).toBe(said);
  });

  it.each<[string, (lines: string[]) => string[], string]>([
    ['of another log', (lines) => lines.with(0, '{"portledger":"log","logId":"x"}'), 'a checkpoint of the log'],
    [
      'with an event changed',
      (lines) => lines.map((line) => line.replace('Ethernet5"', 'Ethernet6"')),
      'the first 7 events',
    ],
    [
      'with an event changed later',
      (lines) => lines.map((line) => line.replace('Ethernet15"', 'Ethernet16"')),
      'the first 16 events',
    ],
    ['with a line left out', (lines) => lines.toSpliced(3, 1), 'ordinal 3, expected 2'],
    ['that is too short', (lines) => lines.slice(0, 12), '11 events, but a checkpoint was signed over 16'],
    [
      'with a revision changed',
      (lines) => lines.map((line) => line.replace('"revision":2', '"revision":7')),
      'has no revision 2',
    ],
    ['with lines that are none', (lines) => lines.with(4, '{'), 'JSON'],
  ])('refuses an export %s', async (_, spoil, message) => {
    await expect(checkExport(spoil(exportOf(log.logId, log.rows)))).rejects.toThrow(message);
  });

  it('refuses checkpoints that are not signed with the key, whichever of them it is', async () => {
    const lines = exportOf(log.logId, log.rows);
    const [first = '', second = ''] = log.notes;
    const stranger = (await sealLog(join(folder, 'stranger'), 2, [1])).notes[0] ?? '';
    for (const notes of [
      '',
      'scribble\n',
      first.replace('\n7\n', '\n8\n'),
      `${first}\n${second.slice(0, -9)}\n`,
      `${first}\n${stranger}`,
    ])
      await expect(checkExport(lines, notes)).rejects.toThrow(/checkpoint/);
    await expect(verifyExport(lines, first, `${key.slice(0, -2)}A=`)).rejects.toThrow('no verifier key');
  });

  it('verifies a proof of every event under a checkpoint', () => {
    for (const [ordinal, proof] of proofs.entries())
      expect(verifyProof(JSON.stringify(proof), key)).toBe(
        `event #${ordinal} stands in the log as shown: signed over 16 events`,
      );
  });

  it('refuses a proof with any member changed', () => {
    const [proof] = proofs.slice(5);
    if (proof === undefined) throw new Error('no proof');
    const { event } = proof;
    const wrong: object[] = [
      ...Object.keys(event).map((name) => ({ ...proof, event: { ...event, [name]: 'other' } })),
      { ...proof, event: { ...event, data: { ...(event.data as object), more: 1 } } },
      ...[-1, 4, 6, 5.5, 16, '5', null].map((ordinal) => ({ ...proof, ordinal })),
      ...[15, 17, 7, '16'].map((size) => ({ ...proof, size })),
      ...proof.path.map((_, index) => ({ ...proof, path: proof.path.toSpliced(index, 1) })),
      { ...proof, path: [...proof.path, proof.path[0]] },
      { ...proof, path: 'none' },
      { ...proof, logId: 'other' },
      { ...proof, checkpoint: log.notes[0] },
      { ...proof, checkpoint: undefined },
      { ...proof, event: null },
    ];
    for (const one of wrong) expect(() => verifyProof(JSON.stringify(one), key)).toThrow();
  });

  it('runs by itself, and its exit code is the verdict', () => {
    const [keyFile, notesFile, exportFile, proofFile] = ['k.pub', 'notes', 'log.ndjson', 'proof.json'].map((name) =>
      join(folder, name),
    );
    const write = (file: string | undefined, text: string): void => writeFileSync(file ?? '', text);
    write(keyFile, `${key}\n`);
    write(notesFile, log.notes.join('\n'));
    write(exportFile, exportOf(log.logId, log.rows).join('\n'));
    write(proofFile, JSON.stringify(proofs[3], null, 2));
    const run = (...words: (string | undefined)[]) => {
      const args = [join('dist', source.replace(/ts$/, 'js')), ...words.map(String)];
      const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 30_000 });
      return { status, stdout, stderr };
    };
    expect(run('--key', keyFile, '--proof', proofFile)).toEqual({
      status: 0,
      stdout: 'verified: event #3 stands in the log as shown: signed over 16 events\n',
      stderr: '',
    });
    expect(run('--key', key, '--log', exportFile, '--checkpoint', notesFile)).toMatchObject({ status: 0 });
    write(exportFile, exportOf(log.logId, log.rows.slice(1)).join('\n'));
    expect(run('--key', key, '--log', exportFile, '--checkpoint', notesFile)).toEqual({
      status: 6,
      stdout: '',
      stderr: 'NOT VERIFIED: ordinal 1, expected 0\n',
    });
    write(proofFile, JSON.stringify({ ...proofs[3], ordinal: 4 }));
    expect(run('--key', keyFile, '--proof', proofFile)).toMatchObject({ status: 6, stdout: '' });
    expect(run('--key', keyFile)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('usage: --key') as string,
    });
    expect(run('--key', keyFile, '--proof', join(folder, 'none'))).toMatchObject({ status: 2 });
    expect(run('--kye', key)).toMatchObject({ status: 2 });
    expect(run('--key', keyFile, '--dossier', folder)).toMatchObject({ status: 2 });
    expect(run('--key', keyFile, '--dossier', exportFile)).toMatchObject({ status: 6, stdout: '' });
    expect(run('--dossier', proofFile, '--log', exportFile)).toMatchObject({ status: 2 });
  });
});
