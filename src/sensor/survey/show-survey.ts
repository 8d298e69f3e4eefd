import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CliError, type CommandInput, exitCode, type ExitCode } from '../../cli/command.js';
import { EngineClient } from '../../cli/engine-client.js';
import { textTable } from '../../cli/text-table.js';
import { causeText } from './likely-cause.js';
import type { ProposedEvent } from './proposed-events.js';
import { distinctProposals, type SiteSurvey } from './survey.js';

/** Does what a call of `portledger sensor survey` asks for; loaded when it is asked for more than its help. */
export async function showSurvey({ options, positionals, io }: CommandInput): Promise<ExitCode> {
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
