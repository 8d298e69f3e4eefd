import { parseArgs } from 'node:util';
import { textTable } from '../../../src/cli/text-table.js';
import { whyNoLab } from '../../lab/lab-needs.js';
import { makeReader } from '../engine.js';
import { type Booted, PiCloud } from './cloud.js';

const help = `npm run demo -- --pi-cloud [--boards N] [--keep] [--json]

Single-board servers at two switches, sold IPv6 only: all links come up at once, and every figure is measured.
Needs root, network namespaces and the Debian packages of the network lab; nothing outside its own namespaces is touched.

  --boards N  how many, half of them at each switch; an even number from 2 to 96, default 96
  --keep      leave the engine and the console open until Ctrl-C
  --json      the figures as one JSON object, and nothing else
  --help      this text

Examples
  npm run demo -- --pi-cloud
  npm run demo -- --pi-cloud --keep
  npm run --silent demo -- --pi-cloud --boards 8 --json
`;

/** What was measured, times in ms since the first cable came up. */
interface Figures {
  readonly boards: number;
  readonly facts: number;
  readonly routes: number;
  readonly entries: number;
  readonly answering: number;
  readonly booted: Readonly<Record<keyof Booted, Tally>>;
  readonly lastRouteMs: number;
  readonly bareLastRouteMs: number;
}

/** How many boards have it right, and when the last one had. */
interface Tally {
  readonly right: number;
  readonly lastMs: number;
}

const kinds = ['netboot', 'file', 'address', 'prefix'] as const;

/** A usage error: what was asked for makes no sense. */
class UsageError extends Error {}

interface Asked {
  readonly boards: number;
  readonly keep: boolean;
  readonly json: boolean;
}

function asked(args: readonly string[]): Asked | undefined {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        'pi-cloud': { type: 'boolean' },
        boards: { type: 'string', default: '96' },
        keep: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
  if (values.help) return undefined;
  const boards = Number(values.boards);
  if (!Number.isInteger(boards) || boards < 2 || boards > 96 || boards % 2 === 1)
    throw new UsageError(`--boards ${values.boards}: expected an even number from 2 to 96`);
  return { boards, keep: values.keep, json: values.json };
}

/** Tells how far it is: in one line that is written over on a terminal, and nowhere else. */
class ProgressLine {
  private readonly isShown = process.stderr.isTTY;

  show(text: string): void {
    if (this.isShown) process.stderr.write(`\r\u001b[K   ${text}`);
  }

  end(): void {
    if (this.isShown) process.stderr.write('\r\u001b[K');
  }
}

async function told(cloud: PiCloud, { boards, keep, json }: Asked): Promise<void> {
  const say = (line: string): void => void (json ? undefined : process.stdout.write(`${line}\n`));
  const progress = new ProgressLine();
  const { rack } = cloud;
  say(
    `portledger, the Pi cloud: ${boards} single-board servers at two switches, IPv6 only, in network namespaces made for this run`,
  );
  say('\n1. The least that can be done, for comparison: a script that hears of links, writes a file and tells BIRD');
  const bareLastRouteMs = await cloud.bareBoot();
  say(
    `   all links up -> last of ${boards} routes at the upstream after ${bareLastRouteMs.toFixed(0)} ms; power off again`,
  );
  say('\n2. Two switches are declared, and billing sells every board over HTTP');
  const facts = await cloud.sell();
  say(`   ${facts} facts published, all stored and applied; no IPv4 address among them`);
  for (const one of rack.switches) {
    const { hash, shown } = await cloud.plan(one);
    say(`   $ portledger plan ${one.name}`);
    for (const line of headOf(shown)) say(`       ${line}`);
    say(`   $ portledger apply ${hash}`);
    for (const line of (await cloud.asOperator(['apply', hash])).trim().split('\n')) say(`       ${line}`);
    await cloud.applyDhcp(one);
    say(`   $ portledger dhcp apply ${one.name} <plan>`);
    say(`       Kea hands out to ${one.pis.length} boards: address, /48, and what they start with from ${one.netboot}`);
  }
  await cloud.untilEntries();
  say(`\n3. All ${boards} links come up at once`);
  const start = performance.now();
  const lastRouteMs = await cloud.lightUp((routes) => progress.show(`${routes} of ${boards} routes`));
  let booted: Figures['booted'] = { netboot: none, file: none, address: none, prefix: none };
  await cloud.boot((board) => {
    booted = {
      ...booted,
      ...Object.fromEntries(kinds.map((kind) => [kind, counting(booted[kind], board[kind], start)])),
    };
    progress.show(
      `${boards} routes; files of ${booted.file.right}, leases of ${booted.address.right} of ${boards} boards`,
    );
  });
  progress.end();
  const [routes, entries6, entries4] = [await rack.announced(), await rack.entries(6), await rack.entries(4)];
  const answering = await rack.answering();
  const entries = entries6 + entries4;
  const figures: Figures = { boards, facts, routes, entries, answering, booted, lastRouteMs, bareLastRouteMs };
  if (json) process.stdout.write(`${JSON.stringify(figures)}\n`);
  else for (const line of tableOf(figures)) say(line);
  const isRight = [routes, answering, ...kinds.map((kind) => booted[kind].right)].every((one) => one === boards);
  if (!isRight || entries !== boards * 2)
    throw new Error('not every board has what it was sold; the table says what is missing');
  say('\nEvery board has what it was sold; every figure above was read from the world.');
  if (keep) await stayUp(cloud);
}

