import { type Command, exitCode } from '../cli/command.js';
import { EngineClient, engineOptions } from '../cli/engine-client.js';
import { printable, shortInstant, textTable } from '../cli/text-table.js';
import { oneId } from './triage.command.js';
import type { HistoryEntryView } from './violation-history.js';
import type { ViolationView } from './violation-view.js';

type Shown = ViolationView & { readonly history: readonly HistoryEntryView[] };

/** `portledger violations show ID`: one violation, and what was done about it. */
export const showCommand: Command = {
  usage: ['portledger violations show ID [--json]'],
  notes: ['The etag is what --etag of ack, resolve and the others takes.'],
  exitCodes: ['notFound', 'unreachable'],
  options: engineOptions,
  run: async ({ options, positionals, io }) => {
    const id = oneId('violations show', positionals);
    const path = `/v1/violations/${encodeURIComponent(id)}`;
    const shown = (await EngineClient.from(options, io).get(path)) as Shown;
    io.out(`${options.flag('json') ? JSON.stringify(shown) : rendered(shown)}\n`);
    return exitCode.ok;
  },
};

function rendered(shown: Shown): string {
  const { violationId, etag, severity, rule, detail, count, firstSeen, lastSeen, history } = shown;
  const seen = `heard ${count} times from ${shortInstant(firstSeen)} to ${shortInstant(lastSeen)}`;
  const head = [
    `${violationId}  ${severity} ${rule}, ${seen}`,
    detail,
    `state     ${marksOf(shown).join(', ')}`,
    `where     ${shown.port ?? shown.switch}, claimed ${shown.claimedAddress ?? 'nothing'} by ${shown.claimedMac}`,
    `offender  ${shown.offender?.serverId ?? 'unknown'}`,
    `victim    ${shown.victim?.serverId ?? 'none'}`,
    `etag      ${etag}`,
  ].map(printable);
  if (history.length === 0) return [...head, '', 'Nothing was done about it.'].join('\n');
  const rows = history.map(({ at, what, by, text, assignee, until }) => [
    shortInstant(at),
    what,
    by ?? '',
    [
      assignee === undefined ? '' : `to ${assignee}`,
      until === undefined ? '' : `until ${shortInstant(until)}`,
      text ?? '',
    ]
      .filter(Boolean)
      .join(': '),
  ]);
  return [...head, '', textTable([['AT', 'WHAT', 'BY', 'WORDS'], ...rows])].join('\n');
}

function marksOf({ state, assignee, reopenedFrom, quiet, muted, wasMuted, asksForException, ticket }: Shown): string[] {
  return [
    state,
    ...(assignee === undefined ? [] : [`with ${assignee}`]),
    ...(reopenedFrom === undefined ? [] : [`was ${reopenedFrom}`]),
    ...(quiet ? ['quiet'] : []),
    ...(muted === undefined ? [] : [`muted by ${muted.by} until ${shortInstant(muted.until)}: ${muted.reason}`]),
    ...(wasMuted === undefined ? [] : [`was muted by ${wasMuted.by} until ${shortInstant(wasMuted.endedAt)}`]),
    ...(asksForException ? ['heard again: excuse what is expected with portledger exceptions grant'] : []),
    ...(ticket === undefined ? [] : [ticket]),
  ];
}
