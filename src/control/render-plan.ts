import { printable, shortInstant } from '../cli/text-table.js';
import type { JournalLine } from '../../events/index.js';
import { isDone, type ShownLine } from '../reactors/recorder.js';
import type { Why } from '../reactors/plan.js';
import type { Applied } from './apply-answer.js';
import type { PlannedLine, PlanView } from './plan-view.js';
import { brakeLines, foundLines } from './render-device.js';

/** A longer plan is shown in part: nobody reads it on a terminal, and `--json` has it all. */
const mostLines = 100;

/** A plan for somebody who never saw one: what changes, whose it is, which event caused it, and what it waits for. */
export function renderPlan(plan: PlanView, everyLine: boolean): string {
  const { device, mode, state, lines, planHash, error } = plan;
  const shown = everyLine ? lines : lines.slice(0, mostLines);
  const rest = lines.length - shown.length;
  return [
    `${printable(device)} (switch ${printable(plan.switch)}), mode ${mode}: ${summary(plan)}`,
    ...(error === undefined ? [] : [`FAILING  ${printable(error)}`]),
    ...brakeLines(plan),
    ...shown.flatMap(lineOf),
    ...(rest > 0 ? [`... and ${rest} more lines (--all)`] : []),
    ...foundLines(plan),
    ...(planHash === undefined || state === 'equal' ? [] : ['', nextStep(plan, planHash)]),
  ].join('\n');
}

/** What came of an applied plan. */
export function renderApplied({ device, planHash, outcome, lines, left, error }: Applied): string {
  const name = printable(device);
  if (outcome === 'nothing-to-do') return `${name} holds all of plan ${planHash} already: there was nothing to do.`;
  if (outcome === 'failed') return `Plan ${planHash} failed on ${name}: ${printable(error ?? 'no reason is known')}`;
  const undone = lines.filter((line) => !isDone(line));
  const proved = lines.length - undone.length;
  const head = `${name} was read back: ${proved} of ${lines.length} lines of plan ${planHash} are proved done.`;
  const waiting = left.filter(({ line }) => !undone.some((one) => one.line === line));
  return [head, ...undone.map(undoneLine), ...waiting.map(leftLine)].join('\n');
}

function undoneLine({ change, line, readBack }: JournalLine): string {
  const seen = readBack === 'unknown' ? 'could not be read back' : `is ${readBack} all the same`;
  return `  ${change === 'add' ? '+' : '-'} ${printable(line)}\n      ${seen}`;
}

const leftLine = ({ change, line, waits }: ShownLine): string =>
  `  ${change === 'add' ? '+' : '-'} ${printable(line)}\n      waits${waits === undefined ? '' : `: ${printable(waits)}`}`;

function summary({ lines, state, planHash, mode }: PlanView): string {
  if (planHash === undefined) return 'no plan yet, the engine has not read the device';
  if (lines.length === 0) return state === 'equal' ? 'it holds exactly what the map grants' : 'no line would change';
  const adds = lines.filter(({ change }) => change === 'add').length;
  const observed = mode === 'observe' ? ' (only observed)' : '';
  return `${adds} to add, ${lines.length - adds} to remove${observed}`;
}

function lineOf({ change, line, because, why, serverId, waits, driftSince, orphan }: PlannedLine): string[] {
  const latest = because === 'drift' ? ': ' : ', by its latest event: ';
  const whose = serverId === undefined ? '' : `for ${printable(serverId)}${latest}`;
  return [
    `${change === 'add' ? '+' : '-'} ${printable(line)}`,
    `    ${orphan === undefined ? `${whose}${reasonOf(because, change, why)}` : orphanWords(orphan)}`,
    ...(driftSince === undefined ? [] : [`    drifted since ${shortInstant(driftSince)}`]),
    ...(waits === undefined ? [] : [`    waits: ${printable(waits)}`]),
  ];
}

function orphanWords({ previousOwner, confirmedAt }: NonNullable<PlannedLine['orphan']>): string {
  if (confirmedAt === undefined) return 'orphan: it carries our mark, and no journal of this log knows it';
  const owner = previousOwner === undefined ? 'nobody' : printable(previousOwner);
  return `orphan: nobody is granted it; it was ${owner}'s, and last written by us at ${shortInstant(confirmedAt)}`;
}

function reasonOf(because: PlannedLine['because'], change: ShownLine['change'], why: Why): string {
  if (because === 'drift')
    return change === 'add' ? 'it is gone from the device, and no event took it (drift)' : drifted[why];
  if (!('type' in because)) return `event #${because.ordinal}`;
  const { type, ordinal, time, source } = because;
  const what = happened[type] ?? type;
  return `${what}, says ${printable(source)}, since ${shortInstant(time)} (#${ordinal} ${printable(type)})`;
}

const drifted: Readonly<Record<Why, string>> = {
  grant: 'no event asks for it (drift)',
  'grant-gone': 'it is ours, and nobody is granted it (drift)',
  replaced: 'another entry takes its place',
  'link-down': 'the link is down',
  'gateway-lost': 'the gateway address or the interface is gone from the device',
  'entry-missing': 'the neighbour entry under it is gone from the device',
};

/** What an event of the log says, in words. */
const happened: Readonly<Record<string, string>> = {
  ServerAdded: 'the server was added',
  ServerMoved: 'the server moved',
  ServerNicReplaced: 'its network card was replaced',
  ServerTransferred: 'the server went to another customer',
  ServerSuspended: 'the server was suspended',
  ServerResumed: 'the server was resumed',
  ServerRemoved: 'the server was removed',
  ServerRecordCorrected: 'its record was corrected',
  ServerMacAdded: 'a MAC was allowed beside its own',
  ServerMacRemoved: 'a MAC beside its own was taken back',
  ServerMacEnrolled: 'the MAC first seen at its place was taken for its own',
  Ipv6PrefixAssigned: 'the prefix was assigned',
  Ipv6PrefixReleased: 'the prefix was released',
  Ipv4AddOnBought: 'the address was bought',
  Ipv6PrefixOrderCancelled: 'the order of the prefix was cancelled',
  Ipv6PrefixAllocated: 'the prefix was allocated to an order',
  Ipv4AddressAllocated: 'the address was allocated from a pool',
  Ipv4AddOnCancelled: 'the address was cancelled',
  LinkUp: 'its link came up',
  LinkDown: 'its link went down',
};

function nextStep({ waitsFor, device, brake }: PlanView, planHash: string): string {
  if (waitsFor === 'mode') return `Plan ${planHash}. Nothing is written in mode observe.`;
  if (waitsFor === 'none') return `Plan ${planHash}. The engine does it by itself; what still waits says why.`;
  const held = brake === undefined || brake.code === 'first-plan' ? '' : ' although it is braked';
  return `Plan ${planHash} waits for an operator. To have exactly this done on ${printable(device)}${held}:\n  portledger apply ${planHash}`;
}
