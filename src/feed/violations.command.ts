import {
  CliError,
  type Command,
  type CommandInput,
  type CommandOption,
  exitCode,
  type ExitCode,
  momentHelp,
} from '../cli/command.js';
import { EngineClient, engineOptions } from '../cli/engine-client.js';
import { didYouMean } from '../config/nearest.js';
import { followViolations } from './follow-violations.js';
import { renderViolations, violationHeader, violationLine } from './render-violation.js';
import { filterNames, readFilter } from './violation-filter.js';
import { mostViolations, type ViolationPage } from './violation-page.js';
import type { ViolationView } from './violation-view.js';
import { fromTheStart } from './position.js';

const usualViolations = 100;

const filterOptions = {
  state: {
    type: 'string',
    value: 'STATE',
    among: async () => (await import('../../projections/index.js')).triageStates,
    several: true,
    help: 'new, acknowledged, resolved, false-positive, exonerated, or several: new,acknowledged',
  },
  rule: {
    type: 'string',
    value: 'RULE',
    among: async () => (await import('../../projections/index.js')).rules.map(({ name }) => name),
    help: 'only findings of this rule',
  },
  severity: {
    type: 'string',
    value: 'SEVERITY',
    among: async () => (await import('./violation-filter.js')).severities,
    several: true,
    help: 'low, medium, high or critical, or several: high,critical',
  },
  site: { type: 'string', value: 'NAME', help: 'only at this site' },
  port: { type: 'string', value: 'PORT', help: 'only on this port, as switch:interface' },
  switch: { type: 'string', value: 'NAME', help: 'only on this switch' },
  victim: { type: 'string', value: 'ID', help: 'only against this server or customer' },
  offender: { type: 'string', value: 'ID', help: 'only by this server or customer' },
  customer: { type: 'string', value: 'ID', help: 'only by or against this customer' },
  'offender-server': { type: 'string', value: 'ID', help: 'only by this server' },
  'offender-customer': { type: 'string', value: 'ID', help: 'only by servers of this customer' },
  'victim-server': { type: 'string', value: 'ID', help: 'only against this server' },
  unknown: {
    type: 'string',
    value: 'WHAT',
    among: async () => Object.keys((await import('./violation-filter.js')).unknowable),
    several: true,
    help: 'only where nobody knows the port, offender-server, offender-customer or victim-server, or several of them',
  },
  assignee: { type: 'string', value: 'WHO', help: 'only what this one works on' },
  muted: {
    type: 'string',
    value: 'true|false',
    among: ['true', 'false'],
    help: 'only what is muted now, or only what is not',
  },
  quiet: {
    type: 'string',
    value: 'true|false',
    among: ['true', 'false'],
    help: 'only what was not heard for long, or only what was',
  },
  'acked-before': {
    type: 'string',
    value: 'TIME',
    reads: 'moment',
    help: 'only acknowledged before then, and not settled since',
  },
  q: {
    type: 'string',
    value: 'TEXT',
    help: 'a MAC or address in any spelling, or a part of a port, server or customer',
  },
  'new-since': {
    type: 'string',
    value: 'POSITION',
    help: 'only what became new after the position of an earlier answer',
  },
  since: { type: 'string', value: 'TIME', reads: 'moment', help: `only heard since then: ${momentHelp}` },
} as const satisfies Record<Exclude<(typeof filterNames)[number], 'newSince'> | 'new-since', CommandOption>;

