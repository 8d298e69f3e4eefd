import type { StoredEvent } from '../../../events/index.js';

/** What an event is about, by the stream it stands in. */
export const eventKinds = ['billing', 'network', 'security', 'journal', 'access', 'other'] as const;
export type EventKind = (typeof eventKinds)[number];

const kinds = new Map<string, EventKind>(
  Object.entries({
    server: 'billing',
    gateway: 'network',
    port: 'network',
    violation: 'security',
    sensor: 'security',
    mute: 'security',
    exception: 'security',
    site: 'security',
    journal: 'journal',
    access: 'access',
    audit: 'access',
  }),
);

/** Also of an event that cannot be read. */
export function kindOf({ stream }: Pick<StoredEvent, 'stream'>): EventKind {
  return kinds.get(stream.split('-', 1)[0] ?? '') ?? 'other';
}
