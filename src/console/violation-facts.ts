import type { Party, Violation } from './violation.js';

/** Something that was done about a violation, or became of it. */
export interface Entry {
  readonly what: string;
  readonly at: string;
  readonly by?: string;
  readonly assignee?: string;
  readonly text?: string;
  readonly from?: string;
  readonly until?: string;
}

/** What one device holds of a server. */
export interface DeviceWord {
  readonly device: string;
  readonly mode: string;
  readonly entries: readonly string[];
  readonly missing: readonly string[];
  readonly confirmed: boolean;
}

/** What the engine knows about one violation beyond its row; what nobody knows is absent. */
export interface Known {
  readonly why: string;
  /** Frames of each of the last 24 hours, oldest first. */
  readonly day: { readonly frames: readonly number[]; readonly until: string };
  readonly offender: Party & {
    readonly isFact: boolean;
    readonly macs: readonly {
      readonly mac: string;
      readonly vendor: { readonly kind: string; readonly vendor?: string };
    }[];
    readonly mayBe?: readonly string[];
    readonly now?: { readonly state: string };
  };
  readonly victim?: Party & {
    readonly gateway?: boolean;
    readonly now?: { readonly mac?: string; readonly port?: string };
  };
  readonly customer?: {
    readonly customerId: string;
    readonly count: number;
  };
  readonly evidence?: { readonly frames: number; readonly sha256: string };
  readonly devices: {
    readonly ofVictim: readonly DeviceWord[];
    readonly guards?: readonly { readonly device: string; readonly effect: string; readonly frames: number }[];
  };
  readonly sensor: { readonly name: string; readonly state?: string; readonly lastFrame?: string };
  readonly containment?: { readonly state: string; readonly requestedAt: string; readonly reason?: string };
}

/** A violation with what was done about it, and all that is known of it. */
export interface Detail extends Violation {
  readonly history?: readonly Entry[];
  readonly known?: Known;
}
