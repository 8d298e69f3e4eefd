import { type Command, exitCode } from '../cli/command.js';
import { EngineClient, engineOptions } from '../cli/engine-client.js';
import { printable, shortInstant, textTable } from '../cli/text-table.js';
import { renderDetail } from './render-detail.js';
import { oneId } from './triage.command.js';
import type { ViolationDetail } from './violation-detail.js';
import type { HistoryEntryView } from './violation-history.js';
import type { ViolationView } from './violation-view.js';

type Shown = ViolationView & { readonly history: readonly HistoryEntryView[] };

/** `portledger violations show ID`: all that is known of one violation, and what was done about it. */
export const showCommand: Command = {
  usage: ['portledger violations show ID [--json]'],
  notes: ['The etag is what --etag of ack, resolve and the others takes.'],
  exitCodes: ['notFound', 'unreachable'],
  options: engineOptions,
  run: async ({ options, positionals, io }) => {
    const id = oneId('violations show', positionals);
    const path = `/v1/violations/${encodeURIComponent(id)}`;
    const engine = EngineClient.from(options, io);
    const shown = (await engine.get(path)) as Shown;
    const detail = (await engine.get(`${path}/detail`)) as ViolationDetail;
    io.out(`${options.flag('json') ? JSON.stringify({ ...shown, detail }) : rendered(shown, detail)}\n`);
    return exitCode.ok;
  },
};

function rendered(shown: Shown, detail: ViolationDetail): string {
  const { etag, history } = shown;
  const head = [
    renderDetail(detail),
    `${'state'.padEnd(12)}${printable(marksOf(shown).join(', '))}`,
    `${'etag'.padEnd(12)}${printable(etag)}`,
  ];
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
