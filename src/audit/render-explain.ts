import { formatInstant } from '../../events/index.js';
import type { Binding, ViolationRow } from '../../projections/index.js';
import type { Explained } from './audit.js';
import type { DeviceLine } from './device-line.js';
import type { ExplainedServer } from './explain.js';
import type { ExplainedDelegation } from './explained-delegations.js';
import type { ExplainedFact } from './explained-fact.js';
import type { Holding } from './holding.js';
import { marksOf, renderHead, renderSource } from './render-fact.js';
import { renderGaps } from './render-gaps.js';
import { printable, shortInstant } from '../cli/text-table.js';

/** A part of the answer and what hangs below it. */
interface Branch {
  readonly text: string;
  readonly below: readonly Branch[];
}

/** The chain as a tree: who has it, the events that made it so, the device lines each one caused. Times in UTC. */
export function renderExplained(answer: Explained): string {
  const holders = answer.holdings.map(holding);
  const branches: Branch[] = [
    ...answer.servers.map(server),
    ...answer.delegations.map(delegation),
    ...(answer.gateways.length === 0
      ? []
      : [{ text: 'gateway declarations', below: answer.gateways.map((one) => fact(one)) }]),
    ...(answer.violations.length === 0
      ? []
      : [{ text: `violations (${answer.violations.length})`, below: answer.violations.map(violation) }]),
  ];
  const delegated = answer.delegations.flatMap(delegatedTo);
  const nobody = delegated.length === 0 ? 'Nobody has it.' : 'No server has it.';
  const verdict = [...(holders.length === 0 ? [nobody] : holders), ...delegated];
  const dark = answer.gaps.length === 0 ? [] : [renderGaps(answer.gaps), ''];
  return [renderHead('Explain', answer), '', ...verdict, '', ...dark, ...tree(branches)].join('\n');
}

function tree(branches: readonly Branch[], indent = ''): string[] {
  return branches.flatMap(({ text, below }, index) => {
    const isLast = index === branches.length - 1;
    return [`${indent}${isLast ? '└─' : '├─'} ${text}`, ...tree(below, `${indent}${isLast ? '   ' : '│  '}`)];
  });
}

function holding({ role, what, serverId, customerId, state, heldBy, switch: name }: Holding): string {
  if (role === 'gateway') return `${what} is of the gateway of ${name}.`;
  const who = `${serverId}${customerId === undefined ? '' : ` of ${customerId}`}`;
  if (role === 'waiting') return `${who} claims ${what} and waits: held by ${heldBy?.join(', ')}.`;
  const suffix = state === 'active' ? '' : ` (${state})`;
  return what === serverId
    ? `${serverId} is a server of ${customerId}${suffix}.`
    : `${what} is held by ${who}${suffix}.`;
}

function delegatedTo({ customerId, prefixes }: ExplainedDelegation): string[] {
  return prefixes.map(({ prefix, orderId, poolId, heldBy }) => {
    if (heldBy !== undefined)
      return `${prefix} of ${customerId} waits: ${heldBy} was delegated it, or a part of it, before.`;
    return orderId === undefined
      ? `${prefix} is delegated to ${customerId}.`
      : `${prefix} is delegated to ${customerId}: allocated to its order ${orderId} out of pool ${poolId}.`;
  });
}

function delegation({ customerId, prefixes, chain }: ExplainedDelegation): Branch {
  const has = prefixes.length === 0 ? 'has none of it' : prefixes.map(({ prefix }) => prefix).join(', ');
  return { text: `customer ${customerId}  ${has}`, below: chain.map((one) => fact(one)) };
}

function server({ serverId, binding, chain, drift }: ExplainedServer): Branch {
  const below = chain.map((one) => fact(one, serverId));
  const drifted =
    drift.length === 0 ? [] : [{ text: 'drift: the device had changed by itself', below: drift.map(line) }];
  return {
    text: `${serverId}  ${binding === undefined ? 'nothing counts' : place(binding)}`,
    below: [...below, ...drifted],
  };
}

function place({ state, port, vlan, mac, link }: Binding): string {
  const where = [port, vlan === undefined ? undefined : `vlan ${vlan}`, mac].filter((one) => one !== undefined);
  return [state, ...where, `link ${link}`].join(', ');
}

function fact({ fact: ref, effect, conflicts, data, lines }: ExplainedFact, owner?: string): Branch {
  const foreign = owner !== undefined && ref.stream !== `server-${owner}` ? ` (${printable(ref.stream)})` : '';
  const first = `#${ref.ordinal} ${shortInstant(printable(ref.time))} ${printable(ref.type)}${foreign}${renderSource(ref)}`;
  const blockers = conflicts.map(({ claim, holder }) => `${claim} held by ${holder}`);
  const marks = [effect, ...blockers, ...marksOf(ref)].join('; ');
  const says = sayings(data);
  return { text: `${first} [${marks}]${says === '' ? '' : ` ${says}`}`, below: lines.map(line) };
}

/** What an event says, but for the server it is about, which the branch names. */
function sayings(data: unknown): string {
  if (typeof data !== 'object' || data === null) return '';
  return Object.entries(data)
    .filter(([name]) => name !== 'serverId')
    .map(([name, value]) => printable(`${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`))
    .join(', ');
}

function line({ device, change, line: text, readBack, outcome, ordinal, time, error, serverId }: DeviceLine): Branch {
  const sign = change === 'add' ? '+' : '-';
  const isAsMeant = readBack === (change === 'add' ? 'present' : 'absent');
  const verdict = isAsMeant ? 'confirmed by read-back' : `NOT confirmed: read back ${readBack}, reconcile ${outcome}`;
  const why = error === undefined || isAsMeant ? '' : `: ${error}`;
  const whose = serverId === undefined ? '' : ` for ${serverId}`;
  return {
    text: printable(`→ ${device} ${sign} ${text}  (#${ordinal} ${shortInstant(time)}${whose}, ${verdict}${why})`),
    below: [],
  };
}

function violation(row: ViolationRow): Branch {
  const { rule, severity, port, claimedAddress, claimedMac, offenderServerId, victimServerId, count, detail } = row;
  const first = shortInstant(formatInstant(row.firstSeen));
  const claim = `${claimedMac}${claimedAddress === undefined ? '' : ` claimed ${claimedAddress}`}`;
  const parties = [
    ...(offenderServerId === undefined ? [] : [`offender ${offenderServerId}`]),
    ...(victimServerId === undefined ? [] : [`victim ${victimServerId}`]),
  ];
  const text = [`${first} ${severity} ${rule}`, `${claim} on ${port ?? 'an unknown port'}`, ...parties].join(', ');
  return { text: printable(`${text}, heard ${count} times`), below: [{ text: printable(detail), below: [] }] };
}
