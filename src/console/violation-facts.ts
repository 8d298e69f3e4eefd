import type { Violation } from './violation.js';

/** Something that was done about a violation, or became of it. */
export interface Entry {
  readonly what: string;
  readonly at: string;
  readonly by?: string;
  readonly assignee?: string;
  readonly text?: string;
  readonly from?: string;
}

/** What the engine knows about one violation beyond its row; what it does not know is absent. */
export interface Detail extends Violation {
  readonly why?: string;
  readonly history?: readonly Entry[];
}
