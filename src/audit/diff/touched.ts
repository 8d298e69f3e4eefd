import { type ServerId, type StoredEvent, switchOf } from '../../../events/index.js';
import { historyKeys } from '../../../projections/index.js';
import type { KnownLog } from '../known-log.js';
import { claiming, Contested, placeIn } from './contested.js';
import { offendersIn, refusedViolation } from './refused-containment.js';

/** What can differ between two maps, and all that decides it. */
export interface Touched {
  readonly servers: ReadonlySet<ServerId>;
  readonly violationIds: ReadonlySet<string>;
  /** In log order: the events of those servers, of their rivals, ports and gateways, and of those violations. */
  readonly events: readonly StoredEvent[];
}

/**
 * What some events of the log (those of `candidates` that `isMeant`) can have changed: the servers, gateways, ports and violations
 * they are about, the servers at those ports and gateways, and the rivals of any of these servers. Costs two searches of the log.
 */
export async function touchedBy(
  log: KnownLog,
  candidates: AsyncIterable<readonly StoredEvent[]>,
  isMeant: (event: StoredEvent) => boolean,
): Promise<Touched> {
  const changed = new Set<string>();
  const refused = new Set<string>();
  for await (const page of candidates) {
    for (const stored of page) {
      const isNews = !changed.has(stored.stream) || stored.type === 'ContainmentRefused';
      if (!isNews || !isMeant(stored)) continue;
      changed.add(stored.stream);
      const violationId = refusedViolation(stored);
      if (violationId !== undefined) refused.add(violationId);
    }
  }
  const named = (kind: string): Set<string> =>
    new Set([...changed].filter((stream) => stream.startsWith(kind)).map((stream) => stream.slice(kind.length)));
  const touched = await eventsOf(log, withPrefix('server-', named('server-')));
  const standing = { ports: named('port-'), switches: named('gateway-') };
  await addRivals(log, touched, standing);
  const servers = new Set([...touched.keys()].map((stream) => stream.slice('server-'.length) as ServerId));
  const { ports, switches } = contestedBy(touched);
  const rivals = new Map(touched);
  await addRivals(log, rivals);
  const violationIds = new Set([...named('violation-'), ...refused]);
  const violating = await eventsOf(log, withPrefix('violation-', violationIds));
  const others = await eventsOf(log, [
    ...withPrefix('port-', ports),
    ...withPrefix('gateway-', switches),
    ...withPrefix('server-', offendersIn([...violating.values()].flat())),
  ]);
  const all = new Map([...others, ...violating, ...rivals]);
  const events = [...all.values()].flat().sort((a, b) => a.ordinal - b.ordinal);
  return { servers, violationIds, events };
}

type Streams = Map<string, readonly StoredEvent[]>;

interface Standing {
  readonly ports: ReadonlySet<string>;
  readonly switches: ReadonlySet<string>;
}

/** Adds the servers that claim what one of these does, or that ever stood at one of the ports or switches. */
async function addRivals(log: KnownLog, to: Streams, at?: Standing): Promise<void> {
  const contested = contestedBy(to);
  const found = new Set<string>();
  const standing = [
    ...[...(at?.ports ?? [])].map(historyKeys.port),
    ...[...(at?.switches ?? [])].map(historyKeys.onSwitch),
  ];
  const inHand = new Set([...to.values()].flat().map(({ ordinal }) => ordinal));
  for await (const page of log.naming((lengths) => [...standing, ...contested.keys(lengths)], inHand)) {
    for (const stored of page) {
      if (to.has(stored.stream) || found.has(stored.stream)) continue;
      for (const event of claiming(stored)) {
        const { port } = placeIn(event);
        const stands =
          port !== undefined && (at?.ports.has(port) === true || at?.switches.has(switchOf(port)) === true);
        if (stands || contested.isClaimedBy(event)) found.add(stored.stream);
      }
    }
  }
  for (const [stream, events] of await eventsOf(log, found)) to.set(stream, events);
}

function contestedBy(streams: Streams): Contested {
  const contested = new Contested();
  for (const events of streams.values()) contested.addServer(events);
  return contested;
}

async function eventsOf(log: KnownLog, streams: Iterable<string>): Promise<Streams> {
  const found: Streams = new Map();
  for (const stream of streams) found.set(stream, await log.stream(stream));
  return found;
}

function withPrefix(prefix: string, names: Iterable<string>): string[] {
  return [...names].map((name) => `${prefix}${name}`);
}
