import type { GuardMode, GuardStatus } from '../reactors/guard-status.js';
import type { ControlledPart } from './controlled-part.js';

/** The source guard of a device under control, as the API sees it. */
export interface ControlledGuard extends ControlledPart<GuardStatus> {
  hasPort(port: string): boolean;
  /** Takes an operator's word on one port, or on the whole device; `configured` takes it back. */
  order(mode: GuardMode | 'configured', port: string | undefined, by: string): Promise<void>;
  /** Looks at the guard again soon. */
  nudge(): void;
}
