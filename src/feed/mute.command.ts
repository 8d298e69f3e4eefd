import {
  CliError,
  type Command,
  type CommandInput,
  exitCode,
  type ExitCode,
  type OptionValues,
} from '../cli/command.js';
import { EngineClient, engineOptions } from '../cli/engine-client.js';
import { printable, shortInstant, textTable } from '../cli/text-table.js';
import type { MutePreview } from './mute-preview.js';
import type { MuteView } from './mute-view.js';
import { oneId } from './triage.command.js';

const scopeOptions = {
  rule: {
    type: 'string',
    value: 'RULE',
    among: async () => (await import('../../projections/index.js')).rules.map(({ name }) => name),
    help: 'with --port or --customer: what this rule finds there',
  },
  port: { type: 'string', value: 'PORT', help: 'at this port, as switch:interface' },
  customer: { type: 'string', value: 'ID', help: 'in frames of this customer' },
} as const;
const unitMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `portledger violations mute`: alert nobody about these violations for a while. */
export const muteCommand: Command = {
  usage: [
    'portledger violations mute ID --reason TEXT --for TIME',
    'portledger violations mute --rule RULE --port PORT --reason TEXT --for TIME',
    'portledger violations mute --rule RULE --customer ID --reason TEXT --for TIME',
    'portledger violations mute ... --dry-run                      how many it would hide, and mutes like it',
  ],
  notes: ['A muted violation is kept, counted and judged; it alerts nobody. A mute lasts 30 days at most.'],
  exitCodes: ['notFound', 'unreachable'],
  options: {
    ...scopeOptions,
    reason: { type: 'string', value: 'TEXT', help: 'why; it is stored and shown' },
    for: { type: 'string', value: 'TIME', help: 'how long from now on: 90m, 12h or 7d' },
    until: { type: 'string', value: 'INSTANT', help: 'until when, RFC 3339' },
    'dry-run': { type: 'boolean', short: 'n', help: 'mute nothing' },
    ...engineOptions,
  },
  run: async (input) => {
    const { options, io } = input;
    const scope = scopeOf(input);
    const engine = EngineClient.from(options, io);
    const isDry = options.flag('dry-run');
    const order = isDry ? undefined : { scope, reason: needed(options, 'reason'), until: await untilOf(options) };
    const preview = (await engine.post('/v1/mutes/preview', { scope })) as MutePreview;
    const mute = order === undefined ? undefined : ((await engine.post('/v1/mutes', order)) as MuteView);
    io.out(`${options.flag('json') ? JSON.stringify(mute ?? preview) : told(preview, mute)}\n`);
    return exitCode.ok;
  },
};

/** `portledger violations unmute MUTE`: its violations alert again. */
export const unmuteCommand: Command = {
  usage: ['portledger violations unmute MUTE [--reason TEXT]'],
  exitCodes: ['notFound', 'conflict', 'unreachable'],
  options: { reason: { type: 'string', value: 'TEXT', help: 'why; it is stored' }, ...engineOptions },
  run: async ({ options, positionals, io }) => {
    const muteId = oneId('violations unmute', positionals);
    const reason = options.text('reason');
    const path = `/v1/mutes/${encodeURIComponent(muteId)}/end`;
    const mute = (await EngineClient.from(options, io).post(path, reason === undefined ? {} : { reason })) as MuteView;
    io.out(`${options.flag('json') ? JSON.stringify(mute) : `${mute.muteId} has ended.`}\n`);
    return exitCode.ok;
  },
};

/** `portledger violations mutes`: what is muted, by whom, why and until when. */
export const mutesCommand: Command = {
  usage: ['portledger violations mutes [--state STATE] [--json]'],
  notes: ['Those that are active come first, of them the one that ends first.'],
  exitCodes: ['unreachable'],
  options: {
    state: {
      type: 'string',
      value: 'STATE',
      among: async () => (await import('./mute-view.js')).muteStates,
      several: true,
      help: 'active, expired, ended, or several: expired,ended',
    },
    ...engineOptions,
  },
  run: listMutes,
};

async function listMutes({ options, positionals, io }: CommandInput): Promise<ExitCode> {
  if (positionals.length > 0) throw usage(`"${positionals.join(' ')}": violations mutes takes options only.`);
  const state = options.text('state');
  const query = state === undefined ? '' : `?state=${encodeURIComponent(state)}`;
  const { mutes } = (await EngineClient.from(options, io).get(`/v1/mutes${query}`)) as { mutes: MuteView[] };
  if (options.flag('json')) for (const mute of mutes) io.out(`${JSON.stringify(mute)}\n`);
  else io.out(`${mutes.length === 0 ? 'There are no mutes.' : table(mutes)}\n`);
  return exitCode.ok;
}

function table(mutes: readonly MuteView[]): string {
  const rows = mutes.map(({ muteId, state, scope, by, until, endedAt, reason }) => [
    muteId,
    state,
    Object.values(scope).join(' '),
    by,
    shortInstant(endedAt ?? until),
    reason,
  ]);
  return textTable([['ID', 'STATE', 'SCOPE', 'BY', 'UNTIL', 'REASON'], ...rows]);
}

function told({ hides, open, alreadyMuted, similar }: MutePreview, mute: MuteView | undefined): string {
  const counted = `${hides} violations, ${open} of them open; ${alreadyMuted} were muted already.`;
  const first =
    mute === undefined
      ? `It would hide ${counted}`
      : `${mute.muteId} hides ${counted}\nUntil ${shortInstant(mute.until)}. End it with portledger violations unmute ${mute.muteId}.`;
  return similar.length === 0 ? first : `${first}\nMutes like it:\n${table(similar)}`;
}

function scopeOf({ options, positionals }: CommandInput): Readonly<Record<string, string>> {
  const [violationId, ...more] = positionals;
  const [rule, port, customerId] = ['rule', 'port', 'customer'].map((name) => options.text(name));
  if (violationId !== undefined && more.length === 0 && [rule, port, customerId].every((one) => one === undefined))
    return { violationId };
  if (violationId === undefined && rule !== undefined) {
    if (port !== undefined && customerId === undefined) return { rule, port };
    if (customerId !== undefined && port === undefined) return { rule, customerId };
  }
  throw usage('violations mute: expected the id of one violation, or --rule with one of --port and --customer.');
}

async function untilOf(options: OptionValues): Promise<string> {
  const { formatInstant, parseInstant } = await import('../../events/index.js');
  const [length, instant] = [options.text('for'), options.text('until')];
  if ((length === undefined) === (instant === undefined))
    throw usage('Until when? Expected one of --for, such as 7d, and --until, an RFC 3339 instant.');
  if (instant !== undefined) {
    const until = parseInstant(instant);
    if (until === undefined) throw usage(`--until: found ${printable(instant)}, expected an RFC 3339 instant.`);
    return formatInstant(until);
  }
  const [, count = '', unit = ''] = /^([1-9]\d{0,5})([dhm])$/.exec(length ?? '') ?? [];
  const millis = Number(count) * (unitMs[unit] ?? 0);
  if (millis > 0) return formatInstant(Date.now() + millis);
  throw usage(`--for: found ${printable(length ?? '')}, expected a time such as 90m, 12h or 7d.`);
}

function needed(options: OptionValues, name: string): string {
  const value = options.text(name);
  if (value !== undefined) return value;
  throw usage(`--${name} is missing: violations mute needs it.`);
}

const usage = (message: string): CliError => new CliError(exitCode.usage, message);
