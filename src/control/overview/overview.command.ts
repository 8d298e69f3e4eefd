import { CliError, type Command, exitCode } from '../../cli/command.js';
import { EngineClient, engineOptions } from '../../cli/engine-client.js';
import { printable, textTable } from '../../cli/text-table.js';
import { differences } from './difference-names.js';
import type { DifferencePage } from './differences.js';
import type { Overview } from './overview.js';

const mostLines = 500;

/** `portledger overview`: billed, seen, pushed, and what needs a human now. */
export const overviewCommand: Command = {
  usage: [
    'portledger overview          the numbers, the devices, and what needs a human now',
    'portledger overview LIST     the servers behind one difference',
  ],
  notes: [
    `LIST is one of ${differences.join(', ')}.`,
    'BILLED are servers sold now; SEEN have a MAC of theirs on their own port and VLAN; PUSHED miss nothing on their devices.',
  ],
  exitCodes: ['unreachable'],
  options: engineOptions,
  run: async ({ options, positionals: [list, ...more], io }) => {
    if (more.length > 0) throw new CliError(exitCode.usage, `"${more.join(' ')}" is too much.`);
    const isJson = options.flag('json');
    const engine = EngineClient.from(options, io);
    if (list === undefined) {
      const answer = (await engine.get('/v1/overview')) as Overview;
      io.out(`${isJson ? JSON.stringify(answer) : renderOverview(answer)}\n`);
      return exitCode.ok;
    }
    if (!differences.some((one) => one === list))
      throw new CliError(exitCode.usage, `"${list}" is no list; there are ${differences.join(', ')}.`);
    let cursor: string | undefined = '0';
    let isFirst = true;
    while (cursor !== undefined) {
      const path: string = `/v1/overview/${list}?limit=${mostLines}&cursor=${cursor}`;
      const page = (await engine.get(path)) as DifferencePage;
      for (const server of page.servers) if (isJson) io.out(`${JSON.stringify(server)}\n`);
      if (!isJson && (page.servers.length > 0 || isFirst)) io.out(`${renderList(page, isFirst)}\n`);
      cursor = page.next;
      isFirst = false;
    }
    return exitCode.ok;
  },
};

function renderOverview({ counts, counting, lagEvents, devices, coverage, attention }: Overview): string {
  const numbers =
    counts === undefined
      ? `Counting the servers: ${counting?.counted ?? 0} of ${counting?.rows ?? 0} rows.`
      : [
          textTable([['BILLED', 'SEEN', 'PUSHED'], [counts.billed, counts.seen, counts.pushed].map(String)]),
          '',
          textTable(differences.map((name) => [name, String(counts.differences[name])])),
        ].join('\n');
  const table = devices.map(({ device, mode, state, drift }) => [
    device,
    mode,
    state,
    drift.since === undefined ? '' : `since ${drift.since}`,
  ]);
  return [
    numbers,
    '',
    lagEvents === undefined ? 'The log does not answer.' : `${lagEvents} events behind the log.`,
    ...(coverage === undefined ? [] : [`${coverage.watched} of ${coverage.soldPorts} sold ports are watched.`]),
    ...(devices.length === 0 ? [] : ['', textTable([['DEVICE', 'MODE', 'STATE', 'DRIFT'], ...table])]),
    '',
    ...(attention.length === 0
      ? ['Nothing needs a human now.']
      : attention.map(({ urgency, text }) => `${urgency === 'now' ? '!' : '-'} ${printable(text)}`)),
  ].join('\n');
}

function renderList({ servers, total }: DifferencePage, isFirst: boolean): string {
  if (total === 0) return 'None.';
  const rows = servers.map(({ serverId = '', customerId = '', port = '', vlan, mac = '', why }) => [
    serverId,
    customerId,
    port,
    vlan === undefined ? '' : String(vlan),
    mac,
    why,
  ]);
  return textTable([...(isFirst ? [['SERVER', 'CUSTOMER', 'PORT', 'VLAN', 'MAC', 'WHY']] : []), ...rows]);
}
