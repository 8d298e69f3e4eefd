import { CliError, type Command, exitCode } from '../../cli/command.js';
import { EngineClient, publishingOptions } from '../../cli/engine-client.js';
import { printable } from '../../cli/text-table.js';
import { publishWord } from '../operator-word.js';
import type { ExceptionsAnswer } from './exceptions.controller.js';

/** `portledger exceptions end`: from now on its findings are reported again. */
export const exceptionEndCommand: Command = {
  usage: ['portledger exceptions end ID --reason TEXT --source URI [--json]'],
  notes: [
    'Publishes ExceptionEnded: frames captured from then on are no longer excused. What was excused before stays so.',
    'The token needs the scope operator.',
  ],
  exitCodes: ['notFound', 'conflict', 'unreachable'],
  options: {
    reason: { type: 'string', value: 'TEXT', help: 'why it ends; it is stored' },
    ...publishingOptions,
  },
  run: async (input) => {
    const { options, positionals, io } = input;
    const [exceptionId, ...more] = positionals;
    const [reason, source] = [options.text('reason'), options.text('source')];
    if (exceptionId === undefined || more.length > 0 || reason === undefined || source === undefined)
      throw new CliError(exitCode.usage, 'exceptions end: expected one ID, --reason and --source.');
    const { exceptions } = (await EngineClient.from(options, io).get('/v1/exceptions')) as ExceptionsAnswer;
    const state = exceptions.find((one) => one.exceptionId === exceptionId)?.state;
    const shown = printable(exceptionId);
    if (state === undefined)
      throw new CliError(exitCode.notFound, `There is no exception ${shown}; portledger exceptions lists them.`);
    if (state !== 'active') throw new CliError(exitCode.conflict, `${shown} is over already (${state}).`);
    const data = { exceptionId, reason };
    const receipt = await publishWord(input, { source, type: 'ExceptionEnded', subject: exceptionId, data });
    const sentence = `${shown} has ended; what its rule finds there is reported from now on.`;
    io.out(`${options.flag('json') ? JSON.stringify({ exceptionId, receipt }) : sentence}\n`);
    return exitCode.ok;
  },
};
