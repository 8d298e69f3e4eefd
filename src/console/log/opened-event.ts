import type { checkpointOf } from './event-words.js';
import type { LogEvent } from './log-list.js';

/** Another event, named. */
export interface Named {
  readonly id: string;
  readonly stream: string;
  readonly type: string;
  readonly ordinal: number;
  readonly time: string;
  readonly lines?: number;
}

/** An event with what stands around it. */
export interface Opened {
  readonly event: LogEvent;
  readonly causes: readonly Named[];
  readonly effects: readonly Named[];
  readonly lookedTo: number;
  readonly whole: boolean;
  /** The checkpoint that was signed last. */
  readonly checkpoint: ReturnType<typeof checkpointOf>;
}
