import type { JournalLine, LineCause, ServerId } from '../../events/index.js';
import type { Brake } from './brakes.js';
import type { DeviceMode } from './device-status.js';

/** One line of the plan of a part, in our own notation. */
export interface PartLine {
  readonly change: 'add' | 'remove';
  readonly kind: JournalLine['kind'];
  readonly line: string;
  readonly serverId?: ServerId;
  readonly cause: LineCause;
}

/** What the reactor of a part knows after its last look. */
export interface PartStatus<Line extends PartLine = PartLine> {
  readonly device: string;
  /** `equal`: the part is what the map grants. */
  readonly state: 'starting' | 'equal' | 'differs' | 'braked' | 'frozen' | 'failing';
  readonly brake: Brake | undefined;
  readonly error: string | undefined;
  /** Why nothing is written by itself: the device is observed, or its plans wait for an operator. */
  readonly idle: string | undefined;
  readonly planHash: string | undefined;
  readonly plan: readonly Line[];
}

/** Why nothing is written although nothing holds it. */
export function whyIdle(mode: DeviceMode): string | undefined {
  if (mode === 'observe') return 'the device is only observed';
  if (mode === 'propose') return 'every plan of this device waits for an operator';
  return undefined;
}
