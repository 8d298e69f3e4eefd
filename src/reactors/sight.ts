import { createHash } from 'node:crypto';
import { type DesiredState, desiredState, type GatewayView, type NetworkMap } from '../../projections/index.js';
import type { LiveMap } from '../projector/live-map.js';
import type { LogState } from './brakes.js';
import { type Actual, type Plan, planChanges } from './plan.js';

/** One look at a device beside what the map wanted at that moment, and the difference. */
export interface Sight {
  readonly actual: Actual;
  readonly log: LogState;
  readonly desired: DesiredState;
  readonly plan: Plan;
  readonly planHash: string;
}

/** Changes what the map grants a device by what the map does not know: a site that is not enabled, a move that overlaps. */
export type Amend = (desired: DesiredState, actual: Actual) => DesiredState;

/** What the map wants of a device that was just read: the map can only be newer than the look, never older than the hint. */
export function sightOf(
  liveMap: LiveMap,
  view: GatewayView,
  device: string,
  actual: Actual,
  amends: readonly Amend[] = [],
): Sight {
  const log = { logId: liveMap.logId, ordinal: liveMap.ordinal };
  const granted = grantedOn(liveMap.map, view);
  const desired = amends.reduce((state, amend) => amend(state, actual), granted);
  return compared(actual, desired, log, device);
}

/** What was granted last, by the view it was asked for. */
const known = new WeakMap<
  GatewayView,
  {
    readonly map: NetworkMap;
    readonly version: number;
    readonly guarded: GatewayView['guarded'];
    readonly state: DesiredState;
  }
>();

/** What the map grants on a device: the state that was made before, for as long as no row changed that it could depend on. */
function grantedOn(map: NetworkMap, view: GatewayView): DesiredState {
  const version = map.grantsVersion;
  const { guarded } = view;
  const before = known.get(view);
  if (before?.map === map && before.version === version && before.guarded === guarded) return before.state;
  const state = desiredState(map, view);
  known.set(view, { map, version, guarded, state });
  return state;
}

/** A device beside a state that was wanted of it before. */
export function compared(actual: Actual, desired: DesiredState, log: LogState, device: string): Sight {
  const plan = planChanges(desired, actual);
  return { actual, log, desired, plan, planHash: hashOf(plan, device) };
}

/** Names a plan by its content, so that an approval means exactly the lines the operator saw. */
function hashOf(plan: Plan, device: string): string {
  const text = [device, ...plan.lines.map((line) => `${line.change} ${line.line}`)].join('\n');
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
