import type { Log } from './log.js';

/** What an alert is about. `key` tells alerts of one code apart: a device, a stream. */
export interface AlertFields {
  readonly key: string;
  /** One sentence for a person: what happened, and the cure. */
  readonly detail: string;
  readonly [field: string]: unknown;
}

export interface Alert extends AlertFields {
  readonly code: string;
  /** RFC 3339. */
  readonly since: string;
}

/** The alerts that stand now. Raising one writes one error line with a stable code; it stays in /readyz until cleared. */
export class Alerts {
  private readonly standing = new Map<string, Alert>();

  constructor(
    private readonly log: Log,
    private readonly now: () => number = Date.now,
  ) {}

  /** Raises an alert; one that stands already is only brought up to date. */
  raise(code: string, fields: AlertFields): void {
    const id = idOf(code, fields.key);
    const standing = this.standing.get(id);
    const since = standing?.since ?? new Date(this.now()).toISOString();
    this.standing.set(id, { code, ...fields, since });
    if (standing === undefined) this.log.error('alert raised', { code, ...fields });
  }

  /** Ends an alert; without one standing nothing happens. */
  clear(code: string, key: string): void {
    if (this.standing.delete(idOf(code, key))) this.log.info('alert cleared', { code, key });
  }

  current(): Alert[] {
    return [...this.standing.values()];
  }
}

function idOf(code: string, key: string): string {
  return JSON.stringify([code, key]);
}
