import { comparePositions } from './position.js';
import type { Violation, ViolationPage } from './violation.js';

/**
 * The rows on the page. What changes is changed where it stands, and what is new either goes on top or waits to be asked
 * for: the row under the reader's eyes never moves by itself.
 */
export class ViolationList {
  private rows = new Map<string, Violation>();
  private shown: string[] = [];
  private held: string[] = [];
  private nextPage: string | undefined;
  /** Ids that the stream told first since the list was asked for. */
  private readonly told = new Set<string>();
  /** Ids that the stream said have left since the list was asked for: an older answer does not bring them back. */
  private readonly gone = new Set<string>();
  /** Grows with every change. */
  version = 0;

  /** Ids from the top down. */
  get order(): readonly string[] {
    return this.shown;
  }

  /** Ids that came while the list was held, newest first. */
  get waiting(): readonly string[] {
    return this.held;
  }

  /** Where the next page begins; undefined when all that fits is here. */
  get next(): string | undefined {
    return this.nextPage;
  }

  get(id: string): Violation | undefined {
    return this.rows.get(id);
  }

  /** The list is being asked for: from now on the stream may know more than the answer. */
  asking(): void {
    this.told.clear();
    this.gone.clear();
  }

  /** The list as read from its top; an event that overtook the answer counts. */
  begin({ violations: answered, next }: Pick<ViolationPage, 'violations' | 'next'>): void {
    const violations = answered.filter(({ violationId }) => !this.gone.has(violationId));
    const known = this.rows;
    const overtaken = [...this.held, ...this.shown].filter((id) => this.told.has(id));
    this.rows = new Map();
    for (const violation of violations)
      this.rows.set(violation.violationId, newer(known.get(violation.violationId), violation));
    const missed = overtaken.filter((id) => !this.rows.has(id));
    for (const id of missed) {
      const violation = known.get(id);
      if (violation !== undefined) this.rows.set(id, violation);
    }
    this.shown = [...missed, ...violations.map(({ violationId }) => violationId)];
    this.held = [];
    this.nextPage = next;
    this.version++;
  }

  /** The next page, below what is here. */
  continue({ violations, next }: Pick<ViolationPage, 'violations' | 'next'>): void {
    for (const violation of violations) {
      const { violationId } = violation;
      if (this.gone.has(violationId)) continue;
      const known = this.rows.get(violationId);
      this.rows.set(violationId, newer(known, violation));
      if (known === undefined) this.shown.push(violationId);
    }
    this.nextPage = next;
    this.version++;
  }

  /** Everything down to the last row as it was asked for again: rows change or go where they stand, and none comes. */
  refresh(violations: readonly Violation[], gone: readonly string[]): void {
    for (const violation of violations) {
      const known = this.rows.get(violation.violationId);
      if (known !== undefined) this.rows.set(violation.violationId, newer(known, violation));
    }
    for (const id of gone) this.rows.delete(id);
    this.shown = this.shown.filter((id) => this.rows.has(id));
    this.held = this.held.filter((id) => this.rows.has(id));
    this.version++;
  }

  /** A violation fits no longer. */
  leave(id: string): void {
    this.gone.add(id);
    if (!this.rows.has(id)) return;
    this.told.delete(id);
    this.refresh([], [id]);
  }

  /** Whether it fitted once, and the stream said that it does no longer. */
  isGone(id: string): boolean {
    return this.gone.has(id);
  }

  /** What the stream tells. @param hold whether something new waits; false: it goes on top @param isWanted whether something new belongs here */
  arrive(violation: Violation, hold: boolean, isWanted: boolean): void {
    const { violationId } = violation;
    const known = this.rows.get(violationId);
    if (known === undefined && !isWanted) return;
    this.gone.delete(violationId);
    this.rows.set(violationId, newer(known, violation));
    if (known === undefined) {
      this.told.add(violationId);
      if (hold) this.held = [violationId, ...this.held];
      else this.shown = [violationId, ...this.shown];
    }
    this.version++;
  }

  /** A row as an action answered it. */
  replace(violation: Violation): void {
    if (this.rows.has(violation.violationId)) this.arrive(violation, false, false);
  }

  /** Puts what waits on top. */
  showWaiting(): void {
    this.shown = [...this.held, ...this.shown];
    this.held = [];
    this.version++;
  }
}

function newer(known: Violation | undefined, violation: Violation): Violation {
  return known !== undefined && comparePositions(known.position, violation.position) > 0 ? known : violation;
}
