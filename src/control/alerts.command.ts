import { CliError, type Command, type CommandInput, exitCode } from '../cli/command.js';
import { EngineClient, engineOptions, problemOf } from '../cli/engine-client.js';
import { printable, shortInstant, textTable } from '../cli/text-table.js';
import type { DestinationStatus } from '../reactors/alert-status.js';
import type { AlertDeliveries, AlertDelivery } from './alert-deliveries.js';

/** `portledger alerts destinations`: how each destination stands. */
export const alertDestinationsCommand: Command = {
  usage: ['portledger alerts destinations   where alerts go, and how each destination stands'],
  notes: [
    'QUEUE counts events that are still to be looked at; GIVEN UP can be sent again with portledger alerts retry.',
  ],
  exitCodes: ['unreachable'],
  options: engineOptions,
  run: async ({ options, positionals, io }) => {
    refuseMore(positionals);
    const answer = (await EngineClient.from(options, io).get('/v1/alerts/destinations')) as {
      readonly destinations: readonly DestinationStatus[];
    };
    if (options.flag('json')) for (const one of answer.destinations) io.out(`${JSON.stringify(one)}\n`);
    else io.out(`${renderDestinations(answer.destinations)}\n`);
    return exitCode.ok;
  },
};

/** `portledger alerts deliveries`: what was sent, as the log has it. */
export const alertDeliveriesCommand: Command = {
  usage: ['portledger alerts deliveries [--destination NAME] [--limit N]   what was sent, newest first'],
  notes: ['passed: so many were kept back because they were muted, or their site was in survey.'],
  exitCodes: ['unreachable'],
  options: {
    destination: { type: 'string', value: 'NAME', help: 'only to this one' },
    limit: { type: 'string', value: 'N', help: 'at most so many (default 50)' },
    ...engineOptions,
  },
  run: async ({ options, positionals, io }) => {
    refuseMore(positionals);
    const limit = options.wholeNumber('limit', 1, 100_000) ?? 50;
    const engine = EngineClient.from(options, io);
    const found: AlertDelivery[] = [];
    let cursor: string | undefined;
    do {
      const query = new URLSearchParams({ limit: String(Math.min(200, limit - found.length)) });
      const destination = options.text('destination');
      if (destination !== undefined) query.set('destination', destination);
      if (cursor !== undefined) query.set('cursor', cursor);
      const page = (await engine.get(`/v1/alerts/deliveries?${query.toString()}`)) as AlertDeliveries;
      found.push(...page.deliveries);
      cursor = page.next;
    } while (cursor !== undefined && found.length < limit);
    if (options.flag('json')) for (const one of found) io.out(`${JSON.stringify(one)}\n`);
    else io.out(`${renderDeliveries(found)}\n`);
    return exitCode.ok;
  },
};

/** `portledger alerts test`: does it arrive? */
export const alertTestCommand: Command = {
  usage: ['portledger alerts test NAME   send a test to this destination, and say what came of it'],
  notes: ['It goes past every queue and filter, also to a destination that is disabled.'],
  exitCodes: ['notFound', 'unreachable'],
  options: engineOptions,
  run: async (input) => {
    const name = nameOf(input);
    const answer = (await tell(input, name, 'test', {})) as { readonly outcome: string; readonly reason?: string };
    const words = answer.outcome === 'delivered' ? 'took it' : `did not take it: ${printable(answer.reason ?? '')}`;
    input.io.out(`${input.options.flag('json') ? JSON.stringify(answer) : `${name} ${words}.`}\n`);
    return answer.outcome === 'delivered' ? exitCode.ok : exitCode.error;
  },
};

/** `portledger alerts retry`: what waits, now; what was given up, once more. */
export const alertRetryCommand: Command = {
  usage: [
    'portledger alerts retry NAME                   try at once what waits, and send again what was given up',
    'portledger alerts retry NAME --message ID      only this message',
  ],
  notes: ['A message keeps its id, so a receiver that had it all the same can tell.'],
  exitCodes: ['notFound', 'unreachable'],
  options: { message: { type: 'string', value: 'ID', help: 'the id of the message' }, ...engineOptions },
  run: async (input) => {
    const name = nameOf(input);
    const messageId = input.options.text('message');
    const answer = (await tell(input, name, 'retry', messageId === undefined ? {} : { messageId })) as {
      readonly retried: number;
    };
    const words = `${answer.retried} ${answer.retried === 1 ? 'message is' : 'messages are'} tried again at ${name}.`;
    input.io.out(`${input.options.flag('json') ? JSON.stringify(answer) : words}\n`);
    return exitCode.ok;
  },
};

