import type { GuardState } from '../drivers/guard/guard.port.js';
import type { DeviceStamp } from '../drivers/switch/switch.port.js';
import { type Brake, compare, type LogState, overLimit } from './brakes.js';
import type { GuardPlan } from './guard-plan.js';

/**
 * The brake that binds every write to a guard: a log that does not know what it once did to this device, or knows
 * nothing at all, would close the ports of customers it has forgotten.
 * @param stamps what the guard and the device it stands on were driven from
 */
export function guardIdentityBrake(
  log: LogState,
  state: GuardState,
  stamps: readonly (DeviceStamp | undefined)[],
): Brake | undefined {
  for (const stamp of stamps) {
    const brake = stamp === undefined ? undefined : compare(log, stamp);
    if (brake !== undefined) return brake;
  }
  if (log.ordinal < 0)
    return { code: 'log-empty', detail: 'the log is empty: a guard made from it would let nobody in' };
  if (state.stamp !== undefined || state.rules === 'missing') return undefined;
  const detail = `there is a guard of ours for ${state.ports.size} ports, but no stamp says which log made it`;
  return { code: 'stamp-missing', detail };
}

/** The first plan of a guard waits for somebody who has read it. */
export function guardFirstPlanBrake({ lines }: GuardPlan, state: GuardState): Brake | undefined {
  if (lines.length === 0 || state.stamp !== undefined) return undefined;
  const detail = `there was never a guard of ours here; its first plan, ${lines.length} lines, waits for an operator`;
  return { code: 'first-plan', detail };
}

/** What an operator types where more closes than the removal limit allows. */
export function wordsToClose(device: string, { grantsGone: { ports, sources } }: GuardPlan): string {
  return ports > 0 ? `close ${ports} ports of ${device}` : `close out ${sources} sources of ${device}`;
}

/** The brake on grants that go away all at once. A guard may become more closed only by those, so it bounds every closing. */
export function guardRemovalBrake(
  { grantsGone }: GuardPlan,
  state: GuardState,
  openBefore: ReadonlySet<string>,
): Brake | undefined {
  const held = [...state.ports.values()];
  const open = state.rules === 'missing' ? openBefore.size : held.filter((port) => !port.closed).length;
  const sources = held.reduce((sum, port) => sum + port.ipv4.length + port.prefixes.length, 0);
  return overLimit('open ports', grantsGone.ports, open) ?? overLimit('sources', grantsGone.sources, sources);
}
