import { formatInstant } from '../../events/index.js';
import { linkedSlots } from './candidates.js';
import { HighestSlots } from './highest-slots.js';
import type { ViolationIndex } from './violation-index.js';

const daysBack = 30;
const mostShown = 10;

/** What else a customer's servers were found doing in the last 30 days. */
export interface CustomerRecord {
  readonly customerId: string;
  /** RFC 3339. */
  readonly since: string;
  /** Other violations than the one looked at. */
  readonly count: number;
  /** Those heard last, the last one first. */
  readonly violations: readonly {
    readonly violationId: string;
    readonly rule: string;
    readonly severity: string;
    readonly state: string;
    readonly lastSeen: string;
    readonly port?: string;
  }[];
}

/** Looks at what is linked under the customer, and at no row but those it shows. `now` is ms since 1970; `besides` is the violation that is looked at. */
export function customerRecord(
  index: ViolationIndex,
  customerId: string,
  besides: string,
  now: number,
): CustomerRecord {
  const since = now - daysBack * 86_400_000;
  const { columns } = index;
  const number = columns.names.find(customerId);
  const itself = index.slotOf(besides);
  const highest = new HighestSlots(columns.compare, mostShown);
  let count = 0;
  for (const slot of number === undefined ? [] : linkedSlots(columns, 'offenderCustomerId', number)) {
    if (slot === itself || (columns.lastSeen[slot] ?? 0) < since) continue;
    count++;
    highest.offer(slot);
  }
  return {
    customerId,
    since: formatInstant(since),
    count,
    violations: highest.all().map((slot) => {
      const { violationId, rule, severity, state, lastSeen, port } = index.rowAt(slot);
      return {
        violationId,
        rule,
        severity,
        state,
        lastSeen: formatInstant(lastSeen),
        ...(port !== undefined && { port }),
      };
    }),
  };
}
