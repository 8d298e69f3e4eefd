import type { Binding } from '../../projections/index.js';
import type { DesiredLines } from './desired-lines.js';
import type { MapAnswer } from './map-answer.js';
import type { OpenViolations } from './open-violations.js';
import { printable, shortInstant, textTable } from '../cli/text-table.js';

/** The map as a table for people. */
export function renderMap(answer: MapAnswer): string {
  const { ordinal, live, at, knownAt, frozenStreams, bindings, desired, open, withheld = [] } = answer;
  const title = `Map ${at === undefined ? 'as of now' : `as of ${shortInstant(at)}`}, known up to #${ordinal}`;
  const notes = [
    ...(live || at !== undefined || knownAt !== undefined ? [] : ['replayed from the log']),
    ...(knownAt === undefined ? [] : [`asked as known at ${shortInstant(knownAt)}`]),
  ];
  const head = notes.length === 0 ? title : `${title} (${notes.join('; ')})`;
  const table = bindings.length === 0 ? 'Nothing fits.' : textTable([header, ...bindings.map(row)]);
  const frozen = frozenStreams.map(
    ({ stream, parked, reason, held }) =>
      `FROZEN ${printable(stream)} by #${parked.ordinal} (${parked.id}): ${printable(reason)}; ${held} later event${held === 1 ? ' is' : 's are'} held`,
  );
  const notPushed = withheld.map(
    (one) => `WITHHELD on ${printable(one.switch)}: ${printable(one.reason)}; nothing new is pushed there`,
  );
  const notices = [...frozen, ...notPushed];
  const device = desired === undefined ? [] : ['', ...deviceText(desired)];
  const violations = open === undefined ? [] : ['', ...openText(open)];
  return [head, '', table, ...device, ...violations, ...(notices.length === 0 ? [] : ['', ...notices])].join('\n');
}

/** What was open then, heard last first. */
function openText({ total, violations }: OpenViolations): string[] {
  if (total === 0) return ['No violation was open.'];
  const more = total > violations.length ? ` (the ${violations.length} heard last)` : '';
  const rows = violations.map(({ violationId, rule, severity, state, port, claimedAddress, count, lastSeen }) => [
    ...[violationId, severity, rule, state, port ?? '', claimedAddress ?? ''],
    ...[String(count), shortInstant(lastSeen)],
  ]);
  const head = ['VIOLATION', 'SEVERITY', 'RULE', 'STATE', 'PORT', 'ADDRESS', 'FRAMES', 'HEARD LAST'];
  return [`Open violations: ${total}${more}`, textTable([head, ...rows])];
}

/** What the device should have had, to be read or compared with what it has. */
function deviceText({ device, switch: name, lines, withheld }: DesiredLines): string[] {
  const title =
    device === name ? `Desired on ${printable(device)}` : `Desired on ${printable(device)}, of ${printable(name)}`;
  const missing = withheld.map((one) => `! ${printable(`${one.serverId}: ${one.what}: ${one.reason}`)}`);
  return [`${title}:`, ...(lines.length === 0 ? ['nothing'] : lines.map(printable)), ...missing];
}

const header = ['SERVER', 'STATE', 'CUSTOMER', 'PORT', 'VLAN', 'MAC', 'LINK', 'ADDRESSES AND PREFIXES'];

function row(binding: Binding): string[] {
  const {
    serverId,
    state,
    customerId,
    port,
    vlan,
    mac,
    link,
    addresses,
    prefixes,
    unallocated,
    unallocatedOrders,
    conflicts,
  } = binding;
  const sold = [
    ...addresses.map(({ address, allocatedFrom, heldBy }) => withHolder(withPool(address, allocatedFrom), heldBy)),
    ...prefixes.map(({ prefix, orderId, allocatedFrom, heldBy }) =>
      withHolder(withOrder(withPool(prefix, allocatedFrom), orderId), heldBy),
    ),
    ...unallocated.map((addOn) => `${addOn} (no address yet, see portledger pools)`),
    ...unallocatedOrders.map((order) => `${order} (no prefix yet, see portledger pools)`),
    ...conflicts
      .filter(({ claim }) => claim.startsWith('vlan ') || claim.startsWith('mac '))
      .map(({ claim, holder }) => `${claim} (held by ${holder})`),
  ];
  return [serverId, state, customerId ?? '', port ?? '', String(vlan ?? ''), mac ?? '', link, sold.join(', ')];
}

function withPool(address: string, pool: string | undefined): string {
  return pool === undefined ? address : `${address} (from pool ${pool})`;
}

function withOrder(prefix: string, order: string | undefined): string {
  return order === undefined ? prefix : `${prefix} (order ${order})`;
}

function withHolder(what: string, heldBy: string | undefined): string {
  return heldBy === undefined ? what : `${what} (held by ${heldBy})`;
}
