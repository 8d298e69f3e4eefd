import type { DeviceStamp } from '../drivers/switch/switch.port.js';
import type { Frozen } from './freezes.js';
import type { Actual, Plan } from './plan.js';

/** Why a device is not written to although its plan differs. An operator may release it once, by applying the plan. */
export interface Brake {
  readonly code:
    | 'frozen'
    | 'log-empty'
    | 'other-log'
    | 'log-behind'
    | 'stamp-missing'
    | 'first-plan'
    | 'removal-limit'
    | 'removal-rate'
    | 'change-budget'
    | 'canary';
  readonly detail: string;
}

/** The log a plan is made from, and how far it was folded (-1: empty). */
export interface LogState {
  readonly logId: string;
  readonly ordinal: number;
}

const smallestLimit = 5;
const limitShare = 0.1;

/** Somebody, or the engine itself, stopped this device or every device. Nothing is written, withdrawals included. */
export function freezeBrake(own: Frozen | undefined, all: Frozen | undefined): Brake | undefined {
  const frozen = own ?? all;
  if (frozen === undefined) return undefined;
  const what = own === undefined ? 'every device was' : 'it was';
  return { code: 'frozen', detail: `${what} frozen by ${frozen.by} at ${frozen.since}: ${frozen.reason}` };
}

/**
 * The brake that binds everything, withdrawals too: the log does not know what it once did to this device.
 * A device that carries no stamp and nothing of ours is simply new.
 */
export function identityBrake(log: LogState, actual: Actual): Brake | undefined {
  const stamps = [actual.switch.stamp, actual.bgp?.stamp].filter((stamp) => stamp !== undefined);
  for (const stamp of stamps) {
    const brake = compare(log, stamp);
    if (brake !== undefined) return brake;
  }
  const entries = actual.switch.neighbours.filter((entry) => entry.ours).length;
  const routes = actual.bgp?.owned.length ?? 0;
  if (entries + routes === 0) return undefined;
  if (log.ordinal < 0) {
    return {
      code: 'log-empty',
      detail: `the log is empty, but the device holds ${entries} entries and ${routes} routes of ours`,
    };
  }
  const unstamped =
    (entries > 0 && actual.switch.stamp === undefined) || (routes > 0 && actual.bgp?.stamp === undefined);
  if (!unstamped) return undefined;
  return {
    code: 'stamp-missing',
    detail: `the device holds ${entries} entries and ${routes} routes of ours, but no stamp says which log put them there`,
  };
}

/** Nothing was ever written to this device: what it would get first is looked at by somebody. */
export function firstPlanBrake({ lines }: Pick<Plan, 'lines'>, actual: Actual): Brake | undefined {
  if (lines.length === 0 || actual.switch.stamp !== undefined || actual.bgp?.stamp !== undefined) return undefined;
  const detail = `nothing was ever written to this device; its first plan, ${lines.length} lines, waits for an operator`;
  return { code: 'first-plan', detail };
}

/** The brake on grants that go away all at once: more than max(5, 10 %) of the device's entries or routes. */
export function removalBrake(plan: Plan, actual: Actual): Brake | undefined {
  const entries = actual.switch.neighbours.filter((entry) => entry.ours).length;
  const routes = actual.bgp?.owned.length ?? 0;
  const { grantsGone } = plan;
  return overLimit('entries', grantsGone.entries, entries) ?? overLimit('routes', grantsGone.routes, routes);
}

/** Whether a log may drive what carries this stamp. */
export function compare(log: LogState, stamp: DeviceStamp): Brake | undefined {
  if (stamp.logId !== log.logId) {
    const what = log.ordinal < 0 ? `an empty log ${log.logId}` : `log ${log.logId}`;
    return {
      code: 'other-log',
      detail: `the device was driven from log ${stamp.logId} (ordinal ${stamp.ordinal}), this engine runs on ${what}`,
    };
  }
  if (log.ordinal >= stamp.ordinal) return undefined;
  return {
    code: 'log-behind',
    detail: `the device was driven from ordinal ${stamp.ordinal}, the log ends at ${log.ordinal}: events are missing`,
  };
}

/** The limit on what may go at once because its grant went away: more than max(5, 10 %) of what is held. */
export function overLimit(what: string, removals: number, held: number): Brake | undefined {
  const limit = Math.max(smallestLimit, Math.floor(held * limitShare));
  if (removals <= limit) return undefined;
  return {
    code: 'removal-limit',
    detail: `would remove ${removals} of ${held} ${what} because their grant went away; the limit is ${limit}`,
  };
}
