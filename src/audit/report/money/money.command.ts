import { CliError, type Command, type CommandInput, type CommandOption, exitCode } from '../../../cli/command.js';
import { EngineClient, engineOptions } from '../../../cli/engine-client.js';
import { givenPlace, type LogDoors, placeOptions, spellPlace } from '../../../cli/log-place.js';
import { writeWhole } from '../../../cli/whole-file.js';
import { questionOf, unrecorded } from '../../ask-auditor.js';
import { questionOptions } from '../../question-options.js';
import type { Answers, ReportName } from './money-reports.js';

const monthOptions = {
  month: { type: 'string', value: '2026-10', help: 'the month, in UTC; without it the last one that is over' },
  'known-at': questionOptions['known-at'],
} as const satisfies Record<string, CommandOption>;
const customerOption = {
  customer: { type: 'string', value: 'ID', help: 'only what this customer pays' },
} as const satisfies Record<string, CommandOption>;

/** What each report takes, and what its help says. */
const reports: Readonly<
  Record<
    ReportName,
    { readonly takes: string; readonly notes: readonly string[]; readonly options: Record<string, CommandOption> }
  >
> = {
  addons: {
    takes: '[--month 2026-10] [--customer ID] [--billed-at TIME|#N]',
    notes: [
      'The invoice lines of a month: each names the purchase by which entry and route are there, and what began and ended it.',
      'With --billed-at also the credits and charges that bring an invoice which went out then to what is known now.',
    ],
    options: {
      ...monthOptions,
      ...customerOption,
      'billed-at': {
        type: 'string',
        value: 'TIME|#N',
        reads: 'moment',
        help: 'when the invoice of the month went out',
      },
    },
  },
  yield: {
    takes: '[--month 2026-10] [--customer ID]',
    notes: ['Income by address and by /24, in each currency, and of the last twelve months.'],
    options: { ...monthOptions, ...customerOption },
  },
  idle: {
    takes: '',
    notes: ['What is paid for and was never seen, and what is used and not paid for, as far as the log knows, now.'],
    options: {},
  },
  migration: {
    takes: '[--month 2026-10]',
    notes: [
      'Servers with IPv4 alone, both, or IPv6 alone at the end of the twelve months up to this one: by what was sold, and by what devices routed.',
    ],
    options: monthOptions,
  },
};

/** `portledger report addons|yield|idle|migration`. */
export function moneyReportCommand(name: ReportName, doors: LogDoors): Command {
  const { takes, notes, options } = reports[name];
  const asked = takes === '' ? '' : ` ${takes}`;
  return {
    usage: [
      `portledger report ${name}${asked} [--json | --csv] [-o FILE.html] [--offline DIR | --config FILE | --url URL]`,
    ],
    notes: [
      ...notes,
      'With -o a page with plots is written, without scripts, to send and to print; - is standard output.',
    ],
    exitCodes: ['unreachable', 'interrupted'],
    options: {
      ...engineOptions,
      ...options,
      json: { type: 'boolean', help: 'write one JSON object; amounts are whole numbers of minor units' },
      csv: {
        type: 'boolean',
        help: 'write comma-separated lines, the first names the columns; amounts as with --json',
      },
      output: { type: 'string', short: 'o', value: 'FILE', help: 'where the page goes; - is standard output' },
      offline: questionOptions.offline,
      config: placeOptions.config,
    },
    run: async (input) => {
      const { options: given, positionals, io } = input;
      if (positionals.length > 0)
        throw new CliError(exitCode.usage, `"${positionals.join(' ')}": report ${name} takes options only.`);
      const [isJson, isCsv, output] = [given.flag('json'), given.flag('csv'), given.text('output')];
      if (isJson && isCsv)
        throw new CliError(exitCode.usage, '--json and --csv are two forms of one answer: give one.');
      const answer = await answerOf(name, input, doors);
      const [{ show }, { moneyCsv, moneyHtml, moneyText }] = await Promise.all([
        import('./money-reports.js'),
        import('./render-money.js'),
      ]);
      const shown = show(name, answer);
      if (isJson) io.out(`${JSON.stringify(answer)}\n`);
      else if (isCsv) io.out(moneyCsv(shown));
      else if (output === undefined) io.out(moneyText(shown));
      if (output === '-') io.out(moneyHtml(shown));
      else if (output !== undefined) {
        writeWhole(output, moneyHtml(shown), '-o');
        io.err(`${output}: ${shown.title}.\n`);
      }
      return exitCode.ok;
    },
  };
}

async function answerOf<Name extends ReportName>(
  name: Name,
  { options, io }: CommandInput,
  doors: LogDoors,
): Promise<Answers[Name]> {
  const said = {
    month: options.text('month'),
    customer: options.text('customer'),
    knownAt: options.text('known-at'),
    billedAt: options.text('billed-at'),
  };
  const fields = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
  const { readMoneyQuestion } = await import('./money-question.js');
  const question = name === 'idle' ? undefined : questionOf(readMoneyQuestion(name, fields, Date.now()));
  const place = givenPlace(options, 'offline');
  if (place === undefined) {
    const query = String(new URLSearchParams(fields as Record<string, string>));
    return (await EngineClient.from(options, io).get(
      `/v1/report/${name}${query === '' ? '' : `?${query}`}`,
    )) as Answers[Name];
  }
  const store = await doors.openReader(place);
  io.err(unrecorded(spellPlace(place)));
  const [{ LogWatch }, { answerFrom }] = await Promise.all([
    import('../../watched-log.js'),
    import('./answer-from.js'),
  ]);
  const watch = await LogWatch.of(store, io);
  try {
    return await answerFrom(name, watch.reader(store), question);
  } finally {
    watch.end();
    await store.close();
  }
}
