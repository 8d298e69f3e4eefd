import { decodeEvent, type StoredEvent } from '../../../events/index.js';

/**
 * True where a follower of the log is handed nothing but word of followers, or nothing at all. Such a page is not recorded in turn:
 * each record would be read by everybody who follows, and recorded again, for ever.
 */
export function isEcho(events: readonly StoredEvent[]): boolean {
  return events.every((stored) => {
    if (stored.type !== 'AuditRead') return false;
    const decoded = decodeEvent(stored);
    return decoded.readable && decoded.event.type === 'AuditRead' && decoded.event.data.follows;
  });
}
