import { type LineCause, parseIp, type ServerId } from '../../events/index.js';
import type { DesiredDhcp, Withheld } from '../../projections/index.js';
import type { DhcpHost4, DhcpHost6, DhcpLease, DhcpState } from '../drivers/dhcp/dhcp.port.js';
import type { InterfaceState } from '../drivers/switch/switch.port.js';
import {
  alteredLine,
  heldDhcpLines,
  leaseLine,
  lines4,
  lines6,
  listenLine,
  savedLine,
  settingsLine,
} from './dhcp-lines.js';
import type { PartLine } from './part-status.js';

/** `grant-gone` takes away what billing took back; `lease` ends a lease that stands in the way of its rightful machine. */
export type DhcpWhy = 'grant' | 'grant-gone' | 'replaced' | 'socket' | 'settings' | 'altered' | 'lease';

export interface DhcpLine extends PartLine {
  readonly kind: 'dhcp';
  /** Of which daemon; a line is done by pushing the whole family. */
  readonly family: 4 | 6;
  readonly why: DhcpWhy;
}

/** A host that a device can serve, and who wants it so. */
export interface WantedHosts {
  readonly hosts4: readonly DhcpHost4[];
  readonly hosts6: readonly DhcpHost6[];
  readonly byInterface: ReadonlyMap<string, { readonly serverId: ServerId; readonly cause: number }>;
  /** Interfaces that are up and have carrier: there a socket has to be open. The daemon opens none before. */
  readonly up: ReadonlySet<string>;
  readonly withheld: readonly Withheld[];
}

/** The difference between what the map grants and what the daemons hand out. */
export interface DhcpPlan {
  readonly lines: readonly DhcpLine[];
  /** Leases to end. */
  readonly leases: readonly DhcpLease[];
  /** Hosts that lose what they have because their grant went away: what the removal limit counts. */
  readonly grantsGone: number;
}

/**
 * The hosts of the map that this device can serve by its daemons. A daemon refuses its whole configuration where one
 * interface is not there, and opens no second socket on an address that several interfaces have: such hosts are withheld.
 */
export function servable(
  desired: readonly DesiredDhcp[],
  interfaces: ReadonlyMap<string, InterfaceState>,
  families: readonly (4 | 6)[],
): WantedHosts {
  const [hosts4, hosts6, withheld] = [[] as DhcpHost4[], [] as DhcpHost6[], [] as Withheld[]];
  const byInterface = new Map<string, { serverId: ServerId; cause: number }>();
  const own = ownAddresses(interfaces);
  for (const one of desired) {
    const { serverId, interface: name, vlan, mac, linkLocal, ipv4, routers, netboot, ipv6, prefixes, cause } = one;
    byInterface.set(name, { serverId, cause });
    const state = interfaces.get(name);
    if (state === undefined) {
      withheld.push({ serverId, what: name, reason: `the device has no interface ${name}` });
      continue;
    }
    const listen = own.get(name);
    if (ipv4 !== undefined && families.includes(4)) {
      const cure = 'give it one, such as 100.64.0.16/32';
      if (listen !== undefined) hosts4.push({ interface: name, vlan, mac, address: ipv4, routers, listen });
      else
        withheld.push({
          serverId,
          what: ipv4,
          reason: `${name} has no IPv4 address that no other interface has; ${cure}`,
        });
    }
    if (netboot !== undefined && families.includes(4)) {
      const { gateway, machine } = netboot;
      // The box may have it once only: the daemon opens one socket an address.
      if (state.addresses.includes(gateway) && isOnce(gateway, interfaces))
        hosts4.push({
          ...{ interface: name, vlan, mac, address: machine },
          routers: [gateway],
          listen: gateway,
          netboot: true,
        });
      else {
        const cure = `give it to ${name}, and to no other interface`;
        withheld.push({ serverId, what: machine, reason: `${name} has no ${gateway}/30 to start it from; ${cure}` });
      }
    }
    if (!families.includes(6) || (ipv6 === undefined && prefixes.length === 0)) continue;
    const speaks = state.addresses.some((address) => address.startsWith('fe80:'));
    if (speaks) hosts6.push({ interface: name, vlan, mac, linkLocal, address: ipv6, prefixes });
    else withheld.push({ serverId, what: ipv6 ?? name, reason: `${name} has no link-local address` });
  }
  const up = new Set(
    [...interfaces.values()].filter(({ adminUp, carrier }) => adminUp && carrier).map(({ name }) => name),
  );
  return { hosts4, hosts6, byInterface, up, withheld };
}

/** Of each interface the lowest IPv4 address that no other one has. */
function ownAddresses(interfaces: ReadonlyMap<string, InterfaceState>): Map<string, DhcpHost4['listen']> {
  const times = new Map<string, number>();
  for (const { addresses } of interfaces.values())
    for (const address of new Set(addresses)) times.set(address, (times.get(address) ?? 0) + 1);
  const own = new Map<string, DhcpHost4['listen']>();
  for (const { name, addresses } of interfaces.values()) {
    const [first] = addresses.filter((one): one is DhcpHost4['listen'] => isIpv4(one) && times.get(one) === 1).sort();
    if (first !== undefined) own.set(name, first);
  }
  return own;
}

const isOnce = (address: DhcpHost4['listen'], interfaces: ReadonlyMap<string, InterfaceState>): boolean =>
  [...interfaces.values()].filter(({ addresses }) => addresses.includes(address)).length === 1;

