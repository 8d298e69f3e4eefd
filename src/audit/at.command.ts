import { CliError, type CommandOption, exitCode } from '../cli/command.js';
import { spellMoment } from '../cli/moment.js';
import type { AuditVerb } from './audit-verb.js';
import { questionOptions } from './question-options.js';

const deviceOption = {
  device: {
    type: 'string',
    value: 'NAME',
    help: 'also the lines that this device, or the device of this switch, should have had',
  },
  violations: { type: 'boolean', help: 'also the violations that were open then' },
} as const satisfies Record<string, CommandOption>;

/** `portledger audit at [TIME]`: the whole map, by replay. The time is given as a word or as --at. */
export const atVerb: AuditVerb = {
  word: 'at',
  usage: [['at [TIME] [--device NAME] [--violations]', 'the whole map as of then']],
  options: { ...questionOptions, ...deviceOption },
  run: async (input, { openReader }) => {
    // Nothing else can follow, so that words of time need no quotes.
    const words = input.positionals.length === 0 ? undefined : input.positionals.join(' ');
    const time = words === undefined ? undefined : spellMoment('at', words, input.io);
    const at = onlyOne(time, input.options.text('at'));
    const knownAt = input.options.text('known-at');
    const { showMap } = await import('./map.command.js');
    const violations = input.options.flag('violations') ? 'true' : undefined;
    return showMap({ at, knownAt, device: input.options.text('device'), violations }, input, {
      openReader,
      mapPath: '/v1/audit/at',
    });
  },
};

function onlyOne(word: string | undefined, option: string | undefined): string | undefined {
  if (word !== undefined && option !== undefined)
    throw new CliError(exitCode.usage, 'The time is given twice: drop --at.');
  return word ?? option;
}
