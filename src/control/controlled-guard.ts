import type { ApplyOutcome, Word } from '../reactors/approval.js';
import type { GuardMode, GuardStatus } from '../reactors/guard-status.js';

/** The source guard of a device under control, as the API sees it. */
export interface ControlledGuard {
  readonly status: GuardStatus;
  /** Does the plan that is named, if it still is the plan; resolves with what came of it. */
  apply(word: Word): Promise<ApplyOutcome>;
  hasPort(port: string): boolean;
  /** Takes an operator's word on one port, or on the whole device; `configured` takes it back. */
  order(mode: GuardMode | 'configured', port: string | undefined, by: string): Promise<void>;
  /** Looks at the guard again soon. */
  nudge(): void;
}
