import type { Severity } from '../../../events/index.js';

/** What was counted of one place or one customer. */
export interface Tally {
  readonly name: string;
  /** Violations detected in the range. */
  readonly violations: number;
  /** Frames of violations, old and new, that were heard in the range. */
  readonly frames: number;
}

export interface Rated {
  readonly name: string;
  readonly count: number;
}

/** At most so many of a list are kept, the newest; `total` counts all. */
export const mostListed = 100;

export interface Listed<Item> {
  readonly total: number;
  readonly newest: readonly Item[];
}

export interface Moved {
  readonly at: string;
  readonly destination: string;
  readonly serverId: string;
  readonly from: readonly string[];
  readonly device: string;
  /** How long nobody announced it, ms; absent where nobody can tell. */
  readonly blackoutMs?: number;
}

/** What was pushed to one device. */
export interface DeviceDay {
  readonly device: string;
  readonly reconciles: number;
  readonly confirmed: number;
  readonly failed: number;
  /** Lines that were pushed and read back as wanted. */
  readonly lines: number;
  /** Of these, lines that the device had changed by itself. */
  readonly driftRepaired: number;
  /** How often the engine froze it by itself, because pushes failed. */
  readonly stopped: number;
  /** The longest that putting drift right took, from the word before the first write to reading back, ms. */
  readonly longestRepairMs?: number;
}

/** Something that was said of a server by billing. */
export interface BillingWord {
  readonly at: string;
  readonly what:
    | 'suspended'
    | 'removed'
    | 'address-cancelled'
    | 'prefix-released'
    | 'prefix-order-cancelled'
    | 'containment-refused';
  readonly serverId: string;
  readonly text?: string;
}

export interface SensorTrouble {
  readonly at: string;
  readonly sensor: string;
  readonly what: 'silent' | 'lagging';
}

/** An operator's word. */
export interface Approval {
  readonly at: string;
  readonly device: string;
  readonly what: 'plan' | 'adopted' | 'frozen' | 'resumed' | 'move-released';
  readonly by: string;
  readonly text?: string;
}

/** How the violations stand at the end of the range. */
export interface Standing {
  readonly open: number;
  readonly bySeverity: Readonly<Record<Severity, number>>;
  /** Open, and somebody works on them. */
  readonly acknowledged: number;
  /** Open, and hidden by a mute. */
  readonly muted: number;
}

/** What the log tells of a stretch of time, for the people who meet in the morning. */
export interface DayReport {
  readonly logId: string;
  /** Recorded after this and up to `to`, RFC 3339. */
  readonly from: string;
  readonly to: string;
  readonly events: number;
  readonly unreadable: number;
  /** By hours before `to`, oldest first. */
  readonly hours: readonly { readonly from: string; readonly events: number; readonly violations: number }[];
  readonly violations: {
    readonly detected: number;
    readonly frames: number;
    readonly resolved: number;
    readonly falsePositive: number;
    readonly exonerated: number;
    readonly bySeverity: Readonly<Record<Severity, number>>;
    /** Of those detected; most first. */
    readonly byRule: readonly Rated[];
  };
  readonly standing: Standing;
  /** The loudest of each, at most ten. */
  readonly ports: readonly Tally[];
  readonly customers: readonly Tally[];
  readonly switches: readonly Tally[];
  readonly moves: Listed<Moved> & { readonly longestBlackoutMs?: number };
  readonly devices: readonly DeviceDay[];
  readonly billing: Listed<BillingWord>;
  readonly sensors: Listed<SensorTrouble>;
  readonly approvals: Listed<Approval>;
}
