import { CliError, type Command, type CommandInput, exitCode, type ExitCode } from '../cli/command.js';
import { EngineClient, engineOptions, problemOf } from '../cli/engine-client.js';
import { printable } from '../cli/text-table.js';

interface Answer {
  readonly device: string | null;
}

/** `portledger freeze`: nothing is written any more, to one device or to every device. */
export const freezeCommand: Command = {
  usage: [
    'portledger freeze --reason TEXT          write nothing to any device (scope operator)',
    'portledger freeze DEVICE --reason TEXT   write nothing to this one',
  ],
  notes: [
    'Nothing is written from then on, no withdrawal either; a push that was under way is ended first.',
    'It holds until portledger resume, also through a restart of the engine; who froze what, when and why stands in the log.',
  ],
  exitCodes: ['notFound', 'unreachable'],
  options: { ...engineOptions, reason: { type: 'string', value: 'TEXT', help: 'why, for those who come after you' } },
  run: async (input) => {
    const reason = input.options.text('reason');
    if (reason === undefined) throw new CliError(exitCode.usage, '--reason: say why, for those who come after you.');
    const { device } = await tell('freeze', input, { reason });
    return said(
      input,
      { device },
      `${nameOf(device)} frozen: nothing is written until portledger resume${device === null ? '' : ` ${printable(device)}`}.`,
    );
  },
};

/** `portledger resume`: what was frozen may be written to again. */
export const resumeCommand: Command = {
  usage: [
    'portledger resume          end the freeze of every device (scope operator)',
    'portledger resume DEVICE   end the freeze of this one',
  ],
  notes: ['Every other brake stays. Look at portledger plan before you resume: in mode enforce it is done at once.'],
  exitCodes: ['notFound', 'conflict', 'unreachable'],
  options: { ...engineOptions, reason: { type: 'string', value: 'TEXT', help: 'what has changed since' } },
  run: async (input) => {
    const reason = input.options.text('reason');
    const { device } = await tell('resume', input, reason === undefined ? {} : { reason });
    return said(input, { device }, `${nameOf(device)} not frozen any more.`);
  },
};

const nameOf = (device: string | null): string => (device === null ? 'Every device is' : `${printable(device)} is`);

async function tell(
  what: 'freeze' | 'resume',
  { options, positionals, io }: CommandInput,
  body: object,
): Promise<Answer> {
  const [device, ...more] = positionals;
  if (more.length > 0) throw new CliError(exitCode.usage, `"${more.join(' ')}" is too much: name one device, or none.`);
  const answer = await EngineClient.from(options, io).request(`/v1/${what}`, {
    method: 'POST',
    contentType: 'application/json',
    body: JSON.stringify({ ...body, ...(device === undefined ? {} : { device }) }),
  });
  if (answer.status >= 400) throw problemOf(answer);
  return answer.body as Answer;
}

function said({ options, io }: CommandInput, answer: Answer, words: string): ExitCode {
  io.out(`${options.flag('json') ? JSON.stringify(answer) : words}\n`);
  return exitCode.ok;
}
