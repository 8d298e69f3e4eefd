import { decodeData, type StoredEvent } from '../../events/index.js';
import { type Candidate, streamsNamedBy } from './check-event.js';
import { refuse, refuseField, type Refusal } from './refusal.js';

/** What is to become of one event of a request. */
export type Settled =
  | Refusal
  | { readonly refused: false; readonly to: 'append'; readonly candidate: Candidate }
  /** Stored by an earlier request. */
  | { readonly refused: false; readonly to: 'answer'; readonly stored: StoredEvent }
  /** The same event as the one at `index` of this very request. */
  | { readonly refused: false; readonly to: 'repeat'; readonly index: number };

/**
 * Decides for each event of a request, in order: a later event of a stream never overtakes a refused one.
 * `known` holds those of the events that the log has already, by id.
 */
export function settleBatch(
  values: readonly unknown[],
  checked: readonly (Candidate | Refusal)[],
  known: ReadonlyMap<string, StoredEvent>,
): Settled[] {
  const refusedAt = new Map<string, number>();
  const firstWithId = new Map<string, number>();
  return checked.map((one, index) => {
    const settled = one.refused ? one : settleOne(one);
    if (settled.refused) {
      const streams = one.refused ? streamsNamedBy(values[index]) : [one.stream];
      for (const stream of streams) if (!refusedAt.has(stream)) refusedAt.set(stream, index);
    } else if (!one.refused && settled.to !== 'repeat') firstWithId.set(one.event.id, index);
    return settled;
  });

  function settleOne(candidate: Candidate): Settled {
    const predecessor = refusedAt.get(candidate.stream);
    if (predecessor !== undefined) return predecessorRefused(candidate.stream, predecessor);
    const first = firstWithId.get(candidate.event.id);
    const earlier = first === undefined ? undefined : checked[first];
    if (first !== undefined && earlier?.refused === false) {
      return isSameEvent(candidate, { ...earlier.event, stream: earlier.stream })
        ? { refused: false, to: 'repeat', index: first }
        : idReused(candidate);
    }
    const stored = known.get(candidate.event.id);
    if (stored === undefined) return { refused: false, to: 'append', candidate };
    return isSameEvent(candidate, stored) ? { refused: false, to: 'answer', stored } : idReused(candidate);
  }
}

/** Ids of the candidates that have a follower in their own stream: only these must be looked up before the append. */
export function idsWithFollowers(checked: readonly (Candidate | Refusal)[]): string[] {
  const later = new Set<string>();
  const ids: string[] = [];
  for (const one of [...checked].reverse()) {
    if (one.refused) continue;
    if (later.has(one.stream)) ids.push(one.event.id);
    later.add(one.stream);
  }
  return ids;
}

/** True when both say the same: stream, type, time and data, whatever shape and spelling the data was stored in. */
export function isSameEvent(
  candidate: Candidate,
  stored: Pick<StoredEvent, 'stream' | 'type' | 'data'> & { metadata: { schemaVersion: number; time: string } },
): boolean {
  if (candidate.stream !== stored.stream || candidate.event.type !== stored.type) return false;
  if (candidate.event.metadata.time !== stored.metadata.time) return false;
  const decoded = decodeData(stored.type, stored.metadata.schemaVersion, stored.data);
  // `read` writes the fields of a type in one order, so equal data has equal text.
  return decoded.readable && JSON.stringify(decoded.data) === JSON.stringify(candidate.event.data);
}

export function idReused({ event }: Candidate): Refusal {
  const { source, sourceId } = event.metadata;
  const detail = `${sourceId} of ${source} is stored already with other content. A new fact needs a new id.`;
  return refuseField(409, 'id-reused', '/id', detail);
}

function predecessorRefused(stream: string, index: number): Refusal {
  const detail = `Event ${index} of this request, of the same stream ${stream}, was refused. Mend that one, then send both again.`;
  return refuse(424, 'predecessor-refused', detail);
}
