import { CliError, type Command, exitCode } from '../../cli/command.js';
import { EngineClient, engineOptions } from '../../cli/engine-client.js';
import { shortInstant, textTable } from '../../cli/text-table.js';
import type { PrefixView } from './prefix-view.js';

const header = ['PREFIX', 'SERVER', 'CUSTOMER', 'NEW SOURCES/S', 'PEAK', 'FAN-OUT', 'PEAK', 'LAST SEEN'];

/** `portledger sensor scorecard`: which prefixes use up addresses, or are being scanned. */
export const scorecardCommand: Command = {
  usage: ['portledger sensor scorecard [--length 48|64] [--json]'],
  notes: [
    'New sources: different addresses of the prefix that spoke, a second. Fan-out: different addresses of it that were asked for in ten seconds.',
    'Both are estimates, within a few per cent, since the engine was started. Normal frames of a server are not counted.',
  ],
  exitCodes: ['unreachable'],
  options: {
    length: { type: 'string', value: 'BITS', among: ['48', '64'], help: 'only prefixes of this length: 48 or 64' },
    ...engineOptions,
  },
  run: async ({ options, positionals, io }) => {
    if (positionals.length > 0)
      throw new CliError(exitCode.usage, `"${positionals.join(' ')}": sensor scorecard takes options only.`);
    const length = options.text('length');
    const engine = EngineClient.from(options, io);
    const path = `/v1/scorecard${length === undefined ? '' : `?length=${length}`}`;
    const { prefixes } = (await engine.get(path)) as { prefixes: readonly PrefixView[] };
    if (options.flag('json')) for (const one of prefixes) io.out(`${JSON.stringify(one)}\n`);
    else io.out(`${renderScorecard(prefixes)}\n`);
    return exitCode.ok;
  },
};

/** The scorecard as a table. */
export function renderScorecard(prefixes: readonly PrefixView[]): string {
  if (prefixes.length === 0) return 'No prefix was busy.';
  const rows = prefixes.map((one) => [
    one.prefix,
    one.serverId ?? '',
    one.customerId ?? '',
    rate(one.newSources),
    rate(one.peakNewSources),
    String(one.fanOut),
    String(one.peakFanOut),
    shortInstant(one.lastSeen),
  ]);
  return textTable([header, ...rows]);
}

const rate = (perSecond: number): string => (perSecond < 10 ? perSecond.toFixed(1) : perSecond.toFixed(0));
