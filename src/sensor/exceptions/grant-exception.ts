import { randomUUID } from 'node:crypto';
import { formatInstant, parseInstant } from '../../../events/index.js';
import { longestExceptionMs } from '../../../projections/index.js';
import { CliError, type CommandInput, exitCode, type ExitCode, type OptionValues } from '../../cli/command.js';
import { printable, shortInstant } from '../../cli/text-table.js';
import { publishWord } from '../operator-word.js';

const unitMs: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000 };
const cureForLonger = 'grant it for 30 days at most, and again when they are over if it is still needed';

/** Does what a call of `portledger exceptions grant` asks for; loaded when it is asked for more than its help. */
export async function grantException(input: CommandInput): Promise<ExitCode> {
  const { options, positionals, io } = input;
  if (positionals.length > 0) throw usage(`"${positionals.join(' ')}": exceptions grant takes options only.`);
  const rule = needed(options, 'rule');
  const now = new Date();
  const [owner, reason, source] = [needed(options, 'owner'), needed(options, 'reason'), needed(options, 'source')];
  const scope = scopeOf(options);
  const expires = formatInstant(expiryOf(options, now.getTime()));
  const exceptionId = `exception-${randomUUID().slice(0, 8)}`;
  const data = { exceptionId, rule, ...scope, owner, reason, expires };
  const receipt = await publishWord(input, { source, type: 'ExceptionGranted', subject: exceptionId, time: now, data });
  const sentence = `${exceptionId}: ${rule} is excused there until ${shortInstant(expires)}. End it with portledger exceptions end ${exceptionId}.`;
  io.out(`${options.flag('json') ? JSON.stringify({ exceptionId, expires, receipt }) : sentence}\n`);
  return exitCode.ok;
}

/** What is given is checked by the engine, where it is stored. */
function scopeOf(options: OptionValues): Readonly<Record<string, string>> {
  const given = ['port', 'mac', 'prefix', 'server'].flatMap((name) => {
    const value = options.text(name);
    return value === undefined ? [] : [[name === 'server' ? 'serverId' : name, value] as const];
  });
  if (given.length === 0)
    throw usage('No scope: an exception must say where. Name at least one of --port, --mac, --prefix and --server.');
  return Object.fromEntries(given);
}

/** ms since 1970. */
function expiryOf(options: OptionValues, now: number): number {
  const [length, instant] = [options.text('for'), options.text('expires')];
  if ((length === undefined) === (instant === undefined))
    throw usage('Until when? Expected one of --for, such as 7d, and --expires, an RFC 3339 instant.');
  const expires = length === undefined ? parseInstant(instant) : now + lengthOf(length);
  if (expires === undefined) throw usage(`--expires: found ${printable(instant ?? '')}, expected an RFC 3339 instant.`);
  if (expires <= now) throw usage(`--expires: ${formatInstant(expires)} is over; expected an instant to come.`);
  if (expires - now > longestExceptionMs)
    throw usage(`${length === undefined ? '--expires' : '--for'}: that is longer than 30 days; ${cureForLonger}.`);
  return expires;
}

function lengthOf(text: string): number {
  const [, count = '', unit = ''] = /^([1-9]\d{0,5})([dhm])$/.exec(text) ?? [];
  const millis = Number(count) * (unitMs[unit] ?? 0);
  if (millis > 0) return millis;
  throw usage(`--for: found ${printable(text)}, expected a time such as 90m, 12h or 7d.`);
}

function needed(options: OptionValues, name: string): string {
  const value = options.text(name);
  if (value !== undefined) return value;
  throw usage(`--${name} is missing: exceptions grant needs --rule, --owner, --reason and --source.`);
}

const usage = (message: string): CliError => new CliError(exitCode.usage, message);
