import type { AlertItem, AlertMessage } from '../drivers/alert/alert.port.js';
import { itemOf, type Notice } from './alert-notice.js';
import { namedUuid } from './named-uuid.js';

/** So many alerts of a message are shown; the others are counted. */
const mostItems = 100;
/** So many are counted into one message. */
export const mostNotices = 100_000;

/** Gathers what goes into one message: of however many notices it keeps the first and counts the others. */
export class AlertBundle {
  private readonly items: AlertItem[] = [];
  private readonly byKind: Record<string, number> = {};
  private readonly bySeverity: Record<string, number> = {};
  private first: Notice | undefined;
  private last: Notice | undefined;
  count = 0;
  readonly violationIds = new Set<string>();

  constructor(
    private readonly destination: string,
    private readonly page: string | undefined,
  ) {}

  add(notice: Notice): void {
    this.first ??= notice;
    this.last = notice;
    this.count++;
    this.byKind[notice.kind] = (this.byKind[notice.kind] ?? 0) + 1;
    if (notice.row !== undefined) {
      this.bySeverity[notice.row.severity] = (this.bySeverity[notice.row.severity] ?? 0) + 1;
      this.violationIds.add(notice.row.violationId);
    }
    if (this.items.length < mostItems) this.items.push(itemOf(notice, this.page));
  }

  /** The message, under an id that only these first and last events give; undefined where nothing was added. */
  message(id?: string): (AlertMessage & { readonly firstEventId: string; readonly lastEventId: string }) | undefined {
    const { first, last, count, byKind, bySeverity } = this;
    const [item, ...more] = this.items;
    if (first === undefined || last === undefined || item === undefined) return undefined;
    const events = first === last ? first.event.id : `${first.event.id} ${last.event.id}`;
    return {
      id: id ?? namedUuid(`alert ${this.destination} ${events}`),
      count,
      items: [item, ...more],
      byKind,
      bySeverity,
      firstEventId: first.event.id,
      lastEventId: last.event.id,
    };
  }
}

/** A message about one thing that is no event of the log. */
export function messageOf(id: string, ...items: readonly [AlertItem, ...AlertItem[]]): AlertMessage {
  const byKind: Record<string, number> = {};
  for (const { kind } of items) byKind[kind] = (byKind[kind] ?? 0) + 1;
  return { id, count: items.length, items, byKind, bySeverity: {} };
}
