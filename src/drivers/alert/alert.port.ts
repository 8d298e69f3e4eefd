import type { Severity } from '../../../events/index.js';

/** What a message is about. */
export type AlertKind =
  | 'violation.new'
  | 'violation.reopened'
  | 'violation.acknowledged'
  | 'violation.resolved'
  | 'violation.false-positive'
  | 'violation.exonerated'
  | 'violation.escalated'
  | 'mute.ended'
  | 'containment.requested'
  | 'renumbering.asked'
  | 'enrolment.choice'
  | 'engine.alert-raised'
  | 'engine.alert-cleared'
  | 'test';

/** A server and who has it, as they were when the frame was heard. */
export interface AlertedParty {
  readonly serverId: string;
  readonly customerId?: string;
}

/** A violation as it is when the message is made; times in RFC 3339, MACs and addresses in canonical spelling. */
export interface AlertedViolation {
  readonly violationId: string;
  readonly state: string;
  readonly rule: string;
  readonly ruleVersion: number;
  readonly severity: Severity;
  /** One sentence for a person. */
  readonly detail: string;
  readonly site: string;
  readonly switch: string;
  readonly port?: string;
  readonly vlan?: number;
  readonly sensor: string;
  /** How the port is known: it is a fact for `interface` and `vlan` only. */
  readonly attribution: string;
  readonly observation: string;
  readonly etherSource: string;
  readonly claimedMac: string;
  readonly claimedAddress?: string;
  readonly offender?: AlertedParty;
  readonly victim?: AlertedParty;
  /** Frames heard so far. */
  readonly count: number;
  readonly firstSeen: string;
  readonly lastSeen: string;
  /** Where a person looks at it; absent where the configuration names no page. */
  readonly url?: string;
}

/** One thing that is told. */
export interface AlertItem {
  readonly kind: AlertKind;
  /** When it became so, RFC 3339. */
  readonly at: string;
  /** One sentence for a person. */
  readonly text: string;
  readonly violation?: AlertedViolation;
  /** Further facts of this kind, such as `by`, `reason`, `evidence`, `code`; plain texts. */
  readonly facts?: Readonly<Record<string, string>>;
}

/** What is sent in one go. */
export interface AlertMessage {
  /** A UUID, the same at every try and after a crash. */
  readonly id: string;
  /** How many alerts it stands for: `items` holds the first of them, at most 100. */
  readonly count: number;
  readonly items: readonly [AlertItem, ...AlertItem[]];
  /** How many of each kind, and of each severity, where it stands for several. */
  readonly byKind: Readonly<Record<string, number>>;
  readonly bySeverity: Readonly<Record<string, number>>;
}

/** What became of one try. Reasons are for people and hold no secret and nothing that the other side sent as a body. */
export type AlertOutcome =
  | { readonly outcome: 'delivered' }
  /** Try again later; not before `retryAfterMs` where the other side said so. */
  | { readonly outcome: 'refused'; readonly reason: string; readonly retryAfterMs?: number }
  /** The other side wants no more of it, ever. */
  | { readonly outcome: 'gone'; readonly reason: string };

/** A way to bring alerts out of the engine. */
export interface AlertDriver {
  /** Where it goes, for people: without secrets, and without the part of a URL that may be one. */
  readonly place: string;
  /** One try, within a deadline of its own. Never rejects, retries nothing. */
  deliver(message: AlertMessage): Promise<AlertOutcome>;
}
