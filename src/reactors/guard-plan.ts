import type { LineCause, ServerId } from '../../events/index.js';
import type { DesiredPortGuard } from '../../projections/index.js';
import type { GuardChange, GuardMode, GuardState, PortGuard } from '../drivers/guard/guard.port.js';
import type { PartLine } from './part-status.js';

/** A port as it should be guarded, and who wants it so. */
export interface WantedPort {
  readonly port: PortGuard;
  readonly serverId: ServerId | undefined;
  /** Ordinal of the event that made the grant what it is; -1 where none ever did. */
  readonly cause: number;
}

/** `grant-gone` closes what was open because billing took it back; `mode` follows the configuration or an operator. */
export type GuardWhy = 'grant' | 'grant-gone' | 'replaced' | 'gateway' | 'mode' | 'rules';

export interface GuardLine extends PartLine {
  readonly kind: 'guard';
  readonly interface: string;
  readonly why: GuardWhy;
}

/** The difference between what the map lets in and what the guard does. */
export interface GuardPlan {
  readonly lines: readonly GuardLine[];
  readonly change: GuardChange;
  /** What closes because its grant went away: what the removal limit counts. */
  readonly grantsGone: { readonly ports: number; readonly sources: number };
}

/** The line that stands for the rules which all ports share. */
export const rulesLine = 'guard rules';

/** What stands for a port in our own notation; no line where it is not guarded. */
export function portLines(port: PortGuard & { readonly attached?: boolean }): string[] {
  const line = (rest: string): string => `guard ${port.interface} ${rest}`;
  return [
    ...(port.attached === false ? [] : [line('on')]),
    ...(port.mode === 'drop' ? [line('drop')] : []),
    ...(port.closed ? [line('closed')] : []),
    ...port.macs.map((mac) => line(`mac ${mac}`)),
    ...port.ipv4.map((address) => line(`ipv4 ${address}`)),
    ...port.prefixes.map((prefix) => line(`prefix ${prefix}`)),
    ...[...port.gatewayMacs, ...port.gatewayIpv4, ...port.gatewayIpv6].map((own) => line(`gateway ${own}`)),
  ];
}

/** Every line a guard holds. */
export function heldLines(state: GuardState): Set<string> {
  const lines = new Set([...state.ports.values()].flatMap(portLines));
  if (state.rules === 'intact') lines.add(rulesLine);
  return lines;
}

/** What a guard should hold of a port that the map describes. */
export function wantedPort(desired: DesiredPortGuard, mode: GuardMode): WantedPort {
  const { gateway, serverId, cause } = desired;
  const port: PortGuard = {
    interface: desired.interface,
    mode,
    closed: desired.closed !== undefined,
    macs: desired.macs,
    ipv4: desired.ipv4,
    prefixes: [...desired.prefixes].sort(),
    gatewayMacs: gateway.macs,
    gatewayIpv4: gateway.ipv4,
    gatewayIpv6: gateway.ipv6,
  };
  return { port, serverId, cause };
}

/**
 * Pure; the thinking of a reconcile of a guard.
 * @param openBefore interfaces that were last known to be open, for a guard that is gone and cannot tell
 */
export function planGuard(
  wanted: readonly WantedPort[],
  state: GuardState,
  openBefore: ReadonlySet<string> = new Set(),
): GuardPlan {
  const lines: GuardLine[] = [];
  const set: PortGuard[] = [];
  const [macs, sources] = [new Set<string>(), new Set<string>()];
  for (const { port } of wanted) {
    for (const mac of port.macs) macs.add(mac);
    for (const source of [...port.ipv4, ...port.prefixes]) sources.add(source);
  }
  const gone = { ports: 0, sources: 0 };
  const whole = state.rules !== 'intact';
  const shared = { kind: 'guard', line: rulesLine, interface: '', why: 'rules', cause: 'configuration' } as const;
  if (whole) lines.push({ change: 'add', ...shared });
  for (const { port, serverId, cause } of wanted) {
    const held = state.ports.get(port.interface);
    const wasOpen = held === undefined ? openBefore.has(port.interface) : !held.closed;
    const moved = held?.macs.some((mac) => macs.has(mac)) ?? false;
    if (port.closed && wasOpen && !moved) gone.ports++;
    const [before, after] = [new Set(held === undefined ? [] : portLines(held)), new Set(portLines(port))];
    // What an operator or the gateway is behind belongs to no server.
    const more = (why: GuardWhy) => ({
      kind: 'guard' as const,
      interface: port.interface,
      why,
      cause: causeOf(why, cause),
      ...(serverId === undefined || !isGrant(why) ? {} : { serverId }),
    });
    const changed: GuardLine[] = [];
    for (const line of before) {
      if (after.has(line)) continue;
      const what = wordsOf(line);
      const elsewhere = what.kind === 'mac' ? moved || port.macs.length > 0 : sources.has(what.value);
      const why = whyOf(what.kind, elsewhere ? 'replaced' : 'grant-gone', 'grant');
      if (why === 'grant-gone' && what.kind !== 'mac' && !port.closed) gone.sources++;
      changed.push({ ...more(why), change: 'remove', line });
    }
    for (const line of after) {
      if (before.has(line)) continue;
      const why = whyOf(wordsOf(line).kind, 'grant', moved || !wasOpen ? 'grant' : 'grant-gone');
      changed.push({ ...more(why), change: 'add', line });
    }
    if (changed.length > 0 || whole) set.push(port);
    lines.push(...changed);
  }
  const names = new Set(wanted.map(({ port }) => port.interface));
  const remove = [...state.ports.keys()].filter((name) => !names.has(name));
  for (const name of remove) {
    const held = state.ports.get(name);
    for (const line of held === undefined ? [] : portLines(held))
      lines.push({ change: 'remove', kind: 'guard', line, interface: name, why: 'mode', cause: 'configuration' });
  }
  return { lines, change: { set, remove }, grantsGone: gone };
}

/** The part of a plan about interfaces for which `may` holds; the shared rules go with any of them. */
export function doableGuard(plan: GuardPlan, may: (interfaceName: string) => boolean): GuardPlan {
  const set = plan.change.set.filter((port) => may(port.interface));
  const { remove } = plan.change;
  const names = new Set([...set.map((port) => port.interface), ...remove]);
  const isShared = (line: GuardLine): boolean =>
    line.line === rulesLine && (names.size > 0 || plan.change.set.length === 0);
  const lines = plan.lines.filter((line) => names.has(line.interface) || isShared(line));
  return { ...plan, lines, change: { set, remove } };
}

function wordsOf(line: string): { readonly kind: string; readonly value: string } {
  const [, , kind = '', value = ''] = line.split(' ');
  return { kind, value };
}

function whyOf(kind: string, source: GuardWhy, closed: GuardWhy): GuardWhy {
  if (kind === 'drop') return 'mode';
  if (kind === 'on') return 'rules';
  if (kind === 'gateway') return 'gateway';
  return kind === 'closed' ? closed : source;
}

const isGrant = (why: GuardWhy): boolean => why === 'grant' || why === 'grant-gone' || why === 'replaced';

function causeOf(why: GuardWhy, cause: number): LineCause {
  if (why === 'mode' || why === 'rules') return 'configuration';
  return cause >= 0 ? cause : 'configuration';
}
