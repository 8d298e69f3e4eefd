import { CliError, type Command, exitCode } from '../cli/command.js';
import { EngineClient, engineOptions } from '../cli/engine-client.js';
import { shortInstant, textTable } from '../cli/text-table.js';
import type { EnrolmentView } from './enrolments.controller.js';

/** `portledger enrolments`: servers whose MAC is to be taken from the network, and what stands in the way. */
export const enrolmentsCommand: Command = {
  usage: ['portledger enrolments   servers sold with enrolment first-seen that have no MAC yet'],
  notes: [
    'One MAC that no other server has, alone at the place for a minute after it was first seen, is enrolled by itself.',
    'Where more were seen somebody must choose: publish ServerNicReplaced or ServerRecordCorrected with the right one.',
  ],
  exitCodes: ['unreachable'],
  options: engineOptions,
  run: async ({ options, positionals, io }) => {
    if (positionals.length > 0) throw new CliError(exitCode.usage, `"${positionals.join(' ')}" is too much.`);
    const answer = (await EngineClient.from(options, io).get('/v1/enrolments')) as {
      readonly enrolments: readonly EnrolmentView[];
    };
    if (options.flag('json')) for (const one of answer.enrolments) io.out(`${JSON.stringify(one)}\n`);
    else io.out(`${render(answer.enrolments)}\n`);
    return exitCode.ok;
  },
};

function render(enrolments: readonly EnrolmentView[]): string {
  if (enrolments.length === 0) return 'No server waits for its MAC to be enrolled.';
  const rows = enrolments.map(({ serverId, port, vlan, state, candidates, detail }) => [
    serverId,
    port,
    String(vlan),
    state,
    candidates.map(({ mac, firstSeen }) => `${mac} (${shortInstant(firstSeen)})`).join(' '),
    detail,
  ]);
  return textTable([['SERVER', 'PORT', 'VLAN', 'STATE', 'SEEN', 'NOTE'], ...rows]);
}
