import { createReadStream, statSync } from 'node:fs';
import { CliError, type Command, type CommandInput, exitCode, type ExitCode } from '../../cli/command.js';
import { Interrupt } from '../../cli/interrupt.js';
import { givenPlace, type LogDoors, placeOptions, spellPlace } from '../../cli/log-place.js';
import { Progress } from '../../cli/progress.js';
import { exportLines } from './export-lines.js';
import { ExportReader, restoreLog } from './restore-log.js';
import { beginCopy, isVerificationFailure, PlaceTaken } from './verification.js';

/** `portledger log restore`: an exported log into an empty store. */
export function restoreCommand(doors: LogDoors): Command {
  return {
    usage: ['portledger log restore FILE|- --data DIR | --config FILE [--json]'],
    notes: [
      'Only into a store that is empty or is made now; the log keeps its id, order, ids and times.',
      'Ends by comparing size and root hash with the header: until that is done no engine opens the restored log.',
      'The same command again goes on with a restore that was interrupted.',
    ],
    exitCodes: ['notFound', 'conflict', 'verificationFailed', 'interrupted'],
    options: { ...placeOptions, json: { type: 'boolean', help: 'tell the end as one JSON object' } },
    run: (input) => run(input, doors),
  };
}

async function run(input: CommandInput, doors: LogDoors): Promise<ExitCode> {
  const { options, positionals, io } = input;
  const [file, ...more] = positionals;
  const place = givenPlace(options);
  if (file === undefined || more.length > 0 || place === undefined) {
    throw new CliError(
      exitCode.usage,
      'Name the export, or - for standard input, and where it goes: portledger log restore FILE --data DIR.',
    );
  }
  const { chunks, size: bytes } = openExport(file, input);
  const interrupt = new Interrupt();
  const progress = new Progress(io, 'events');
  try {
    const reader = await ExportReader.open(exportLines(chunks), file);
    const { logId, head, from } = reader.header;
    const copy = await beginCopy(spellPlace(place), () => doors.openCopy(place, logId));
    try {
      const held = copy.size;
      if (held > 0) io.err(`Going on with an unfinished restore: ${held} of ${head.size} events are there.\n`);
      if (held < from || held > head.size) {
        const what = `${file} holds the events #${from} to #${head.size - 1}`;
        const cure = held < from ? 'restore the export that begins before first' : 'restore the longer export';
        throw new CliError(exitCode.conflict, `${what}, and ${spellPlace(place)} holds ${held} events: ${cure}.`);
      }
      const isComplete = await restoreLog(reader, copy, {
        isStopped: () => interrupt.wanted,
        onProgress: (done, bytesRead) => progress.show(done, bytes === undefined ? undefined : bytesRead / bytes),
      });
      progress.clear();
      if (!isComplete) {
        io.err('portledger: stopped; the same command again goes on from there.\n');
        return exitCode.interrupted;
      }
      const told = { logId, size: head.size, root: head.root.toString('hex') };
      const said = `${told.size} events of log ${logId} restored to ${spellPlace(place)}: root ${told.root}`;
      io.out(`${options.flag('json') ? JSON.stringify(told) : said}\n`);
      return exitCode.ok;
    } finally {
      await copy.close();
    }
  } catch (error) {
    throw endOf(error);
  } finally {
    progress.clear();
    interrupt.end();
  }
}

function endOf(error: unknown): unknown {
  if (error instanceof PlaceTaken) return new CliError(exitCode.conflict, error.message);
  return isVerificationFailure(error) ? new CliError(exitCode.verificationFailed, error.message) : error;
}

function openExport(
  file: string,
  { io }: CommandInput,
): { readonly chunks: AsyncIterable<Uint8Array>; readonly size: number | undefined } {
  if (file === '-') return { chunks: io.stdin, size: undefined };
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats?.isFile() !== true) throw new CliError(exitCode.notFound, `There is no file ${file}.`);
  return { chunks: createReadStream(file, { highWaterMark: 1024 * 1024 }), size: stats.size };
}
