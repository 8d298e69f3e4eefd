import { decodeEvent, type ServerId, type StoredEvent } from '../../../events/index.js';

/** The violation that billing's refusal to suspend is about: it stands in the stream of the server. Undefined for any other event. */
export function refusedViolation(stored: StoredEvent): string | undefined {
  if (stored.type !== 'ContainmentRefused') return undefined;
  const decoded = decodeEvent(stored);
  return decoded.readable && decoded.event.type === 'ContainmentRefused' ? decoded.event.data.violationId : undefined;
}

/** The servers in whose streams such refusals may stand: the offenders of the violations that these events detect. */
export function offendersIn(events: Iterable<StoredEvent>): ServerId[] {
  const offenders = new Set<ServerId>();
  for (const stored of events) {
    if (stored.type !== 'ViolationDetected') continue;
    const decoded = decodeEvent(stored);
    if (!decoded.readable || decoded.event.type !== 'ViolationDetected') continue;
    const { offenderServerId } = decoded.event.data;
    if (offenderServerId !== undefined) offenders.add(offenderServerId);
  }
  return [...offenders];
}
