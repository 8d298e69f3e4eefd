import type { ApplyOutcome, Word } from '../reactors/approval.js';
import type { DhcpStatus } from '../reactors/dhcp-status.js';

/** The DHCP daemons of a device under control, as the API sees them. */
export interface ControlledDhcp {
  readonly status: DhcpStatus;
  /** Does the plan that is named, if it still is the plan; resolves with what came of it. */
  apply(word: Word): Promise<ApplyOutcome>;
}