/** `--new-since` asks by `newSince`. */
const optionOf = (filter: string): string => filter.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** `portledger violations`: what was heard that billing did not sell. */
export const violationsCommand: Command = {
  usage: ['portledger violations [FILTERS] [--limit N] [--follow] [--json]'],
  notes: [
    'A violation is shown when it fits every filter given. With --follow it goes on after the engine was away.',
    'SEVERITY cleared: a fact that was stored late says it was none; --json names the event (exoneratedBy).',
    'SEVERITY in brackets: its site is in survey, so it is kept and not alerted; --json says survey.',
  ],
  exitCodes: ['unreachable'],
  options: {
    ...filterOptions,
    limit: { type: 'string', value: 'N', help: `at most so many, newest first (default ${usualViolations})` },
    follow: { type: 'boolean', short: 'f', help: 'oldest first, and then each as it happens, until interrupted' },
    ...engineOptions,
  },
  run: async (input) => {
    const { options, positionals } = input;
    if (positionals.length > 0)
      throw new CliError(
        exitCode.usage,
        `"${positionals.join(' ')}": violations takes options only.${verbLike(positionals[0])}`,
      );
    const query = queryOf(input);
    const limit = options.wholeNumber('limit', 1, 100_000) ?? usualViolations;
    const engine = EngineClient.from(options, input.io);
    return options.flag('follow') ? follow(engine, query, limit, input) : list(engine, query, limit, input);
  },
};

/** `portledger violations list`: the same by its full name. */
export const violationsListCommand: Command = {
  ...violationsCommand,
  usage: ['portledger violations list [FILTERS] [--limit N] [--follow] [--json]'],
};

const words = [
  'list',
  'show',
  'ack',
  'resolve',
  'false-positive',
  'comment',
  'ticket',
  'mute',
  'unmute',
  'mutes',
  'evidence',
];

/** A word that is nearly one of those that may follow `violations`. */
function verbLike(word = ''): string {
  return didYouMean(word, words);
}

/** The filters as the engine takes them; a wrong one is told without asking it. */
function queryOf({ options }: CommandInput): URLSearchParams {
  const fields = Object.fromEntries(filterNames.map((name) => [name, options.text(optionOf(name))]));
  const read = readFilter(fields, []);
  if ('problem' in read) throw new CliError(exitCode.usage, `--${read.problem}.`);
  const given = Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined);
  return new URLSearchParams(given);
}

async function list(
  engine: EngineClient,
  query: URLSearchParams,
  limit: number,
  { options, io }: CommandInput,
): Promise<ExitCode> {
  const { violations } = await newest(engine, query, limit);
  if (options.flag('json')) for (const violation of violations) io.out(`${JSON.stringify(violation)}\n`);
  else io.out(`${renderViolations(violations, query)}\n`);
  return exitCode.ok;
}

async function follow(
  engine: EngineClient,
  query: URLSearchParams,
  limit: number,
  { options, io }: CommandInput,
): Promise<ExitCode> {
  const { violations: past, position: after } = await newest(engine, query, limit);
  const print = (violation: ViolationView): void =>
    io.out(`${options.flag('json') ? JSON.stringify(violation) : violationLine(violation)}\n`);
  if (!options.flag('json')) io.out(`${violationHeader}\n`);
  for (const violation of [...past].reverse()) print(violation);
  // Nothing is missed in between: the stream goes on after the last event that the first page knew of.
  const onBroken = (why: string): void => io.err(`portledger: ${why}; trying again.\n`);
  for await (const violation of followViolations(engine, { query, after, onBroken })) print(violation);
  return exitCode.ok;
}

/** As many as wanted, page after page. */
async function newest(
  engine: EngineClient,
  query: URLSearchParams,
  limit: number,
): Promise<Pick<ViolationPage, 'violations' | 'position'>> {
  const violations: ViolationView[] = [];
  let cursor: string | undefined;
  let position: string | undefined;
  do {
    const asked = new URLSearchParams(query);
    asked.set('limit', String(Math.min(mostViolations, limit - violations.length)));
    if (cursor !== undefined) asked.set('cursor', cursor);
    const page = (await engine.get(`/v1/violations?${asked.toString()}`)) as ViolationPage;
    violations.push(...page.violations);
    position ??= page.position;
    cursor = page.next;
  } while (cursor !== undefined && violations.length < limit);
  return { violations, position: position ?? fromTheStart };
}
