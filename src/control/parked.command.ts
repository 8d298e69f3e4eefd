import { CliError, type Command, type CommandInput, exitCode } from '../cli/command.js';
import { engineOptions } from '../cli/engine-client.js';
import { optionOf, givenPlace, type LogDoors, placeOptions } from '../cli/log-place.js';
import type { ParkedDesk } from './parked-desk.js';
import { renderParked, renderParkedList, renderRetry, renderSkipped, skipCommand } from './render-parked.js';

const deskOptions = { ...placeOptions, ...engineOptions } as const;

const where = '[--data DIR | --config FILE | --url URL] [--json]';
const notes = [
  'A stored event that cannot be read is parked, and its stream frozen: later events of that stream are held, and the',
  'devices keep what they have. --data goes to a log that no engine runs on.',
];

/** What it does is loaded when it is asked for more than its help. */
const deskOf = async (input: CommandInput, doors: LogDoors): Promise<ParkedDesk> =>
  (await import('./parked-desk.js')).deskOf(input, doors);

/** `portledger parked list`: every frozen stream. */
export function parkedListCommand(doors: LogDoors): Command {
  return {
    usage: [`portledger parked list ${where}`],
    notes,
    exitCodes: ['unreachable'],
    options: deskOptions,
    run: async (input) => {
      if (input.positionals.length > 0)
        throw new CliError(exitCode.usage, 'parked list takes options only; parked show STREAM shows one.');
      const streams = await (await deskOf(input, doors)).list();
      if (input.options.flag('json')) for (const one of streams) input.io.out(`${JSON.stringify(one)}\n`);
      else input.io.out(`${renderParkedList(streams)}\n`);
      return exitCode.ok;
    },
  };
}

/** `portledger parked show STREAM`: one of them, with the event as it is stored. */
export function parkedShowCommand(doors: LogDoors): Command {
  return {
    usage: [`portledger parked show STREAM ${where}`],
    notes,
    exitCodes: ['notFound', 'unreachable'],
    options: deskOptions,
    run: async (input) => {
      const shown = await (await deskOf(input, doors)).show(streamOf(input));
      input.io.out(`${input.options.flag('json') ? JSON.stringify(shown) : renderParked(shown)}\n`);
      return exitCode.ok;
    },
  };
}

/** `portledger parked retry STREAM`: is it readable with the code that is installed now? */
export function parkedRetryCommand(doors: LogDoors): Command {
  return {
    usage: [`portledger parked retry STREAM ${where}`],
    notes: [
      'Reads the parked event again with the code that is installed now, and changes nothing: a restart folds what it can read.',
      'Ends with 1 while it still cannot be read.',
    ],
    exitCodes: ['notFound', 'unreachable'],
    options: deskOptions,
    run: async (input) => {
      const desk = await deskOf(input, doors);
      const answer = await desk.retry(streamOf(input));
      input.io.out(`${input.options.flag('json') ? JSON.stringify(answer) : renderRetry(answer, desk.isEngine)}\n`);
      return answer.readable ? exitCode.ok : exitCode.error;
    },
  };
}

/** `portledger parked skip STREAM`: passes over the parked event. */
export function parkedSkipCommand(doors: LogDoors): Command {
  return {
    usage: [
      'portledger parked skip STREAM --reason TEXT --confirm EVENTID [--data DIR | --config FILE | --url URL] [--json]',
    ],
    notes: [
      'Stores EventSkipped in that stream: the events held behind the parked one are folded. The skipped one stays in the log.',
      '--confirm names the event that was looked at; without it the event is shown and nothing is done.',
    ],
    exitCodes: ['notFound', 'conflict', 'unreachable'],
    options: {
      reason: { type: 'string', value: 'TEXT', help: 'why it is passed over; it is stored in the log' },
      confirm: { type: 'string', value: 'EVENTID', help: 'the id of the parked event, as parked show gives it' },
      ...deskOptions,
    },
    run: async (input) => {
      const { options, io } = input;
      const stream = streamOf(input);
      const reason = options.text('reason');
      if (reason === undefined)
        throw new CliError(exitCode.usage, '--reason: say why the event is passed over; it is stored in the log.');
      const desk = await deskOf(input, doors);
      const eventId = options.text('confirm');
      if (eventId === undefined) {
        const shown = await desk.show(stream);
        io.err(`${renderParked(shown)}\n\n`);
        const place = givenPlace(options);
        const command = skipCommand(stream, shown.parked.id);
        const again = place === undefined ? command : `${command} ${optionOf(place)}`;
        throw new CliError(exitCode.usage, `Nothing was done. If this event is to be passed over: ${again}`);
      }
      const skipped = await desk.skip({ stream, eventId, reason });
      io.out(`${options.flag('json') ? JSON.stringify(skipped) : renderSkipped(skipped)}\n`);
      return exitCode.ok;
    },
  };
}

function streamOf({ positionals }: CommandInput): string {
  const [stream, ...more] = positionals;
  if (stream !== undefined && more.length === 0) return stream;
  throw new CliError(exitCode.usage, 'Name one stream; portledger parked list shows those that are frozen.');
}