/** `portledger alerts enable`: ends what a 410 began. */
export const alertEnableCommand: Command = {
  usage: [
    'portledger alerts enable NAME   let alerts go again to a destination that said it was gone (scope operator)',
  ],
  notes: ['What waited since is told, in one message where it is much.'],
  exitCodes: ['notFound', 'conflict', 'unreachable'],
  options: engineOptions,
  run: async (input) => {
    const name = nameOf(input);
    const answer = await tell(input, name, 'enable', {});
    input.io.out(`${input.options.flag('json') ? JSON.stringify(answer) : `${name} is enabled.`}\n`);
    return exitCode.ok;
  },
};

function refuseMore(positionals: readonly string[]): void {
  if (positionals.length > 0) throw new CliError(exitCode.usage, `"${positionals.join(' ')}" is too much.`);
}

function nameOf({ positionals }: CommandInput): string {
  const [name, ...more] = positionals;
  if (name === undefined || more.length > 0)
    throw new CliError(exitCode.usage, 'Name one destination; portledger alerts destinations lists them.');
  return name;
}

async function tell({ options, io }: CommandInput, name: string, what: string, body: object): Promise<unknown> {
  const path = `/v1/alerts/destinations/${encodeURIComponent(name)}/${what}`;
  const request = { method: 'POST', contentType: 'application/json', body: JSON.stringify(body) } as const;
  const answer = await EngineClient.from(options, io).request(path, request);
  if (answer.status >= 400) throw problemOf(answer);
  return answer.body;
}

function renderDestinations(destinations: readonly DestinationStatus[]): string {
  if (destinations.length === 0) return 'No destination is configured: see alerts in the configuration.';
  const rows = destinations.map(({ name, variety, place, state, lastSuccess, trying, queue, givenUp, reason }) => [
    name,
    variety,
    place,
    state,
    lastSuccess === undefined ? '-' : shortInstant(lastSuccess),
    trying === undefined ? '-' : shortInstant(trying.next ?? 'now'),
    queue === undefined ? '?' : String(queue),
    String(givenUp.length),
    reason ?? '',
  ]);
  return textTable([['NAME', 'VARIETY', 'PLACE', 'STATE', 'LAST', 'NEXT TRY', 'QUEUE', 'GIVEN UP', 'NOTE'], ...rows]);
}

const whatWords: Readonly<Record<string, string>> = {
  DestinationAdded: 'added',
  DestinationDisabled: 'disabled',
  DestinationEnabled: 'enabled',
  AlertsBundled: 'begun',
  AlertDelivered: 'delivered',
  AlertGivenUp: 'given up',
  AlertsPassed: 'passed',
};

function renderDeliveries(deliveries: readonly AlertDelivery[]): string {
  if (deliveries.length === 0) return 'Nothing was sent yet.';
  const rows = deliveries.map(({ at, destination, what, data }) => [
    shortInstant(at),
    destination,
    whatWords[what] ?? what,
    said(data, 'kind'),
    said(data, 'alerts'),
    said(data, 'attempts'),
    said(data, 'messageId'),
    noteOf(what, data),
  ]);
  return textTable([['AT', 'DESTINATION', 'WHAT', 'KIND', 'ALERTS', 'TRIES', 'MESSAGE', 'NOTE'], ...rows]);
}

function said(data: Readonly<Record<string, unknown>>, name: string): string {
  const value = data[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '-';
}

function noteOf(what: string, data: Readonly<Record<string, unknown>>): string {
  if (what === 'AlertsPassed') return `${said(data, 'muted')} muted, ${said(data, 'inSurvey')} in survey`;
  if (typeof data['messages'] === 'number' && data['messages'] > 1) return `the last of ${data['messages']} messages`;
  return typeof data['reason'] === 'string' ? data['reason'] : '';
}
