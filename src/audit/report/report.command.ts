import { CliError, type Command, type CommandInput, exitCode } from '../../cli/command.js';
import { EngineClient, engineOptions } from '../../cli/engine-client.js';
import { givenPlace, type LogDoors, placeOptions, spellPlace } from '../../cli/log-place.js';
import { writeWhole } from '../../cli/whole-file.js';
import { questionOf, unrecorded } from '../ask-auditor.js';
import { questionOptions } from '../question-options.js';
import type { DayReport } from './day-report.js';

/** `portledger report day`: the page for the morning meeting. */
export function reportDayCommand(doors: LogDoors): Command {
  return {
    usage: [
      'portledger report day [--since 24h] [-o FILE.html] [--json] [--offline DIR | --config FILE | --url URL]',
      'portledger report day --mail [--dry-run] [--since 24h] [--json]   mail it now, to those of report.day of the engine',
    ],
    notes: [
      'New, open and muted violations, noisy ports, moves and how long they were dark, drift put right, what billing withdrew, approvals.',
      'Without -o the page goes to portledger-day-DATE.html; - is standard output. One page, no scripts, to send and to print.',
      'With --mail the engine sends it beside the one that goes by itself; --dry-run sends nothing and shows to whom, when, and what went out.',
      'With --offline or --config the range ends with the last event of that log.',
    ],
    exitCodes: ['notFound', 'conflict', 'unreachable', 'interrupted'],
    options: {
      ...engineOptions,
      since: { type: 'string', value: '24h', help: 'how far it goes back: 24h, 90m, 7d; at most 31d' },
      output: { type: 'string', short: 'o', value: 'FILE', help: 'where the page goes; - is standard output' },
      json: { type: 'boolean', help: 'write one JSON object to standard output, and no page without -o' },
      mail: { type: 'boolean', help: 'have the engine mail it (scope auditor or operator)' },
      'dry-run': { type: 'boolean', help: 'with --mail: only show to whom' },
      offline: questionOptions.offline,
      config: placeOptions.config,
    },
    run: async (input) => {
      const { options, positionals, io } = input;
      if (positionals.length > 0)
        throw new CliError(exitCode.usage, `"${positionals.join(' ')}": report day takes options only.`);
      if (options.flag('mail')) return (await import('./mail/mail-now.js')).mailNow(input);
      if (options.flag('dry-run'))
        throw new CliError(exitCode.usage, '--dry-run is for --mail: without it nothing is sent.');
      const report = await reportOf(input, doors);
      const output = options.text('output');
      const isJson = options.flag('json');
      if (isJson) io.out(`${JSON.stringify(report)}\n`);
      if (isJson && output === undefined) return exitCode.ok;
      const { dayHtml } = await import('./day-html.js');
      const file = output ?? `portledger-day-${report.to.slice(0, 10)}.html`;
      if (file === '-') io.out(dayHtml(report));
      else {
        writeWhole(file, dayHtml(report), '-o');
        io.err(
          `${file}: ${report.events} events, ${report.violations.detected} new violations, ${report.standing.open} open.\n`,
        );
      }
      return exitCode.ok;
    },
  };
}

async function reportOf({ options, io }: CommandInput, doors: LogDoors): Promise<DayReport> {
  const { foldDay, parseSince } = await import('./read-day.js');
  const since = options.text('since') ?? '24h';
  const sinceMs = questionOf(parseSince(since));
  const place = givenPlace(options, 'offline');
  if (place === undefined)
    return (await EngineClient.from(options, io).get(`/v1/report/day?since=${since}`)) as DayReport;
  const store = await doors.openReader(place);
  io.err(unrecorded(spellPlace(place)));
  const { LogWatch } = await import('../watched-log.js');
  const watch = await LogWatch.of(store, io);
  try {
    return await foldDay(watch.reader(store), sinceMs);
  } finally {
    watch.end();
    await store.close();
  }
}
