import type { AlertItem, AlertMessage } from './alert.port.js';

/** Standard Webhooks: "payload sizes should be under 20kb". */
export const mostBytes = 20_000;

/**
 * The payload of Standard Webhooks: `type`, `timestamp`, `data`. A message of several is of type `alerts.several`, with the
 * counts and as many of the first as fit into 20,000 bytes.
 */
export function webhookBody({ id, count, items, byKind, bySeverity }: AlertMessage, now: number): string {
  const [first] = items;
  if (count === 1) return JSON.stringify({ type: first.kind, timestamp: first.at, data: dataOf(first) });
  const timestamp = new Date(now).toISOString();
  for (let shown = items.length; ; shown = Math.floor(shown / 2)) {
    const sample = items.slice(0, shown).map((item) => ({ type: item.kind, timestamp: item.at, data: dataOf(item) }));
    const data = { id, count, byType: byKind, bySeverity, first: first.at, shown: sample.length, alerts: sample };
    const body = JSON.stringify({ type: 'alerts.several', timestamp, data });
    if (Buffer.byteLength(body) <= mostBytes || shown === 0) return body;
  }
}

function dataOf({ text, violation, facts }: AlertItem): object {
  return { text, ...(violation === undefined ? {} : { violation }), ...facts };
}
