import type { Binding, NetworkMap } from '../../../projections/index.js';
import type { Frozen } from '../../reactors/freezes.js';
import { deviceWord, type SwitchDevice } from './device-word.js';
import { type FrontPanel, frontPanel, type PanelLayout } from './front-panel.js';
import { countStates, type PortFacts, type PortState, type StateCounts, stateOfPort } from './port-state.js';
import type { PortViolation } from './port-witnesses.js';

/** A server as its port shows it. */
export interface PortServer {
  readonly serverId: string;
  readonly state: Binding['state'];
  readonly customerId?: string;
  readonly vlan?: number;
  readonly mac?: string;
  /** The first few of its addresses and prefixes. */
  readonly addresses: readonly string[];
  /** How many more it has. */
  readonly moreAddresses?: number;
}

/** One port of a front panel. */
export interface SwitchPort {
  readonly port: string;
  /** The same without its switch: what is printed beside the socket. */
  readonly interface: string;
  readonly state: PortState;
  readonly why: string;
  /** What else is true of it, and counts less. */
  readonly also: readonly { readonly state: PortState; readonly why: string }[];
  readonly link: 'up' | 'down' | 'unknown';
  /** The first few servers that billing sells here. */
  readonly servers: readonly PortServer[];
  readonly moreServers?: number;
  /** The violation that weighs most. For those who may read violations. */
  readonly violationId?: string;
}

export interface SwitchPorts {
  readonly counts: StateCounts;
  readonly panel: FrontPanel;
  readonly ports: readonly SwitchPort[];
  /** True where a server waits for a claim of another one: it may come to hold it without a word of its own. */
  readonly contested: boolean;
}

/** All that the ports of one switch are decided by. */
export interface SwitchSources {
  readonly switchName: string;
  readonly map: Pick<NetworkMap, 'bindingsOnSwitch' | 'linkOf'>;
  readonly isFrozen: (stream: string) => boolean;
  readonly devices: readonly SwitchDevice[];
  readonly everyFrozen: Frozen | undefined;
  readonly violations: readonly PortViolation[];
  /** As PortWitnesses says it. */
  readonly listeners: ReadonlyMap<string, string>;
  /** Ports that were ever told of by a link source. */
  readonly linked: readonly string[];
  readonly layout: PanelLayout | undefined;
}

const shownServers = 4;
const shownAddresses = 8;
const weights = ['critical', 'high', 'medium', 'low'];

/** Every port of a switch with its state, and how they stand on the metal. Pure; looks at this one switch only. */
export function switchPorts(sources: SwitchSources): SwitchPorts {
  const { switchName, map, devices, violations, linked, layout } = sources;
  const servers = new Map<string, Binding[]>();
  for (const binding of map.bindingsOnSwitch(switchName))
    if (binding.sold && binding.port !== undefined) add(servers, binding.port, binding);
  const heard = new Map<string, PortViolation[]>();
  for (const violation of violations) add(heard, violation.port, violation);
  const told = devices.flatMap(({ interfaces }) => Object.keys(interfaces));
  const known = [...servers.keys(), ...heard.keys(), ...told, ...linked];
  const panel = frontPanel(known.map(interfaceOf), layout);
  const ports = panel.blocks.flatMap((block) =>
    block.ports.map((name) => {
      const port = `${switchName}:${name}`;
      return portOf(port, name, servers.get(port) ?? [], heard.get(port) ?? [], sources);
    }),
  );
  const contested = [...servers.values()].some((there) => there.some(({ conflicts }) => conflicts.length > 0));
  return { counts: countStates(ports.map(({ state }) => state)), panel, ports, contested };
}

function portOf(
  port: string,
  name: string,
  servers: readonly Binding[],
  heard: readonly PortViolation[],
  sources: SwitchSources,
): SwitchPort {
  const worst = worstOf(heard);
  const decided = stateOfPort(factsOf(port, servers, heard, sources));
  const more = servers.length - shownServers;
  return {
    port,
    interface: name,
    ...decided,
    link: sources.map.linkOf(port),
    servers: servers.slice(0, shownServers).map(serverOf),
    ...(more > 0 && { moreServers: more }),
    ...(worst !== undefined && { violationId: worst.violationId }),
  };
}

