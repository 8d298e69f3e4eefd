import { type ServerId, type StoredEvent, switchOf } from '../../../events/index.js';
import { historyKeys, type NetworkMap } from '../../../projections/index.js';
import type { KnownLog } from '../known-log.js';
import { claiming, Contested, placeIn } from './contested.js';
import { offendersIn, refusedViolation } from './refused-containment.js';
import { WholeStreams } from './whole-streams.js';

/** What can differ between two maps, and all that decides it. */
export interface Touched {
  readonly servers: ReadonlySet<ServerId>;
  readonly violationIds: ReadonlySet<string>;
  /** In log order: the events of those servers, of their rivals, ports and gateways, and of those violations. */
  readonly events: readonly StoredEvent[];
}

/** The two maps that are compared: which events lie between them, and what some events fold to in each. */
export interface Comparison {
  readonly isBetween: (event: StoredEvent) => boolean;
  readonly mapsOf: (events: readonly StoredEvent[]) => Promise<readonly [before: NetworkMap, after: NetworkMap]>;
}

/**
 * What the events between two maps (all of which are among `candidates`) can have made differ: the servers, gateways and violations they are
 * about, the servers at these gateways and at the ports whose link differs, and the rivals of any of these servers. Costs two searches
 * of the log.
 */
export async function touchedBy(
  log: KnownLog,
  candidates: AsyncIterable<readonly StoredEvent[]>,
  { isBetween, mapsOf }: Comparison,
): Promise<Touched> {
  const streams = new WholeStreams(log);
  const changed = new Set<string>();
  const refused = new Set<string>();
  for await (const page of candidates) {
    for (const stored of page) {
      // What was heard at a port changes neither its link nor anything sold.
      if (stored.type === 'MacSeen' || !isShown(stored) || !isBetween(stored)) continue;
      streams.meet(stored);
      changed.add(stored.stream);
      const violationId = refusedViolation(stored);
      if (violationId !== undefined) refused.add(violationId);
    }
  }
  const named = (kind: string): string[] => [...changed].flatMap((stream) => nameIn(stream, kind) ?? []);
  const ports = named('port-');
  await streams.add(withPrefix('port-', ports));
  const [before, after] = await mapsOf(streams.inLogOrder());
  const standing = {
    ports: new Set(ports.filter((port) => before.linkOf(port) !== after.linkOf(port))),
    switches: new Set(named('gateway-')),
  };
  const changedServers = named('server-') as ServerId[];
  await streams.add(withPrefix('server-', changedServers));
  const touched = new Set([...changedServers, ...(await addRivals(log, streams, changedServers, standing))]);
  const { ports: theirPorts, switches } = contestedBy(streams, touched);
  const added = [...touched].slice(changedServers.length);
  await addRivals(log, streams, added);
  const violationIds = new Set([...named('violation-'), ...refused]);
  const violations = withPrefix('violation-', violationIds);
  await streams.add(violations);
  const offenders = offendersIn(violations.flatMap((stream) => streams.of(stream)));
  await streams.add([
    ...withPrefix('port-', theirPorts),
    ...withPrefix('gateway-', switches),
    ...withPrefix('server-', offenders),
  ]);
  return { servers: touched, violationIds, events: streams.inLogOrder() };
}

interface Standing {
  readonly ports: ReadonlySet<string>;
  readonly switches: ReadonlySet<string>;
}

const nowhere: Standing = { ports: new Set(), switches: new Set() };

/** Adds the streams of the servers that claim what one of these does, or that ever stood at one of the ports or switches. */
async function addRivals(
  log: KnownLog,
  to: WholeStreams,
  servers: Iterable<string>,
  at: Standing = nowhere,
): Promise<ServerId[]> {
  const contested = contestedBy(to, servers);
  const standing = [...[...at.ports].map(historyKeys.port), ...[...at.switches].map(historyKeys.onSwitch)];
  const found = new Set<string>();
  for await (const page of log.naming((lengths) => [...standing, ...contested.keys(lengths)], to.ordinals())) {
    for (const stored of page) {
      if (to.has(stored.stream) || found.has(stored.stream)) continue;
      for (const event of claiming(stored)) {
        const { port } = placeIn(event);
        const stands = port !== undefined && (at.ports.has(port) || at.switches.has(switchOf(port)));
        if (stands || contested.isClaimedBy(event)) found.add(stored.stream);
      }
    }
  }
  await to.add(found);
  return [...found].flatMap((stream) => (nameIn(stream, 'server-') as ServerId | undefined) ?? []);
}

function contestedBy(streams: WholeStreams, servers: Iterable<string>): Contested {
  const contested = new Contested();
  for (const serverId of servers) contested.addServer(streams.of(`server-${serverId}`));
  return contested;
}

const shown = ['server-', 'port-', 'gateway-', 'violation-'] as const;

/** Whether a map shows anything of what the stream of an event tells. */
function isShown({ stream }: StoredEvent): boolean {
  return shown.some((kind) => stream.startsWith(kind));
}

/** What stands behind the prefix of a stream; undefined for a stream of another kind. */
function nameIn(stream: string, prefix: string): string | undefined {
  return stream.startsWith(prefix) ? stream.slice(prefix.length) : undefined;
}

function withPrefix(prefix: string, names: Iterable<string>): string[] {
  return [...names].map((name) => `${prefix}${name}`);
}
