import { defineEvent } from '../contract.js';
import { field, Is } from '../vocabulary/fields.js';

/**
 * The first frames of a violation were kept as a file with this digest. Written by our own sensor room.
 * A later one of the same violation replaces what this says. Does not mean that the file is still there.
 */
export class EvidenceKept {
  @Is(field.text) readonly violationId!: string;
  /** SHA-256 of the kept file. */
  @Is(field.sha256) readonly sha256!: string;
  /** How many frames it holds. */
  @Is(field.count) readonly frames!: number;
}

export const evidenceKept = defineEvent({
  type: 'EvidenceKept',
  scope: 'own-rooms',
  version: 1,
  dataClass: EvidenceKept,
  stream: (data) => `violation-${data.violationId}`,
  read: (from): EvidenceKept => ({
    violationId: from.need('violationId', field.text),
    sha256: from.need('sha256', field.sha256),
    frames: from.need('frames', field.count),
  }),
});
