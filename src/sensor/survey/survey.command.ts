import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CliError, type Command, type CommandInput, exitCode, type ExitCode } from '../../cli/command.js';
import { EngineClient, engineOptions, publishingOptions } from '../../cli/engine-client.js';
import { textTable } from '../../cli/text-table.js';
import { publishWord } from '../operator-word.js';
import { causeText } from './likely-cause.js';
import type { ProposedEvent } from './proposed-events.js';
import { distinctProposals, type SiteSurvey } from './survey.js';

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
  run: show,
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

async function show({ options, positionals, io }: CommandInput): Promise<ExitCode> {
  if (positionals.length > 0)
    throw new CliError(exitCode.usage, `"${positionals.join(' ')}": sensor survey takes options only.`);
  const site = options.text('site');
  const query = site === undefined ? '' : `?${new URLSearchParams({ site }).toString()}`;
  const answer = (await EngineClient.from(options, io).get(`/v1/survey${query}`)) as { sites: readonly SiteSurvey[] };
  const directory = options.text('propose');
  const files = directory === undefined ? [] : answer.sites.flatMap((one) => writeProposals(one, directory));
  io.out(`${options.flag('json') ? JSON.stringify(answer) : answer.sites.map(rendered).join('\n\n')}\n`);
  if (directory !== undefined) io.err(`${files.length} files of proposed events are in ${directory}.\n`);
  return exitCode.ok;
}

/** Never over a file that is there: somebody may be filling it in. */
function writeProposals(survey: SiteSurvey, directory: string): string[] {
  const byType = new Map<string, ProposedEvent[]>();
  for (const one of distinctProposals(survey)) byType.set(one.type, [...(byType.get(one.type) ?? []), one]);
  return [...byType].map(([type, events]) => {
    const file = join(directory, `${survey.site}-${type}.ndjson`);
    try {
      mkdirSync(directory, { recursive: true });
      writeFileSync(file, events.map((one) => `${JSON.stringify(one)}\n`).join(''), { flag: 'wx' });
    } catch (error) {
      const { code = String(error) } = error as NodeJS.ErrnoException;
      const why = code === 'EEXIST' ? 'is there already; name another directory' : `cannot be written (${code})`;
      throw new CliError(code === 'EEXIST' ? exitCode.conflict : exitCode.error, `${file} ${why}.`);
    }
    return file;
  });
}

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

function rendered(survey: SiteSurvey): string {
  const { site, inSurvey, open, groups } = survey;
  const state = inSurvey ? 'in survey: findings are kept and not alerted' : 'not in survey: findings are alerted';
  const head = `Site ${site} is ${state}. ${open} open findings.`;
  const blocks = groups.map(({ cause, findings }) => {
    const rows = findings.map((one) => [
      one.port ?? one.switch,
      one.mac,
      one.claimedAddress ?? '',
      one.rule,
      String(one.count),
      one.proposals.map(({ type }) => type).join(', '),
    ]);
    const header = ['PORT', 'MAC', 'CLAIMED', 'RULE', 'FRAMES', 'WOULD BE SETTLED BY'];
    return `\n${findings.length} ${cause}: ${causeText[cause]}\n${textTable([header, ...rows], '  ')}`;
  });
  return [head, ...blocks].join('\n');
}
