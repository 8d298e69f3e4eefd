import type { ViolationRow } from '../../projections/index.js';
import type { AlertDriver } from '../drivers/alert/alert.port.js';
import type { Alert, AlertFields } from '../ops/alerts.js';
import type { AlertFeed } from './alert-feed.js';
import type { AlertFilter, AlertWorld } from './alert-filter.js';
import type { AlertJournal } from './alert-journal.js';

/** What configuration says of a destination. */
export interface Destination {
  readonly name: string;
  readonly variety: 'webhook' | 'syslog' | 'mail';
  readonly filter: AlertFilter;
  /** Messages without a pause, and the time after which there may be one more; ms. */
  readonly atOnce: number;
  readonly everyMs: number;
  /** What is to be told waits so long for more, and all of it goes into one message; ms. */
  readonly digestMs?: number;
}

export interface AlertReactorOptions {
  readonly destination: Destination;
  readonly driver: AlertDriver;
  readonly feed: AlertFeed;
  readonly journal: AlertJournal;
  readonly rowOf: (violationId: string) => ViolationRow | undefined;
  readonly world: Omit<AlertWorld, 'wasTold'>;
  readonly alerts: {
    current(): readonly Alert[];
    raise(code: string, fields: AlertFields): void;
    clear(code: string, key: string): void;
  };
  readonly log: Record<'error' | 'info', (message: string, fields: Readonly<Record<string, unknown>>) => void>;
  /** Where the console is reached; links start with it. */
  readonly page?: string;
  /** Ms since 1970. */
  readonly now: () => number;
  /** From 0 to 1. */
  readonly chance: () => number;
}
