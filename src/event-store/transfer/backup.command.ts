import { CliError, type Command, type CommandInput, exitCode, type ExitCode } from '../../cli/command.js';
import { givenPlace, type LogDoors, type LogPlace, placeOptions, spellPlace } from '../../cli/log-place.js';
import { Progress } from '../../cli/progress.js';
import { StoreError } from '../event-store.port.js';

/** `portledger backup`: a copy of the embedded store, while the engine runs. */
export function backupCommand(doors: LogDoors): Command {
  return {
    usage: ['portledger backup TARGET [--data DIR | --config FILE] [--json]'],
    notes: [
      'Of the embedded store, also while an engine writes to it; TARGET is a directory that an engine can be started on.',
      'The copy is verified after writing: its leaf hashes, and its size and root hash, which are told.',
    ],
    exitCodes: ['verificationFailed'],
    options: { ...placeOptions, json: { type: 'boolean', help: 'tell the end as one JSON object' } },
    run: (input) => run(input, doors),
  };
}

async function run({ options, positionals, io }: CommandInput, doors: LogDoors): Promise<ExitCode> {
  const [target, ...more] = positionals;
  if (target === undefined || more.length > 0)
    throw new CliError(exitCode.usage, 'Name the directory that the backup goes to: portledger backup TARGET.');
  const place = givenPlace(options) ?? configured(io.env['PORTLEDGER_CONFIG']);
  const bars = { copying: new Progress(io, 'pages copied'), verifying: new Progress(io, 'events verified') };
  const clear = (): void => Object.values(bars).forEach((bar) => bar.clear());
  try {
    const head = await doors.backup(place, target, ({ phase, done, of }) => bars[phase].show(done, done / of));
    clear();
    const told = { target, size: head.size, root: head.root.toString('hex') };
    const said = `${told.size} events of ${spellPlace(place)} backed up to ${target} and verified: root ${told.root}`;
    io.out(`${options.flag('json') ? JSON.stringify(told) : said}\n`);
    return exitCode.ok;
  } catch (error) {
    const isFailed = error instanceof StoreError && error.code === 'store-corrupt';
    throw isFailed ? new CliError(exitCode.verificationFailed, error.message) : error;
  } finally {
    clear();
  }
}

function configured(file = 'portledger.json'): LogPlace {
  return { config: file };
}
