import { IsIn } from '../vocabulary/decorators.js';
import { compact, defineEvent, type FieldKind } from '../contract.js';
import { field, Is, ListOf, Optional } from '../vocabulary/fields.js';
import { parseServerId, type ServerId } from '../vocabulary/identity.js';

const kinds = ['neighbour', 'route', 'guard', 'dhcp', 'ra'] as const;

export type LineCause = number | 'drift' | 'configuration';

/** One line a reactor added to or removed from a device. */
export interface JournalLine {
  readonly change: 'add' | 'remove';
  /** `guard`: what a source guard lets in at a port (since version 2); `dhcp`: what is handed out at a port (since version 3); `ra`: what router advertisements are sent there (since version 4). */
  readonly kind: (typeof kinds)[number];
  /** The line in our own notation, such as `neighbour fe80::… vlan16 52:54:…`; never vendor syntax. */
  readonly line: string;
  /** The server the line belongs to, where it is known. */
  readonly serverId?: ServerId;
  /**
   * Ordinal of the event that caused the line; `drift` where the device had changed by itself; `configuration` where no
   * event did but the configuration or an operator's command (since version 2).
   */
  readonly cause: LineCause;
  /** What reading the device back showed. */
  readonly readBack: 'present' | 'absent' | 'unknown';
}

const outcomes = ['confirmed', 'partial', 'failed'] as const;
export type ReconcileOutcome = (typeof outcomes)[number];

const journalLine: FieldKind<JournalLine> = { parse: parseLine, expected: 'a journal line' };
const outcome: FieldKind<ReconcileOutcome> = {
  parse: (value) => outcomes.find((one) => one === value),
  expected: `one of ${outcomes.join(', ')}`,
};

/**
 * What a reconcile did to a device and what reading it back showed. Stream `journal-<device>`; of its source guard
 * `journal-<device>-guard`, of its DHCP daemons `journal-<device>-dhcp`,
 * of its router advertisements `journal-<device>-ra`.
 * A large plan is journaled in `of` parts of at most 500 lines each.
 * Does not mean that the device still is in that state: drift is found by the next reading.
 */
export class ReconcileFinished {
  @Is(field.text) readonly planId!: string;
  @Is(field.text) readonly device!: string;
  @Is(field.count) readonly part!: number;
  @Is(field.count) readonly of!: number;
  @IsIn(outcomes) readonly outcome!: ReconcileOutcome;
  @ListOf(journalLine) readonly lines!: readonly JournalLine[];
  @Optional() @Is(field.text) readonly error?: string;
}

export const reconcileFinished = defineEvent({
  type: 'ReconcileFinished',
  scope: 'own-rooms',
  version: 4,
  // Each version knows more kinds and causes of lines; every line of an older one is one of them.
  upcasts: { 1: (data) => ({ ...data }), 2: (data) => ({ ...data }), 3: (data) => ({ ...data }) },
  dataClass: ReconcileFinished,
  stream: (data) => `journal-${data.device}`,
  read: (from): ReconcileFinished =>
    compact({
      planId: from.need('planId', field.text),
      device: from.need('device', field.text),
      part: from.need('part', field.count),
      of: from.need('of', field.count),
      outcome: from.need('outcome', outcome),
      lines: from.list('lines', journalLine),
      error: from.maybe('error', field.text),
    }),
});

function parseLine(value: unknown): JournalLine | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { change, kind: named, line, serverId, cause, readBack } = value as Record<string, unknown>;
  const kind = kinds.find((one) => one === named);
  if (change !== 'add' && change !== 'remove') return undefined;
  if (kind === undefined) return undefined;
  if (readBack !== 'present' && readBack !== 'absent' && readBack !== 'unknown') return undefined;
  const words = field.journalText.parse(line);
  if (words === undefined) return undefined;
  if (cause !== 'drift' && cause !== 'configuration' && field.count.parse(cause) === undefined) return undefined;
  const server = parseServerId(serverId);
  if (serverId !== undefined && server === undefined) return undefined;
  const entry: JournalLine = {
    change,
    kind,
    line: words,
    serverId: server,
    cause: cause as LineCause,
    readBack,
  };
  return compact(entry);
}
