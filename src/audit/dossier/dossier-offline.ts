import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CliError, type CommandInput, exitCode } from '../../cli/command.js';
import { HistoryIndex, historyDirectory } from '../address-history/history-index.js';
import { unrecorded } from '../ask-auditor.js';
import type { AuditDoors } from '../audit-verb.js';
import { notesIn } from '../checkpoints/checkpoint-file.js';
import { openCheckpoint } from '../checkpoints/checkpoint.js';
import { readSigner } from '../checkpoints/key-file.js';
import { LastSigned } from '../checkpoints/last-signed.js';
import type { VerifierKey } from '../checkpoints/signed-note.js';
import type { DossierQuestion } from './dossier-question.js';
import { openOrFail } from '../run-verify.js';
import type { KeptFrames } from './kept-frames.js';
import { DossierTooLarge } from './dossier-limits.js';
import { DossierUnproven, makeDossier } from './make-dossier.js';
import { LogWatch } from '../watched-log.js';
import { type Seal, SealRefused } from './seal.js';

/**
 * Makes a dossier from a copy of a data directory, with the signing key in a file. It leads to a checkpoint that the engine
 * signed: a copy is signed anew by nobody, for nobody knows there what the engine has signed since.
 */
export async function dossierOffline(
  { options, io }: CommandInput,
  { openLog }: AuditDoors,
  question: DossierQuestion,
): Promise<Buffer> {
  const directory = options.text('offline') ?? '';
  if (options.text('url') !== undefined)
    throw new CliError(exitCode.usage, '--offline and --url name two sources: give only one of them.');
  const keyFile = options.text('signing-key');
  if (keyFile === undefined)
    throw new CliError(
      exitCode.usage,
      '--offline needs --signing-key FILE: a dossier that nobody signed proves nothing. The key is checkpoints.keyFile of the engine.',
    );
  const signer = readSigner(keyFile);
  const opened = await openOrFail(directory, openLog);
  const watch = await LogWatch.of(opened, io);
  const { tree } = opened;
  const log = { ...watch.reader(opened), tree, findById: (id: string) => opened.findById(id) };
  try {
    io.err(unrecorded(directory));
    const history = await HistoryIndex.open(join(directory, historyDirectory), log);
    const notes = await notesFor(directory, options.texts('checkpoint'));
    const checkpointOver = (size: number): Promise<string> => smallestOver(size, notes, signer.verifier);
    const seal: Seal = { signer, checkpointOver };
    const sources = { log, indexed: () => ({ history }), seal, frames: framesIn(join(directory, 'evidence')) };
    const outcome = await makeDossier(sources, question);
    if (outcome.outcome === 'answered') return outcome.answer;
    throw new CliError(outcome.outcome === 'unknown' ? exitCode.notFound : exitCode.usage, outcome.detail);
  } catch (error) {
    const { message } = error as Error;
    if (error instanceof DossierUnproven) throw new CliError(exitCode.verificationFailed, message);
    if (error instanceof SealRefused || error instanceof DossierTooLarge) throw new CliError(exitCode.error, message);
    throw error;
  } finally {
    watch.end();
    await opened.close();
  }
}

/** Those of the files named, else the one that the engine signed last. */
async function notesFor(directory: string, files: readonly string[]): Promise<string[]> {
  if (files.length > 0) return files.flatMap((file) => notesIn(readGiven(file)).map(({ note }) => note));
  const last = await new LastSigned(directory).read();
  return last === undefined ? [] : [last];
}

function readGiven(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new CliError(exitCode.usage, `--checkpoint: ${file} cannot be read (${why}).`);
  }
}

function smallestOver(size: number, notes: readonly string[], key: VerifierKey): Promise<string> {
  const found = notes
    .map((note) => ({ note, opened: openCheckpoint(note, [key]) }))
    .flatMap(({ note, opened }) => ('checkpoint' in opened ? [{ note, size: opened.checkpoint.size }] : []))
    .filter((one) => one.size >= size)
    .sort((one, other) => one.size - other.size)[0];
  if (found !== undefined) return Promise.resolve(found.note);
  const cure = `name a later one with --checkpoint, or ask about less of the log with --known-at '#N'`;
  const what = `No checkpoint at hand that ${key.name}+${key.id} signed covers the ${size} events of the answer`;
  return Promise.reject(new SealRefused('checkpoint-unsigned', `${what}: ${cure}.`));
}

/** The files of an engine with the usual directory; whether they are as the log says is seen by their digests. */
function framesIn(directory: string): KeptFrames {
  return {
    framesOf: async (violationId) => {
      try {
        return { state: 'kept', file: await readFile(join(directory, `${violationId}.pcap`)) };
      } catch {
        return { state: 'removed' };
      }
    },
  };
}