const none: Tally = { right: 0, lastMs: 0 };

/** @param at when a board had it, undefined where it had it not; @param start the first cable */
function counting({ right, lastMs }: Tally, at: number | undefined, start: number): Tally {
  return at === undefined ? { right, lastMs } : { right: right + 1, lastMs: Math.max(lastMs, at - start) };
}

function tableOf({ boards, routes, entries, answering, booted, ...times }: Figures): string[] {
  const ms = (time: number): string => `${time.toFixed(0)} ms`;
  const of = (count: number, all = boards): string => `${count} of ${all}`;
  const row = (what: string, kind: keyof Booted): string[] => [
    what,
    of(booted[kind].right),
    ms(booted[kind].lastMs),
    '',
  ];
  const rows = [
    ['WHAT', 'RIGHT', 'LAST ONE AFTER', 'BARE SCRIPT'],
    ['routes at the upstream', of(routes), ms(times.lastRouteMs), ms(times.bareLastRouteMs)],
    row('start leased by DHCPv4', 'netboot'),
    row('file fetched by TFTP', 'file'),
    row('address leased by DHCPv6', 'address'),
    row('/48 delegated by DHCPv6', 'prefix'),
    ['neighbour entries read back', of(entries, boards * 2), '', ''],
    ['answers a ping from the upstream', of(answering), '', ''],
  ];
  return [
    ...textTable(rows, '   ').split('\n'),
    '   Counted from the first cable. The boards began to ask when the last route was there, twelve at a time:',
    '   one machine plays all of them, and both switches.',
  ];
}

const headOf = (shown: string): string[] => {
  const lines = shown.trimEnd().split('\n');
  return [...lines.slice(0, 7), '...'];
};

async function stayUp({ engine, rack, tokens }: PiCloud): Promise<void> {
  const { user, password } = await makeReader(rack);
  process.stderr.write(`\nThe console stays open at ${engine.url}/console/ until you press Ctrl-C.\n`);
  process.stderr.write(`   sign in as ${user} with the password ${password} (made for this demo, told only here)\n`);
  process.stderr.write(`   export PORTLEDGER_URL=${engine.url} PORTLEDGER_TOKEN_FILE=${tokens.readerFile}\n`);
  const idle = setInterval(() => {}, 60_000);
  await new Promise<void>((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve));
  clearInterval(idle);
}

/** Plays it; gives the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const wanted = asked(args);
  if (wanted === undefined) {
    process.stdout.write(help);
    return 0;
  }
  const why = whyNoLab();
  if (why !== undefined) {
    process.stderr.write(`The Pi cloud cannot be built here: ${why}\n`);
    return 2;
  }
  let isStopped = false;
  let cloud: PiCloud | undefined;
  const stop = (): void => {
    isStopped = true;
    void Promise.resolve(cloud?.close()).finally(() => process.exit(130));
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    cloud = await PiCloud.build(wanted.boards);
    await told(cloud, wanted);
    return 0;
  } catch (error) {
    // What broke because everything was taken away is no failure of its own.
    if (!isStopped) throw error;
    return 130;
  } finally {
    await cloud?.close();
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`The Pi cloud stopped: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
process.exit();
