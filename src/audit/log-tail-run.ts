import { setTimeout as sleep } from 'node:timers/promises';
import { CliError, type CommandInput, exitCode, type ExitCode } from '../cli/command.js';
import type { LogDoors } from '../cli/log-place.js';
import { type LogAsker, openAsker } from './ask-log.js';
import { type LoggedEvent, longestWait, mostEvents } from './log-page.js';
import { fitting } from './log-filter.js';
import { usualEvents } from './log-tail.command.js';
import { logHeader, logLine } from './render-log.js';

const pauseMs = 3000;

/** Does what a call of `portledger log tail` asks for; loaded when it is asked for more than its help. */
export async function runTail(input: CommandInput, doors: LogDoors): Promise<ExitCode> {
  const { options, positionals, io } = input;
  if (positionals.length > 0)
    throw new CliError(exitCode.usage, `"${positionals.join(' ')}": log tail takes options only.`);
  const count = options.wholeNumber('lines', 0, 1_000_000) ?? usualEvents;
  const isJson = options.flag('json');
  const filter = { ...textOf(input, 'stream'), ...textOf(input, 'type') };
  const print = (event: LoggedEvent): void => io.out(`${isJson ? JSON.stringify(event) : logLine(event)}\n`);
  const asker = await openAsker(input, doors);
  try {
    // Taken first: what is stored from now on comes when following, and only then.
    const [end] = (await asker.page({ ...streamOf(filter), limit: 1, backwards: true })).events;
    const past = end === undefined ? [] : await newest(asker, filter, count, end);
    if (!isJson && (past.length > 0 || options.flag('follow'))) io.out(`${logHeader}\n`);
    for (const event of past.reverse()) print(event);
    if (options.flag('follow')) await follow(asker, { filter, after: end?.id, print, tell: (text) => io.err(text) });
    return exitCode.ok;
  } finally {
    await asker.close();
  }
}

interface Filter {
  readonly stream?: string;
  readonly type?: string;
}

/** The last events that fit, newest first, up to `end`: what is stored meanwhile, as the record of this look, is none of them. */
async function newest(asker: LogAsker, filter: Filter, count: number, end: LoggedEvent): Promise<LoggedEvent[]> {
  const found = count > 0 && fitting(filter)(end) ? [end] : [];
  let after = end.id;
  while (found.length < count) {
    const limit = Math.min(mostEvents, count - found.length);
    const page = await asker.page({ ...filter, after, limit, backwards: true });
    found.push(...page.events);
    if (page.next === undefined) break;
    after = page.next;
  }
  return found;
}

async function follow(
  asker: LogAsker,
  {
    filter,
    after: start,
    print,
    tell,
  }: {
    readonly filter: Filter;
    readonly after: string | undefined;
    readonly print: (event: LoggedEvent) => void;
    readonly tell: (text: string) => void;
  },
): Promise<never> {
  for (let after = start; ;) {
    try {
      const question = { ...filter, ...(after === undefined ? {} : { after }), limit: mostEvents, backwards: false };
      const page = await asker.page(question, longestWait);
      for (const event of page.events) print(event);
      after = page.last ?? after;
    } catch (error) {
      if (!(error instanceof CliError) || error.exitCode !== exitCode.unreachable) throw error;
      tell(`portledger: ${error.message} Trying again.\n`);
      await sleep(pauseMs);
    }
  }
}

function textOf({ options }: CommandInput, name: 'stream' | 'type'): Filter {
  const text = options.text(name);
  return text === undefined ? {} : { [name]: text };
}

function streamOf({ stream }: Filter): Filter {
  return stream === undefined ? {} : { stream };
}
