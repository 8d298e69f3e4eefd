import { CliError, type CommandInput, exitCode, type ExitCode } from '../cli/command.js';
import { EngineClient } from '../cli/engine-client.js';
import { followViolations } from './follow-violations.js';
import { fromTheStart } from './position.js';
import { renderViolations, violationHeader, violationLine } from './render-violation.js';
import { filterNames, readFilter } from './violation-filter.js';
import { mostViolations, type ViolationPage } from './violation-page.js';
import type { ViolationView } from './violation-view.js';
import { usualViolations } from './violations.command.js';

/** `--new-since` asks by `newSince`. */
const optionOf = (filter: string): string => filter.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Does what a call of `portledger violations` asks for; loaded when it is asked for more than its help. */
export async function askViolations(input: CommandInput): Promise<ExitCode> {
  const { options } = input;
  const query = queryOf(input);
  const limit = options.wholeNumber('limit', 1, 100_000) ?? usualViolations;
  const engine = EngineClient.from(options, input.io);
  return options.flag('follow') ? follow(engine, query, limit, input) : list(engine, query, limit, input);
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
