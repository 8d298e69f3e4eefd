import { formatInstant } from '../../events/index.js';
import type { AlertOutcome } from '../drivers/alert/alert.port.js';

/** How a destination stands; times in RFC 3339. */
export interface DestinationStatus {
  readonly name: string;
  readonly variety: string;
  /** Where it goes, without secrets. */
  readonly place: string;
  /** `failing` from the first refused try on; `disabled` by its own word, until an operator enables it. */
  readonly state: 'starting' | 'ok' | 'failing' | 'disabled';
  /** Why it is failing or disabled. */
  readonly reason?: string;
  readonly lastSuccess?: string;
  readonly lastFailure?: string;
  /** The message that is being tried: how often it was, for how many alerts it stands, and when it is tried next. */
  readonly trying?: {
    readonly messageId: string;
    readonly alerts: number;
    readonly tries: number;
    /** Absent where it is tried at once. */
    readonly next?: string;
  };
  /** Events that are still to be looked at for it; absent where only the log knows. */
  readonly queue?: number;
  /** Messages that were given up, and can be sent again. */
  readonly givenUp: readonly string[];
}

/** What is put together into a status. */
interface Known {
  readonly name: string;
  readonly variety: string;
  readonly place: string;
  readonly disabled: string | undefined;
  readonly trying:
    { readonly id: string; readonly count: number; readonly tries: number; readonly notBefore: number } | undefined;
  readonly isOpen: boolean;
  readonly behind: number | undefined;
  readonly givenUp: readonly string[];
}

/** Remembers what the last tries at a destination came to. */
export class AlertStatus {
  private lastSuccess: string | undefined;
  private lastFailure: { readonly at: string; readonly reason: string } | undefined;
  private isFailing = false;

  /** As the log remembers it. */
  delivered(at: string | undefined): void {
    this.lastSuccess = at;
  }

  /** `now` in ms since 1970. */
  tried(outcome: AlertOutcome, now: number): void {
    this.isFailing = outcome.outcome !== 'delivered';
    if (outcome.outcome === 'delivered') this.lastSuccess = formatInstant(now);
    else this.lastFailure = { at: formatInstant(now), reason: outcome.reason };
  }

  shown({ name, variety, place, disabled, trying, isOpen, behind, givenUp }: Known): DestinationStatus {
    const { lastSuccess, lastFailure, isFailing } = this;
    const state = disabled !== undefined ? 'disabled' : isFailing ? 'failing' : isOpen ? 'ok' : 'starting';
    const reason = disabled ?? (isFailing ? lastFailure?.reason : undefined);
    return {
      ...{ name, variety, place, state, givenUp },
      ...(reason === undefined ? {} : { reason }),
      ...(lastSuccess === undefined ? {} : { lastSuccess }),
      ...(lastFailure === undefined ? {} : { lastFailure: lastFailure.at }),
      ...(trying === undefined ? {} : { trying: tryingOf(trying) }),
      ...(behind === undefined ? {} : { queue: behind }),
    };
  }
}

function tryingOf({ id, count, tries, notBefore }: NonNullable<Known['trying']>): DestinationStatus['trying'] {
  const next = notBefore > 0 ? { next: formatInstant(notBefore) } : {};
  return { messageId: id, alerts: count, tries, ...next };
}
