import { IsIn } from '../vocabulary/decorators.js';
import { compact, defineEvent, type FieldKind } from '../contract.js';
import { field, Is, ListOf, Optional } from '../vocabulary/fields.js';
import type { ServerId } from '../vocabulary/identity.js';

const manners = ['withdraw-first', 'announce-first'] as const;
const oldSides = ['confirmed', 'unconfirmed'] as const;
export type MoveManner = (typeof manners)[number];
export type OldSide = (typeof oldSides)[number];

const manner: FieldKind<MoveManner> = {
  parse: (value) => manners.find((one) => one === value),
  expected: `one of ${manners.join(', ')}`,
};
const oldSide: FieldKind<OldSide> = {
  parse: (value) => oldSides.find((one) => one === value),
  expected: `one of ${oldSides.join(', ')}`,
};

/**
 * A prefix or address that another gateway announced was read back as announced by its new one. Stream `journal-<device>`
 * of the new gateway. `oldSide` is `unconfirmed` where the old gateway could not be read, or an operator did not wait for it:
 * then it may announce still.
 * Does not mean that the customer was dark for just `blackoutMs`: that lies between two readings of our own gateways.
 */
export class MoveFinished {
  @Is(field.text) readonly device!: string;
  /** `2001:db8:16::/48`, `198.51.100.16/32`. */
  @Is(field.journalText) readonly destination!: string;
  @Is(field.serverId) readonly serverId!: ServerId;
  /** The devices that announced it before. */
  @ListOf(field.text) readonly from!: readonly string[];
  /** Ordinal of the latest event that gave the destination to this gateway. */
  @Is(field.count) readonly epoch!: number;
  @IsIn(manners) readonly manner!: MoveManner;
  @IsIn(oldSides) readonly oldSide!: OldSide;
  /** Ms from the old gateway read back without it to the new one read back with it; absent where nobody can tell. */
  @Optional() @Is(field.count) readonly blackoutMs?: number;
  /** The token of the operator by whose word it did not wait for the old gateway. */
  @Optional() @Is(field.text) readonly releasedBy?: string;
}

export const moveFinished = defineEvent({
  type: 'MoveFinished',
  scope: 'own-rooms',
  version: 1,
  dataClass: MoveFinished,
  stream: (data) => `journal-${data.device}`,
  read: (from): MoveFinished =>
    compact({
      device: from.need('device', field.text),
      destination: from.need('destination', field.journalText),
      serverId: from.need('serverId', field.serverId),
      from: from.list('from', field.text),
      epoch: from.need('epoch', field.count),
      manner: from.need('manner', manner),
      oldSide: from.need('oldSide', oldSide),
      blackoutMs: from.maybe('blackoutMs', field.count),
      releasedBy: from.maybe('releasedBy', field.text),
    }),
});
