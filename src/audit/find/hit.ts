import { formatInstant, switchOf } from '../../../events/index.js';
import type { Binding, NetworkMap, ServerState } from '../../../projections/index.js';
import type { Owner } from './find-index.js';
import type { Naming } from './names-of.js';
import type { Match } from './probe.js';

/** What can be found. */
export const hitKinds = ['address', 'prefix', 'mac', 'server', 'customer', 'port', 'violation', 'event'] as const;
export type HitKind = (typeof hitKinds)[number];

/** Who has a name, or had it. */
export interface Standing {
  /** `waiting`: sold, but another server stands before it in line. `beside`: allowed beside its own MAC. `seen`: heard there. */
  readonly role: 'holder' | 'waiting' | 'beside' | 'former' | 'seen' | 'gateway';
  readonly server?: string;
  readonly customer?: string;
  readonly port?: string;
  readonly switch?: string;
  readonly state?: ServerState;
  /** RFC 3339; of what is past: when it ended. */
  readonly until?: string;
}

export interface Hit {
  readonly kind: HitKind;
  /** In its one spelling. */
  readonly name: string;
  readonly match: Match;
  /** The same in words, with what it was found by. */
  readonly why: string;
  /** Who has it now; at most `mostStanding`. */
  readonly now: readonly Standing[];
  /** Who had it, the latest first; at most `mostStanding`. */
  readonly past: readonly Standing[];
  /** Of a customer: how many servers it has, 201 for more than 200; absent while the index is made. */
  readonly servers?: number;
  /** Of a port. */
  readonly link?: 'up' | 'down' | 'unknown';
  /** Of a violation. */
  readonly violation?: {
    readonly rule: string;
    readonly state: string;
    readonly port?: string;
    readonly lastSeen: string;
  };
  /** Of an event. */
  readonly event?: {
    readonly ordinal: number;
    readonly id: string;
    readonly type: string;
    readonly stream: string;
    readonly recordedAt: string;
  };
}

/** Told of one hit at most. */
export const mostStanding = 3;

/** A name that fits, with those who have it. */
export interface Found {
  readonly kind: HitKind;
  readonly name: string;
  readonly key: string;
  match: Match;
  /** What it was found by, where that is not its own name. */
  readonly through?: string;
  readonly owners: Map<string, { readonly owner: Owner; readonly naming: Naming }>;
}

const words: Readonly<Record<Match, string>> = {
  exact: 'is this',
  around: 'contains it',
  beginning: 'begins so',
  inside: 'lies inside',
  within: 'a word in it begins so',
};

/** What stands at a found name now, and stood there. */
export function hitOf(map: NetworkMap, found: Found, servers?: number): Hit {
  const { kind, name, match, through } = found;
  const standings =
    kind === 'port' ? onPort(map, name) : [...found.owners.values()].flatMap((one) => standing(map, one));
  const past = standings
    .filter(({ role, state }) => role === 'former' || (kind === 'server' && state === 'removed'))
    .sort((a, b) => ((a.until ?? '') > (b.until ?? '') ? -1 : 1));
  const now = standings.filter((one) => !past.includes(one)).sort((a, b) => orderOf(a) - orderOf(b));
  const row = kind === 'violation' ? map.violations.get(name) : undefined;
  return {
    kind,
    name,
    match,
    why: through === undefined ? words[match] : `${words[match]}: ${through}`,
    now: now.slice(0, mostStanding),
    past: past.slice(0, mostStanding),
    ...(servers === undefined ? {} : { servers }),
    ...(kind === 'port' ? { link: map.linkOf(name) } : {}),
    ...(row === undefined
      ? {}
      : {
          violation: {
            rule: row.rule,
            state: row.state,
            ...(row.port === undefined ? {} : { port: row.port }),
            lastSeen: formatInstant(row.lastSeen),
          },
        }),
  };
}

const roles = ['holder', 'gateway', 'waiting', 'beside', 'seen', 'former'];
const orderOf = ({ role }: Standing): number => roles.indexOf(role);

function onPort(map: NetworkMap, port: string): Standing[] {
  return map.bindingsOnPort(port).map((one) => ofBinding(one, 'holder'));
}

function standing(map: NetworkMap, { owner, naming }: { owner: Owner; naming: Naming }): Standing[] {
  switch (owner.source) {
    case 'assignments': {
      const binding = map.binding(owner.key);
      return binding === undefined ? [] : [ofServer(map, binding, naming)];
    }
    case 'seen-macs':
      return [{ role: 'seen', port: owner.key }];
    case 'gateways':
      return [{ role: 'gateway', switch: owner.key }];
    case 'links':
    case 'violations':
      return [];
  }
}

function ofServer(map: NetworkMap, binding: Binding, { role, until, column, name }: Naming): Standing {
  const ended = until === undefined ? {} : { until: formatInstant(until) };
  if (role === 'former') return { ...ofBinding(binding, 'former'), ...ended };
  if (column === 'server' && binding.state === 'removed') {
    const at = map.assignments.get(binding.serverId)?.removed?.time;
    return { ...ofBinding(binding, 'holder'), ...(at === undefined ? {} : { until: formatInstant(at) }) };
  }
  if (role === 'beside') return ofBinding(binding, 'beside');
  const waits =
    binding.addresses.some(({ address, heldBy }) => address === name && heldBy !== undefined) ||
    binding.prefixes.some(({ prefix, heldBy }) => prefix === name && heldBy !== undefined) ||
    (column === 'mac' && binding.conflicts.some(({ claim }) => claim.startsWith('mac ')));
  return ofBinding(binding, waits ? 'waiting' : 'holder');
}

function ofBinding({ serverId, customerId, port, state }: Binding, role: Standing['role']): Standing {
  return {
    role,
    server: serverId,
    ...(customerId === undefined ? {} : { customer: customerId }),
    ...(port === undefined ? {} : { port, switch: switchOf(port) }),
    state,
  };
}