const isIpv4 = (address: string): address is DhcpHost4['listen'] =>
  !address.includes(':') && parseIp(address) !== undefined;

/** Pure; the thinking of a reconcile of DHCP. */
export function planDhcp(wanted: WantedHosts, state: DhcpState): DhcpPlan {
  const target = new Map<string, { readonly family: 4 | 6; readonly interface?: string; readonly why: DhcpWhy }>();
  const want = (family: 4 | 6, why: DhcpWhy, lines: readonly string[], name?: string): void => {
    for (const line of lines) target.set(line, { family, why, ...(name === undefined ? {} : { interface: name }) });
  };
  const families = [
    {
      family: 4 as const,
      held: state.v4,
      hosts: wanted.hosts4.map((host) => ({ name: host.interface, lines: lines4(host) })),
    },
    {
      family: 6 as const,
      held: state.v6,
      hosts: wanted.hosts6.map((host) => ({ name: host.interface, lines: lines6(host) })),
    },
  ];
  for (const { family, held, hosts } of families) {
    if (held === undefined) continue;
    want(family, 'settings', [settingsLine(family), savedLine(family)]);
    for (const { name, lines } of hosts) {
      want(family, 'grant', lines, name);
      if (wanted.up.has(name)) want(family, 'socket', [listenLine(family, name)], name);
    }
  }
  const held = heldDhcpLines({ ...state, leases: [] });
  const lines: DhcpLine[] = [];
  const values = new Set([...target.keys()].map(lastWord));
  const gone = new Set<string>();
  for (const line of held) {
    if (target.has(line)) continue;
    const [word = '', name = ''] = line.split(' ');
    const family = word === 'dhcp4' ? 4 : 6;
    const altered = line === alteredLine(family, name);
    if (line === listenLine(family, name)) continue; // an interface that is down, or goes with its host
    const isHost = isHostLine(line);
    const why = altered ? 'altered' : isHost && !values.has(lastWord(line)) ? 'grant-gone' : 'replaced';
    if (why === 'grant-gone') gone.add(name);
    lines.push({
      change: 'remove',
      kind: 'dhcp',
      line,
      family,
      why,
      ...whose(wanted, name),
      ...(altered ? { cause: 'drift' } : {}),
    });
  }
  for (const [line, { family, why, interface: name }] of target) {
    if (held.has(line)) continue;
    const by = name === undefined || why === 'socket' ? ({ cause: 'configuration' } as const) : whose(wanted, name);
    lines.push({ change: 'add', kind: 'dhcp', line, family, why, ...by });
  }
  const leases = standInTheWay(wanted, state);
  for (const lease of leases) {
    const name = nameOfVlan(wanted, lease.vlan);
    const by = name === undefined ? ({ cause: 'configuration' } as const) : whose(wanted, name);
    lines.push({ change: 'remove', kind: 'dhcp', line: leaseLine(lease), family: lease.family, why: 'lease', ...by });
  }
  return { lines, leases, grantsGone: gone.size };
}

/**
 * Leases that keep the rightful machine from what it is sold: on what is handed out no more, of a MAC that was replaced, and
 * of another identity of the same machine that the daemon was asked for and refused (firmware, installer and system each
 * have a DUID of their own).
 */
export function standInTheWay({ hosts4, hosts6 }: WantedHosts, { leases, refused }: DhcpState): DhcpLease[] {
  const macs = new Map(hosts4.map(({ vlan, address, mac }) => [`${vlan} ${address}`, mac]));
  const given = new Set<string>(
    hosts6.flatMap(({ vlan, address, prefixes }) => [address, ...prefixes].map((what) => `${vlan} ${what}`)),
  );
  return leases.filter(({ family, vlan, address, prefixLength, mac }) => {
    const what = prefixLength === undefined ? address : `${address}/${prefixLength}`;
    if (family === 4) return macs.get(`${vlan} ${what}`) !== mac;
    return !given.has(`${vlan} ${what}`) || refused.has(vlan);
  });
}

/** The part of a plan that may be done now. */
export function doableDhcp(
  plan: DhcpPlan,
  may: (family: 4 | 6) => boolean,
  mayEnd: (lease: DhcpLease) => boolean,
): DhcpPlan {
  const leases = plan.leases.filter(mayEnd);
  const ends = new Set(leases.map(leaseLine));
  const lines = plan.lines.filter(({ family, why, line }) => (why === 'lease' ? ends.has(line) : may(family)));
  return { ...plan, lines, leases };
}

/** `dhcp4 vlan16 52:54:00:00:00:16 198.51.100.16`. */
const isHostLine = (line: string): boolean => /^dhcp[46] \S+ [0-9a-f]{2}(?::[0-9a-f]{2}){5} \S+$/.test(line);
const lastWord = (line: string): string => line.slice(line.lastIndexOf(' ') + 1);

function whose(
  { byInterface }: WantedHosts,
  name: string,
): { readonly serverId?: ServerId; readonly cause: LineCause } {
  const found = byInterface.get(name);
  return found === undefined ? { cause: 'configuration' } : { serverId: found.serverId, cause: found.cause };
}

function nameOfVlan({ hosts4, hosts6 }: WantedHosts, vlan: number): string | undefined {
  return [...hosts4, ...hosts6].find((host) => host.vlan === vlan)?.interface;
}
