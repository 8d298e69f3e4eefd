import { CliError, type Command, type CommandInput, exitCode, type ExitCode } from '../../cli/command.js';
import { engineOptions, publishingOptions } from '../../cli/engine-client.js';
import { publishWord } from '../operator-word.js';

const siteOption = { type: 'string', value: 'SITE', help: 'the site' } as const;

/** `portledger sensor survey`: what was found, why it may be there, and what would settle it. */
export const surveyCommand: Command = {
  usage: ['portledger sensor survey [--site SITE] [--propose DIR] [--json]'],
  notes: [
    'Open findings by likely cause: missing in billing, wrong MAC, wrong port, infrastructure, unexplained.',
    '--propose DIR writes the events that would settle them, a file for each type and site, ready for portledger publish once',
    'source and every null are filled in. Check each: an attack looks like a mistake of the record to whoever wants it to.',
  ],
  exitCodes: ['notFound', 'conflict', 'unreachable'],
  options: {
    site: { ...siteOption, help: 'only this site' },
    propose: { type: 'string', value: 'DIR', help: 'write the events that would settle them into this directory' },
    ...engineOptions,
    json: { type: 'boolean', help: 'write one JSON object' },
  },
  run: async (input) => (await import('./show-survey.js')).showSurvey(input),
};

/** `portledger sensor survey end`: alerting starts. */
export const surveyEndCommand: Command = {
  usage: ['portledger sensor survey end --site SITE --reason TEXT --source URI [--json]'],
  notes: [
    'Publishes SiteSurveyEnded: from then on findings at the site are alerted. The token needs the scope operator.',
  ],
  exitCodes: ['conflict', 'unreachable'],
  options: {
    site: siteOption,
    reason: { type: 'string', value: 'TEXT', help: 'why the survey ends; it is stored' },
    ...publishingOptions,
  },
  run: end,
};

async function end(input: CommandInput): Promise<ExitCode> {
  const { options, positionals, io } = input;
  const [site, reason, source] = ['site', 'reason', 'source'].map((name) => options.text(name));
  if (positionals.length > 0 || site === undefined || reason === undefined || source === undefined)
    throw new CliError(exitCode.usage, 'sensor survey end: expected --site, --reason and --source.');
  const receipt = await publishWord(input, { source, type: 'SiteSurveyEnded', subject: site, data: { site, reason } });
  const sentence = `The survey of ${site} has ended; findings there are alerted from now on.`;
  io.out(`${options.flag('json') ? JSON.stringify(receipt) : sentence}\n`);
  return exitCode.ok;
}
