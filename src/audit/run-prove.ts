import { CliError, type CommandInput, exitCode, type ExitCode } from '../cli/command.js';
import { EngineClient } from '../cli/engine-client.js';
import { parseCheckpoint } from './checkpoints/checkpoint.js';
import { LastSigned } from './checkpoints/last-signed.js';
import { questionOf } from './ask-auditor.js';
import { eventInTree, type EventInTree, type EventName, type EventProof, findEvent } from './event-proof.js';
import { givenCheckpoints } from './given-checkpoints.js';
import { leafOrNone } from './log-reading.js';
import { verifyInclusion } from './merkle-proof.js';
import { hashesOf, hashOf, RemoteTree } from './remote-tree.js';
import { readEventWord } from './tree-question.js';
import { openOrFail } from './run-verify.js';
import type { OpenLog } from './verify.command.js';

/** Where a proof comes from: a log in a data directory, or an engine. */
interface Prover {
  /** The checkpoint that was signed last, as far as is known there. */
  lastNote(): Promise<string | undefined>;
  /** The event in the tree of `size` events, of all events without a size; undefined when it is unknown. */
  prove(name: EventName, size?: number): Promise<EventInTree | undefined>;
  close(): Promise<void>;
}

/** Writes one event with its path; see `proveVerb`. */
export async function runProve(input: CommandInput, openLog: OpenLog): Promise<ExitCode> {
  const { options, positionals, io } = input;
  const [word, ...rest] = positionals;
  if (word === undefined || rest.length > 0)
    throw new CliError(exitCode.usage, 'portledger audit prove needs one of: a position, #ORDINAL, an event id.');
  const name = questionOf(readEventWord(word));
  const given = givenCheckpoints(options);
  const bad = given.find((one) => 'problem' in one);
  if (bad !== undefined && 'problem' in bad)
    throw new CliError(exitCode.verificationFailed, `${bad.where}: ${bad.problem}.`);
  const prover = await proverOf(input, openLog);
  try {
    const now = await prover.prove(name);
    if (now === undefined) throw new CliError(exitCode.notFound, `The log holds no event ${word}.`);
    const lastNote = given.length === 0 ? await prover.lastNote() : undefined;
    const notes = lastNote === undefined ? given.map(({ note }) => note) : [lastNote];
    const covering = notes
      .map((note) => ({ note, size: parseCheckpoint(note)?.size ?? 0 }))
      .filter(({ size }) => size > now.ordinal)
      .sort((one, other) => one.size - other.size)[0];
    if (covering === undefined && given.length > 0)
      throw new CliError(exitCode.notFound, `No checkpoint given covers #${now.ordinal} yet: take a later one.`);
    const proven = covering === undefined ? now : await prover.prove(name, covering.size);
    if (proven === undefined || !holds(proven, covering?.note))
      throw new CliError(
        exitCode.verificationFailed,
        `#${now.ordinal} does not lead to ${covering === undefined ? 'the root of its own log' : `the checkpoint over ${covering.size} events`}: run portledger audit verify.`,
      );
    if (covering === undefined)
      io.err(`No checkpoint covers #${now.ordinal} yet: this proof leads to a root that nobody signed.\n`);
    const signed = covering === undefined ? {} : { checkpoint: covering.note };
    const proof: EventProof = { portledger: 'proof', version: 1, ...proven, ...signed };
    io.out(`${JSON.stringify(proof, null, options.flag('json') ? undefined : 2)}\n`);
    return exitCode.ok;
  } finally {
    await prover.close();
  }
}

/** Nothing is handed out that its reader would have to refuse. */
function holds({ event, ordinal, size, root, path, logId }: EventInTree, note: string | undefined): boolean {
  const checkpoint = note === undefined ? undefined : parseCheckpoint(note);
  if (checkpoint?.logId !== undefined && checkpoint.logId !== logId) return false;
  return verifyInclusion(leafOrNone(event), ordinal, checkpoint ?? { size, root: hashOf(root) }, hashesOf(path));
}

async function proverOf({ options, io }: CommandInput, openLog: OpenLog): Promise<Prover> {
  const data = options.text('data');
  if (data === undefined) {
    const tree = new RemoteTree(EngineClient.from(options, io));
    const isUnknown = (error: unknown): boolean => error instanceof CliError && error.exitCode === exitCode.notFound;
    return {
      lastNote: async () => (await tree.head()).checkpoint,
      prove: (name, size) =>
        tree.proof(name, size).catch((error: unknown) => {
          if (isUnknown(error)) return undefined;
          throw error;
        }),
      close: () => Promise.resolve(),
    };
  }
  const log = await openOrFail(data, openLog);
  return {
    lastNote: () => new LastSigned(data).read(),
    prove: async (name, size) => {
      const event = await findEvent(log, name);
      return event && eventInTree(log, event, size ?? (await log.tree.head()).size);
    },
    close: () => log.close(),
  };
}
