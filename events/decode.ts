import { contractOf, type EventData, type EventType } from './catalogue.js';
import { type EventContract, type EventMetadata, FieldReader, type StoredEvent, UnreadableField } from './contract.js';
import { parseInstant } from './vocabulary/instant.js';

/** An event whose data is understood: newest shape, canonical spellings, times as ms since 1970. */
export interface DecodedEvent<Type extends EventType> {
  readonly type: Type;
  readonly data: EventData<Type>;
  readonly id: string;
  readonly stream: string;
  readonly position: string;
  readonly ordinal: number;
  /** Ordinal of the event at whose folding this one is folded: its own, or that of the EventSkipped that released it. */
  readonly foldedAt: number;
  readonly time: number;
  readonly recordedAt: number;
}

/** Any event of the language; `type` tells which data it has. */
export type LedgerEvent = { [Type in EventType]: DecodedEvent<Type> }[EventType];

export type Decoded =
  | { readonly readable: true; readonly event: LedgerEvent }
  /** `time` where at least that can be read. */
  | { readonly readable: false; readonly reason: string; readonly time: number | undefined };

/**
 * Understands a stored event: upcasts older shapes, leaves out fields it does not know, spells addresses canonically.
 * Never throws; an event it cannot read freezes its stream, which is for the caller to do.
 */
export function decodeEvent(stored: StoredEvent): Decoded {
  const metadata = stored.metadata as Partial<EventMetadata> | null | undefined;
  const time = parseInstant(metadata?.time);
  const recordedAt = recordInstant(metadata?.recordedAt);
  if (time === undefined || recordedAt === undefined)
    return { readable: false, reason: 'metadata: expected RFC 3339 time and recordedAt', time };
  const contract = contractOf(stored.type);
  if (contract === undefined) return { ...unknownType(stored.type), time };
  const outcome = decodeBy(contract, metadata?.schemaVersion, stored.data);
  if (!outcome.readable) return { ...outcome, time };
  const expectedStream = contract.stream?.(outcome.data);
  if (expectedStream !== undefined && expectedStream !== stored.stream) {
    return { readable: false, reason: `stream: expected ${expectedStream}, found ${stored.stream}`, time };
  }
  const { id, stream, position, ordinal } = stored;
  const event = {
    type: stored.type,
    data: outcome.data,
    id,
    stream,
    position,
    ordinal,
    foldedAt: ordinal,
    time,
    recordedAt,
  };
  return { readable: true, event: event as unknown as LedgerEvent };
}

let latest: { readonly text: unknown; readonly instant: number | undefined } = { text: undefined, instant: undefined };

/** Events that were stored together have one stamp. */
function recordInstant(text: unknown): number | undefined {
  if (latest.text !== text) latest = { text, instant: parseInstant(text) };
  return latest.instant;
}

export type DecodedData =
  { readonly readable: true; readonly data: object } | { readonly readable: false; readonly reason: string };

/** Brings data of any known version to the newest shape and spelling. */
export function decodeData(type: string, version: unknown, data: unknown): DecodedData {
  const contract = contractOf(type);
  return contract === undefined ? unknownType(type) : decodeBy(contract, version, data);
}

function unknownType(type: string): { readonly readable: false; readonly reason: string } {
  return { readable: false, reason: `type: ${type} is unknown` };
}

/** As `decodeData`, for a contract at hand. */
export function decodeBy(contract: EventContract, version: unknown, data: unknown): DecodedData {
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1 || version > contract.version) {
    return {
      readable: false,
      reason: `schemaVersion: expected 1 to ${contract.version}, found ${JSON.stringify(version)}`,
    };
  }
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    return { readable: false, reason: 'data: expected an object' };
  }
  try {
    let fields = data as Record<string, unknown>;
    for (let from = version; from < contract.version; from++) {
      const upcast = contract.upcasts?.[from];
      if (upcast === undefined)
        return { readable: false, reason: `schemaVersion: no step from ${from} to ${from + 1}` };
      fields = upcast(fields);
    }
    return { readable: true, data: contract.read(new FieldReader(fields)) };
  } catch (error) {
    // An upcast may trip over data that was never valid: that too is an unreadable event, not a crash.
    const reason = error instanceof UnreadableField ? error.message : `upcast: ${String(error)}`;
    return { readable: false, reason };
  }
}
