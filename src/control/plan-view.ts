import type { NetworkMap } from '../../projections/index.js';
import type { EventStore } from '../event-store/event-store.port.js';
import type { DeviceStatus } from '../reactors/device-status.js';
import type { ShownLine } from '../reactors/recorder.js';
import { type Cause, causesOf } from './plan-causes.js';

/** One line of a plan, and the event behind it. */
export interface PlannedLine extends Omit<ShownLine, 'because'> {
  /** `drift` where the device changed and no event did; the ordinal alone where the event was not looked up. */
  readonly because: Cause | { readonly ordinal: number } | 'drift';
}

/** What would change on one device, why, and what keeps it from being done. */
export interface PlanView extends Omit<DeviceStatus, 'plan'> {
  readonly lines: readonly PlannedLine[];
  /** What is to be done about it: `none` when there is nothing to do or the engine does it by itself. */
  readonly waitsFor: 'none' | 'operator' | 'mode';
}

/** The plan of the last look with the events that caused it. Rejects with a StoreError. */
export async function planViewOf(
  status: DeviceStatus,
  store: Pick<EventStore, 'readStream'>,
  map: NetworkMap,
): Promise<PlanView> {
  const { plan, ...rest } = status;
  const causes = await causesOf(plan, store, map);
  const lines = plan.map(({ because, ...line }): PlannedLine => {
    const known = because === 'drift' ? because : (causes.get(because) ?? { ordinal: because });
    return { ...line, because: known };
  });
  return { ...rest, lines, waitsFor: waitsFor(status) };
}

/** Who has to say a word before the plan of this device is done. */
export function waitsFor({ mode, plan, brake }: Pick<DeviceStatus, 'mode' | 'plan' | 'brake'>): PlanView['waitsFor'] {
  if (plan.length === 0 && brake === undefined) return 'none';
  if (mode === 'observe') return 'mode';
  return mode === 'propose' || brake !== undefined ? 'operator' : 'none';
}
