import { CliError, type Command, type CommandInput, exitCode, type ExitCode } from '../../cli/command.js';
import { Interrupt } from '../../cli/interrupt.js';
import { type LogDoors, placeNamed, spellPlace } from '../../cli/log-place.js';
import { Progress } from '../../cli/progress.js';
import { copyLog } from './copy-log.js';
import { sourceOf } from './log-source.js';
import { beginCopy, isVerificationFailure, PlaceTaken } from './verification.js';

/** `portledger log copy`: a log into another store, the same to the last bit. */
export function copyCommand(doors: LogDoors): Command {
  return {
    usage: ['portledger log copy --from DIR|CONFIG --to DIR|CONFIG [--json]'],
    notes: [
      'A directory is a data directory; a file is a configuration, which names its store. An engine may run on the first one.',
      'Ends by comparing tree heads: the copy has the same log id, size and root hash. Until then no engine opens it.',
      'The same command again goes on with a copy that was interrupted, and takes along what was stored since.',
    ],
    exitCodes: ['conflict', 'verificationFailed', 'interrupted'],
    options: {
      from: { type: 'string', value: 'PLACE', help: 'the log to copy: a data directory, or a configuration' },
      to: { type: 'string', value: 'PLACE', help: 'where it goes; made where it is missing' },
      json: { type: 'boolean', help: 'tell the end as one JSON object' },
    },
    run: (input) => run(input, doors),
  };
}

async function run({ options, positionals, io }: CommandInput, doors: LogDoors): Promise<ExitCode> {
  const [from, to] = [options.text('from'), options.text('to')];
  if (from === undefined || to === undefined || positionals.length > 0)
    throw new CliError(exitCode.usage, 'Name both: portledger log copy --from DIR|CONFIG --to DIR|CONFIG.');
  const target = placeNamed(to);
  const source = sourceOf(await doors.openReader(placeNamed(from)));
  const interrupt = new Interrupt();
  const progress = new Progress(io, 'events');
  try {
    const copy = await beginCopy(spellPlace(target), () => doors.openCopy(target, source.logId));
    try {
      if (copy.size > 0) io.err(`Going on with an unfinished copy: ${copy.size} events are there.\n`);
      const head = await copyLog(source, copy, {
        isStopped: () => interrupt.wanted,
        onProgress: (done, all) => progress.show(done, done / all),
      });
      progress.clear();
      if (head === undefined) {
        io.err('portledger: stopped; the same command again goes on from there.\n');
        return exitCode.interrupted;
      }
      const told = { logId: source.logId, size: head.size, root: head.root.toString('hex') };
      const said = `${told.size} events of log ${told.logId} copied to ${spellPlace(target)}: root ${told.root}, the same on both sides`;
      io.out(`${options.flag('json') ? JSON.stringify(told) : said}\n`);
      return exitCode.ok;
    } finally {
      await copy.close();
    }
  } catch (error) {
    if (error instanceof PlaceTaken) throw new CliError(exitCode.conflict, error.message);
    throw isVerificationFailure(error) ? new CliError(exitCode.verificationFailed, error.message) : error;
  } finally {
    progress.clear();
    interrupt.end();
    await source.close();
  }
}
