import { formatInstant, parseInstant, type StoredEvent } from '../../events/index.js';
import type { NetworkMap } from '../../projections/index.js';
import type { EventStore } from '../event-store/event-store.port.js';
import type { ShownLine } from '../reactors/recorder.js';

/** The event that explains a line of a plan. */
export interface Cause {
  readonly ordinal: number;
  readonly eventId: string;
  readonly type: string;
  /** When it became true, as its publisher says; RFC 3339 in UTC. */
  readonly time: string;
  /** Who published it. */
  readonly source: string;
}

/** More causes than this are named by their ordinal alone: nobody reads so many, and each is looked up in the log. */
export const mostCauses = 1_000;
const pageSize = 100;

/** Looks up the events behind these lines, newest of each stream first. Rejects with a StoreError. */
export async function causesOf(
  lines: readonly Pick<ShownLine, 'because' | 'serverId'>[],
  store: Pick<EventStore, 'readStream'>,
  map: NetworkMap,
): Promise<ReadonlyMap<number, Cause>> {
  const wanted = new Map<string, Set<number>>();
  const found = new Map<number, Cause>();
  const asked = new Set<number>();
  for (const { because, serverId } of lines) {
    if (because === 'drift' || serverId === undefined || asked.size >= mostCauses) continue;
    asked.add(because);
    const port = map.binding(serverId)?.port;
    const streams = [`server-${serverId}`, ...(port === undefined ? [] : [`port-${port}`])];
    for (const stream of streams) wanted.set(stream, (wanted.get(stream) ?? new Set()).add(because));
  }
  for (const [stream, ordinals] of wanted) await lookUp(stream, ordinals, store, found);
  return found;
}

async function lookUp(
  stream: string,
  ordinals: ReadonlySet<number>,
  store: Pick<EventStore, 'readStream'>,
  found: Map<number, Cause>,
): Promise<void> {
  const oldest = Math.min(...ordinals);
  let fromRevision: number | undefined;
  for (;;) {
    const from = fromRevision === undefined ? {} : { fromRevision };
    const page = await store.readStream(stream, { backwards: true, limit: pageSize, ...from });
    for (const event of page.events) if (ordinals.has(event.ordinal)) found.set(event.ordinal, causeOf(event));
    const last = page.events.at(-1);
    if (last === undefined || last.revision === 0 || last.ordinal <= oldest) return;
    fromRevision = last.revision - 1;
  }
}

/** What is told of an event that explains a line. */
export function causeOf({ id, type, ordinal, metadata }: StoredEvent): Cause {
  const time = parseInstant(metadata.time);
  return {
    ordinal,
    eventId: id,
    type,
    time: time === undefined ? metadata.time : formatInstant(time),
    source: metadata.source,
  };
}
