import { compact, defineEvent } from '../contract.js';
import { field, Is, Optional, type RenumberingState } from '../vocabulary/fields.js';
import type { ServerId } from '../vocabulary/identity.js';

/**
 * What the control room found when it held a renumbering against the map, the devices and what sensors heard. Written when
 * that changed, and at most once an hour for what was counted; it grants nothing and asks for nothing.
 */
export class RenumberingProgressed {
  @Is(field.renumberingId) readonly renumberingId!: string;
  @Is(field.serverId) readonly serverId!: ServerId;
  @Is(field.renumberingState) readonly state!: RenumberingState;
  /** Frames of neighbour discovery with an address of the old prefix, since this was written last. */
  @Optional() @Is(field.count) readonly heard?: number;
  /** Capture time of the newest of them. */
  @Optional() @Is(field.instant) readonly lastHeard?: string;
}

export const renumberingProgressed = defineEvent({
  type: 'RenumberingProgressed',
  scope: 'own-rooms',
  version: 1,
  dataClass: RenumberingProgressed,
  stream: (data) => `renumbering-${data.renumberingId}`,
  read: (from): RenumberingProgressed =>
    compact({
      renumberingId: from.need('renumberingId', field.renumberingId),
      serverId: from.need('serverId', field.serverId),
      state: from.need('state', field.renumberingState),
      heard: from.maybe('heard', field.count),
      lastHeard: from.maybe('lastHeard', field.instant),
    }),
});
