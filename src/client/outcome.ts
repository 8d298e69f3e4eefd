/** A word of a list that a newer engine may make longer. */
type OrNewer<Known extends string> = Known | (string & Record<never, never>);

/** What a fact means for the map: see the engine's README. `stored`: the map has not got to it yet. */
export type Effect = OrNewer<'applied' | 'pending' | 'conflicted' | 'overtaken' | 'held' | 'stored'>;

/** Something the fact claims that another server holds. */
export interface Conflict {
  /** Such as `ipv4 198.51.100.16`, `vlan leaf1/16`, `prefix 2001:db8:16::/48`. */
  readonly claim: string;
  readonly holder: string;
}

/** What a fact means, stored or not. */
export interface Meaning {
  readonly id: string;
  /** The id it has in the log. */
  readonly eventId: string;
  readonly effect: Effect;
  readonly conflicts: readonly Conflict[];
  /** True when the fact is more than five minutes older than its record. */
  readonly backDated?: true;
}

/** The fact is durable. The same fact again is answered with the same place. */
export interface Stored extends Meaning {
  readonly stored: true;
  /** Opaque and ordered, of this log only. */
  readonly position: string;
  /** 0-based count of all events of the log. */
  readonly ordinal: number;
}

/** One field that is not as expected. */
export interface FieldError {
  /** JSON pointer (RFC 6901) into the event, such as `/data/mac`. */
  readonly pointer: string;
  readonly detail: string;
}

/**
 * The fact is not stored, and the same again will not help. A value and not an error: a claim that billing spelt wrongly, or
 * a name that was taken, is an answer that a publisher must look at for each fact, and one refused fact of a batch is no
 * reason to lose the answers of the others.
 */
export interface Refused {
  readonly stored: false;
  /** The id of the fact. */
  readonly id: string;
  /** 400, 401, 403, 409, 413, 422, or 424 where a fact before it in its subject was refused. */
  readonly status: number;
  /** Stable name of the reason, such as `invalid-event`, `id-reused`, `predecessor-refused`. */
  readonly code: string;
  /** The engine's own words: what, where, what was expected and the cure. */
  readonly detail: string;
  readonly errors: readonly FieldError[];
}

export type Outcome = Stored | Refused;

/** What publishing a fact would mean; nothing was stored. */
export interface Rehearsed extends Meaning {
  readonly dryRun: true;
  readonly refused: false;
  /** Where the fact stands, if it is stored already. */
  readonly position?: string;
  readonly ordinal?: number;
  /** Stored it would be, and no device would get it, and why. */
  readonly withheld?: readonly { readonly what: string; readonly reason: string }[];
}

/** The fact would be refused. */
export interface WouldBeRefused extends Omit<Refused, 'stored'> {
  readonly dryRun: true;
  readonly refused: true;
}
