import type { Route } from '../drivers/bgp/bgp.port.js';
import { routeLine } from './lines.js';
import type { Actual, Plan } from './plan.js';

const mayNotWait: ReadonlySet<string> = new Set(['link-down', 'gateway-lost', 'entry-missing']);

/** The routes of a plan whose link, gateway address or entry is gone: to withdraw them waits for nobody's word. */
export const urgentWithdrawals = ({ lines }: Plan): Plan['lines'] =>
  lines.filter((line) => line.kind === 'route' && line.change === 'remove' && mayNotWait.has(line.why));

/** What stays announced when only the urgent withdrawals are done. */
export function routesWithout(urgent: Plan['lines'], before: Actual): Route[] {
  const lines = new Set(urgent.map((line) => line.line));
  return before.bgp?.owned.filter((route) => !lines.has(routeLine(route))) ?? [];
}
