import { formatInstant, parseInstant, parsePort, parseCustomerId } from '../../events/index.js';
import { isInScope, longestMuteMs, type MuteRow, type MuteScope, muteScopeOf, rules } from '../../projections/index.js';
import { muteStates, type MuteState } from './mute-view.js';
import type { QueryFields, Read } from './violation-filter.js';
import type { ViolationIndex } from './violation-index.js';

const scopeHelp = 'expected {violationId}, {rule, port} or {rule, customerId}';

/** The scope of a mute, as a request names it. */
export function readScope(given: unknown): Read<MuteScope> {
  const fields = (typeof given === 'object' && given !== null ? given : {}) as Readonly<Record<string, unknown>>;
  const stray = Object.keys(fields).find((name) => !['violationId', 'rule', 'port', 'customerId'].includes(name));
  if (stray !== undefined) return { problem: `scope/${stray.slice(0, 80)}: no such field; ${scopeHelp}` };
  const { violationId, rule: ruleName, port: portName, customerId: customer } = fields;
  if (violationId !== undefined && (typeof violationId !== 'string' || violationId === ''))
    return { problem: 'scope/violationId: expected the id of a violation' };
  const rule = rules.find((one) => one.name === ruleName)?.name;
  if (ruleName !== undefined && rule === undefined)
    return { problem: `scope/rule: expected one of ${rules.map((one) => one.name).join(', ')}` };
  const [port, customerId] = [parsePort(portName), parseCustomerId(customer)];
  if (portName !== undefined && port === undefined)
    return { problem: 'scope/port: expected a port as switch:interface, such as leaf1:Ethernet16' };
  if (customer !== undefined && customerId === undefined)
    return { problem: 'scope/customerId: expected a customer id' };
  const scope = muteScopeOf({
    ...(typeof violationId === 'string' && { violationId }),
    ...(rule !== undefined && { rule }),
    ...(port !== undefined && { port }),
    ...(customerId !== undefined && { customerId }),
  });
  return scope === undefined ? { problem: `scope: ${scopeHelp}` } : { value: scope };
}

export interface MuteOrder {
  readonly scope: MuteScope;
  readonly reason: string;
  readonly until: string;
}

/** What a request to mute says. `now` is ms since 1970. */
export function readMute(body: unknown, now: number): Read<MuteOrder> {
  const fields = (typeof body === 'object' && body !== null ? body : {}) as Readonly<Record<string, unknown>>;
  const stray = Object.keys(fields).find((name) => !['scope', 'reason', 'until'].includes(name));
  if (stray !== undefined) return { problem: `${stray.slice(0, 80)}: no such field; expected scope, reason and until` };
  const scope = readScope(fields['scope']);
  if ('problem' in scope) return scope;
  const { reason } = fields;
  if (typeof reason !== 'string' || reason.trim() === '') return { problem: 'reason: say why; it is stored and shown' };
  const until = parseInstant(fields['until']);
  if (until === undefined) return { problem: 'until: expected an RFC 3339 instant with a zone' };
  if (until <= now) return { problem: `until: ${formatInstant(until)} is over; expected an instant to come` };
  if (until - now > longestMuteMs) return { problem: 'until: a mute lasts 30 days at most; mute it again then' };
  return { value: { scope: scope.value, reason, until: formatInstant(until) } };
}

export interface MuteQuestion {
  readonly states: readonly MuteState[];
  /** Only mutes that hide something of this. */
  readonly like?: MuteScope;
  /** Only active ones that end within this long, ms. */
  readonly expiringWithinMs?: number;
}

const questionFields = ['state', 'violationId', 'rule', 'port', 'customerId', 'expiring-within'];

/** The query of the list of mutes. */
export function readMuteQuestion(fields: QueryFields): Read<MuteQuestion> {
  const stray = Object.keys(fields).find((name) => !questionFields.includes(name));
  if (stray !== undefined)
    return { problem: `${stray.slice(0, 80)}: no such field; expected one of ${questionFields.join(', ')}` };
  const { state, violationId, rule, port, customerId, 'expiring-within': within } = fields;
  const wanted = state === undefined ? muteStates : typeof state === 'string' ? state.split(',') : [];
  const states = muteStates.filter((one) => wanted.includes(one));
  if (states.length === 0 || wanted.some((one) => !states.some((known) => known === one)))
    return { problem: `state: expected one or more of ${muteStates.join(', ')}, with commas between them` };
  const isLike = [violationId, rule, port, customerId].some((one) => one !== undefined);
  const like = isLike
    ? readScope(JSON.parse(JSON.stringify({ violationId, rule, port, customerId })) as unknown)
    : undefined;
  if (like !== undefined && 'problem' in like) return like;
  const hours = typeof within === 'string' && /^\d{1,3}$/.test(within) ? Number(within) : 0;
  if (within !== undefined && (hours < 1 || hours > 720))
    return { problem: 'expiring-within: expected a whole number of hours from 1 to 720' };
  return {
    value: {
      states,
      ...(like !== undefined && { like: like.value }),
      ...(within !== undefined && { expiringWithinMs: hours * 3_600_000 }),
    },
  };
}

/** Mutes, past ones too, that hide or hid something of this scope. */
export function mutesLike(scope: MuteScope, index: ViolationIndex): MuteRow[] {
  if ('violationId' in scope) {
    const slot = index.slotOf(scope.violationId);
    return slot < 0 ? index.mutes.about(scope) : index.mutes.over(index.rowAt(slot));
  }
  return [...index.mutes.all()].filter((mute) => {
    const other = muteScopeOf(mute);
    if (other === undefined) return false;
    if (!('violationId' in other)) return sameScope(scope, other);
    const slot = index.slotOf(other.violationId);
    return slot >= 0 && isInScope(scope, index.rowAt(slot));
  });
}

function sameScope(a: MuteScope, b: MuteScope): boolean {
  if ('violationId' in a || 'violationId' in b || a.rule !== b.rule) return false;
  if ('port' in a) return 'port' in b && a.port === b.port;
  return 'customerId' in b && a.customerId === b.customerId;
}
