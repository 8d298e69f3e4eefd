import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import { signCheckpoint } from '../../src/audit/checkpoints/checkpoint.js';
import { parsePrivateKey, type Signer } from '../../src/audit/checkpoints/signed-note.js';
import { readDossierQuestion } from '../../src/audit/dossier/dossier-question.js';
import type { KeptFrames } from '../../src/audit/dossier/kept-frames.js';
import { type DossierSources, makeDossier } from '../../src/audit/dossier/make-dossier.js';
import type { Fields } from '../../src/audit/question.js';
import type { MemoryLog } from './memory-log.js';
import { nightLog } from './night-at-leaf1.js';
import { saidLog } from './said-log.js';

/** A signer that is the same in every run. */
export function signerFrom(seedText: string, name?: string): Signer {
  const signer = parsePrivateKey(signingKeyFrom(seedText, name));
  if (signer === undefined) throw new Error('no key');
  return signer;
}

/** The text of its signing key. */
export function signingKeyFrom(seedText: string, name = 'log.example/one'): string {
  const seed = createHash('sha256').update(seedText).digest();
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  const publicKey = createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }));
  const bytes = publicKey.export({ type: 'spki', format: 'der' }).subarray(12);
  const id = createHash('sha256').update(`${name}\n`).update(Buffer.of(1)).update(bytes).digest('hex').slice(0, 8);
  return `PRIVATE+KEY+${name}+${id}+${Buffer.concat([Buffer.of(1), seed]).toString('base64')}`;
}

const testSeed = 'a key for tests';
export const testSigner = signerFrom(testSeed);
export const testSigningKey = signingKeyFrom(testSeed);

/** A log in memory with the tree over its events. */
export function provable(log: MemoryLog): DossierSources['log'] {
  return {
    logId: log.logId,
    readAll: (options) => log.readAll(options),
    readStream: (stream, options) => log.readStream(stream, options),
    readAt: (ordinals) => log.readAt(ordinals),
    ordinalsOf: (streams) => log.ordinalsOf(streams),
    head: () => log.head(),
    findById: (id) => Promise.resolve(log.events.find((one) => one.id === id)),
    // As the log is when somebody asks.
    get tree() {
      return saidLog(log.logId, log.events).tree;
    },
  };
}

export const noFrames: KeptFrames = { framesOf: () => Promise.resolve({ state: 'none' }) };

export interface Wanted {
  readonly log?: MemoryLog;
  readonly signer?: Signer;
  readonly frames?: KeptFrames;
  readonly mostEnclosed?: number;
  /** Events under the checkpoint; default all. */
  readonly size?: number;
}

/** The dossier of a question about a night, or another log. */
export async function dossierOf(
  kind: string,
  fields: Fields,
  { log = nightLog(), signer = testSigner, frames = noFrames, size = log.events.length, mostEnclosed }: Wanted = {},
): Promise<Buffer> {
  const question = readDossierQuestion(kind, fields);
  if ('problem' in question) throw new Error(question.problem);
  const source = provable(log);
  const checkpointOver = async (): Promise<string> =>
    signCheckpoint(signer, { size, root: await source.tree.rootAt(size) }, log.logId);
  const more = mostEnclosed === undefined ? {} : { mostEnclosed };
  const outcome = await makeDossier({ log: source, seal: { signer, checkpointOver }, frames, ...more }, question.value);
  if (outcome.outcome !== 'answered') throw new Error(outcome.detail);
  return outcome.answer;
}
