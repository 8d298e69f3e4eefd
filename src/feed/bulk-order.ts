import { etagIn } from './etag.js';
import { type Action, readAction } from './triage-actions.js';
import type { Read } from './violation-filter.js';

/** Most violations of one order. */
export const mostItems = 500;

export interface BulkOrder {
  readonly action: Action;
  readonly items: readonly { readonly id: string; readonly etag: string }[];
}

/** `{action, items: [{id, etag}], ...}`: the fields beside those two are the action's own, the same for every item. */
export function readBulk(body: unknown, by: string): Read<BulkOrder> {
  const {
    action: name,
    items,
    ...fields
  } = (typeof body === 'object' && body !== null ? body : {}) as Readonly<Record<string, unknown>>;
  const action = readAction(typeof name === 'string' ? name : '', fields, by);
  if ('problem' in action) return action;
  if (!Array.isArray(items) || items.length === 0 || items.length > mostItems)
    return { problem: `items: expected 1 to ${mostItems} of {"id", "etag"}` };
  const read: { id: string; etag: string }[] = [];
  for (const [place, item] of (items as readonly unknown[]).entries()) {
    const { id, etag: given } = (typeof item === 'object' && item !== null ? item : {}) as Readonly<
      Record<string, unknown>
    >;
    const etag = etagIn(given);
    if (typeof id !== 'string' || id === '') return { problem: `items/${place}/id: expected the id of a violation` };
    if (etag === undefined)
      return { problem: `items/${place}/etag: expected the etag that the violation had when you looked at it` };
    read.push({ id, etag });
  }
  return { value: { action: action.value, items: read } };
}
