import { CliError, type Command, exitCode } from '../../cli/command.js';

/** `portledger sensor parse FILE`: what the sensor understands of a table or of messages that a device showed, without an engine. */
export const parseCommand: Command = {
  usage: ['portledger sensor parse [--format NAME] FILE [--json]   a line for each row that a device showed'],
  notes: [
    'Asks no engine and needs no token. FILE is what a device printed, or - for standard input; `sensor formats` names the formats.',
    'Lines that are not understood are listed on stderr by their number; then it ends with 1, as does a format that cannot be told.',
  ],
  options: {
    format: {
      type: 'string',
      value: 'NAME',
      among: async () => (await import('./shown-formats.js')).shownFormats,
      help: 'the format of the text; auto, the default, finds it out; `sensor formats` shows them',
    },
    json: { type: 'boolean', help: 'write JSON, one object a row' },
  },
  run: async (input) => {
    const [file, ...more] = input.positionals;
    if (file === undefined || more.length > 0)
      throw new CliError(exitCode.usage, 'sensor parse: expected the name of one file, or -.');
    const { parseShown } = await import('./parse-shown.js');
    return parseShown(file, input);
  },
};
