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
  private readonly listeners = new Set<() => void>();

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
    if (standing !== undefined) return;
    this.log.error('alert raised', { code, ...fields });
    this.tell();
  }

  /** Ends an alert; without one standing nothing happens. */
  clear(code: string, key: string): void {
    if (!this.standing.delete(idOf(code, key))) return;
    this.log.info('alert cleared', { code, key });
    this.tell();
  }

  current(): Alert[] {
    return [...this.standing.values()];
  }

  /** Calls back whenever one begins or ends, until the answer is called. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}

function idOf(code: string, key: string): string {
  return JSON.stringify([code, key]);
}
