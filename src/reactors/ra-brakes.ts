import type { RaState } from '../drivers/ra/ra.port.js';
import type { DeviceStamp } from '../drivers/switch/switch.port.js';
import { type Brake, compare, type LogState, overLimit } from './brakes.js';
import type { RaPlan } from './ra-plan.js';

/**
 * The brake that binds every write: a log that does not know what it once did here would take the default route of customers
 * whom it has forgotten; and a file that was never ours belongs to somebody.
 * @param under what the device that is advertised on was driven from
 * @param wasOurs this log has proved before that it wrote the file: then what stands there now is drift
 */
export function raIdentityBrake(
  log: LogState,
  state: RaState,
  under: DeviceStamp | undefined,
  wasOurs: boolean,
): Brake | undefined {
  for (const stamp of [state.stamp, under]) {
    const brake = stamp === undefined ? undefined : compare(log, stamp);
    if (brake !== undefined) return brake;
  }
  if (log.ordinal < 0)
    return {
      code: 'log-empty',
      detail: `the log is empty; ${state.advertised.size} interfaces of ours are advertised`,
    };
  if (wasOurs || state.file === 'missing' || state.stamp !== undefined) return undefined;
  const detail = 'the configuration file of radvd carries no stamp of ours; what stands in it would be replaced whole';
  return { code: 'stamp-missing', detail };
}

/** The first plan waits for somebody who has read it. */
export function raFirstPlanBrake({ lines }: RaPlan, { stamp }: RaState, wasOurs: boolean): Brake | undefined {
  if (lines.length === 0 || stamp !== undefined || wasOurs) return undefined;
  const detail = `nothing was ever advertised from here; its first plan, ${lines.length} lines, waits for an operator`;
  return { code: 'first-plan', detail };
}

/** The brake on grants that go away all at once. */
export function raRemovalBrake({ grantsGone }: RaPlan, { advertised }: RaState): Brake | undefined {
  return overLimit('interfaces with router advertisements', grantsGone, advertised.size);
}

/** What an operator types where more goes than the removal limit allows. */
export function wordsToEndRa(device: string, { grantsGone }: RaPlan): string {
  return `end ra at ${grantsGone} interfaces of ${device}`;
}