function factsOf(
  port: string,
  servers: readonly Binding[],
  heard: readonly PortViolation[],
  { map, isFrozen, devices, everyFrozen, listeners }: SwitchSources,
): PortFacts {
  const words = devices.map((device) => deviceWord(device, everyFrozen, port, servers));
  const violation = violationText(heard);
  const frozen = frozenStream(port, servers, isFrozen) ?? words.find((word) => word.frozen !== undefined)?.frozen;
  const drift = words.find((word) => word.drift !== undefined)?.drift;
  const pending = waitingServer(servers) ?? words.find((word) => word.pending !== undefined)?.pending;
  const notWatched = notWatchedReason(listeners.get(port));
  const note = noteOf(servers, devices.length);
  return {
    sold: servers.length > 0,
    link: map.linkOf(port),
    ...(violation !== undefined && { violation }),
    ...(frozen !== undefined && { frozen }),
    ...(drift !== undefined && { drift }),
    ...(pending !== undefined && { pending }),
    ...(notWatched !== undefined && { notWatched }),
    ...(note !== undefined && { note }),
  };
}

function violationText(heard: readonly PortViolation[]): string | undefined {
  const worst = worstOf(heard);
  if (worst === undefined) return undefined;
  const others = heard.length === 1 ? '' : `, and ${heard.length - 1} more`;
  return `${worst.severity}: ${worst.rule.replaceAll('-', ' ')}${others}`;
}

function worstOf(heard: readonly PortViolation[]): PortViolation | undefined {
  const weight = ({ severity }: PortViolation): number =>
    (weights.indexOf(severity) + weights.length + 1) % (weights.length + 1);
  return heard.reduce<PortViolation | undefined>(
    (worst, one) => (worst === undefined || weight(one) < weight(worst) ? one : worst),
    undefined,
  );
}

function frozenStream(
  port: string,
  servers: readonly Binding[],
  isFrozen: (stream: string) => boolean,
): string | undefined {
  const stream = [...servers.map(({ serverId }) => `server-${serverId}`), `port-${port}`].find(isFrozen);
  return stream === undefined ? undefined : `an event of ${stream} cannot be read, and holds the later ones`;
}

/** What billing sold and the map itself cannot grant yet, whatever the devices are. */
function waitingServer(servers: readonly Binding[]): string | undefined {
  for (const { serverId, state, conflicts, mac, vlan } of servers) {
    const [conflict] = conflicts;
    if (conflict !== undefined) return `${serverId}: ${conflict.claim} is held by ${conflict.holder}`;
    if (state === 'pending')
      return `${serverId} waits for ${vlan === undefined ? 'its VLAN' : mac === undefined ? 'its MAC' : 'a fact of billing'}`;
  }
  return undefined;
}

function notWatchedReason(listener: string | undefined): string | undefined {
  if (listener === undefined) return 'no sensor listens here';
  // Where the link is down nothing can come in, so nothing is missed.
  return listener === 'watched' || listener === 'link-down' ? undefined : `its sensor does not hear: ${listener}`;
}

function noteOf(servers: readonly Binding[], devices: number): string | undefined {
  const suspended = servers.find(({ state }) => state === 'suspended');
  if (suspended !== undefined) return `${suspended.serverId} is suspended: nothing is granted`;
  return devices === 0 ? 'billing and link agree; this engine drives no device of the switch' : undefined;
}

function serverOf({ serverId, state, customerId, vlan, mac, addresses, prefixes }: Binding): PortServer {
  const all = [...addresses.map(({ address }) => address), ...prefixes.map(({ prefix }) => prefix)];
  const more = all.length - shownAddresses;
  return {
    serverId,
    state,
    ...(customerId !== undefined && { customerId }),
    ...(vlan !== undefined && { vlan }),
    ...(mac !== undefined && { mac }),
    addresses: all.slice(0, shownAddresses),
    ...(more > 0 && { moreAddresses: more }),
  };
}

const interfaceOf = (port: string): string => port.slice(port.indexOf(':') + 1);

function add<Item>(groups: Map<string, Item[]>, key: string, item: Item): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [item]);
  else group.push(item);
}
